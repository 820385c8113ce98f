"""GIFT, rule by rule."""

from decimal import Decimal

import pytest

from courses.domain.formats import losses
from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.question import (
    FULL,
    NONE,
    File,
    Gap,
    Number,
    Option,
    Pair,
    Question,
    Text,
    Unit,
    is_true_or_false,
)
from courses.domain.formats.reading import Note, Reading, Written
from tests.courses.domain.formats.told import credits, notes, only, reasons, told


def read(text: str) -> Reading:
    return read_gift(text.encode())


def test_a_choice_of_one() -> None:
    question = only(read("Which pole is red? {=plus#Right. ~minus#No. ~%25%%both}"))
    assert question.kind == "single"
    assert credits(question) == {"plus": "100", "minus": "0", "%both": "25"}
    assert [told(option.feedback) for option in question.options] == ["Right.", "No.", None]


def test_without_a_right_one_it_is_a_choice_of_several() -> None:
    question = only(read("Which conduct? {~%50%copper ~%50%iron ~%-33.3%glass ~wood}"))
    assert question.kind == "multiple"
    assert credits(question) == {"copper": "50", "iron": "50", "glass": "-33.3", "wood": "0"}


@pytest.mark.parametrize("word", ["T", "TRUE", "true", " True "])
def test_true(word: str) -> None:
    question = only(read(f"Copper conducts. {{{word}#No, it does.#Well done.}}"))
    assert is_true_or_false(question)
    true, false = question.options
    assert (true.credit, told(true.feedback)) == (FULL, "Well done.")
    assert (false.credit, told(false.feedback)) == (NONE, "No, it does.")


def test_false() -> None:
    question = only(read("Glass conducts. {F#It does not.}"))
    assert [told(option.feedback) for option in question.options] == ["It does not.", None]
    assert credits(question) == {"True": "0", "False": "100"}


def test_short_text() -> None:
    question = only(read("[html]Unit of voltage? {=volt =%50%v* =%0%*#Look it up.}"))
    assert question.kind == "text"
    assert credits(question) == {"volt": "100", "v*": "50", "*": "0"}
    assert {option.text.format for option in question.options} == {"plain"}
    assert credits(only(read("Unit of current? {ampere#Yes}"))) == {"ampere": "100"}


@pytest.mark.parametrize(
    ("written", "value", "tolerance"),
    [
        ("#3", 3, 0),
        ("#3:0.1", 3, "0.1"),
        ("#-5..4", "-0.5", "4.5"),
        ("#1.5e3:.5", 1500, "0.5"),
        ("# =3:2", 3, 2),
    ],
)
def test_a_number(written: str, value: object, tolerance: object) -> None:
    question = only(read(f"How many? {{{written}}}"))
    assert question.kind == "numeric"
    assert question.numbers == (Number(Decimal(str(value)), Decimal(str(tolerance))),)


def test_several_numbers() -> None:
    question = only(read("How many? {#3:0 =%50%3:2#Nearly. ~#Not at all.}"))
    assert question.numbers == (
        Number(Decimal(3)),
        Number(Decimal(3), Decimal(2), Decimal(50), Text("Nearly.")),
        Number(None, NONE, NONE, Text("Not at all.")),
    )


def test_pairs() -> None:
    question = only(read("Match. {=[html]<b>U</b> -> volt =I -> ampere = -> litre}"))
    assert question.kind == "matching"
    assert question.pairs == (
        Pair(Text("<b>U</b>", "html"), "volt"),
        Pair(Text("I"), "ampere"),
        Pair(Text(""), "litre"),
    )


def test_ordering() -> None:
    reading = read("Order. {>3 EXACT VERTICAL\n switch off\n test\n\n repair\n}")
    assert [told(option.text) for option in only(reading).options] == [
        "switch off",
        "test",
        "repair",
    ]
    assert notes(reading) == [(1, "the rules of this ordering are not kept: 3 EXACT VERTICAL")]
    bare = only(read("Order. {>switch off\ntest}"))
    assert [told(option.text) for option in bare.options] == ["switch off", "test"]


def test_missing_word_essay_and_description() -> None:
    essay, description, gap = read("Tell.{}\n\nJust read.\n\nIt is {=red ~blue} here.").questions
    assert (essay.kind, description.kind, gap.kind) == ("essay", "description", "single")
    assert gap.stem.text == "It is _____ here."
    assert [question.where for question in (essay, description, gap)] == [1, 3, 5]


def test_title_code_tags_category_and_general_feedback() -> None:
    text = (
        "// by hand\n\n$CATEGORY: $course$/top/Cables\n\n"
        "// question: 7  name: x\n// [id:C 1\\]] [tag:cable] [tag:new]\n"
        "::Colour\\: one::[markdown]*Which*?{=red ~blue ####[html]<p>Red.</p>}\n\n// [id:2]\n"
    )
    reading = read(text)
    question = only(reading)
    assert question.title == "Colour: one"
    assert question.code == "C 1]"
    assert question.tags == ("cable", "new")
    assert question.category == "$course$/top/Cables"
    assert question.stem == Text("*Which*?", "markdown")
    assert question.feedback == Text("<p>Red.</p>", "html")
    assert question.where == 7
    assert notes(reading) == [
        (0, "comment lines are not kept: 2"),
        (9, "a code or tag stands before no question and is not kept"),
    ]


