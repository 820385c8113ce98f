"""Drawing cases: whole, next to each other, in their order, by the question met most."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from courses.domain.blueprint import Blueprint, Cases, Exposure, Stock, check_blueprint
from courses.domain.drawing import BankTooSmall, Candidate, Draw, Member, Past, Relaxed, draw
from courses.domain.replay import DrawInputs, draw_again, keep_inputs

NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)


def make_case(group: int, size: int, topic: str = "wal") -> tuple[Candidate, ...]:
    """A case whose version is 900 + its id; its questions stand last to first in the bank."""
    return tuple(
        Candidate(
            version_id=1000 * group + size - place,
            item_id=100 * group + place,
            topic=topic,
            options=("a", "b"),
            member=Member(group_id=group, version_id=900 + group, place=place),
        )
        for place in range(size)
    )


CASES = {group: make_case(group, 3) for group in (1, 2, 3)} | {
    4: make_case(4, 3, "pitr"),
    5: make_case(5, 2),
}
ALONE = tuple(
    Candidate(
        version_id=n, item_id=n, topic="wal" if n < 6 else "pitr", options=("a",), place=n > 5
    )
    for n in range(1, 12)
)
TRIAL = tuple(
    Candidate(version_id=50 + n, item_id=50 + n, topic="wal", options=(), pilot=True)
    for n in range(2)
)
BANK = (*ALONE, *TRIAL, *(one for case in CASES.values() for one in case))
BY_VERSION = {one.version_id: one for one in BANK}
ITEMS = st.sampled_from(sorted(one.item_id for one in BANK))
BLUEPRINTS = st.builds(
    Blueprint,
    draw=st.dictionaries(st.sampled_from(["wal", "pitr"]), st.integers(0, 5)),
    cases=st.fixed_dictionaries(
        {}, optional={
            "wal": st.builds(Cases, count=st.integers(1, 3), questions=st.just(3)),
            "pitr": st.just(Cases(count=1, questions=3)),
        },
    ),
    pilots=st.integers(0, 2),
    order=st.sampled_from(["random", "fixed"]),
    exposure=st.one_of(st.none(), st.builds(Exposure, most=st.integers(1, 9))),
)  # fmt: skip
PASTS = st.builds(
    Past,
    seen=st.dictionaries(ITEMS, st.integers(0, 900).map(lambda n: NOON - timedelta(days=n))),
    shown=st.dictionaries(ITEMS, st.integers(0, 9)),
)
ONE = Blueprint(cases={"wal": Cases(count=1, questions=3)})


def drawn_cases(drawn: Draw) -> list[int]:
    """The ids of the cases drawn, each once, in the order shown."""
    found = [place.group_version_id for place in drawn.places if place.group_version_id]
    return [version - 900 for version in dict.fromkeys(found)]


@given(BLUEPRINTS, PASTS, st.text(max_size=8))
def test_a_case_comes_whole_in_its_order_and_in_one_piece(
    blueprint: Blueprint, past: Past, seed: str
) -> None:
    drawn = draw(blueprint, BANK, past=past, seed=seed)
    shown = [BY_VERSION[place.version_id] for place in drawn.places]
    groups = [one.member.group_id if one.member else 0 for one in shown]
    for group in set(groups) - {0}:
        at = groups.index(group)
        assert tuple(shown[at : at + 3]) == CASES[group]
        assert groups.count(group) == 3
    assert 5 not in groups  # a case of two questions would make another length
    for topic, wanted in blueprint.cases.items():
        assert sum(CASES[group][0].topic == topic for group in set(groups) - {0}) == wanted.count
    counted = [place for place in drawn.places if not place.pilot]
    assert len(counted) == blueprint.counted
    assert [place.group_version_id for place in drawn.places if place.pilot] == [None] * (
        blueprint.pilots if blueprint.topics & {"wal"} else 0
    )


@given(BLUEPRINTS, PASTS, st.text(max_size=8))
def test_what_is_kept_draws_the_same_again(blueprint: Blueprint, past: Past, seed: str) -> None:
    kept = keep_inputs(BANK, past).model_dump(mode="json")
    inputs = DrawInputs.model_validate(kept)
    bare = [Candidate(version_id=one.version_id, item_id=one.item_id, topic="", options=one.options,
                      difficulty=one.difficulty) for one in reversed(BANK)]  # fmt: skip
    again = draw_again(blueprint, inputs, bare, seed)
    assert again.draw == draw(blueprint, BANK, past=past, seed=seed)
    assert sorted(inputs.version_ids) == sorted(BY_VERSION)


@given(PASTS, st.text(max_size=8), st.integers(1, 9))
def test_a_case_is_as_worn_and_as_seen_as_its_worst_question(
    past: Past, seed: str, most: int
) -> None:
    blueprint = ONE.model_copy(update={"exposure": Exposure(most=most)})
    drawn = draw(blueprint, BANK, past=past, seed=seed)
    [taken] = drawn_cases(drawn)

    def rank(group: int) -> tuple[bool, int, bool, datetime]:
        items = [one.item_id for one in CASES[group]]
        shown = max(past.shown.get(item, 0) for item in items)
        seen = max((past.seen[item] for item in items if item in past.seen), default=None)
        worn = shown >= most
        return (
            worn,
            shown if worn else 0,
            seen is not None,
            seen or datetime.min.replace(tzinfo=UTC),
        )

    assert rank(taken) == min(rank(group) for group in (1, 2, 3))
    worn, _shown, seen, _at = rank(taken)
    expected = Relaxed(cell="wal (cases)", seen=int(seen), exposed=int(worn))
    assert drawn.relaxed == ((expected,) if seen or worn else ())


def test_one_question_seen_spares_the_whole_case() -> None:
    past = Past(seen={101: NOON, 202: NOON})
    assert {drawn_cases(draw(ONE, BANK, past=past, seed=str(n)))[0] for n in range(9)} == {3}


def test_when_all_were_seen_the_one_longest_ago_comes_first() -> None:
    seen = {100: NOON, 101: NOON - timedelta(days=9), 200: NOON - timedelta(days=2), 302: NOON}
    drawn = draw(ONE, BANK, past=Past(seen=seen), seed="x")
    assert drawn_cases(drawn) == [2]
    assert drawn.relaxed == (Relaxed(cell="wal (cases)", seen=1),)


def test_the_options_of_each_question_are_shuffled() -> None:
    orders = {draw(ONE, BANK, past=Past(), seed=str(n)).places[0].option_order for n in range(20)}
    assert orders == {("a", "b"), ("b", "a")}


def test_too_few_cases_are_refused() -> None:
    with pytest.raises(BankTooSmall, match=r"topic wal \(cases\): 4 items are drawn"):
        draw(Blueprint(cases={"wal": Cases(count=4, questions=3)}), BANK, past=Past(), seed="x")


def test_a_fixed_order_follows_the_topics_and_keeps_a_case_together() -> None:
    blueprint = Blueprint(
        draw={"pitr": 2, "wal": 2}, cases={"wal": Cases(count=1, questions=3)}, order="fixed"
    )
    shown = [BY_VERSION[p.version_id] for p in draw(blueprint, BANK, past=Past(), seed="x").places]
    assert [one.topic for one in shown] == ["wal"] * 5 + ["pitr"] * 2
    assert [one.member.place for one in shown if one.member] == [0, 1, 2]


class TestCheck:
    STOCK = (
        *(Stock(topic="wal") for _ in range(4)),
        *(Stock(topic="wal", questions=3) for _ in range(5)),
        Stock(topic="wal", questions=2),
    )

    def test_cases_make_forms_and_are_shared_whole(self) -> None:
        blueprint = Blueprint(draw={"wal": 2}, cases={"wal": Cases(count=3, questions=3)})
        check = check_blueprint(blueprint, self.STOCK)
        assert (blueprint.counted, blueprint.length) == (11, 11)
        assert check.forms == 6 * 10  # 2 of 4 items, 3 of 5 cases
        assert check.shared == pytest.approx(2 * 2 / 4 + 3 * 3 / 5 * 3)
        assert check.repeated == 3  # one case of three questions

    def test_what_is_missing_is_cases_of_that_size(self) -> None:
        blueprint = Blueprint(draw={"wal": 4}, cases={"wal": Cases(count=3, questions=2)})
        check = check_blueprint(blueprint, self.STOCK)
        assert (check.shortages, check.cases_missing) == ({}, {"wal": 2})

    def test_a_cap_that_cannot_hold_is_said(self) -> None:
        blueprint = Blueprint(
            cases={"wal": Cases(count=3, questions=3)}, exposure=Exposure(percent=50)
        )
        assert check_blueprint(blueprint, self.STOCK).worn == {"wal (cases)": 60}

    @pytest.mark.parametrize("numbers", [(0, 3), (51, 3), (1, 0), (1, 21)])
    def test_numbers_have_bounds(self, numbers: tuple[int, int]) -> None:
        with pytest.raises(ValidationError):
            Cases(count=numbers[0], questions=numbers[1])
