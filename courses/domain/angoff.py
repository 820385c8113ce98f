"""A cut score from judges, after Angoff.

For each item every judge says how many of a hundred just-qualified candidates answer it right; the
cut is what such a candidate would score. A bank has more items than a test draws, so the means of
the items are averaged within each cell of the blueprint and weighed by how many items the test
draws there. Figures are percent throughout.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, sqrt
from statistics import fmean, stdev

# Judges who answered blindly, anything from 0 to 100, would spread by 100/√12 = 29. From half of
# that on they do not differ about an item, they disagree about it.
DISPUTED = 15.0
MOST_ROUNDS = 9


@dataclass(frozen=True, kw_only=True)
class RatedItem:
    """An item before the panel, and the cell of the blueprint it may be drawn for."""

    id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What one judge said of one item in a round."""

    judge: int
    item: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class ItemOpinion:
    """What the panel said of an item; ``spread`` is the sample standard deviation."""

    item: int
    percents: tuple[int, ...]
    mean: float | None
    spread: float | None

    @property
    def is_disputed(self) -> bool:
        """Whether judges disagree about it."""
        return self.spread is not None and self.spread >= DISPUTED


@dataclass(frozen=True, kw_only=True)
class JudgeOpinion:
    """What a judge said of all items.

    ``severity`` is how far above the panel's mean of the same items: who expects more of candidates
    is more severe. ``cut`` is told only of a judge who rated something in every cell.
    """

    judge: int
    rated: int
    mean: float | None
    severity: float | None
    cut: float | None


@dataclass(frozen=True, kw_only=True)
class RoundReport:
    """What a round came to. ``error`` is the standard error of the cut over judges.

    ``spread`` is the mean of the items' spreads; it should fall from round to round.
    """

    cut: float | None
    error: float | None
    spread: float | None
    ratings: int
    missing: int
    items: tuple[ItemOpinion, ...]
    judges: tuple[JudgeOpinion, ...]


def describe_round(
    items: Sequence[RatedItem],
    counts: Mapping[str, int],
    judges: Sequence[int],
    ratings: Iterable[Rating],
) -> RoundReport:
    """Return what a round came to; ``counts`` says how many items of each cell a test draws."""
    said: dict[tuple[int, int], int] = {(one.item, one.judge): one.percent for one in ratings}
    opinions = tuple(_item(one.id, judges, said) for one in items)
    means = {one.item: one.mean for one in opinions if one.mean is not None}
    told = tuple(_judge(judge, items, counts, means, said) for judge in judges)
    cuts = [one.cut for one in told if one.cut is not None]
    spreads = [one.spread for one in opinions if one.spread is not None]
    rated = sum(one.rated for one in told)
    return RoundReport(
        cut=weigh(items, counts, means),
        error=stdev(cuts) / sqrt(len(cuts)) if len(cuts) > 1 else None,
        spread=fmean(spreads) if spreads else None,
        ratings=rated,
        missing=len(items) * len(judges) - rated,
        items=opinions,
        judges=told,
    )


def weigh(
    items: Iterable[RatedItem], counts: Mapping[str, int], values: Mapping[int, float]
) -> float | None:
    """Return the expected percentage of a drawn test; ``None`` if a cell has no value."""
    cells: dict[str, list[float]] = {cell: [] for cell, count in counts.items() if count}
    for item in items:
        if item.cell in cells and item.id in values:
            cells[item.cell].append(values[item.id])
    if not cells or not all(cells.values()):
        return None
    weighed = sum(counts[cell] * fmean(means) for cell, means in cells.items())
    return weighed / sum(counts[cell] for cell in cells)


def to_whole(cut: float) -> int:
    """Return the percentage a test can have that is nearest to a recommended one."""
    return min(100, max(1, floor(cut + 0.5)))


def _item(item: int, judges: Sequence[int], said: Mapping[tuple[int, int], int]) -> ItemOpinion:
    percents = tuple(said[item, judge] for judge in judges if (item, judge) in said)
    return ItemOpinion(
        item=item,
        percents=percents,
        mean=fmean(percents) if percents else None,
        spread=stdev(percents) if len(percents) > 1 else None,
    )


def _judge(
    judge: int,
    items: Sequence[RatedItem],
    counts: Mapping[str, int],
    means: Mapping[int, float],
    said: Mapping[tuple[int, int], int],
) -> JudgeOpinion:
    own = {one.id: float(said[one.id, judge]) for one in items if (one.id, judge) in said}
    return JudgeOpinion(
        judge=judge,
        rated=len(own),
        mean=fmean(own.values()) if own else None,
        severity=fmean(own[item] - means[item] for item in own) if own else None,
        cut=weigh(items, counts, own),
    )
