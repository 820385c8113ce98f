"""Tables of questions: columns by their names, answers as people write them."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import pytest

from courses.domain.formats.question import (
    FULL,
    NONE,
    File,
    Number,
    Option,
    Question,
    Text,
    Unit,
    is_true_or_false,
)
from courses.domain.formats.reading import Reading, Unreadable
from courses.domain.formats.sheet.mapping import Mapping, guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.template import template_rows
from courses.domain.formats.sheet.words import CYRILLIC
from courses.domain.formats.sheet.writer import write_rows
from lms.tables import MAX_COLUMNS, read_table, write_csv, write_xlsx
from tests.courses.domain.formats.told import credits, notes, only, reasons, told

HEADER = ("Kind", "Question", "A", "B", "C", "Right answer", "Tolerance", "Unit")


def read(*cells: object, header: tuple[str, ...] = HEADER) -> Reading:
    return read_rows([(2, cells)], guess(header))


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (
            ("ID", "Topic", "Question text", "Option A", "answer_2", "Correct", "Feedback A"),
            ("code", "topic", "stem", "option", "option", "right", "told"),
        ),
        (
            ("Код", "Тема", "Вопрос", "Вариант 1", "Ответ Б", "Правильный ответ:", "Пояснение"),
            ("code", "topic", "stem", "option", "option", "right", "rationale"),
        ),
        (
            ("Kod", "Poziom", "Treść pytania", "Odpowiedź A", "B", "Poprawna", "Jednostka"),
            ("code", "difficulty", "stem", "option", "option", "right", "unit"),
        ),
        (("Question", "Text", "Remarks", ""), ("stem", "", "", "")),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_names(
    header: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    assert guess(header).columns == columns


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (("option", "right"), "no column holds the questions"),
        (("stem", "right", "right"), "two columns are said to be Right answer"),
        (("stem", *["option"] * 27), "more columns of options than letters"),
    ],
)
def test_columns_that_make_no_question_are_refused(columns: tuple[str, ...], reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_rows([], Mapping(columns))


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("B", [False, True, False]),
        ("b.", [False, True, False]),
        ("2", [False, True, False]),
        ("iron", [False, True, False]),
        ("Glass, not tin", [False, False, True]),
        ("A, C", [True, False, True]),
        ("AC", [True, False, True]),
        ("1;3", [True, False, True]),
        (2.0, [False, True, False]),
        ("copper; Iron", [True, True, False]),
        ("А, В", [True, True, False]),  # typed in Cyrillic
    ],
)
def test_right_answers_by_letter_number_or_text(right: object, expected: list[bool]) -> None:
    question = only(read("", "Which?", "Copper", "Iron", "Glass, not tin", right))
    assert [option.credit > 0 for option in question.options] == expected
    assert question.kind == ("single" if sum(expected) == 1 else "multiple")


def test_letters_are_those_of_the_header() -> None:
    header = ("Вопрос", "Вариант А", "Вариант Б", "Вариант В", "Ответ")
    assert guess(header).letters == CYRILLIC
    question = only(read("Где?", "там", "тут", "нигде", "B", header=header))
    assert credits(question) == {"там": "0", "тут": "0", "нигде": "100"}


def test_several_right_ones_share_and_percents_are_taken() -> None:
    shared = only(read("multiple", "Which?", "a1", "b1", "c1", "A,B,C"))
    assert set(credits(shared).values()) == {"33.33333"}
    exact = only(read("multiple", "Which?", "a1", "b1", "c1", "A (62,5%), C (-10%)"))
    assert credits(exact) == {"a1": "62.5", "b1": "0", "c1": "-10"}


def test_rows_without_options_are_numbers_words_or_true_and_false() -> None:
    assert only(read("", "How many?", "", "", "", "1,5")).numbers == (Number(Decimal("1.5")),)
    assert only(read("", "What?", "", "", "", "volt; V (50%)")).options == (
        Option(Text("volt", "plain"), FULL),
        Option(Text("V", "plain"), Decimal(50)),
    )
    for word, right in (("Верно", "True"), ("fałsz", "False")):
        question = only(read("", "It is so.", "", "", "", word))
        assert is_true_or_false(question)
        assert credits(question)[right] == "100"


def test_numbers_with_tolerance_ranges_and_units() -> None:
    question = only(
        read(
            "Numeric", "How many?", "", "", "", "3; 1..2; 5 ± 1 (50%); *(0%)", "0,1", "V; mV:0.001"
        )
    )
    assert question.numbers == (
        Number(Decimal(3), Decimal("0.1")),
        Number(Decimal("1.5"), Decimal("0.5")),
        Number(Decimal(5), Decimal(1), Decimal(50)),
        Number(None, NONE, NONE),
    )
    assert question.units == (Unit("V"), Unit("mV", Decimal("0.001")))


def test_kinds_that_must_be_named() -> None:
    matching = only(read("Dopasowanie", "Match", "U -> volt", "I → ampere", "=> litre"))
    assert [(pair.left.text, pair.right) for pair in matching.pairs] == [
        ("U", "volt"), ("I", "ampere"), ("", "litre"),
    ]  # fmt: skip
    ordering = only(read("порядок", "Order", "test", "off", "", "B, A"))
    assert [told(option.text) for option in ordering.options] == ["off", "test"]
    gaps = only(read("dropdown", "In [[1]]", "*volt | ampere (50%)"))
    assert [str(option.credit) for option in gaps.gaps[0].options] == ["100", "50"]
    series = only(read("series", "True?", "yes", "no", "", "-"))
    assert credits(series) == {"yes": "0", "no": "0"}
    assert only(read("multiple choice", "Which?", "x", "y", "", "A")).kind == "single"


def test_everything_else_a_row_says() -> None:
    header = ("Code", "Title", "Topic", "Level", "Kind", "Lang", "Format", "Question", "Tags",
              "Explanation", "A", "B", "Answer", "Explanation A")  # fmt: skip
    question = only(
        read(
            "C1", "T", "Cables", 2, None, "pl", "HTML", "<p>Which?</p>", "one, two", "So.",
            "a1", "b1", "B", "No", header=header,
        )
    )  # fmt: skip
    assert question == Question(
        kind="single",
        stem=Text("<p>Which?</p>", "html"),
        title="T",
        code="C1",
        category="Cables",
        tags=("one", "two"),
        language="pl",
        difficulty="2",
        feedback=Text("So.", "html"),
        options=(
            Option(Text("a1", "html"), NONE, Text("No", "html")),
            Option(Text("b1", "html"), FULL),
        ),
    )
    assert question.where == 2


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "Which?", "x", "y", "", ""), "the right answer is missing"),
        (("", "Which?", "x", "y", "", "D"), "“D” is none of the options"),
        (("", "Which?", "4", "1", "", "1, 2"), "may be the text of one option or the number"),
        (("", "Which?", "x", "y", "", "A, B, A"), "more right answers than options"),
        (("riddle", "Which?", "x"), "“riddle” is no kind of question"),
        (("numeric", "How?", "", "", "", "three"), "“three” is not a number"),
        (("numeric", "How?", "", "", "", "1e999999"), "is not a number"),
        (("numeric", "How?", "", "", "", "1" * 200), "is not a number"),
        (("truth", "So?"), "is no kind"),
        (("tf", "So?", "", "", "", "maybe"), "is true or false"),
        (("matching", "Match", "U volt"), "every pair is written in one cell"),
        (("ordering", "Order", "x", "y", "", "A"), "name every thing once"),
        (("series", "True?", "x", "y"), "name the true statements"),
        (("", "", "x", "y", "", "A"), "the question has no text"),
        (("", "x" * 40_000, "x", "y", "", "A"), "longer than a spreadsheet's"),
    ],
)
def test_a_row_that_is_no_question_says_what_would_be_right(
    cells: tuple[str, ...], reason: str
) -> None:
    reading = read(*cells)
    assert reading.questions == ()
    [(where, said)] = reasons(reading)
    assert where == 2
    assert reason in said


def test_texts_in_unknown_formats_and_explanations_of_nothing_are_rejected() -> None:
    header = ("Question", "A", "B", "Right", "Format", "Explanation A", "Explanation B")
    assert "html, markdown" in reasons(read("Q", "x", "y", "A", "rtf", header=header))[0][1]
    lone = read("Q", "x", "", "x", "", "", "why", header=header)
    assert reasons(lone) == [(2, "an explanation belongs to an option that is not there")]


def test_what_is_not_read_is_said() -> None:
    rows = [
        (2, ("", "Which?", "x", "y", "", "A", "", "", "extra")),
        (3, ("", "", None, "")),
        (4, ("essay", "Tell", "x", "", "", "A", "1", "V")),
        (5, ("", "Which?", "x", "y", "", "A", "", "", "more")),
    ]
    reading = read_rows(rows, guess(HEADER))
    assert len(reading.questions) == 3
    assert notes(reading) == [
        (0, "column 9 is not read"),
        (4, "this kind of question does not read Option, Right answer, Tolerance, Unit"),
    ]


def test_the_template_is_read_without_a_word() -> None:
    header, *rows = template_rows()
    reading = read_rows(enumerate(rows, start=2), guess(header))
    assert (reading.rejected, reading.lost) == ((), ())
    assert len(reading.questions) == len(rows) == 11
    assert all(len(row) == len(header) for row in rows)
    assert {question.kind for question in reading.questions} == {
        "single", "multiple", "series", "matching", "ordering", "numeric", "text", "dropdown",
        "essay", "description",
    }  # fmt: skip


@pytest.mark.parametrize("write", [write_xlsx, lambda rows: b"".join(write_csv(rows))])
def test_the_template_survives_spreadsheet_programs(
    write: Callable[[Iterable[Sequence[object]]], bytes],
) -> None:
    table = read_table(write(template_rows()))
    header, *rows = template_rows()
    expected = read_rows(enumerate(rows, start=2), guess(header)).questions
    assert read_rows(table.rows, guess(table.header)) == Reading(expected, (), ())


def test_a_usual_question_needs_no_details() -> None:
    header, *rows = template_rows()
    questions = read_rows(enumerate(rows, start=2), guess(header)).questions
    written = write_rows(questions)
    assert {row[-1] for row in written.rows[1:]} == {""}
    assert written.rows[0] == header


RICH = Question(
    kind="single",
    stem=Text("Which?", "html"),
    options=tuple(Option(Text(f"o{n}"), FULL if n == 30 else NONE) for n in range(40)),
    grade=Decimal(2),
)


def test_more_options_than_columns_are_kept_in_the_details() -> None:
    header, row = write_rows([RICH]).rows
    assert header.count("Option X") == 1
    assert len(header) <= MAX_COLUMNS
    assert only(read_rows([(2, row)], guess(header))) == RICH


def test_details_do_not_outlive_a_change_of_the_row() -> None:
    simple = Question(**{**vars(RICH), "options": RICH.options[29:32]})
    header, row = write_rows([simple]).rows
    changed = tuple("Which one?" if cell == "Which?" else cell for cell in row)
    reading = read_rows([(2, changed)], guess(header))
    assert only(reading).stem.text == "Which one?"
    assert only(reading).grade is None
    assert notes(reading) == [(2, "the details are of another form of this row and are not kept")]


def test_kinds_without_columns_are_kept_in_the_details() -> None:
    foreign = Question(kind="unsupported", stem=Text("Click"), foreign_kind="ddmarker")
    header, row = write_rows([foreign]).rows
    assert only(read_rows([(7, row)], guess(header))) == foreign
    assert only(read_rows([(7, row)], guess(header))).where == 7


def test_damaged_details_are_said() -> None:
    header = ("Question", "A", "B", "Right", "Details")
    for damage in ("{", "[]", '{"of": "x"}', "[" * 5000):
        reading = read("Q", "x", "y", "A", damage, header=header)
        assert only(reading).stem.text == "Q"
        assert len(reading.lost) == 1
    row = read("Q", "x", "y", "", '{"of": "", "kind": "essay", "stem": 5}', header=header)
    assert "the right answer is missing" in reasons(row)[0][1]


def test_files_are_said_to_be_lost() -> None:
    picture = Text("Look", "html", (File("a.png", b"\xff"),))
    question = Question(kind="essay", stem=picture)
    written = write_rows([RICH, question])
    assert [(note.where, str(note.what)) for note in written.lost] == [
        (2, "the format holds no files; they are left out")
    ]
