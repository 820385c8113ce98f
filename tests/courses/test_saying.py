"""Answers in words, for every kind: what was given, what is right, and why."""

from typing import Any

import pytest

from courses.domain.items import KINDS, read_response
from courses.domain.items.saying import Said, give_reasons, number_gaps, say, say_right
from tests.factories.courses import SECRET, body, option


def said(*lines: str | tuple[str, str | bool]) -> tuple[Said, ...]:
    """Lines of text, or of a row with its text or its truth."""
    found = []
    for line in lines:
        if isinstance(line, str):
            found.append(Said(text=line))
        elif isinstance(line[1], bool):
            found.append(Said(row=line[0], truth=line[1]))
        else:
            found.append(Said(row=line[0], text=line[1]))
    return tuple(found)


@pytest.mark.parametrize(
    ("kind", "given", "words", "right"),
    [
        ("single", ["a"], said("Option a"), said("Option b")),
        ("multiple", ["b", "a"], said("Option a", "Option b"), said("Option a", "Option c")),
        ("hotspot", ["c"], said("Option c"), said("Option a")),
        ("numeric", "17.0", said("17.0 MB"), said("16 ± 0.5 MB")),
        ("text", "rewind", said("rewind"), said("pg_rewind")),
        (
            "series",
            {"a": "false"},
            said(("Option a", False)),
            said(("Option a", True), ("Option b", False), ("Option c", True)),
        ),
        (
            "matching",
            {"a": "C", "b": "A"},
            said(("Option a", "Match C"), ("Option b", "Match A")),
            said(("Option a", "Match B"), ("Option b", "Match A")),
        ),
        (
            "ordering",
            {"d": "1", "a": "2"},
            said(("1", "Option d"), ("2", "Option a")),
            said(("1", "Option b"), ("2", "Option a"), ("3", "Option c"), ("4", "Option d")),
        ),
        ("dropdown", {"size": "size-32"}, said(("1", "32")), said(("1", "16"))),
    ],
)
def test_every_kind_is_said(
    kind: str, given: Any, words: tuple[Said, ...], right: tuple[Said, ...]
) -> None:
    item = body(kind)
    assert say(item, read_response(item, given), "en") == words
    assert say_right(item, "en") == right


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_is_said_as_the_right_one_and_a_blank_not_at_all(kind: str) -> None:
    item = body(kind)
    answer = KINDS[kind].answer(item, right=True)
    if kind != "numeric":  # there the right one names its tolerance
        assert say(item, answer, "en") == say_right(item, "en")
    blanks: tuple[Any, ...] = (None, "", [], {})
    for blank in blanks:
        assert say(item, blank, "en") == ()


def test_a_language_has_its_own_words() -> None:
    assert say(body(), ["b"], "ru") == said("Option b (RU)")
    assert say_right(body("text"), "ru") == said("pg_rewind", "пг ревайнд")
    assert say_right(body("numeric", tolerance="0", unit={}), "en") == said("16")


def test_reasons_are_the_item_s_and_the_options() -> None:
    why = {**option("b", "Option b"), "rationale": {"en": "It streams."}}
    item = body(options=[option("a", "Option a"), why])
    reasons = [(reason.about, reason.text) for reason in give_reasons(item, "en")]
    assert reasons == [("", SECRET), ("Option b", "It streams.")]
    assert give_reasons(body(rationale={}), "en") == ()


def test_gaps_are_numbered_in_the_stem_alone() -> None:
    assert number_gaps(body("dropdown"), "en") == "A segment has [1] MB."
    assert number_gaps(body(stem={"en": "An array [[a]]?"}), "en") == "An array [[a]]?"
