"""When two questions are the same."""

from dataclasses import replace

import pytest

from courses.domain.formats.normalise import fingerprint, normalise
from courses.domain.formats.question import FULL, Format, Gap, Option, Pair, Question, Text

A, B = Option(Text("Copper"), FULL), Option(Text("Glass"))
CHOICE = Question(kind="single", stem=Text("Which one conducts?"), options=(A, B))


@pytest.mark.parametrize(
    ("text", "markup", "expected"),
    [
        ("<p>Which&nbsp;<b>ONE</b>?</p><!-- x -->", "html", "which one ?"),
        ("a < b and c > d", "plain", "a < b and c > d"),
        ("# A *big* [link](http://x)!\n- item", "markdown", "a big link! item"),
        ("ﬁve  Ⅳ\nStraße", "plain", "five iv strasse"),
    ],
)
def test_markup_case_and_spaces_do_not_count(text: str, markup: Format, expected: str) -> None:
    assert normalise(Text(text, markup)) == expected


def test_the_same_question_in_other_clothes() -> None:
    other = Question(
        kind="multiple",
        stem=Text("<p>Which one  conducts?</p>", "html"),
        options=(replace(B, credit=FULL), Option(Text("**copper**", "markdown"))),
        title="Another",
    )
    assert fingerprint(other) == fingerprint(CHOICE)


def test_other_words_make_another_question() -> None:
    pairs = Question(kind="matching", stem=CHOICE.stem, pairs=(Pair(Text("a"), "b"),))
    gaps = Question(kind="dropdown", stem=CHOICE.stem, gaps=(Gap((A, B)),))
    asked = [CHOICE, replace(CHOICE, options=(A,)), replace(CHOICE, stem=Text("?")), pairs, gaps]
    assert len({fingerprint(question) for question in asked}) == len(asked)
    assert fingerprint(replace(gaps, gaps=(Gap((B, A)),))) == fingerprint(gaps)
