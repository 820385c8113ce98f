"""Reading what people type and judging it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from courses.domain.items import (
    MAX_TEXT,
    UnreadableResponse,
    in_language,
    is_answered,
    is_close,
    is_correct,
    normalise,
    read_number,
    read_response,
)
from tests.factories.courses import body, texts


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("16", "16"),
        (" 16 ", "16"),
        ("+16", "16"),
        ("0.5", "0.5"),
        ("0,5", "0.5"),
        ("4,5", "4.5"),
        ("4,608", "4608"),
        ("0,608", "0.608"),
        ("-4,608", "-4608"),
        ("-0,125", "-0.125"),
        (",125", "0.125"),
        ("4 608", "4608"),
        ("4\u00a0608", "4608"),
        ("4\u202f608,25", "4608.25"),
        ("4'608.5", "4608.5"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("−3", "-3"),
        ("1e3", "1000"),
    ],
)
def test_reads_numbers_as_people_type_them(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", " ", "sixteen", "1.2.3", "nan", "inf", "-", ",", "16 MB"])
def test_what_is_no_number_reads_as_none(typed: str) -> None:
    assert read_number(typed) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9)))
def test_reads_back_what_python_writes(number: Decimal) -> None:
    assert read_number(f"{number:f}") == number


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    read_number(text)
    normalise(text)


@pytest.mark.parametrize(
    ("answer", "right"),
    [("16", True), ("16.5", True), ("15,5", True), ("16.51", False), ("x", False), ("", False)],
)
def test_a_tolerance_includes_its_bounds(answer: str, right: bool) -> None:
    assert is_close(answer, "16", "0.5") is right


def test_short_text_ignores_case_and_spaces() -> None:
    assert normalise("  PG_Rewind\u00a0 --dry ") == "pg_rewind --dry"


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("single", ["b"], True),
        ("single", ["a"], False),
        ("single", [], False),
        ("multiple", ["a", "c"], True),
        ("multiple", ["a"], False),
        ("multiple", ["a", "b", "c"], False),
        ("numeric", "16,2", True),
        ("numeric", "17", False),
        ("text", "PG_REWIND", True),
        ("text", "pg_basebackup", False),
        ("text", "", False),
        ("text", None, False),
    ],
)
def test_all_or_nothing(kind: str, value: Any, right: bool) -> None:
    assert is_correct(body(kind), value, "en") is right


def test_a_wording_of_another_language_counts_only_there() -> None:
    assert is_correct(body("text"), "ПГ Ревайнд", "ru")
    assert not is_correct(body("text"), "ПГ Ревайнд", "en")
    assert is_correct(body("text"), "pg_rewind", "ru")


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("single", "b", ["b"]),
        ("single", ["b"], ["b"]),
        ("single", ["b", "b"], ["b"]),
        ("single", [], []),
        ("single", "", []),
        ("single", None, []),
        ("multiple", ["c", "a", "c"], ["a", "c"]),
        ("numeric", " 16 ", "16"),
        ("numeric", "", ""),
        ("text", " pg_rewind ", "pg_rewind"),
    ],
)
def test_a_response_is_stored_in_one_form(kind: str, raw: Any, stored: Any) -> None:
    assert read_response(body(kind), raw) == stored


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("single", ["a", "b"]),
        ("single", ["z"]),
        ("multiple", ["a", "z"]),
        ("multiple", [1]),
        ("multiple", [["a"]]),
        ("multiple", {"a": True}),
        ("multiple", 7),
        ("numeric", "about ten"),
        ("numeric", 16),
        ("text", ["pg_rewind"]),
        ("text", None),
        ("text", "x" * (MAX_TEXT + 1)),
        ("text", "nul\x00"),
    ],
)
def test_what_cannot_belong_to_the_item_is_refused(kind: str, raw: Any) -> None:
    with pytest.raises(UnreadableResponse):
        read_response(body(kind), raw)


@given(
    st.sampled_from(["single", "multiple", "numeric", "text"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
        max_leaves=5,
    ),
)
def test_no_request_breaks_the_reader(kind: str, raw: Any) -> None:
    try:
        stored = read_response(body(kind), raw)
    except UnreadableResponse:
        return
    assert read_response(body(kind), stored) == stored
    is_correct(body(kind), stored, "en")


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("single", {"key": []}, "the key is empty"),
        ("single", {"key": ["a", "b"]}, "exactly one right option"),
        ("single", {"key": ["z"]}, "the key names z"),
        ("single", {"options": [{"id": "b", "text": texts("one")}]}, "at least 2"),
        ("multiple", {"options": [{"id": "a", "text": texts("x")}] * 2}, "its own letter"),
        ("numeric", {"key": ["ten"]}, "must be numbers"),
        ("numeric", {"tolerance": "some"}, "must be numbers"),
        ("numeric", {"key": ["1", "2"]}, "one number as its key"),
        ("text", {"options": [{"id": "a", "text": texts("x")}]}, "has no options"),
        ("text", {"stem": {"en": "  "}}, "at least 1 character"),
    ],
)
def test_an_impossible_item_says_why(kind: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        body(kind, **changes)


def test_only_something_is_an_answer() -> None:
    assert [is_answered(value) for value in (None, "", [], "0", ["a"])] == [False] * 3 + [True] * 2


def test_a_missing_language_falls_back() -> None:
    assert in_language({"en": "a", "ru": "б"}, "ru") == "б"
    assert in_language({"en": "a", "ru": "б"}, "pl") == "a"
    assert in_language({"ru": "б"}, "pl") == "б"
    assert in_language({}, "pl") == ""
