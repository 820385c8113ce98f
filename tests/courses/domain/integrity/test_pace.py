"""Very fast passes and windows left very often, against people who merely differ."""

import numpy as np
import pytest

from courses.domain.integrity.pace import find_fast, find_leaves


@pytest.mark.parametrize("seed", range(20))
def test_people_who_differ_are_not_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    seconds = 1500 * random.lognormal(0, 0.35, 300)
    assert find_fast(list(seconds), [True] * 300).found == ()
    leaves = random.negative_binomial(0.8, 0.2, 300)
    assert find_leaves([int(one) for one in leaves]).found == ()


def test_a_pass_in_a_fraction_of_the_time_is_found() -> None:
    seconds = [1500.0 + number for number in range(60)]
    seconds[7] = seconds[8] = 240.0
    passed = [number != 8 for number in range(60)]
    found = find_fast(seconds, passed)
    assert [one.attempt for one in found.found] == [7]  # who failed had no good of it
    (fast,) = found.found
    assert fast.seconds == 240
    assert fast.usual == pytest.approx(1529.5)
    assert fast.deviations < -3.5
    assert found.attempts == 59


def test_half_the_usual_time_is_not_a_third() -> None:
    seconds = [1500.0] * 59 + [700.0]
    assert find_fast(seconds, [True] * 60).found == ()


def test_a_window_left_very_often_is_found() -> None:
    counts = [number % 4 for number in range(60)]
    counts[3], counts[4] = 60, 15
    found = find_leaves(counts).found
    assert [one.attempt for one in found] == [3]  # fifteen are too few to mean much
    assert found[0].count == 60


def test_where_nobody_leaves_nothing_breaks() -> None:
    assert find_leaves([0] * 40).found == ()


def test_few_attempts_are_not_looked_at() -> None:
    assert find_fast([1.0] * 29, [True] * 29).attempts == 0
    assert find_leaves([1] * 29).attempts == 0
