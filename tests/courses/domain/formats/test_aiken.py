"""Aiken, rule by rule."""

from courses.domain.formats.aiken import read_aiken
from courses.domain.formats.question import Text
from courses.domain.formats.reading import Reading
from tests.courses.domain.formats.told import credits, only, reasons


def read(text: str) -> Reading:
    return read_aiken(text.encode())


def test_a_question() -> None:
    question = only(read("\nWhich is red?\nA. plus\nB. minus\nANSWER: A\n"))
    assert (question.kind, question.stem, question.where) == (
        "single",
        Text("Which is red?", "plain"),
        2,
    )
    assert credits(question) == {"plus": "100", "minus": "0"}


def test_texts_of_several_lines_and_brackets_for_dots() -> None:
    text = (
        "Look:\n\nC. is no option here\nA) one\n  and more\nb) two\nanswer : b.\n\n"
        "Next?\nA. x\nB. y\nANSWER: A"
    )
    first, second = read(text).questions
    assert first.stem.text == "Look:\n\nC. is no option here"
    assert credits(first) == {"one\n  and more": "0", "two": "100"}
    assert second.where == 9


def test_what_is_no_question_says_what_would_be_right() -> None:
    reading = read(
        "ANSWER: A\n\nNo options\nANSWER: A\n\nWrong letter\nA. x\nB. y\nANSWER: C\n\n"
        "One option\nA. x\nANSWER: A\n\nNo answer\nA. x\nB. y"
    )
    assert reading.questions == ()
    assert reasons(reading) == [
        (1, "this ANSWER belongs to no question: the question comes first"),
        (3, "the question has no options: write each in a line, as “A. text”"),
        (6, "“C” is none of the options: the last line names one of A, B"),
        (11, "there must be at least two options to choose from"),
        (15, "the right answer is missing: end with a line such as “ANSWER: B”"),
    ]


def test_notes_say_how_the_file_was_read() -> None:
    [note] = read_aiken("Где?\nA. тут\nB. там\nANSWER: A".encode("cp1251")).lost
    assert "Windows-1251" in str(note.what)
