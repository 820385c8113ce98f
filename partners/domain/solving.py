"""A small integer programme, put together variable by variable and solved exactly by HiGHS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

Sum = Mapping[int, float]  # variable -> coefficient


@dataclass
class IntegerProgramme:
    """Variables from 0 up, and rows that bound sums of them."""

    _tops: list[float] = field(default_factory=list)
    _whole: list[int] = field(default_factory=list)
    _rows: list[Sum] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)

    def add(self, top: float = inf, *, whole: bool = True) -> int:
        """Add a variable from 0 to ``top`` and return its number."""
        self._tops.append(top)
        self._whole.append(int(whole))
        return len(self._tops) - 1

    def bound(self, terms: Sum, low: float = -inf, high: float = inf) -> None:
        """Keep a sum within bounds."""
        self._rows.append(terms)
        self._low.append(low)
        self._high.append(high)

    def solve(self, costs: Sum) -> list[int]:
        """Return the cheapest values, whole ones. Raises ``ArithmeticError`` if there are none."""
        weights = np.zeros(len(self._tops))
        weights[list(costs)] = list(costs.values())
        result = milp(
            weights,
            integrality=np.array(self._whole),
            bounds=Bounds(0, np.array(self._tops)),
            constraints=LinearConstraint(self._matrix(), self._low, self._high),
            options={"mip_rel_gap": 0},
        )
        if result.x is None:
            raise ArithmeticError(f"no solution: {result.message}")
        return [round(value) for value in result.x]

    def _matrix(self) -> coo_matrix:
        rows = [row for row, terms in enumerate(self._rows) for _ in terms]
        columns = [column for terms in self._rows for column in terms]
        values = [value for terms in self._rows for value in terms.values()]
        places = (np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp))
        shape = (len(self._rows), len(self._tops))
        return coo_matrix((np.array(values, dtype=float), places), shape=shape)
