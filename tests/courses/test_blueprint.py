"""A blueprint against a bank: what is missing, how many tests there are, how alike they are."""

from itertools import combinations
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from courses.domain.blueprint import Blueprint, Exposure, Stock, check_blueprint
from courses.domain.editing import TypedWrongly
from courses.domain.lines import read_draw, read_percents, write_draw, write_percents

BANK = [Stock(topic="wal", difficulty=n % 3 + 1) for n in range(6)] + [
    Stock(topic="pitr", difficulty=2) for _ in range(4)
]


def test_shortages_name_topic_and_level() -> None:
    plan = Blueprint(draw={"wal": {"easy": 3, "hard": 2}, "pitr": 9, "slots": 1}, pilots=2)
    check = check_blueprint(plan, BANK)
    assert check.shortages == {"wal (easy)": 1, "pitr": 5, "slots": 1}
    assert check.pilots_missing == 2


def test_items_on_trial_fill_no_topic() -> None:
    bank = [*BANK, Stock(topic="pitr", difficulty=2, pilot=True)]
    assert check_blueprint(Blueprint(draw={"pitr": 5}), bank).shortages == {"pitr": 1}
    check = check_blueprint(Blueprint(draw={"pitr": 4}, pilots=1), bank)
    assert (check.shortages, check.pilots_missing, check.forms) == ({}, 0, 1)
    assert check_blueprint(Blueprint(draw={"wal": 1}, pilots=1), bank).pilots_missing == 1


@given(st.integers(1, 7), st.integers(0, 7))
def test_forms_and_overlap_are_what_counting_gives(size: int, count: int) -> None:
    count = min(count, size)
    check = check_blueprint(Blueprint(draw={"t": count}), [Stock(topic="t", difficulty=1)] * size)
    tests = [set(one) for one in combinations(range(size), count)]
    assert check.forms == len(tests)
    assert check.shared == pytest.approx(mean(len(a & b) for a in tests for b in tests))
    assert check.repeated == min(len(a & b) for a in tests for b in tests)


def test_a_cap_below_what_the_bank_allows_is_named() -> None:
    plan = Blueprint(draw={"wal": 3, "pitr": 1}, exposure=Exposure(percent=30))
    assert check_blueprint(plan, BANK).worn == {"wal": 50}
    assert check_blueprint(Blueprint(draw={"wal": 3}), BANK).worn == {}


@pytest.mark.parametrize(
    "data",
    [
        {"draw": {"wal": -1}},
        {"draw": {"wal": {"very hard": 1}}},
        {"draw": {"wal": 1}, "order": "backwards"},
        {"draw": {"wal": 1}, "pilots": -1},
        {"draws": {}},
    ],
)
def test_what_a_blueprint_cannot_say(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Blueprint.model_validate(data)


def test_lines_read_as_they_are_written() -> None:
    typed = "wal: 5\npitr: 2 easy, 1 hard"
    draw = read_draw(typed)
    assert draw == {"wal": 5, "pitr": {"easy": 2, "hard": 1}}
    assert write_draw(Blueprint.model_validate({"draw": draw})) == typed
    assert read_percents("wal: 50\n\npitr: 5 %") == {"wal": 50, "pitr": 5}
    assert write_percents({"wal": 50, "pitr": 5}) == "wal: 50\npitr: 5"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("wal five", "should read like “wal: 5”"),
        (": 5", "should read like"),
        ("wal:", "should read like"),
        ("wal: five", "or “wal: 2 easy"),
        ("wal: 2 simple", "or “wal: 2 easy"),
        ("wal: 2 easy, 1 easy", "or “wal: 2 easy"),
        ("wal: 1\nwal: 2", "the topic “wal” stands twice"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_would_be(line: str, said: str) -> None:
    with pytest.raises(TypedWrongly, match=said):
        read_draw(line)


@pytest.mark.parametrize("line", ["wal: 0", "wal: 101", "wal: half", "wal: ²"])
def test_percentages_lie_between_one_and_a_hundred(line: str) -> None:
    with pytest.raises(TypedWrongly, match="from 1 to 100"):
        read_percents(line)
