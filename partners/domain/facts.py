"""What a status is decided on: people, their dated links, what they hold, a company's numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import TypeAdapter

_GRAVEST_FIRST = ("credential.expired", "link.ended", "credential.started", "link.started")


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days on which a credential is suspended or under review, ``until`` excluded."""

    why: Literal["suspended", "under_review"]
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One credential. It counts from ``valid_from`` to the day before ``valid_until``."""

    achievement: str
    code: str
    valid_from: date
    valid_until: date | None = None
    revoked_on: date | None = None
    pauses: tuple[Pause, ...] = ()

    def is_valid(self, on: date) -> bool:
        """Say whether it holds on a day; a revoked one stops on the day of revocation."""
        if self.revoked_on is not None and self.revoked_on <= on:
            return False
        return covers(self.valid_from, self.valid_until, on)

    def is_paused(self, why: str, on: date) -> bool:
        """Say whether it is suspended, or under review, on a day."""
        return any(each.why == why and covers(each.since, each.until, on) for each in self.pauses)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody linked to the company from ``since`` to the day before ``until``."""

    id: int
    since: date
    until: date | None = None
    job: str = ""
    office: str = ""
    region: str = ""
    country: str = ""
    holdings: tuple[Holding, ...] = ()

    def is_linked(self, on: date) -> bool:
        """Say whether the link holds on a day."""
        return covers(self.since, self.until, on)

    def place(self, kind: str) -> str:
        """Return the person's office, region or country; empty if none is on record."""
        return {"office": self.office, "region": self.region, "country": self.country}[kind]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A value of a metric as known on a day: for a sum, what the time up to that day added."""

    metric: str
    on: date
    value: Decimal
    office: str = ""
    region: str = ""
    country: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a company stands by a metric: ``position`` 1 is best, among ``of`` companies."""

    metric: str
    among: Literal["all", "country"]
    position: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All facts about one company. Whoever came back has one ``Person`` a link."""

    people: tuple[Person, ...] = ()
    metrics: tuple[Reading, ...] = ()
    standings: tuple[Standing, ...] = ()
    joined_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values, ids only."""
        plain: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Facts":
        """Rebuild facts from ``to_json``."""
        return _ADAPTER.validate_python(data)

    def linked(self, on: date) -> tuple[Person, ...]:
        """Return who is linked on a day, once each, by id."""
        found = {person.id: person for person in self.people if person.is_linked(on)}
        return tuple(found[key] for key in sorted(found))

    def next_change_on(self, on: date) -> date | None:
        """Return the first day after ``on`` on which any fact is different, if one is known."""
        return min((day for day in self._dates(on) if day > on), default=None)

    def what_changed(self, after: date, on: date) -> str:
        """Name what the days after ``after`` up to ``on`` brought: the gravest kind of change."""
        kinds = {kind for kind, day in self._turns() if day is not None and after < day <= on}
        return next((kind for kind in _GRAVEST_FIRST if kind in kinds), "date")

    def _turns(self) -> Iterator[tuple[str, date | None]]:
        for person in self.people:
            yield "link.started", person.since
            yield "link.ended", person.until
            for holding in person.holdings:
                if holding.revoked_on is None:
                    yield "credential.started", holding.valid_from
                    yield "credential.expired", holding.valid_until

    def _dates(self, on: date) -> Iterator[date]:
        yield from (reading.on for reading in self.metrics)
        for person in self.people:
            if person.until is not None and person.until <= on:
                continue
            yield person.since
            yield person.until or date.min
            for holding in person.holdings:
                yield from _turning_points(holding, on)


def covers(start: date, end: date | None, on: date) -> bool:
    """Say whether ``on`` lies in a span whose upper bound is exclusive and open if ``None``."""
    return start <= on and (end is None or on < end)


def _turning_points(holding: Holding, on: date) -> Iterator[date]:
    if holding.revoked_on is not None:
        yield holding.revoked_on
        if holding.revoked_on <= on:
            return
    yield holding.valid_from
    yield holding.valid_until or date.min
    for pause in holding.pauses:
        yield pause.since
        yield pause.until or date.min


_ADAPTER: TypeAdapter[Facts] = TypeAdapter(Facts)
