"""Drawing an attempt from a bank: a pure function of blueprint, items, past and seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from courses.domain.blueprint import Blueprint, Cell

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that may be drawn; ``options`` are its option ids in the author's order.

    ``place`` is where its topic stands in the bank; ``pilot`` means that it is on trial.
    """

    version_id: int
    item_id: int
    topic: str
    options: tuple[str, ...]
    difficulty: int = 2
    place: int = 0
    pilot: bool = False


@dataclass(frozen=True, kw_only=True)
class Past:
    """What was drawn before: when the person last saw an item, how often anybody was shown it."""

    seen: Mapping[int, datetime] = field(default_factory=dict)
    shown: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A place in an attempt; a pilot does not count for the score."""

    version_id: int
    option_order: tuple[str, ...]
    pilot: bool = False


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """Where too few items were left: how many were seen before, shown too often, or are missing.

    ``cell`` is a topic, with its level where the blueprint names one, or empty for pilots.
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
    """The bank has fewer live items in a topic than the test draws."""

    def __init__(self, topic: str, wanted: int, found: int) -> None:
        super().__init__(f"topic {topic}: {wanted} items are drawn, the bank has {found}")
        self.topic, self.wanted, self.found = topic, wanted, found


def draw(blueprint: Blueprint, candidates: Sequence[Candidate], *, past: Past, seed: str) -> Draw:
    """Return the items of an attempt in the order shown.

    Items that the person has not seen and that are below the cap on exposure come first, at
    random. When they are too few, what the person saw is taken, longest ago first; when those
    are too few as well, what was shown too often, least shown first. Pilots are taken as far as
    there are any. Raises ``BankTooSmall``.
    """
    chance = random.Random(seed)  # noqa: S311 - replayable on purpose; the seed itself is secret
    rank = _Rank(cap=blueprint.exposure.cap if blueprint.exposure else None, past=past)
    chosen: list[Candidate] = []
    relaxed: list[Relaxed] = []
    for cell in blueprint.cells:
        pool = [c for c in candidates if not c.pilot and cell.holds(c.topic, c.difficulty)]
        if len(pool) < cell.count:
            raise BankTooSmall(cell.name, cell.count, len(pool))
        taken = rank.take(pool, cell, chance)
        chosen += taken
        relaxed.append(rank.tell(taken, cell))
    trial = Cell(topic="", level="", count=blueprint.pilots)
    taken = rank.take(
        [c for c in candidates if c.pilot and c.topic in blueprint.draw], trial, chance
    )
    relaxed.append(rank.tell(taken, trial))
    chosen = _put_in_order(blueprint, chosen + taken, chance)
    return Draw(
        places=tuple(_place(candidate, chance) for candidate in chosen),
        relaxed=tuple(one for one in relaxed if one != Relaxed(cell=one.cell)),
    )


@dataclass(frozen=True, kw_only=True)
class _Rank:
    """The order in which items are taken."""

    cap: int | None
    past: Past

    def take(self, pool: list[Candidate], cell: Cell, chance: random.Random) -> list[Candidate]:
        pool = sorted(pool, key=lambda candidate: candidate.version_id)
        chance.shuffle(pool)
        pool.sort(key=self._key)
        return pool[: cell.count]

    def tell(self, taken: list[Candidate], cell: Cell) -> Relaxed:
        return Relaxed(
            cell=cell.name,
            seen=sum(candidate.item_id in self.past.seen for candidate in taken),
            exposed=sum(self._is_worn(candidate) for candidate in taken),
            missing=cell.count - len(taken),
        )

    def _key(self, candidate: Candidate) -> tuple[bool, int, bool, datetime]:
        worn, seen_at = self._is_worn(candidate), self.past.seen.get(candidate.item_id)
        shown = self.past.shown.get(candidate.item_id, 0) if worn else 0
        return worn, shown, seen_at is not None, seen_at or _LONG_AGO

    def _is_worn(self, candidate: Candidate) -> bool:
        return self.cap is not None and self.past.shown.get(candidate.item_id, 0) >= self.cap


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
    return Drawn(version_id=candidate.version_id, option_order=tuple(order), pilot=candidate.pilot)
