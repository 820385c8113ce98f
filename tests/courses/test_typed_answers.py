"""Answers as editors type them, one on a line."""

from decimal import Decimal
from typing import Any

import pytest

from courses.domain.editing import (
    TypedWrongly,
    join_answers,
    read_answers,
    read_key,
    read_lines,
    write_answers,
    write_key,
)
from courses.domain.items import KINDS, ItemBody
from tests.factories.courses import body

ANSWERED = sorted(set(KINDS) - {"numeric", "text"})


def again(item: ItemBody) -> ItemBody:
    """The item, its answers written and read in each language."""
    sheets = {code: read_answers(item.kind, write_answers(item, code), code) for code in item.stem}
    answers = join_answers(sheets.pop("en"), sheets, "en")
    changes: dict[str, Any] = {
        name: getattr(answers, name) for name in ("options", "choices", "key", "pairs")
    }
    return item.model_copy(update=changes)


@pytest.mark.parametrize("kind", ANSWERED)
def test_answers_are_written_as_they_are_read(kind: str) -> None:
    item = body(kind)
    for code in item.stem:
        assert write_answers(again(item), code) == write_answers(item, code)
    assert len(again(item).options) == len(item.options)


def test_options_are_typed_one_on_a_line() -> None:
    typed = read_answers("multiple", "First\n\n* Second \n*Third ## because\n", "en")
    assert [one.text["en"] for one in typed.options] == ["First", "Second", "Third"]
    assert typed.key == ("b", "c")
    assert typed.options[2].rationale == {"en": "because"}
    assert read_lines(" a \n\n b") == ["a", "b"]


def test_many_options_go_on_after_z() -> None:
    typed = read_answers("single", "\n".join(["x"] * 27), "en")
    assert [one.id for one in typed.options][25:] == ["z", "a1"]


def test_what_answers_are_worth_stands_before_them() -> None:
    typed = read_answers(
        "multiple", "* 50% One\n* 50 % Two\n-33,3% Three\n100% of them", "en", weighted=True
    )
    assert typed.weights == {
        "a": Decimal("0.5"), "b": Decimal("0.5"), "c": Decimal("-0.333"), "d": Decimal(1),
    }  # fmt: skip
    item = body("multiple", scoring="weights", weights={"a": "0.5", "c": "0.5", "b": "-0.25"})
    assert write_answers(item, "en").splitlines() == [
        "* 50% Option a", "-25% Option b", "* 50% Option c", "0% Option d",
    ]  # fmt: skip


def test_a_key_says_what_its_wordings_are_worth() -> None:
    key, weights = read_key("pg_rewind\n50% rewind\n", weighted=True)
    assert (key, weights) == (("pg_rewind", "rewind"), {"rewind": Decimal("0.5")})
    item = body("text", key=key, scoring="weights", weights=weights)
    assert write_key(item) == "pg_rewind\n50% rewind"


def test_matches_too_many_and_matches_used_twice() -> None:
    typed = read_answers("matching", "WAL = log\nLSN = place\nXID = log\n= nothing", "en")
    assert [one.text["en"] for one in typed.options] == ["WAL", "LSN", "XID"]
    assert [one.text["en"] for one in typed.choices] == ["log", "place", "nothing"]
    assert typed.pairs == {"a": "A", "b": "B", "c": "A"}


def test_gaps_and_places() -> None:
    gap = read_answers("dropdown", "size: 8 | *16|32", "en")
    assert gap.pairs == {"size": "size-2"}
    assert [(one.id, one.text["en"], one.gap) for one in gap.choices] == [
        ("size-1", "8", "size"), ("size-2", "16", "size"), ("size-3", "32", "size"),
    ]  # fmt: skip
    place = read_answers("hotspot", "* 10 20.5 30 15: Primary\n1 1 1 1: Standby", "en")
    assert place.options[0].area is not None
    assert place.options[0].area.y == Decimal("20.5")


@pytest.mark.parametrize(
    ("kind", "lines", "said"),
    [
        ("series", "WAL is a log", r"should begin with \+ \(true\) or - \(false\)"),
        ("matching", "WAL log", "should read like “row = match”"),
        ("matching", "WAL = ", "should read like “row = match”"),
        ("dropdown", "size: 16 | 32", r"should read like “gap: \*right \| wrong”"),
        ("dropdown", "two words: *16 | 32", "should read like"),
        ("hotspot", "* Primary", "should read like “10 20 30 15: name”"),
        ("hotspot", "* 1.2.3 20 30 15: Primary", "should read like"),
        ("single", "*", "line a is empty"),
    ],
)
def test_what_is_typed_wrongly_says_how_it_is_right(kind: str, lines: str, said: str) -> None:
    with pytest.raises(TypedWrongly, match=said):
        read_answers(kind, lines, "en")


def test_languages_are_joined_line_by_line() -> None:
    main, other = read_answers("single", "A\n*B", "en"), read_answers("single", "А\nБ", "ru")
    joined = join_answers(main, {"ru": other}, "en")
    assert [one.text for one in joined.options] == [{"en": "A", "ru": "А"}, {"en": "B", "ru": "Б"}]
    with pytest.raises(TypedWrongly, match="ru: 1 options, en has 2"):
        join_answers(main, {"ru": read_answers("single", "А", "ru")}, "en")


def test_a_percent_is_text_where_answers_have_no_weight() -> None:
    typed = read_answers("multiple", "* 50% of the WAL\n100% of it", "en")
    assert [one.text["en"] for one in typed.options] == ["50% of the WAL", "100% of it"]
    assert not typed.weights
    assert read_key("50% of it") == (("50% of it",), {})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("single", "*args"),
        ("single", "a ## b"),
        ("single", "two\nlines"),
        ("matching", "a = b"),
        ("dropdown", "a | b"),
        ("series", "+ plus"),
        ("ordering", "* star"),
    ],
)
def test_marks_within_a_text_mean_nothing(kind: str, text: str) -> None:
    item = body(kind)
    field = "choices" if item.choices else "options"
    first, *others = getattr(item, field)
    told = first.model_copy(update={"text": {**first.text, "en": text}})
    item = item.model_copy(update={field: (told, *others)})
    read = again(item)
    texts = [one.text["en"].replace("\\", "") for one in getattr(read, field)]
    assert text in texts
    assert len(texts) == 1 + len(others)
    assert (read.key, read.pairs.keys()) == (item.key, item.pairs.keys())
