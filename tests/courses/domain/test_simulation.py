"""People of known ability: what they answer, how long it takes, what is planted in them."""

import random
from collections import Counter
from statistics import mean
from typing import Any

import pytest

from courses.domain.items import KINDS, credit_of, read_response
from courses.domain.simulation import (
    Asked,
    Given,
    Taker,
    find_chance,
    rate_item,
    respond,
    sit_through,
    take_time,
)
from tests.factories.courses import body

SEED = "test-1"
NAMES = sorted(KINDS)


def ask(kind: str = "single", code: str = "it-1", **changes: Any) -> Asked:
    return Asked(code=code, body=body(kind, **changes))


def answer(asked: Asked, taker: Taker, times: int = 400) -> list[Any]:
    chance = random.Random("these people")  # noqa: S311 - replayable
    return [respond(asked, taker, chance, seed=SEED) for _time in range(times)]


def share_right(asked: Asked, taker: Taker) -> float:
    return mean(credit_of(asked.body, one, "en") == 1 for one in answer(asked, taker))


@pytest.mark.parametrize("kind", NAMES)
def test_slips_are_different_readable_and_never_right(kind: str) -> None:
    item = body(kind)
    slips = KINDS[kind].slips(item)
    assert slips
    assert len({str(one) for one in slips}) == len(slips)
    for value in slips:
        assert read_response(item, value) == value
        assert credit_of(item, value, "en") < 1
        assert credit_of(item, value, "ru") < 1


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind != "dropdown"])
def test_who_does_not_know_is_wrong_in_different_ways(kind: str) -> None:
    asked = ask(kind)
    said = Counter(str(one) for one in answer(asked, Taker(ability=-4)))
    assert len(said) > 3


@pytest.mark.parametrize("kind", NAMES)
def test_the_able_are_right_more_often(kind: str) -> None:
    asked = ask(kind)
    low, high = (share_right(asked, Taker(ability=ability)) for ability in (-3, 2))
    assert high > low + 0.3
    assert high == pytest.approx(find_chance(asked, 2, seed=SEED), abs=0.06)


def test_harder_levels_are_answered_right_less_often() -> None:
    levels = [find_chance(ask(difficulty=level), 0, seed=SEED) for level in (1, 2, 3)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[-1] + 0.05


def test_who_was_told_an_answer_gives_it_quickly() -> None:
    told = Taker(ability=-3, told=frozenset({"it-1"}))
    assert share_right(ask(), told) > 0.93
    assert share_right(ask(code="it-2"), told) < 0.6
    quick, slow = (
        take_time("it-1", taker, random.Random("a day"), seed=SEED)  # noqa: S311
        for taker in (told, Taker(ability=-3))
    )
    assert quick == pytest.approx(slow / 3)


def test_who_copies_gives_what_stands_in_the_sheet_its_mistakes_included() -> None:
    asked = [ask(code=f"it-{number}") for number in range(40)]
    able = [Taker(ability=ability, copies=1, source="x", source_ability=-1) for ability in (2, -2)]
    one, other = (sit_through(asked, taker, seed=SEED, mood=str(taker)) for taker in able)
    assert [each.value for each in one] == [each.value for each in other]
    wrong = sum(credit_of(asked[0].body, each.value, "en") < 1 for each in one)
    assert 8 < wrong < 30
    honest = sit_through(asked, Taker(ability=2), seed=SEED, mood="alone")
    assert [each.value for each in honest] != [each.value for each in one]


def test_a_common_belief_is_what_most_say_who_do_not_know() -> None:
    asked = Asked(code="it-1", body=body("single"), belief=["d"])
    wrong = [one for one in answer(asked, Taker(ability=-3)) if one != ["b"]]
    assert 0.7 < wrong.count(["d"]) / len(wrong) < 0.95
    assert share_right(asked, Taker(ability=2)) > 0.8


def test_the_same_seeds_answer_the_same_and_others_do_not() -> None:
    asked = [ask(kind, code=kind) for kind in NAMES]

    def sit(mood: str, seed: str = SEED) -> list[Given]:
        return sit_through(asked, Taker(ability=0), seed=seed, mood=mood)

    assert sit("monday") == sit("monday")
    assert sit("monday") != sit("tuesday")
    assert sit("monday") != sit("monday", seed="test-2")


def test_judges_differ_by_severity_and_come_nearer_in_the_second_round() -> None:
    severities = (0.1, 0.0, -0.1)
    asked = [ask(code=f"it-{number}") for number in range(30)]
    means = [
        [
            mean(rate_item(one, severities, judge, number=number, seed=SEED) for one in asked)
            for judge in range(3)
        ]
        for number in (1, 2)
    ]
    for first in means:
        assert first == sorted(first, reverse=True)
    assert max(means[1]) - min(means[1]) < 0.7 * (max(means[0]) - min(means[0]))
    assert 60 < mean(means[1]) < 80


def test_times_differ_by_item_person_and_moment() -> None:
    asked = [ask(code=f"it-{number}") for number in range(60)]
    brisk, slow = (
        [
            each.seconds
            for each in sit_through(asked, Taker(ability=0, pace=pace), seed=SEED, mood="")
        ]
        for pace in (-0.5, 0.5)
    )
    assert mean(slow) == pytest.approx(mean(brisk) * 2.718, rel=0.01)
    assert 40 < mean(brisk) * 1.65 < 110
    assert max(slow) > 3 * min(slow)
