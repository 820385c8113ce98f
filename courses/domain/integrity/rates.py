"""Rare by chance, and how rare where much is looked at.

``tails_of_counts`` is exact: the distribution of a sum of unlike yes-or-no events (Poisson
binomial) by convolution, event by event. ``adjust`` is Benjamini & Hochberg, "Controlling the
false discovery rate", Journal of the Royal Statistical Society B 57 (1995). Pairs share people and
items share attempts; the dependence is positive, under which the control holds (Benjamini &
Yekutieli, Annals of Statistics 29, 2001, theorem 1.2). Their form for any dependence asks five to
nine times more of the evidence; the chances here are on the careful side already, as counts are
whole numbers, and a test shows by simulation how far below the nominal rate false alarms stay.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Of a hundred findings one may be chance, in one look at one kind of thing in one test. Stricter
# than the usual 0.05: somebody's attempt is read because of it.
MOST_FALSE = 0.01


def adjust(values: Floats) -> Floats:
    """Return the false discovery rate at which each p-value would be a finding."""
    count = len(values)
    if not count:
        return np.zeros(0)
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, count + 1)
    raw = values[order] * count / ranks
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return adjusted


def tails_of_counts(chances: Floats, seen: Ints) -> Floats:
    """Return for each row how likely ``seen`` or more of its events are; ``chances`` is a table.

    A chance of nought stands for an event that was not possible, so rows of unlike length fit.
    """
    rows, events = chances.shape
    told = np.zeros((rows, events + 1))
    told[:, 0] = 1.0
    for event in range(events):
        chance = chances[:, event, None]
        told[:, 1:] = told[:, 1:] * (1 - chance) + told[:, :-1] * chance
        told[:, :1] *= 1 - chance
    # Summed from the far end, where the small numbers are.
    upper = np.cumsum(told[:, ::-1], axis=1)[:, ::-1]
    tails: Floats = upper[np.arange(rows), np.minimum(seen, events)]
    return np.minimum(tails, 1.0)
