"""Deciding, field by field, whether the file or the site is right."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.models import LoadedField

Keep = Literal["ask", "site", "files"]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A value changed in the admin since it was loaded, and different in the file."""

    place: str
    field: str
    site: str
    file: str


@dataclass(kw_only=True)
class LoadReport:
    """What a load did, or would do."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(kw_only=True)
class Ledger:
    """The memory of one load: compares, decides, reports."""

    keep: Keep
    report: LoadReport
    digests: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = LoadedField.objects.values_list("key", "field", "digest")
        self.digests = {(key, name): digest for key, name, digest in rows}

    def decide(self, key: str, name: str, *, site: Any, file: Any) -> Any:
        """Return the value to store. An editor's change stands unless files are to be taken."""
        if _canonical(site) == _canonical(file):
            self.remember(key, name, file)
            return site
        if self._was_edited(key, name, site) and self.keep != "files":
            if self.keep == "ask":
                self.report.conflicts.append(
                    Conflict(place=key, field=name, site=_canonical(site), file=_canonical(file))
                )
            return site
        self._note_change(f"{key}.{name}")
        self.remember(key, name, file)
        return file

    def remember(self, key: str, name: str, value: Any) -> None:
        """Keep the digest of what now stands on the site because a file said so."""
        digest = _digest(value)
        if self.digests.get((key, name)) == digest:
            return
        LoadedField.objects.update_or_create(key=key, field=name, defaults={"digest": digest})
        self.digests[key, name] = digest

    def note_created(self, key: str) -> None:
        self.report.created.append(key)

    def _note_change(self, place: str) -> None:
        self.report.changed.append(place)

    def _was_edited(self, key: str, name: str, site: Any) -> bool:
        return self.digests.get((key, name)) != _digest(site)


def _canonical(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()
