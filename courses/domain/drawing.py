"""Drawing an attempt from a bank: a pure function of blueprint, items, past and seed."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from courses.domain.blueprint import Blueprint, Cell

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Member:
    """The case an item belongs to, in which version, and its place in it, from 0."""

    group_id: int
    version_id: int
    place: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that may be drawn; ``options`` are its option ids in the author's order.

    ``place`` is where its topic stands in the bank; ``pilot`` means that it is on trial. Who
    offers a ``member`` of a case offers all of them.
    """

    version_id: int
    item_id: int
    topic: str
    options: tuple[str, ...]
    difficulty: int = 2
    place: int = 0
    pilot: bool = False
    member: Member | None = None


# What is taken or left as a whole: an item alone, or a case with its items in their order.
Unit = tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was drawn before: when the person last saw an item, how often anybody was shown it."""

    seen: Mapping[int, datetime] = field(default_factory=dict)
    shown: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A place in an attempt; a pilot does not count for the score.

    ``group_version_id`` is the case it belongs to, as that case is worded.
    """

    version_id: int
    option_order: tuple[str, ...]
    pilot: bool = False
    group_version_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """Where too few items were left: how many were seen before, shown too often, or are missing.

    Of cases it counts cases: one is seen when any of its questions was. ``cell`` is a topic, with
    its level where the blueprint names one, or empty for pilots.
    """

    cell: str
    seen: int = 0
    exposed: int = 0
    missing: int = 0


@dataclass(frozen=True, kw_only=True)
class Draw:
    """The places of an attempt in the order shown, and what had to give way for them."""

    places: tuple[Drawn, ...]
    relaxed: tuple[Relaxed, ...]


class BankTooSmall(Exception):
    """The bank has fewer live items, or cases, in a topic than the test draws."""

    def __init__(self, topic: str, wanted: int, found: int) -> None:
        super().__init__(f"topic {topic}: {wanted} items are drawn, the bank has {found}")
        self.topic, self.wanted, self.found = topic, wanted, found


def draw(blueprint: Blueprint, candidates: Sequence[Candidate], *, past: Past, seed: str) -> Draw:
    """Return the items of an attempt in the order shown.

    Items that the person has not seen and that are below the cap on exposure come first, at
    random. When they are too few, what the person saw is taken, longest ago first; when those
    are too few as well, what was shown too often, least shown first. Pilots are taken as far as
    there are any. A case is taken or left whole, by the question of it that was met most.
    Raises ``BankTooSmall``.
    """
    chance = random.Random(seed)  # noqa: S311 - replayable on purpose; the seed itself is secret
    rank = _Rank(cap=blueprint.exposure.cap if blueprint.exposure else None, past=past)
    units = gather(candidates)
    chosen: list[Unit] = []
    relaxed: list[Relaxed] = []
    for cell in blueprint.cells:
        pool = [unit for unit in units if fits(cell, unit)]
        if len(pool) < cell.count:
            raise BankTooSmall(cell.name, cell.count, len(pool))
        taken = rank.take(pool, cell, chance)
        chosen += taken
        relaxed.append(rank.tell(taken, cell))
    trial = Cell(topic="", level="", count=blueprint.pilots)
    taken = rank.take([unit for unit in units if _is_trial(blueprint, unit)], trial, chance)
    relaxed.append(rank.tell(taken, trial))
    by_first = {unit[0].version_id: unit for unit in chosen + taken}
    # Only the first of each is put in order: the others of a case follow it wherever it goes.
    firsts = _put_in_order(blueprint, [unit[0] for unit in chosen + taken], chance)
    return Draw(
        places=tuple(
            _place(candidate, chance)
            for first in firsts
            for candidate in by_first[first.version_id]
        ),
        relaxed=tuple(one for one in relaxed if one != Relaxed(cell=one.cell)),
    )


def gather(candidates: Iterable[Candidate]) -> list[Unit]:
    """Return what can be taken: items that stand alone, and cases with all their items."""
    cases: dict[int, list[Candidate]] = {}
    units: list[Unit] = []
    for candidate in candidates:
        if candidate.member:
            cases.setdefault(candidate.member.version_id, []).append(candidate)
        else:
            units.append((candidate,))
    return units + [tuple(sorted(case, key=_place_in_case)) for case in cases.values()]


def _place_in_case(candidate: Candidate) -> int:
    return candidate.member.place if candidate.member else 0


def fits(cell: Cell, unit: Unit) -> bool:
    """Whether an item alone, or a case of that many questions, may be drawn for a cell."""
    first = unit[0]
    if first.member:
        return first.topic == cell.topic and len(unit) == cell.questions
    if first.pilot or cell.questions:
        return False
    return cell.holds(first.topic, first.difficulty)


def _is_trial(blueprint: Blueprint, unit: Unit) -> bool:
    first = unit[0]
    return first.pilot and first.member is None and first.topic in blueprint.topics


@dataclass(frozen=True, kw_only=True)
class _Rank:
    """The order in which items and cases are taken."""

    cap: int | None
    past: Past

    def take(self, pool: list[Unit], cell: Cell, chance: random.Random) -> list[Unit]:
        pool = sorted(pool, key=lambda unit: unit[0].version_id)
        chance.shuffle(pool)
        pool.sort(key=self._key)
        return pool[: cell.count]

    def tell(self, taken: list[Unit], cell: Cell) -> Relaxed:
        return Relaxed(
            cell=cell.name,
            seen=sum(self._seen_at(unit) is not None for unit in taken),
            exposed=sum(self._is_worn(unit) for unit in taken),
            missing=cell.count - len(taken),
        )

    def _key(self, unit: Unit) -> tuple[bool, int, bool, datetime]:
        worn, seen_at = self._is_worn(unit), self._seen_at(unit)
        return worn, self._shown(unit) if worn else 0, seen_at is not None, seen_at or _LONG_AGO

    def _is_worn(self, unit: Unit) -> bool:
        return self.cap is not None and self._shown(unit) >= self.cap

    def _shown(self, unit: Unit) -> int:
        return max(self.past.shown.get(candidate.item_id, 0) for candidate in unit)

    def _seen_at(self, unit: Unit) -> datetime | None:
        seen = self.past.seen
        return max((seen[one.item_id] for one in unit if one.item_id in seen), default=None)


def _put_in_order(
    blueprint: Blueprint, chosen: list[Candidate], chance: random.Random
) -> list[Candidate]:
    if blueprint.order == "fixed":
        return sorted(chosen, key=lambda one: (one.place, one.topic, one.item_id))
    chance.shuffle(chosen)
    return chosen


def _place(candidate: Candidate, chance: random.Random) -> Drawn:
    order = list(candidate.options)
    chance.shuffle(order)
    return Drawn(
        version_id=candidate.version_id,
        option_order=tuple(order),
        pilot=candidate.pilot,
        group_version_id=candidate.member.version_id if candidate.member else None,
    )
