"""The same wrong answers inside one company: by the company as a whole, and pair by pair.

Both are controlled for the number of companies and pairs looked at. Besides, people of one company
may lack the same topic, which makes them wrong together without a word said: so the answers must
be the same more often than *being wrong at the same items* explains.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.crowds import Crowd, judge_crowd
from courses.domain.integrity.pairs import Pairs, compare_pairs, find_same
from courses.domain.integrity.rates import MOST_FALSE, Bools, Floats, Ints, adjust
from courses.domain.integrity.sheet import Sheet, expect
from courses.domain.integrity.tables import Table, describe_spread, lay_out

LEAST_ATTEMPTS = 100  # of the test: below that abilities and wrong answers are hardly known
LEAST_SAME = 4  # the same wrong answers of a pair: fewer are an anecdote
GIVEN_WRONG = 0.01  # at most, the chance given who is wrong where
SHOWN = 0.05  # chance of a pair that is shown beside its company


@dataclass(frozen=True, kw_only=True)
class Place:
    """An item at which two people gave the same wrong answer, and their attempts at it."""

    item: int
    one: int
    other: int


@dataclass(frozen=True, kw_only=True)
class SamePair:
    """Two people by number; ``rate`` is the false discovery rate at which they are a finding.

    ``alone`` says that they are one by themselves, whatever the company as a whole says.
    """

    one: int
    other: int
    common: int
    both_wrong: int
    expected: float
    chance: float
    rate: float
    alone: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class SameInGroup:
    """A company worth a look. Counts are pairs of the same wrong answers in all of it.

    ``as_whole`` says that the company is a finding, not only pairs in it.
    """

    group: int
    as_whole: bool
    people: int
    same: int
    expected: float
    chance: float
    rate: float
    pairs: tuple[SamePair, ...]


@dataclass(frozen=True, kw_only=True)
class SameFound:
    """How many companies and pairs were looked at, and what is worth a look."""

    groups: int
    pairs: int
    found: tuple[SameInGroup, ...]


@dataclass(frozen=True, kw_only=True)
class _Looked:
    name: int
    table: Table
    crowd: Crowd
    pairs: tuple[Pairs, ...]


def find_same_answers(
    sheet: Sheet, *, groups: Mapping[int, Sequence[int]], people: Sequence[int]
) -> SameFound:
    """Look at every group. ``groups`` names attempts, ``people`` says whose each attempt is.

    Attempts are numbered in order of time.
    """
    if sheet.attempts < LEAST_ATTEMPTS:
        return SameFound(groups=0, pairs=0, found=())
    looked = list(_look(sheet, groups, np.asarray(people)))
    by_crowd = adjust(np.array([one.crowd.chance for one in looked]))
    rates = adjust(np.concatenate([p.chance for one in looked for p in one.pairs] or [_NONE]))
    found, start = [], 0
    for one, rate in zip(looked, by_crowd, strict=True):
        size = sum(len(pairs.one) for pairs in one.pairs)
        told = _tell(one, float(rate), rates[start : start + size])
        start += size
        found += [told] if told else []
    return SameFound(groups=len(looked), pairs=len(rates), found=tuple(found))


_NONE: Floats = np.zeros(0)


def _look(sheet: Sheet, groups: Mapping[int, Sequence[int]], owners: Ints) -> Iterator[_Looked]:
    chance, spread = expect(sheet).chance, describe_spread(sheet)
    several = {name: attempts for name, attempts in groups.items() if len(attempts) > 1}
    for name, attempts in sorted(several.items()):
        table = lay_out(sheet, chance, spread, attempts=attempts, owners=owners)
        pairs = tuple(compare_pairs(table))
        if any(len(one.one) for one in pairs):
            crowd = judge_crowd(table, name, among=len(several))
            yield _Looked(name=name, table=table, crowd=crowd, pairs=pairs)


def _tell(looked: _Looked, rate: float, rates: Floats) -> SameInGroup | None:
    """Return a company that is worth a look with its pairs, or nothing."""
    crowd = looked.crowd
    as_whole = rate <= MOST_FALSE and crowd.given_wrong <= GIVEN_WRONG
    shown: list[SamePair] = []
    start = 0
    for pairs in looked.pairs:
        part = rates[start : start + len(pairs.one)]
        start += len(part)
        alone: Bools = (part <= MOST_FALSE) & (pairs.given_wrong <= GIVEN_WRONG)
        alone &= pairs.same >= LEAST_SAME
        beside: Bools = (pairs.chance <= SHOWN) & (pairs.same > 1) & as_whole
        for at in np.flatnonzero(alone | beside):
            shown.append(_tell_pair(looked.table, pairs, int(at), float(part[at]), bool(alone[at])))
    if not as_whole and not shown:
        return None
    return SameInGroup(
        group=looked.name,
        as_whole=as_whole,
        people=len(looked.table.people),
        same=crowd.same,
        expected=crowd.expected,
        chance=crowd.chance,
        rate=min([rate, *(pair.rate for pair in shown)]),
        pairs=tuple(sorted(shown, key=lambda pair: pair.chance)),
    )


def _tell_pair(table: Table, pairs: Pairs, at: int, rate: float, alone: bool) -> SamePair:
    one, other = pairs.one[at], pairs.other[at]
    places = np.flatnonzero(find_same(table, one, other))
    return SamePair(
        one=int(table.people[one]),
        other=int(table.people[other]),
        common=int(pairs.common[at]),
        both_wrong=int(pairs.both_wrong[at]),
        expected=float(pairs.expected[at]),
        chance=float(pairs.chance[at]),
        rate=rate,
        alone=alone,
        places=tuple(
            Place(
                item=int(item),
                one=int(table.attempt[one, item]),
                other=int(table.attempt[other, item]),
            )
            for item in places
        ),
    )
