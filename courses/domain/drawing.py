"""Drawing an attempt from a bank: a pure function of blueprint, items, history and seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A live item that may be drawn; ``options`` are its option ids in the author's order."""

    version_id: int
    item_id: int
    topic: str
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A place in an attempt."""

    version_id: int
    option_order: tuple[str, ...]


class BankTooSmall(Exception):
    """The bank has fewer live items in a topic than the test draws."""

    def __init__(self, topic: str, wanted: int, found: int) -> None:
        super().__init__(f"topic {topic}: {wanted} items are drawn, the bank has {found}")
        self.topic, self.wanted, self.found = topic, wanted, found


def draw(
    blueprint: Mapping[str, int],
    candidates: Sequence[Candidate],
    *,
    times_seen: Mapping[int, int],
    seed: str,
) -> tuple[Drawn, ...]:
    """Return the items of an attempt in the order shown.

    Within a topic, items the person met least often come first, at random among equals
    (``times_seen`` maps item id to count). Raises ``BankTooSmall``.
    """
    chance = random.Random(seed)  # noqa: S311 - replayable on purpose; the seed itself is secret
    chosen: list[Candidate] = []
    for topic, wanted in sorted(blueprint.items()):
        pool = sorted((c for c in candidates if c.topic == topic), key=lambda c: c.version_id)
        if len(pool) < wanted:
            raise BankTooSmall(topic, wanted, len(pool))
        chance.shuffle(pool)
        pool.sort(key=lambda c: times_seen.get(c.item_id, 0))
        chosen += pool[:wanted]
    chance.shuffle(chosen)
    return tuple(_place(candidate, chance) for candidate in chosen)


def _place(candidate: Candidate, chance: random.Random) -> Drawn:
    order = list(candidate.options)
    chance.shuffle(order)
    return Drawn(version_id=candidate.version_id, option_order=tuple(order))
