"""What a decision says: each tier, each line with who counts, what is short and why."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

# not_asked: its condition does not hold. not_needed: another line of its group is enough.
# closed: its gate is. unknown: a number it reads is on record nowhere.
State = Literal["met", "short", "not_asked", "not_needed", "closed", "unknown"]
FULFILLED = ("met", "not_asked", "not_needed")
Kind = Literal[
    "people", "credentials", "metric", "rank", "points", "competencies", "competency", "group",
    "different",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Somebody who fills a line, and the credentials that count there."""

    person: int
    codes: tuple[str, ...]
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Standby:
    """Somebody certified for a line but not counted there, and why: ``line`` is what they fill."""

    person: int
    codes: tuple[str, ...]
    reason: str
    line: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncludingResult:
    """Of a line's people, how many must be of one choice and how many are."""

    needed: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A number beside its bounds; ``value`` is ``None`` where it is on record nowhere."""

    value: Decimal | None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    metric: str = ""

    @property
    def missing(self) -> Decimal:
        """How far it lies outside its bounds."""
        value = self.value or Decimal(0)
        if self.at_least is not None and value < self.at_least:
            return self.at_least - value
        return max(Decimal(0), value - self.at_most) if self.at_most is not None else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class SourceResult:
    """What one source of points gave: what was counted there, and the points for it."""

    id: str
    value: Decimal | None
    points: Decimal
    state: State


@dataclass(frozen=True, kw_only=True)
class LineResult:
    """One line. ``needed``, ``counted`` and ``missing`` are people, credentials or competencies.

    A line of a number has an ``amount`` instead. ``missing`` is the least number of people more.
    """

    id: str
    kind: Kind = "people"
    state: State = "met"
    needed: int = 0
    counted: int = 0
    missing: int = 0
    people: tuple[Counted, ...] = ()
    standby: tuple[Standby, ...] = ()
    including: tuple[IncludingResult, ...] = ()
    amount: Amount | None = None
    sources: tuple[SourceResult, ...] = ()
    place: str = ""
    parts: tuple["LineResult", ...] = ()

    @property
    def is_fulfilled(self) -> bool:
        """Whether nothing more is asked here."""
        return self.state in FULFILLED


@dataclass(frozen=True, kw_only=True)
class TierResult:
    """One tier: met if every line is. ``missing`` counts people, not numbers."""

    id: str
    met: bool
    missing: int
    lines: tuple[LineResult, ...]

    @property
    def short_lines(self) -> tuple[LineResult, ...]:
        """Every line that keeps the tier away, those within groups instead of their group."""
        return tuple(_short(self.lines))


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The tier on a day and everything it rested on; ``tier`` is empty if not even one is met.

    ``place`` is the office, region or country it was won in, where one decides.
    ``protected`` means that a new partner holds it whatever is missing.
    """

    on: date
    tier: str
    next_tier: str | None
    next_change_on: date | None
    tiers: tuple[TierResult, ...]
    place: str = ""
    protected: bool = False

    def find(self, tier_id: str | None) -> TierResult | None:
        """Return one tier's result."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    @property
    def missing(self) -> dict[str, int]:
        """What people the next tier lacks: line id to the least number of further ones."""
        following = self.find(self.next_tier)
        lines = following.short_lines if following else ()
        return {line.id: line.missing for line in lines if line.missing}

    @property
    def fingerprint(self) -> str:
        """Equal exactly when tier, lines, people and credentials are equal, whatever the day."""
        told = self.to_json()
        outcome = {name: told[name] for name in ("tier", "tiers", "place", "protected")}
        return hashlib.sha256(json.dumps(outcome, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the decision as JSON values, ids only."""
        plain: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Decision":
        """Rebuild a decision from ``to_json``."""
        return _ADAPTER.validate_python(data)


def walk_lines(lines: Iterable[LineResult]) -> Iterator[LineResult]:
    """Every line, those within others too."""
    for line in lines:
        yield line
        yield from walk_lines(line.parts)


def _short(lines: Iterable[LineResult]) -> Iterator[LineResult]:
    for line in lines:
        if line.is_fulfilled:
            continue
        inner = tuple(_short(line.parts))
        yield from inner or (line,)


_ADAPTER: TypeAdapter[Decision] = TypeAdapter(Decision)
