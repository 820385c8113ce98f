"""What one company answered, laid out as tables, and what everybody else's answers make of it.

A person is a row and an item a column; of several attempts of a person the first meeting with an
item counts, because what somebody says again is no new evidence. How wrong answers to an item
spread is learnt from people outside the company alone, as a Dirichlet posterior: a company that
copies cannot make its own answers look usual, few answers mean great doubt, and an answer that
nobody gave yet stays possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.rates import Bools, Floats, Ints
from courses.domain.integrity.sheet import Sheet

LEAST_OUTSIDE = 30  # answers to an item from people outside the company
PRIOR = 0.5  # of each wrong answer, Jeffreys'


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Wrong answers of a test: the item of each, its column among the item's, how often said.

    All by the number an answer has in ``Sheet.said``; ``column`` is -1 where it was right.
    """

    item: Ints
    column: Ints
    count: Floats
    columns: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """Answers of one company.

    ``attempt`` is -1 where a person did not answer an item that is known well enough. ``option``
    is the column of a wrong answer, -1 elsewhere; ``wrong`` the chance of being wrong; ``weight``
    the posterior of wrong answers, item by column, its last one in use for those never given.
    """

    people: Ints
    attempt: Ints
    option: Ints
    wrong: Floats
    weight: Floats

    @property
    def there(self) -> Bools:
        """Who answered what."""
        return self.attempt >= 0

    @property
    def same(self) -> Floats:
        """By item, the chance that two wrong answers are the same: the posterior mean."""
        whole = np.maximum(self.weight.sum(axis=1, keepdims=True), PRIOR)
        share = self.weight / whole
        squares: Floats = (share**2 + share * (1 - share) / (whole + 1)).sum(axis=1)
        return squares


def describe_spread(sheet: Sheet) -> Spread:
    """Number the wrong answers to each item."""
    size = int(sheet.said.max(initial=-1)) + 1
    item, wrong = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    item[sheet.said], wrong[sheet.said] = sheet.item, ~sheet.right
    column = np.full(size, -1)
    codes = np.flatnonzero(wrong)
    codes = codes[np.argsort(item[codes], kind="stable")]
    starts = np.searchsorted(item[codes], item[codes], side="left")
    column[codes] = np.arange(len(codes)) - starts
    return Spread(
        item=item,
        column=column,
        count=np.bincount(sheet.said, minlength=size).astype(float),
        columns=int(column.max(initial=-1)) + 2,
    )


def lay_out(
    sheet: Sheet, chance: Floats, spread: Spread, *, attempts: Sequence[int], owners: Ints
) -> Table:
    """Lay out the answers of a company's attempts, which are numbered in order of time."""
    among = np.zeros(sheet.attempts, dtype=bool)
    among[np.asarray(attempts)] = True
    own = np.flatnonzero(among[sheet.attempt])
    weight, known = _posterior(sheet, spread, own)
    people, row = np.unique(owners[sheet.attempt[own]], return_inverse=True)
    shape = (len(people), sheet.items)
    attempt, option, wrong = np.full(shape, -1), np.full(shape, -1), np.zeros(shape)
    late_first = np.argsort(-sheet.attempt[own], kind="stable")  # so that the first one stays
    own, row = own[late_first], row[late_first]
    own, row = own[known[sheet.item[own]]], row[known[sheet.item[own]]]
    place = (row, sheet.item[own])
    attempt[place], wrong[place] = sheet.attempt[own], 1 - chance[own]
    option[place] = spread.column[sheet.said[own]]
    return Table(people=people, attempt=attempt, option=option, wrong=wrong, weight=weight)


def _posterior(sheet: Sheet, spread: Spread, own: Ints) -> tuple[Floats, Bools]:
    """Return weights of wrong answers without the company's own, and which items are known."""
    outside = spread.count - np.bincount(sheet.said[own], minlength=len(spread.count))
    known = np.bincount(spread.item, outside, sheet.items) >= LEAST_OUTSIDE
    weight = np.zeros((sheet.items, spread.columns))
    wrong = spread.column >= 0
    item, column = spread.item[wrong], spread.column[wrong]
    weight[item, column] = outside[wrong] + PRIOR
    kinds = np.bincount(item, minlength=sheet.items)
    weight[np.arange(sheet.items), kinds] = PRIOR
    return weight, known
