"""What a question is made of, and what it must have."""

from decimal import Decimal

import pytest

from courses.domain.formats.checks import NotAQuestion, check
from courses.domain.formats.question import (
    FULL,
    File,
    Number,
    Option,
    Question,
    Text,
    category_names,
    read_decimal,
    write_decimal,
)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("$course$/top/Cables/Copper", ("Cables", "Copper")),
        ("$system$/AC//DC / New", ("AC/DC", "New")),
        ("", ()),
        ("$course$/$/top", ("$",)),
    ],
)
def test_names_of_a_category_path(path: str, names: tuple[str, ...]) -> None:
    assert category_names(path) == names


@pytest.mark.parametrize(
    ("text", "number", "written"),
    [
        (" 33.33333 ", "33.33333", "33.33333"),
        ("-.5", "-0.5", "-0.5"),
        ("1.50e3", "1500", "1500"),
        ("1E-7", "1E-7", "0.0000001"),
        ("100", "100", "100"),
    ],
)
def test_numbers_are_exact(text: str, number: str, written: str) -> None:
    assert read_decimal(text) == Decimal(number)
    assert write_decimal(Decimal(number)) == written


@pytest.mark.parametrize(
    "text", ["", "1,5", "NaN", "Infinity", "1e99", "1e-99", "1" * 300, "٣", "1_0"]
)
def test_what_is_no_number(text: str) -> None:
    assert read_decimal(text) is None


def test_media_types_by_name() -> None:
    assert File("A.PNG", b"").mime == "image/png"
    assert File("a", b"").mime == "application/octet-stream"


HALF = Option(Text("a"), Decimal(50))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            Question(kind="numeric", stem=Text("?"), numbers=(Number(Decimal("1e999")),)),
            "a number is too long",
        ),
        (Question(kind="series", stem=Text("?"), options=(HALF,)), "either true or false"),
    ],
)
def test_what_no_file_can_say_is_refused_all_the_same(question: Question, reason: str) -> None:
    with pytest.raises(NotAQuestion, match=reason):
        check(question)


def test_a_picture_is_enough_to_ask_with() -> None:
    picture = Text("", "html", (File("a.png", b""),))
    check(Question(kind="single", stem=picture, options=(Option(picture, FULL), Option(picture))))
