"""A reading in few words, to compare with what is expected."""

from courses.domain.formats.question import Question, Text
from courses.domain.formats.reading import Reading


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(rejection.where, str(rejection.reason)) for rejection in reading.rejected]


def notes(reading: Reading) -> list[tuple[int, str]]:
    return [(note.where, str(note.what)) for note in reading.lost]


def only(reading: Reading) -> Question:
    assert reading.rejected == ()
    [question] = reading.questions
    return question


def credits(question: Question) -> dict[str, str]:
    return {option.text.text: str(option.credit) for option in question.options}


def told(text: Text | None) -> str | None:
    return text.text if text else None
