"""Lines of the ledger, and what those that a restored copy does not know add up to.

The ledger is a file outside the database. It tells of every edition under which bit it was issued,
of every credential who withdrew what and why, and of every signing key what is public of it; never
a name or an address.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from uuid import UUID

from badges.domain.keys import ALGORITHMS

ISSUED, REVOKED, SUSPENDED, REINSTATED = "issued", "revoked", "suspended", "reinstated"
ERASED = "erased"
KEY = "key"
ACTS = (REVOKED, SUSPENDED, REINSTATED)
SUPERSEDED = "superseded"
_UID = re.compile(rb'^\{"id":"([0-9a-f]{32})"')
_NUMBERS = {"edition": 2**15, "list": 2**31, "index": 2**17}  # what their columns hold
_KEY_NUMBERS = 2**15
_KID = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, kw_only=True)
class KeyTold:
    """What everybody may know of a signing key: enough to check what it signed."""

    kid: str
    algorithm: str
    number: int
    pem: str
    certificate: str
    created_at: datetime
    signs_from: datetime

    def to_values(self) -> dict[str, object]:
        """Return plain values for a line."""
        moments = {name: getattr(self, name).isoformat() for name in ("created_at", "signs_from")}
        return {**asdict(self), **moments}

    @classmethod
    def from_values(cls, values: dict[str, object]) -> "KeyTold":
        """Read a line's values; ``ValueError``, ``KeyError`` or ``TypeError`` if they are none."""
        told = cls(
            kid=_text(values, "kid"),
            algorithm=_text(values, "algorithm"),
            number=_number(values, "number", _KEY_NUMBERS),
            pem=_text(values, "pem"),
            certificate=_text(values, "certificate"),
            created_at=_moment(values["created_at"]),
            signs_from=_moment(values["signs_from"]),
        )
        if not (_KID.fullmatch(told.kid) and told.number and told.pem):
            raise ValueError("a key without its name, number or public part")
        if told.algorithm not in ALGORITHMS:
            raise ValueError(f"a key of the kind {told.algorithm}")
        return told


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact.

    ``edition`` and the three after it belong to ``issued`` alone, ``reason`` to acts. ``key`` is of
    lines that tell of a key; these have no ``code``.
    """

    uid: UUID
    kind: str
    code: str
    at: datetime
    reason: str = ""
    edition: int = 0
    edition_kind: str = ""
    status_list: int = 0
    status_index: int = 0
    key: KeyTold | None = None

    def to_text(self) -> str:
        """Write the line. Its id stands first: a torn line is known by it."""
        values: dict[str, object] = {"id": self.uid.hex, "kind": self.kind}
        if self.key:
            return _dump({**values, "at": self.at.isoformat(), "key": self.key.to_values()})
        values |= {"code": self.code, "at": self.at.isoformat()}
        if self.kind == ISSUED:
            place = {"list": self.status_list, "index": self.status_index}
            return _dump({**values, "edition": self.edition, "as": self.edition_kind, **place})
        return _dump({**values, "reason": self.reason})

    @classmethod
    def from_text(cls, text: bytes) -> "Line":
        """Read a line; ``ValueError`` if it is torn or not one of ours."""
        try:
            values = json.loads(text)
            numbers = {name: _number(values, name, below) for name, below in _NUMBERS.items()}
            line = cls(
                uid=UUID(hex=values["id"]),
                kind=_text(values, "kind"),
                code=_text(values, "code"),
                at=_moment(values["at"]),
                reason=_text(values, "reason"),
                edition=numbers["edition"],
                edition_kind=_text(values, "as"),
                status_list=numbers["list"],
                status_index=numbers["index"],
                key=KeyTold.from_values(values["key"]) if values["kind"] == KEY else None,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a line of the ledger: {error!r}") from error
        if not (line.kind and (line.code or line.key)):
            raise ValueError("not a line of the ledger")
        if line.kind == ISSUED and not (line.edition and line.status_list):
            raise ValueError("an edition without its place")
        return line


def _dump(values: dict[str, object]) -> str:
    # ASCII: nothing in a reason can look like the end of a line.
    return json.dumps(values, separators=(",", ":")) + "\n"


def _text(values: dict[str, object], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _number(values: dict[str, object], name: str, below: int) -> int:
    value = values.get(name, 0)
    if not isinstance(value, int) or not 0 <= value < below:
        raise TypeError(name)
    return value


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError("a moment is a text")
    if (moment := datetime.fromisoformat(value)).tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment


@dataclass(frozen=True)
class Reading:
    """What a ledger says: its lines in order, each once, and the numbers of unreadable ones."""

    lines: tuple[Line, ...]
    unreadable: tuple[int, ...]


def read_lines(rows: Iterable[bytes]) -> Reading:
    """Read a ledger. A torn line that was written again later, whole, is no loss."""
    lines: dict[UUID, Line] = {}
    torn: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            continue
        try:
            line = Line.from_text(row)
        except ValueError:
            found = _UID.match(row)
            torn[number] = found.group(1).decode() if found else ""
        else:
            lines.setdefault(line.uid, line)
    whole = {uid.hex for uid in lines}
    return Reading(tuple(lines.values()), tuple(n for n, uid in torn.items() if uid not in whole))


@dataclass(frozen=True, kw_only=True)
class Lost:
    """An edition that somebody holds and the copy does not know.

    ``state`` is empty, or says why its bit is set: revoked, suspended or superseded.
    """

    line: Line
    state: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(kw_only=True)
class Plan:
    """What to do with the lines a copy does not know."""

    replay: list[Line] = field(default_factory=list)  # in order, through the public actions
    lost: list[Lost] = field(default_factory=list)
    by_hand: list[Line] = field(default_factory=list)  # erasures, and what is told of the unknown


def plan(lines: Iterable[Line], known: Collection[str], replacing: Collection[str]) -> Plan:
    """Sort lines the copy does not know; ``known`` are the codes it has.

    ``replacing`` are the kinds of edition that take the place of earlier ones. Keys are no part of
    it: they are compared by their names, not by lines.
    """
    made, editions = Plan(), defaultdict[str, list[Line]](list)
    acts: dict[str, Line] = {}
    for line in lines:
        if line.kind == KEY:
            continue
        if line.kind == ISSUED:
            editions[line.code].append(line)
        elif line.kind not in ACTS:
            made.by_hand.append(line)
        elif line.code in known:
            made.replay.append(line)
        elif line.code in editions:
            acts[line.code] = line
        else:
            made.by_hand.append(line)
    for code, issued in editions.items():
        made.lost += [_judge(one, issued, acts.get(code), replacing) for one in issued]
    return made


def _judge(line: Line, all_of_it: list[Line], act: Line | None, replacing: Collection[str]) -> Lost:
    lost = Lost(line=line)
    if act is not None and act.kind != REINSTATED:
        return replace(lost, state=act.kind, reason=act.reason, at=act.at)
    later = (one for one in all_of_it if one.edition > line.edition)
    after = next((one for one in later if one.edition_kind in replacing), None)
    return replace(lost, state=SUPERSEDED, at=after.at) if after else lost
