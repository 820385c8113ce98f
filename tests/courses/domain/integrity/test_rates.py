"""False discovery rate by hand, and the exact distribution against every outcome."""

from itertools import product

import numpy as np
import pytest

from courses.domain.integrity.rates import adjust, tails_of_counts


def test_rates_are_those_worked_out_by_hand() -> None:
    values = np.array([0.04, 0.001, 0.03, 0.5])
    # Ranked: 0.001·4/1, 0.03·4/2, 0.04·4/3, 0.5·4/4; none above the one that follows.
    assert adjust(values) == pytest.approx([0.16 / 3, 0.004, 0.16 / 3, 0.5])
    assert adjust(np.array([0.02, 0.02])) == pytest.approx([0.02, 0.02])
    assert len(adjust(np.zeros(0))) == 0


def test_tails_are_those_of_every_outcome() -> None:
    chances = np.random.default_rng(7).random((5, 7))
    chances[:, 3] = 0  # an event that was not possible
    for seen in range(8):
        told = tails_of_counts(chances, np.full(5, seen))
        for row, tail in zip(chances, told, strict=True):
            counted = sum(
                float(np.prod([p if did else 1 - p for p, did in zip(row, outcome, strict=True)]))
                for outcome in product((0, 1), repeat=7)
                if sum(outcome) >= seen
            )
            assert tail == pytest.approx(counted, abs=1e-12)


def test_far_tails_keep_their_digits() -> None:
    tail = tails_of_counts(np.full((1, 30), 0.01), np.array([30]))[0]
    assert tail == pytest.approx(1e-60)
