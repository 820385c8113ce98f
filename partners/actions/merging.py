"""Whether the file or the site is right: an editor's change is never overwritten unasked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from courses.actions.load import Conflict
from partners.models import LoadedRecord, Programme

Keep = Literal["ask", "site", "files"]
Kind = LoadedRecord.Kind


@dataclass(kw_only=True)
class LoadReport:
    """What a load did or would do.

    ``rejected`` holds the faults of rows left out, ``forgotten`` the rows of people who asked to be
    forgotten and are left out for that.
    """

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


class Memory:
    """What the files of a programme said when they were last loaded.

    A ``key`` stays in the database and names people by their recipient's id, never by an address;
    ``label`` is what the report says in its place.
    """

    def __init__(self, programme: Programme, keep: Keep, report: LoadReport, now: datetime) -> None:
        self.keep, self.report = keep, report
        self._programme, self._now = programme, now
        rows = LoadedRecord.objects.filter(programme=programme)
        self._records = {(row.kind, row.key): row for row in rows}

    def knows(self, kind: Kind, key: str) -> bool:
        """Say whether this was loaded before."""
        return (kind, key) in self._records

    def said(self, kind: Kind, key: str) -> Mapping[str, Any]:
        """Return the values the file had last time; nothing if it is new."""
        record = self._records.get((kind, key))
        return record.values if record else {}

    def remember(self, kind: Kind, key: str, values: Mapping[str, Any]) -> None:
        """Keep what the file says."""
        known = self._records.get((kind, key))
        if known is not None and known.values == values:
            return
        record, _ = LoadedRecord.objects.update_or_create(
            programme=self._programme,
            kind=kind,
            key=key,
            defaults={"values": dict(values), "loaded_at": self._now},
        )
        self._records[kind, key] = record

    def note_created(
        self, kind: Kind, key: str, values: Mapping[str, Any], label: str = ""
    ) -> None:
        """Report something new and keep what the file says of it."""
        self.report.created.append(f"{kind.value} {label or key}")
        self.remember(kind, key, values)

    def merge(
        self,
        kind: Kind,
        key: str,
        *,
        site: Mapping[str, Any],
        file: Mapping[str, Any],
        label: str = "",
    ) -> dict[str, Any]:
        """Return the values that differ from the site's and are to be written there."""
        place = f"{kind.value} {label or key}"
        said, wanted, agreed = self.said(kind, key), dict[str, Any](), dict[str, Any]()
        for name, value in file.items():
            edited = site[name] != said.get(name)
            if site[name] != value and edited and self.keep != "files":
                self._note_conflict(place, name, site[name], value)
                continue
            agreed[name] = value
            if site[name] != value:
                wanted[name] = value
                self.report.changed.append(f"{place}.{name}")
        self.remember(kind, key, {**said, **agreed})
        return wanted

    def _note_conflict(self, place: str, name: str, site: Any, file: Any) -> None:
        if self.keep == "ask":
            conflict = Conflict(place=place, field=name, site=str(site), file=str(file))
            self.report.conflicts.append(conflict)