def test_escapes_and_line_ends() -> None:
    question = only(read("a\n b\\nc \\{\\}\\~\\=\\#\\:\\\\ \\x {=\\n\\=1 ~2}"))
    assert question.stem.text == "a b\nc {}~=#:\\ \\x"
    assert question.options[0].text.text == "=1"


def test_answers_may_have_empty_lines_within() -> None:
    text = "One? {\n=a\n\n// [tag:x]\n~b\n\n}\n\nTwo? {\n=a\n\nThree? {T}"
    reading = read(text)
    first, third = reading.questions
    assert credits(first) == {"a": "100", "b": "0"}
    assert first.tags == ("x",)
    assert third.stem.text == "Three?"
    assert [where for where, _ in reasons(reading)] == [9]
    assert reasons(read("One? {=a\n\n$CATEGORY: x\n\n~b}"))
    assert reasons(read("One? {=a\n\nnothing"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A {=b} c {=d}", "one pair of braces"),
        ("A } b", "one pair of braces"),
        ("A {a =b}", "every answer begins with ="),
        ("A {=%1.2.3%a ~b}", "“1.2.3” is no percent: a weight is written %50%"),
        ("A {=%900%a ~b}", "between -100 and 100"),
        ("A {#three}", "“three” is not a number as GIFT has it"),
        ("A {#5..1}", "“5..1” is not a number"),
        ("A {#}", "no number is right"),
        ("A {#~3}", "no number is right"),
        ("A {=a -> b =c}", "every pair is written"),
        ("A {=a -> b}", "at least two pairs"),
        ("A {=a -> b =c ->}", "a pair has no answer"),
        ("A {~a ~b}", "no option is right"),
        ("A {~%50%a}", "at least two options"),
        ("A {=a ~}", "an option is empty"),
        ("A {=}", "a wording is empty"),
        ("A {=%0%a}", "no wording is right"),
        ("A {>one}", "at least two things"),
        ("{=a ~b}", "the question has no text"),
        ("A {#1:-1}", "a tolerance cannot be below zero"),
    ],
)
def test_what_is_no_question_says_what_would_be_right(text: str, reason: str) -> None:
    reading = read(f"\n\n{text}")
    assert reading.questions == ()
    [(where, said)] = reasons(reading)
    assert where == 3
    assert reason in said
    assert "%%" not in said


def test_a_rejection_shows_how_the_piece_begins() -> None:
    [rejection] = read("\\{Long\\} " + "word " * 50 + "}").rejected
    assert rejection.excerpt.startswith("{Long} word")
    assert len(rejection.excerpt) == 80


def test_what_would_be_taken_for_something_else_is_written_so_that_it_is_not() -> None:
    choice = Question(
        kind="single",
        stem=Text("// [id:1] {T}"),
        options=(Option(Text("%50%"), FULL), Option(Text("[html]"), FULL)),
    )
    wordings = Question(
        kind="text", stem=Text("$CATEGORY: x"), options=(Option(Text("a -> b", "plain"), FULL),)
    )
    written = write_gift([choice, wordings])
    assert written.lost == ()
    assert read_gift(written.text.encode()).questions == (choice, wordings)


def test_true_and_false_are_written_shortly() -> None:
    questions = read("$CATEGORY: x\n\nSo. {T}\n\nNot so. {F##Well.}").questions
    assert write_gift(questions).text == ("$CATEGORY: x\n\nSo. {TRUE}\n\nNot so. {FALSE##Well.}\n")


def test_what_gift_cannot_hold_is_said() -> None:
    picture = File("a.png", b"png")
    rich = Question(
        kind="numeric",
        stem=Text("How many?", files=(picture,)),
        numbers=(Number(Decimal(1)),),
        units=(Unit("V"),),
        case_sensitive=True,
        shuffle=True,
        grade=FULL,
        penalty=NONE,
        language="en",
        difficulty="2",
    )
    assert write_gift([rich]).lost == tuple(
        Note(1, remark)
        for remark in (
            losses.UNITS,
            losses.CASE,
            losses.SHUFFLING,
            losses.POINTS,
            losses.PENALTY,
            losses.LANGUAGE,
            losses.DIFFICULTY,
            losses.FILES,
        )
    )
    told_off = Option(Text("a"), NONE, Text("no"))
    ordering = Question(kind="ordering", stem=Text("Order"), options=(told_off, told_off))
    assert write_gift([ordering]).lost == (Note(1, losses.FEEDBACK_ON_ORDER),)
    description = Question(kind="description", stem=Text("Read"), feedback=Text("Well"))
    assert write_gift([description]).lost == (Note(1, losses.GENERAL_FEEDBACK),)


def test_questions_gift_cannot_hold_are_left_out() -> None:
    options = (Option(Text("a"), FULL), Option(Text("b")))
    gap = Question(kind="dropdown", stem=Text("[[1]]"), gaps=(Gap(options),))
    arrow = Question(
        kind="matching", stem=Text("Match"), pairs=(Pair(Text("a->b"), "c"), Pair(Text("d"), "e"))
    )
    picture = Question(kind="essay", stem=Text("", files=(File("a.png", b""),)))
    for question in (gap, arrow, picture):
        assert write_gift([question]) == Written("", (Note(1, losses.WHOLE_QUESTION),))
