"""Figures of items and tests: known values, planted faults, nothing told of too few answers."""

import random
from math import sqrt

import numpy as np
import pytest

from courses.domain.statistics import (
    ATTRACTIVE,
    EASY,
    GREY,
    HARD,
    IDLE_OPTION,
    LEAST,
    MISKEYED,
    POOR,
    Answer,
    correlate,
    describe_assessment,
    describe_item,
    estimate_alpha,
    split_in_fifths,
)

KEY = {"a": True, "b": False, "c": False}


def answers(count: int = 200, *, slope: float = 1.0, seed: int = 1) -> list[Answer]:
    """People of known ability answer one item; who knows more is right more often."""
    chance = random.Random(seed)  # noqa: S311
    found = []
    for place in range(count):
        ability = place / count
        right = chance.random() < 0.5 + slope * (ability - 0.5) * 0.9
        wrong = "b" if chance.random() < 0.7 else "c"
        found.append(
            Answer(credit=float(right), rest=ability, chosen=("a",) if right else (wrong,))
        )
    return found


class TestItems:
    def test_facility_is_the_mean_share_and_discrimination_leaves_the_item_out(self) -> None:
        found = describe_item(answers(), KEY)
        credits = [answer.credit for answer in answers()]
        assert found.facility == pytest.approx(np.mean(credits))
        rests = [answer.rest for answer in answers()]
        assert found.discrimination == pytest.approx(np.corrcoef(credits, rests)[0, 1])
        assert found.flags == ()

    def test_who_knows_more_and_answers_worse_points_at_the_key(self) -> None:
        assert describe_item(answers(slope=-1), KEY).flags == (MISKEYED,)
        assert describe_item(answers(slope=0.1), KEY).flags == (POOR,)

    @pytest.mark.parametrize(("credit", "flag"), [(0.0, HARD), (1.0, EASY)])
    def test_what_nobody_or_everybody_knows_is_flagged(self, credit: float, flag: str) -> None:
        same = [Answer(credit=credit, rest=n / 50, chosen=("a",)) for n in range(50)]
        found = describe_item(same, KEY)
        assert (found.flags, found.discrimination) == ((flag,), None)

    def test_options_are_counted_by_fifths(self) -> None:
        found = describe_item(answers(), KEY)
        assert sum(option.count for option in found.options) == 200
        right = found.options[0]
        assert sum(right.fifths) == right.count
        assert right.fifths[0] < right.fifths[4]
        assert right.discrimination is not None
        assert right.discrimination > 0

    def test_idle_and_attractive_distractors_are_named(self) -> None:
        keyed_wrong = describe_item(answers(slope=-1), {**KEY, "d": False})
        by_name = {option.name: option.flags for option in keyed_wrong.options}
        assert by_name["d"] == (IDLE_OPTION,)
        assert by_name["b"] == (ATTRACTIVE,)
        assert by_name["a"] == ()

    def test_what_was_typed_most_often_is_told(self) -> None:
        typed = [Answer(credit=float(n % 2), rest=n / 60, chosen=("16" if n % 2 else "32",))
                 for n in range(60)]  # fmt: skip
        options = describe_item(typed, {}).options
        assert [(one.name, one.right, one.count) for one in options] == [
            ("16", True, 30), ("32", False, 30),
        ]  # fmt: skip

    def test_of_too_few_answers_nothing_is_told(self) -> None:
        found = describe_item(answers(LEAST - 1), KEY)
        assert (found.answers, found.facility, found.options) == (LEAST - 1, None, ())
        assert describe_item(answers(LEAST), KEY).is_uncertain
        assert not describe_item(answers(GREY), KEY).is_uncertain


class TestFifths:
    def test_they_are_equally_large(self) -> None:
        fifths = split_in_fifths(np.arange(100.0))
        assert np.bincount(fifths).tolist() == [20] * 5

    def test_who_scored_alike_stands_together(self) -> None:
        fifths = split_in_fifths(np.array([0.5] * 50 + [0.9] * 50))
        assert set(fifths[:50]) == {0}
        assert len(set(fifths[50:])) == 1

    def test_nothing_correlates_with_what_does_not_vary(self) -> None:
        assert correlate(np.ones(9), np.arange(9.0)) is None


def sat(people: int, items: int, drawn: int, *, seed: int = 3) -> list[dict[int, float]]:
    chance = random.Random(seed)  # noqa: S311
    attempts = []
    for _person in range(people):
        ability = chance.gauss(0, 1)
        chosen = chance.sample(range(items), drawn)
        attempts.append(
            {item: float(chance.gauss(0, 1) + ability > (item - items / 2) / items)
             for item in chosen}
        )  # fmt: skip
    return attempts


class TestAssessments:
    def test_with_the_same_items_it_is_cronbach_s_alpha(self) -> None:
        attempts = sat(300, 12, 12)
        table = np.array([[attempt[item] for item in range(12)] for attempt in attempts])
        variances, whole = table.var(axis=0, ddof=1), table.sum(axis=1).var(ddof=1)
        alpha = 12 / 11 * (1 - variances.sum() / whole)
        assert estimate_alpha(attempts) == pytest.approx(alpha)

    def test_with_drawn_items_it_comes_near(self) -> None:
        whole, drawn = estimate_alpha(sat(2000, 12, 12)), estimate_alpha(sat(2000, 24, 12))
        assert whole is not None
        assert drawn is not None
        assert drawn == pytest.approx(whole, abs=0.05)

    def test_error_and_consistency_follow_from_it(self) -> None:
        found = describe_assessment(sat(500, 20, 20), cut=0.7)
        assert found.alpha is not None
        assert found.deviation is not None
        assert found.mean is not None
        assert found.error == pytest.approx(found.deviation * sqrt(1 - found.alpha))
        away, spread = (found.mean - 0.7) ** 2, found.deviation**2
        assert found.consistency == pytest.approx((found.alpha * spread + away) / (spread + away))
        assert found.passed is not None
        assert 0 < found.passed < 1

    def test_of_too_few_attempts_nothing_is_told(self) -> None:
        found = describe_assessment(sat(LEAST - 1, 5, 5), cut=0.7)
        assert (found.attempts, found.mean, found.alpha) == (LEAST - 1, None, None)
        assert estimate_alpha([{1: 1.0}] * 50) is None
        assert estimate_alpha([{1: 1.0}, {2: 0.0}] * 50) is None

    def test_answers_that_never_vary_have_no_alpha(self) -> None:
        assert estimate_alpha([{1: 1.0, 2: 1.0}] * 50) is None
        found = describe_assessment([{1: 1.0, 2: 1.0}] * 50, cut=1.0)
        assert (found.deviation, found.error, found.consistency) == (0.0, None, None)
