"""Items that from some moment on are answered right more often than the rest of the attempts says.

A scan for one change at an unknown moment (James, James & Siegmund, "Tests for a change-point",
Biometrika 74, 1987) of each answer's standardised difference from what the rest of its attempt
makes likely, as compromised items are looked for (Zhang, "A sequential procedure for detecting
compromised items", Applied Psychological Measurement 38, 2014). That the best of many moments was
taken is in the chance, because the same is done to the same differences in random order; orders
are tried until enough of them do better (Besag & Clifford, "Sequential Monte Carlo p-values",
Biometrika 78, 1991).

What was always easy, always hard or keyed wrong does not jump. Somebody's second meeting with an
item is left out: they may remember it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from courses.domain.integrity.rates import MOST_FALSE, Floats, Ints, adjust
from courses.domain.integrity.sheet import Sheet, expect_from_rest
from courses.domain.statistics import correlate

LEAST_ATTEMPTS = 100
LEAST_EACH_SIDE = 20  # answers before and after
LEAST_JUMP = 0.15  # of the share that is right, beyond what the rest of the attempts explains
MOST_STEPS = 6  # that each side is told in
ENOUGH = 20  # random orders that do better
MOST_ORDERS = 40_000
BATCH = 1000
SEED = 20150


@dataclass(frozen=True, kw_only=True)
class Step:
    """Some answers in a row, the first and the last of them given in these attempts."""

    first: int
    last: int
    answers: int
    right: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class Jump:
    """An item that jumped with the attempt ``since``; shares that were right, and expected."""

    item: int
    since: int
    steps: tuple[Step, ...]
    before: int
    after: int
    right_before: float
    right_after: float
    expected_before: float
    expected_after: float
    chance: float
    rate: float

    @property
    def jump(self) -> float:
        """How much more is right after than before, beyond what is expected."""
        excess_before = self.right_before - self.expected_before
        return self.right_after - self.expected_after - excess_before


@dataclass(frozen=True, kw_only=True)
class JumpsFound:
    """How many items were looked at, and which are worth a look."""

    items: int
    found: tuple[Jump, ...]


def find_jumps(sheet: Sheet, *, people: Sequence[int]) -> JumpsFound:
    """Scan every item; attempts are numbered in the order of their time."""
    if sheet.attempts < LEAST_ATTEMPTS:
        return JumpsFound(items=0, found=())
    fitted = expect_from_rest(sheet)
    scanned = []
    for item, places in _first_meetings(sheet, np.asarray(people)):
        right, chance = sheet.right[places].astype(float), fitted.chance[places]
        if _is_keyed_wrong(right, fitted.ability[places]):
            continue
        left = (right - chance) / np.sqrt(np.maximum(chance * (1 - chance), 0.02))
        split, height = _scan(left[None, :])
        rare = _try_orders(left, float(height[0]), SEED + item)
        scanned.append(_describe(item, sheet.attempt[places], right, chance, int(split[0]), rare))
    rates = adjust(np.array([one.chance for one in scanned]))
    told = [replace(one, rate=float(rate)) for one, rate in zip(scanned, rates, strict=True)]
    worth = [one for one in told if one.rate <= MOST_FALSE and one.jump >= LEAST_JUMP]
    return JumpsFound(items=len(scanned), found=tuple(worth))


def _first_meetings(sheet: Sheet, owners: Ints) -> list[tuple[int, Ints]]:
    """Return for each item with enough answers their places, in order of time."""
    order = np.lexsort((sheet.attempt, sheet.item))
    person, item = owners[sheet.attempt[order]], sheet.item[order]
    _pairs, first = np.unique(np.stack([item, person]), axis=1, return_index=True)
    order = order[np.sort(first)]
    item = sheet.item[order]
    edges = np.searchsorted(item, np.arange(sheet.items + 1))
    spans = [(each, order[edges[each] : edges[each + 1]]) for each in range(sheet.items)]
    return [(each, places) for each, places in spans if len(places) >= 2 * LEAST_EACH_SIDE]


def _is_keyed_wrong(right: Floats, ability: Floats) -> bool:
    """Whether who knows more answers it worse: then its key is to be looked at, not its secrecy."""
    discrimination = correlate(right, ability)
    return discrimination is None or discrimination < 0


def _scan(left: Floats) -> tuple[Ints, Floats]:
    """Return of each row where it rises most, and how much in standard errors."""
    length = left.shape[1]
    before = np.arange(LEAST_EACH_SIDE, length - LEAST_EACH_SIDE + 1)
    sums = np.cumsum(left, axis=1)
    below, whole = sums[:, before - 1], sums[:, -1:]
    heights = (whole - below) / (length - before) - below / before
    heights /= np.sqrt(1 / before + 1 / (length - before))
    best = np.argmax(heights, axis=1)
    return before[best], heights[np.arange(len(left)), best]


def _try_orders(left: Floats, height: float, seed: int) -> float:
    """Return the chance that the differences in random order rise as much somewhere."""
    random = np.random.default_rng(seed)
    better = tried = 0
    while better < ENOUGH and tried < MOST_ORDERS:
        batch = 100 if tried < BATCH else BATCH
        mixed = random.permuted(np.broadcast_to(left, (batch, len(left))), axis=1)
        better += int((_scan(mixed)[1] >= height - 1e-12).sum())
        tried += batch
    return (better + 1) / (tried + 1)


def _describe(
    item: int, attempts: Ints, right: Floats, chance: Floats, split: int, rare: float
) -> Jump:
    before, after = np.arange(split), np.arange(split, len(right))
    parts = [*_in_steps(before), *_in_steps(after)]
    return Jump(
        item=item,
        since=int(attempts[split]),
        steps=tuple(
            Step(
                first=int(attempts[part[0]]),
                last=int(attempts[part[-1]]),
                answers=len(part),
                right=float(right[part].mean()),
                expected=float(chance[part].mean()),
            )
            for part in parts
        ),
        before=split,
        after=len(right) - split,
        right_before=float(right[:split].mean()),
        right_after=float(right[split:].mean()),
        expected_before=float(chance[:split].mean()),
        expected_after=float(chance[split:].mean()),
        chance=rare,
        rate=1.0,
    )


def _in_steps(places: Ints) -> list[Ints]:
    return np.array_split(places, min(MOST_STEPS, max(1, len(places) // LEAST_EACH_SIDE)))
