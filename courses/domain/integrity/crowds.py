"""A whole company with more of the same wrong answers than chance gives.

Tests are drawn, so two people share few items and a pair says little; the pairs of a company
together say much. They are not independent of each other, so their number is compared with what
the same people give when each answers for themselves: simulated from the very chances that single
pairs are judged by, the doubt about them included (a parametric bootstrap of the sum of the
generalised binomial test's counts), until enough simulations come as high (Besag & Clifford,
"Sequential Monte Carlo p-values", Biometrika 78, 1991).
"""

from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.rates import MOST_FALSE, Bools, Floats, Ints
from courses.domain.integrity.tables import Table

ENOUGH = 20  # simulations that come as high
MOST_TRIES = 1_000_000
TRIES_EACH = 300  # and company: enough for one of them to stand out among all
ENOUGH_GIVEN = 10_000  # tries given who is wrong where, which need not be rare among all
ANSWERS_AT_ONCE = 400_000
SEED = 150


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Pairs of the same wrong answers in a company: how many, and how many by chance.

    ``given_wrong`` is the chance where it is taken as given who is wrong where; 1 where the
    company does not stand out anyway.
    """

    same: int
    expected: float
    chance: float
    given_wrong: float


def judge_crowd(table: Table, name: int, *, among: int) -> Crowd:
    """Compare a company with itself, had everybody answered alone; ``among`` so many companies."""
    same, most = _count_table(table), min(MOST_TRIES, max(20_000, TRIES_EACH * among))
    chance, expected = _simulate(table, table.wrong, same, most, (SEED, name, 0))
    given = 1.0
    if chance <= MOST_FALSE:
        where = (table.option >= 0).astype(float)
        given, _mean = _simulate(table, where, same, ENOUGH_GIVEN, (SEED, name, 1))
    return Crowd(same=same, expected=expected, chance=chance, given_wrong=given)


def _count_table(table: Table) -> int:
    _row, item = np.nonzero(table.option >= 0)
    key = item * table.weight.shape[1] + table.option[table.option >= 0]
    return int(_pairs_in(np.bincount(key)))


def _simulate(
    table: Table, wrong: Floats, seen: int, most: int, seed: tuple[int, ...]
) -> tuple[float, float]:
    """Return how likely as many are, and how many there are on average."""
    random = np.random.default_rng(seed)
    row, item = np.nonzero(table.there)
    chances = wrong[row, item]
    largest = max(1, ANSWERS_AT_ONCE // max(1, len(item) + table.weight.size))
    reached = tried = total = 0
    while reached < ENOUGH and tried < most:
        batch = min(200 if tried < 200 else 2000, largest)
        counts = _answer_alone(random, table.weight, item, chances, batch)
        reached += int((counts >= seen).sum())
        total += int(counts.sum())
        tried += batch
    return (reached + 1) / (tried + 1), total / tried


def _answer_alone(
    random: np.random.Generator, weight: Floats, item: Ints, chances: Floats, tries: int
) -> Ints:
    """Let everybody answer by themselves, and count pairs of the same wrong answers."""
    columns = weight.shape[1]
    drawn = random.standard_gamma(np.where(weight > 0, weight, 1e-9), (tries, *weight.shape))
    up_to = np.cumsum(drawn, axis=2)
    up_to /= up_to[:, :, -1:]
    is_wrong: Bools = random.random((tries, len(item))) < chances
    which, answer = np.nonzero(is_wrong)
    asked = item[answer]
    point = random.random(len(which))
    option = np.zeros(len(which), dtype=np.int64)
    for column in range(columns - 1):
        option += point > up_to[which, asked, column]
    key = (which * len(weight) + asked) * columns + option
    counts = np.bincount(key, minlength=tries * weight.size).reshape(tries, -1)
    return _pairs_in(counts)


def _pairs_in(counts: Ints) -> Ints:
    pairs: Ints = (counts * (counts - 1) // 2).sum(axis=-1)
    return pairs
