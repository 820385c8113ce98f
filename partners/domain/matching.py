"""Who fills which line: exact, and the same for the same claims.

Every slot of every line wants one person. The assignment with the most slots filled is found as a
linear sum assignment, so if any choice of people satisfies a tier, it is found. Among the equally
full ones that is taken whose people's claims last longest; ties go to the lower id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

Sharing = Literal["none", "allowed"]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Why a person may fill a line: the credentials, and the first day they no longer do."""

    codes: tuple[str, ...]
    valid_until: date | None


Claims = Mapping[int, Claim]  # by person


def assign(
    claims: Sequence[Claims], needed: Sequence[int], sharing: Sharing
) -> tuple[tuple[int, ...], ...]:
    """Return for each line the people who fill it, best first.

    ``claims[i]`` holds who may fill line ``i``, of whom ``needed[i]`` are wanted. With ``sharing``
    *none* nobody fills two lines.
    """
    ranks = _rank(claims)
    if sharing == "allowed":
        return tuple(_best(line, ranks, i, needed[i]) for i, line in enumerate(claims))
    return _match(claims, needed, ranks)


Ranks = Mapping[tuple[int, int], int]  # (line, person) -> 0 for the most wanted claim


def _rank(claims: Sequence[Claims]) -> Ranks:
    edges = sorted(
        (-(claim.valid_until or date.max).toordinal(), person, line)
        for line, people in enumerate(claims)
        for person, claim in people.items()
    )
    return {(line, person): rank for rank, (_, person, line) in enumerate(edges)}


def _best(line: Claims, ranks: Ranks, number: int, needed: int) -> tuple[int, ...]:
    return tuple(sorted(line, key=lambda person: ranks[number, person])[:needed])


def _match(
    claims: Sequence[Claims], needed: Sequence[int], ranks: Ranks
) -> tuple[tuple[int, ...], ...]:
    people = sorted({person for line in claims for person in line})
    column = {person: index for index, person in enumerate(people)}
    slots = [i for i, line in enumerate(claims) for _ in range(min(needed[i], len(line)))]
    # One slot more always outweighs any sum of ranks; whole numbers, far below 2**53, so exact.
    weight = (len(slots) + 1) * (len(ranks) + 1)
    costs = np.zeros((len(claims), len(people)))
    for (line, person), rank in ranks.items():
        costs[line, column[person]] = rank - weight
    rows, columns = linear_sum_assignment(costs[slots]) if slots else ((), ())
    filled: list[list[int]] = [[] for _ in claims]
    for row, index in zip(rows, columns, strict=True):
        if people[index] in claims[slots[row]]:
            filled[slots[row]].append(people[index])
    return tuple(
        tuple(sorted(who, key=lambda person: ranks[line, person]))
        for line, who in enumerate(filled)
    )
