"""How long the exact placing of people takes, beside the linear assignment that knows less.

The peer is scipy's assignment over single people and places, which can say no more than "one
person fills one line". Both solve the same companies in the same run.
"""

import random
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from temporary import ROOT

RUNS = 15


def make_company(people: int, lines: int, needed: int, seed: int) -> list[Any]:
    """Everybody holds one to three of the lines' achievements, as people do."""
    from partners.domain.counting import Claim
    from partners.domain.matching import Demand

    chance = random.Random(seed)  # the same companies in every run
    held: list[dict[int, Any]] = [{} for _ in range(lines)]
    for who in range(people):
        for line in chance.sample(range(lines), min(lines, chance.choice([1, 1, 2, 3]))):
            held[line][who] = Claim(codes=(str(who),), valid_until=None)
    return [Demand(id=f"line{n}", needed=needed, claims=one) for n, one in enumerate(held)]


def assign(demands: list[Any]) -> int:
    """The peer: how many places a linear assignment fills."""
    people = sorted({who for one in demands for who in one.claims})
    column = {who: number for number, who in enumerate(people)}
    slots = [one for one in demands for _ in range(one.needed)]
    costs = np.zeros((len(slots), len(people)))
    for row, one in enumerate(slots):
        costs[row, [column[who] for who in one.claims]] = -1
    rows, columns = linear_sum_assignment(costs)
    return int(-costs[rows, columns].sum())


def measure(work: Callable[[], object]) -> float:
    """Return the median seconds of a call."""
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return median(spent)


def main() -> None:
    from partners.domain.matching import Terms, match

    print("people  lines  needed   exact      peer   ratio")
    for people, lines, needed in [(20, 2, 4), (60, 4, 6), (500, 12, 10), (500, 12, 60)]:
        company = make_company(people, lines, needed, seed=people)
        found = sum(len(one.people) for one in match(company, Terms()).values())
        if found != assign(company):
            raise SystemExit("the two disagree")
        ours = measure(lambda demands=company: match(demands, Terms()))  # type: ignore[misc]
        peer = measure(lambda demands=company: assign(demands))  # type: ignore[misc]
        print(
            f"{people:6} {lines:6} {needed:7} {ours * 1e3:6.1f} ms {peer * 1e3:6.1f} ms"
            f"  {ours / peer:5.1f}"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
