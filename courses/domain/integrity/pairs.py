"""Two people of one company with more of the same wrong answers than chance gives.

The generalised binomial test of van der Linden & Sotaridona, "Detecting answer copying when the
regular response process follows a known response model", Journal of Educational and Behavioral
Statistics 31 (2006), on identical *wrong* answers: for each item that both answered, the chance
that both are wrong, from their abilities, times the chance that two wrong answers to it are the
same; the number of such items follows a Poisson binomial distribution. The same right answers say
little: a right answer has other reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.rates import Bools, Floats, Ints, tails_of_counts
from courses.domain.integrity.tables import Table

LEAST_COMMON = 8  # items that both answered
BATCH = 2000  # pairs looked at together


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of rows of a table, a pair an entry; ``given_wrong`` is the chance of so many same
    answers where it is taken as given where both are wrong."""

    one: Ints
    other: Ints
    common: Ints
    both_wrong: Ints
    same: Ints
    expected: Floats
    chance: Floats
    given_wrong: Floats


def compare_pairs(table: Table) -> Iterator[Pairs]:
    """Compare everybody with everybody who answered enough of the same items."""
    one, other = np.triu_indices(len(table.people), k=1)
    for start in range(0, len(one), BATCH):
        yield _compare(table, one[start : start + BATCH], other[start : start + BATCH])


def find_same(table: Table, one: Ints, other: Ints) -> Bools:
    """Say for rows of a table at which items their wrong answers are the same."""
    same: Bools = (table.option[one] >= 0) & (table.option[one] == table.option[other])
    return same


def _compare(table: Table, one: Ints, other: Ints) -> Pairs:
    there = table.there[one] & table.there[other]
    enough = there.sum(axis=1) >= LEAST_COMMON
    one, other, there = one[enough], other[enough], there[enough]
    both = there & (table.option[one] >= 0) & (table.option[other] >= 0)
    same = find_same(table, one, other).sum(axis=1)
    chances = np.where(there, table.wrong[one] * table.wrong[other] * table.same, 0.0)
    return Pairs(
        one=one,
        other=other,
        common=there.sum(axis=1),
        both_wrong=both.sum(axis=1),
        same=same,
        expected=chances.sum(axis=1),
        chance=tails_of_counts(chances, same),
        given_wrong=tails_of_counts(np.where(both, table.same, 0.0), same),
    )
