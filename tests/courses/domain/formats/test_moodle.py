"""Moodle XML, type by type."""

from base64 import b64encode
from decimal import Decimal

import pytest

from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
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
from courses.domain.formats.reading import Reading
from tests.courses.domain.formats.told import credits, notes, only, reasons, told

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'


def read(kind: str, inside: str, stem: str = "Which?") -> Reading:
    body = (
        f'{HEAD}<question type="{kind}"><name><text>A name</text></name>\n'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>\n'
        f"{inside}</question></quiz>"
    )
    return read_moodle(body.encode())


def answer(fraction: str, text: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


def test_everything_a_choice_says() -> None:
    picture = b64encode(b"png").decode()
    reading = read_moodle(
        f"""{HEAD}<question type="category">
        <category><text>$course$/top/A</text></category></question><question type="multichoice">
          <name><text>Two
            lines</text></name>
          <questiontext format="markdown"><text> *Which*? </text>
            <file name="a.png" path="/" encoding="base64">{picture}</file></questiontext>
          <generalfeedback format="plain_text"><text>So.</text></generalfeedback>
          <defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
          <idnumber>C-1</idnumber><single>false</single><shuffleanswers>true</shuffleanswers>
          <answernumbering>abc</answernumbering>
          <correctfeedback><text>Your answer is correct.</text></correctfeedback>
          <answer fraction="33.33333" format="moodle_auto_format"><text>x &amp; y</text>
            <feedback><text>Yes</text></feedback></answer>
          <answer fraction="-33"><text>z</text><feedback><text></text></feedback></answer>
          <tags><tag><text>one</text></tag><tag><text>two</text></tag></tags>
        </question></quiz>""".encode()
    )
    assert reading.lost == ()
    assert only(reading) == Question(
        kind="multiple",
        stem=Text("*Which*?", "markdown", (File("a.png", b"png"),)),
        title="Two lines",
        code="C-1",
        category="$course$/top/A",
        tags=("one", "two"),
        options=(
            Option(Text("x & y"), Decimal("33.33333"), Text("Yes", "html")),
            Option(Text("z", "html"), Decimal(-33)),
        ),
        shuffle=True,
        feedback=Text("So.", "plain"),
        grade=Decimal(2),
        penalty=Decimal("0.3333333"),
    )
    assert only(reading).where == 4
    assert only(reading).stem.files[0].mime == "image/png"


def test_what_is_understood_and_not_kept_is_named() -> None:
    reading = read(
        "multichoice",
        answer("100", "a", "<odd>x</odd>")
        + answer("0", "b")
        + "<hint><text>Think</text></hint><answernumbering>123</answernumbering>"
        "<defaultgrade>much</defaultgrade><hint/><image>old.png</image>",
    )
    assert notes(reading) == [
        (3, "“much” is no number and is not kept"),
        (3, "these parts of the question are not kept: odd, hint, answernumbering, image"),
    ]


def test_damaged_files_are_named() -> None:
    reading = read_moodle(
        f"""{HEAD}<question type="essay"><questiontext><text>Tell</text>
        <file name="a.png" encoding="base64">abc</file><file encoding="base64"></file>
        <file name="b.png" encoding="hex">00</file></questiontext></question></quiz>""".encode()
    )
    assert only(reading).stem == Text("Tell", "html")
    assert [said for _, said in notes(reading)] == [
        "the file “a.png” is damaged and not kept",
        "the file “” is damaged and not kept",
        "the file “b.png” is damaged and not kept",
    ]


def test_true_and_false() -> None:
    told_off = "<feedback><text>No</text></feedback>"
    question = only(read("truefalse", answer("0", "false", told_off) + answer("100", "true")))
    assert is_true_or_false(question)
    assert [told(option.feedback) for option in question.options] == [None, "No"]


def test_short_answer() -> None:
    inside = "<usecase>1</usecase>" + answer("100", "Volt") + answer("12.5", "V*")
    question = only(read("shortanswer", inside))
    assert (question.kind, question.case_sensitive) == ("text", True)
    assert credits(question) == {"Volt": "100", "V*": "12.5"}


def test_numbers_and_units() -> None:
    question = only(
        read(
            "numerical",
            answer("100", "3.14", "<tolerance>0.01</tolerance>")
            + answer("50", "3")
            + answer("0", "*")
            + "<units><unit><multiplier>1</multiplier><unit_name>V</unit_name></unit>"
            "<unit><multiplier>0.001</multiplier><unit_name>mV</unit_name></unit></units>"
            "<unitgradingtype>0</unitgradingtype><unitpenalty>0.1000000</unitpenalty>",
        )
    )
    assert question.numbers == (
        Number(Decimal("3.14"), Decimal("0.01")),
        Number(Decimal(3), NONE, Decimal(50)),
        Number(None, NONE, NONE),
    )
    assert question.units == (Unit("V"), Unit("mV", Decimal("0.001")))


def test_matching_with_a_distractor() -> None:
    pair = "<subquestion><text>{}</text><answer><text>{}</text></answer></subquestion>"
    inside = pair.format("U", "volt") + pair.format("I", "ampere") + pair.format("", "litre")
    assert only(read("matching", inside)).pairs == (
        Pair(Text("U", "html"), "volt"),
        Pair(Text("I", "html"), "ampere"),
        Pair(Text("", "html"), "litre"),
    )


def test_ordering_is_by_place() -> None:
    question = only(read("ordering", answer("2.0", "test") + answer("1.0", "switch off")))
    assert [told(option.text) for option in question.options] == ["switch off", "test"]


def series(columns: str) -> Reading:
    row = '<row number="{0}"><rowtext><text>{1}</text></rowtext></row>'
    weight = '<weight rownumber="{0}" columnnumber="{1}"><value>{2}</value></weight>'
    return read(
        "mtf",
        row.format(1, "yes")
        + row.format(2, "no")
        + columns
        + weight.format(1, 1, "1.000")
        + weight.format(1, 2, "0.000")
        + weight.format(2, 1, "0.000")
        + weight.format(2, 2, "1.000"),
    )


def test_a_series_of_statements() -> None:
    column = "<column><responsetext><text>True</text></responsetext></column>"
    assert credits(only(series(column * 2))) == {"yes": "100", "no": "0"}
    assert "has two columns" in reasons(series(column))[0][1]


@pytest.mark.parametrize(
    ("kind", "tag", "markup"),
    [("gapselect", "selectoption", "plain"), ("ddwtos", "dragbox", "html")],
)
def test_missing_words(kind: str, tag: str, markup: str) -> None:
    words = [("volt", "1"), ("red", "2"), ("ampere", "1"), ("blue", "2")]
    inside = "".join(f"<{tag}><text>{w}</text><group>{g}</group></{tag}>" for w, g in words)
    question = only(read(kind, inside, "I in [[3]], cold is [[4]], U in [[1]]"))
    assert question.stem.text == "I in [[1]], cold is [[2]], U in [[3]]"
    assert [{o.text.text: str(o.credit) for o in gap.options} for gap in question.gaps] == [
        {"volt": "0", "ampere": "100"},
        {"red": "0", "blue": "100"},
        {"volt": "100", "ampere": "0"},
    ]
    assert {option.text.format for gap in question.gaps for option in gap.options} == {markup}


def test_embedded_answers_to_choose_from() -> None:
    reading = read(
        "cloze", "", "A {1:MULTICHOICE_S:=x#Yes~%50%y~z \\} \\~} b {2:MCS:%0%p~%100%q} c {1:X:=a}"
    )
    question = only(reading)
    assert question.stem.text == "A [[1]] b [[2]] c {1:X:=a}"
    assert question.shuffle is True
    first, second = question.gaps
    assert [(told(o.text), str(o.credit)) for o in first.options] == [
        ("x", "100"),
        ("y", "50"),
        ("z } ~", "0"),
    ]
    assert told(first.options[0].feedback) == "Yes"
    assert [str(option.credit) for option in second.options] == ["0", "100"]
    assert notes(reading) == [(3, "the weights of the gaps are not kept: all count alike")]


@pytest.mark.parametrize(
    ("kind", "inside", "stem", "reason"),
    [
        ("cloze", "", "{1:SHORTANSWER:=a} {1:MC:=a~b}", "this question also has SHORTANSWER"),
        ("cloze", "", "no gap", "the text has no gap"),
        ("cloze", "", "{1:MC:=a~b", "the text has no gap"),
        ("cloze", "", "{1:MC:=a}", "at least two options"),
        ("cloze", "", "{1:MC:%50%a~b}", "a gap has no right option"),
        ("cloze", "", "{1:MC:%x%a~=b}", "“x” is not a percent"),
        ("cloze", "", "{1:MC:=a~b} [[1]]", "the gaps of the text must be"),
        ("gapselect", "", "none", "the text has no gap"),
        ("gapselect", "", "[[1]]", "a gap names a choice that is not there"),
        ("gapselect", "<selectoption/>" * 300, "[[1]]", "at most 200 gaps"),
        ("truefalse", answer("100", "true"), "", "has the answers true and false"),
        ("multichoice", answer("half", "a"), "", "“half” is not a percent"),
        ("numerical", answer("100", "three"), "", "“three” is not a number"),
        ("numerical", answer("100", "1" * 50 + "e9"), "", "is not a number"),
        (
            "numerical",
            answer("100", "1") + "<units><unit><multiplier>0</multiplier></unit></units>",
            "",
            "a unit needs a name",
        ),
        ("mtf", "<column/><column/>", "", "at least one statement"),
        ("mtf", "<column/><column/><row/>", "", "a statement is empty"),
        ("ordering", answer("1", "") + answer("2", "b"), "", "each needs a text"),
    ],
)
def test_what_is_no_question_says_what_would_be_right(
    kind: str, inside: str, stem: str, reason: str
) -> None:
    reading = read(kind, inside, stem or "Which?")
    [(where, said)] = reasons(reading)
    assert reading.questions == ()
    assert (where, reading.rejected[0].excerpt) == (3, "A name")
    assert reason in said


def test_other_types_keep_their_text() -> None:
    reading = read("calculated", "<answer><text>{a}</text></answer>")
    question = only(reading)
    assert (question.kind, question.foreign_kind) == ("unsupported", "calculated")
    assert notes(reading) == [
        (3, "questions of type “calculated” have no counterpart here: only the text is kept")
    ]
    assert only(read("essay", "")).kind == "essay"
    assert only(read("description", "")).kind == "description"


def test_strange_elements_are_named_and_old_spellings_read() -> None:
    reading = read_moodle(
        b"<quiz><extra>x</extra><question type='multichoice'><questiontext>Bare</questiontext>"
        b"<answer><text>a</text><fraction>100</fraction></answer><answer><text>b</text></answer>"
        b"</question></quiz>"
    )
    assert notes(reading) == [(1, "the element \u201cextra\u201d is not kept")]
    assert only(reading).stem.text == "Bare"
    assert credits(only(reading)) == {"a": "100", "b": "0"}
    assert reasons(read_moodle(b"<quiz><question type='essay'/></quiz>")) == [
        (1, "the question has no text: write what is asked")
    ]


def gap(*options: Option) -> Question:
    return Question(kind="dropdown", stem=Text("Take [[1]]", "html"), gaps=(Gap(options),))


def lost(question: Question) -> list[str]:
    return [str(note.what) for note in write_moodle([question]).lost]


def test_gaps_are_written_in_the_plainest_way_that_holds_them() -> None:
    plain = gap(Option(Text("a", "plain"), FULL), Option(Text("b", "plain")))
    html = gap(Option(Text("a", "html"), FULL), Option(Text("b", "html")))
    partial = gap(Option(Text("a", "html"), FULL), Option(Text("b", "html"), Decimal(50)))
    kinds = [
        write_moodle([each]).text.split('type="')[1].split('"')[0]
        for each in (plain, html, partial)
    ]
    assert kinds == ["gapselect", "ddwtos", "cloze"]


def test_what_embedded_answers_cannot_hold_is_said() -> None:
    picture = File("a.png", b"")
    mixed = gap(
        Option(Text("a<", "plain"), FULL, Text("yes", "html", (picture,))),
        Option(Text("b", "html")),
    )
    question = Question(**{**vars(mixed), "shuffle": False})
    assert lost(question) == [
        "the options of the gaps are written as HTML",
        "the format holds no files; they are left out",
        "the format does not say whether options change places; that is left out",
    ]
    [option, _] = only(read_moodle(write_moodle([question]).text.encode())).gaps[0].options
    assert option.text == Text("a&lt;", "html")
    trap = Question(**{**vars(mixed), "stem": Text("{1:MC:=a~b} [[1]]", "html")})
    assert lost(trap) == ["the format has no such question; it is left out"]


def test_what_moodle_xml_cannot_hold_is_said() -> None:
    stem = Text("Tell")
    essay = Question(kind="essay", stem=stem, language="en", difficulty="2", shuffle=True)
    assert lost(essay) == [
        "the format has no language; it is left out",
        "the format has no difficulty; it is left out",
        "the format does not say whether options change places; that is left out",
    ]
    foreign = Question(kind="unsupported", stem=stem)
    assert lost(foreign) == ["the format has no such question; it is left out"]
    assert only(read_moodle(write_moodle([foreign, essay]).text.encode())).kind == "essay"
