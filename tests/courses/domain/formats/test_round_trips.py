"""What is written is read as it was, for every kind of question a format can hold."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.losses import SHARED_TEXT
from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
from courses.domain.formats.question import FULL, KINDS, File, Kind, Option, Question, Text
from courses.domain.formats.reading import Written
from courses.domain.formats.sheet.mapping import guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.writer import write_rows
from tests.courses.domain.formats.generating import files, names, quick, sound, texts

HELD_BY_GIFT: tuple[Kind, ...] = (
    "single", "multiple", "matching", "ordering", "numeric", "text", "essay", "description",
)  # fmt: skip
HELD_BY_MOODLE = tuple(kind for kind in KINDS if kind != "unsupported")
relaxed = settings(quick, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def without_arrow(question: Question) -> bool:
    return not any("->" in pair.left.text for pair in question.pairs)


@pytest.mark.parametrize("kind", HELD_BY_GIFT)
def test_gift(kind: Kind) -> None:
    @relaxed
    @given(st.lists(sound(kind).filter(without_arrow), max_size=2))
    def survives(questions: list[Question]) -> None:
        written = write_gift(questions)
        reading = read_gift(written.text.encode())
        assert (list(reading.questions), reading.rejected) == (questions, ())
        assert written.lost == reading.lost == ()

    survives()


@pytest.mark.parametrize("kind", HELD_BY_MOODLE)
def test_moodle(kind: Kind) -> None:
    @relaxed
    @given(st.lists(sound(kind, rich=True), max_size=2), st.lists(files, max_size=2))
    def survives(questions: list[Question], shown: list[File]) -> None:
        held = [with_files(question, tuple(shown)) for question in questions]
        written = write_moodle(held)
        reading = read_moodle(written.text.encode())
        if not written.lost:
            assert (list(reading.questions), reading.rejected) == (held, ())
            assert reading.lost == ()
        else:
            assert kind == "dropdown"

    survives()


def with_files(question: Question, shown: tuple[File, ...]) -> Question:
    stem = Text(question.stem.text, question.stem.format, shown)
    values = {name: getattr(question, name) for name in question.__dataclass_fields__}
    return Question(**{**values, "stem": stem})


@pytest.mark.parametrize("kind", HELD_BY_MOODLE)
def test_table(kind: Kind) -> None:
    @relaxed
    @given(st.lists(sound(kind, rich=True), max_size=2))
    def survives(questions: list[Question]) -> None:
        written = write_rows(questions)
        header, *rows = written.rows
        reading = read_rows(enumerate(rows, start=2), guess(header))
        assert (list(reading.questions), reading.rejected) == (questions, ())
        assert written.lost == reading.lost == ()

    survives()


@relaxed
@given(st.lists(sound("single", rich=True), min_size=1, max_size=2), names, texts())
def test_table_of_a_case(questions: list[Question], case: str, shared: Text) -> None:
    first, *others = (replace(question, case=case) for question in questions)
    held = (replace(first, case_stem=shared), *others)
    header, *rows = write_rows(held).rows
    reading = read_rows(enumerate(rows, start=2), guess(header))
    assert (reading.questions, reading.rejected, reading.lost) == (held, (), ())


@pytest.mark.parametrize("write", [write_gift, write_moodle])
def test_other_formats_say_that_they_know_no_cases(write: Callable[..., Written]) -> None:
    options = (Option(Text("This", "plain"), FULL), Option(Text("That", "plain")))
    question = Question(kind="single", stem=Text("Which?", "plain"), options=options, case="c")
    assert [note.what for note in write([question]).lost] == [SHARED_TEXT]
