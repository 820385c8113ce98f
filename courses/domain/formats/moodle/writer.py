"""Writes Moodle XML, and says what of a question it has no elements for."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from courses.domain.formats import losses
from courses.domain.formats.moodle.gaps import can_hold_gaps, find_lost_gaps, write_gaps
from courses.domain.formats.moodle.markup import (
    answer,
    element,
    feedback,
    flags,
    leaf,
    name,
    prose,
)
from courses.domain.formats.question import (
    FULL,
    Kind,
    Number,
    Option,
    Question,
    Text,
    is_true_or_false,
    write_decimal,
)
from courses.domain.formats.reading import Note, Remark, Written

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_moodle(questions: Iterable[Question]) -> Written:
    """Return a Moodle XML file and what is not in it; a question's number is its place."""
    pieces, lost, category = [], [], ""
    for number, question in enumerate(questions, start=1):
        lost += [Note(number, remark) for remark in _find_lost(question)]
        if not _can_hold(question):
            continue
        if question.category != category:
            category = question.category
            pieces.append(element("question", name("category", category), type="category"))
        pieces.append(_write_question(question))
    return Written(_HEAD + element("quiz", "\n", *pieces), tuple(lost))


def _can_hold(question: Question) -> bool:
    if question.kind == "dropdown":
        return can_hold_gaps(question)
    return question.kind in _TYPES


def _find_lost(question: Question) -> Iterator[Remark]:
    if not _can_hold(question):
        yield losses.WHOLE_QUESTION
        return
    found = {
        losses.LANGUAGE: question.language,
        losses.SHARED_TEXT: question.case,
        losses.DIFFICULTY: question.difficulty,
        losses.SHUFFLING: question.shuffle is not None and question.kind not in _SHUFFLED,
    }
    yield from (remark for remark, is_there in found.items() if is_there)
    if question.kind == "dropdown":
        yield from find_lost_gaps(question)


def _write_question(question: Question) -> str:
    kind, stem, answers = _write_kind(question)
    tags = [name("tag", tag) for tag in question.tags]
    return element(
        "question",
        "\n",
        name("name", question.title),
        prose("questiontext", stem),
        feedback("generalfeedback", question.feedback),
        leaf("defaultgrade", write_decimal(question.grade)) if question.grade is not None else "",
        leaf("penalty", write_decimal(question.penalty)) if question.penalty is not None else "",
        leaf("idnumber", question.code) if question.code else "",
        answers,
        element("tags", *tags) if tags else "",
        type=kind,
    )


def _write_kind(question: Question) -> tuple[str, Text, str]:
    if question.kind == "dropdown":
        return write_gaps(question)
    # True-false questions cannot say whether their options change places.
    if is_true_or_false(question) and question.shuffle is None:
        return "truefalse", question.stem, "".join(map(_write_truth, question.options))
    kind, write = _TYPES[question.kind]
    return kind, question.stem, "".join(write(question))


def _write_truth(option: Option) -> str:
    said = Text(option.text.text.lower(), "moodle")
    return answer(Option(said, option.credit, option.feedback))


def _write_choice(question: Question) -> Iterator[str]:
    yield leaf("single", "false" if question.kind == "multiple" else "true")
    yield from flags("shuffleanswers", is_on=question.shuffle)
    yield from map(answer, question.options)


def _write_short(question: Question) -> Iterator[str]:
    yield from flags("usecase", is_on=question.case_sensitive)
    for option in question.options:
        wording = Text(option.text.text, "moodle")
        yield answer(Option(wording, option.credit, option.feedback))


def _write_numeric(question: Question) -> Iterator[str]:
    yield from map(_write_number, question.numbers)
    units = [
        element(
            "unit",
            leaf("multiplier", write_decimal(unit.multiplier)),
            leaf("unit_name", unit.name),
        )
        for unit in question.units
    ]
    if units:
        yield element("units", *units)
    yield leaf("unitgradingtype", "0")
    yield leaf("showunits", "0" if units else "3")
    yield leaf("unitsleft", "0")


def _write_number(number: Number) -> str:
    value = "*" if number.value is None else write_decimal(number.value)
    margin = leaf("tolerance", write_decimal(number.tolerance))
    return answer(Option(Text(value, "moodle"), number.credit, number.feedback), margin)


def _write_matching(question: Question) -> Iterator[str]:
    yield from flags("shuffleanswers", is_on=question.shuffle)
    for pair in question.pairs:
        yield prose("subquestion", pair.left, name("answer", pair.right))


def _write_ordering(question: Question) -> Iterator[str]:
    for place, option in enumerate(question.options, start=1):
        yield answer(option, fraction=str(place))


def _write_series(question: Question) -> Iterator[str]:
    yield leaf("numberofrows", str(len(question.options)))
    yield leaf("numberofcolumns", "2")
    yield from flags("shuffleanswers", is_on=question.shuffle)
    for number, option in enumerate(question.options, start=1):
        text = prose("rowtext", option.text)
        yield element("row", text, feedback("feedbacktext", option.feedback), number=str(number))
    for number, word in enumerate(("True", "False"), start=1):
        yield element("column", name("responsetext", word), number=str(number))
    for number, option in enumerate(question.options, start=1):
        for column, is_right in enumerate((option.credit == FULL, option.credit != FULL), start=1):
            value = leaf("value", "1.000" if is_right else "0.000")
            yield element("weight", value, rownumber=str(number), columnnumber=str(column))


def _write_nothing(question: Question) -> Iterator[str]:
    yield from ()


_TYPES: Mapping[Kind, tuple[str, Callable[[Question], Iterator[str]]]] = {
    "single": ("multichoice", _write_choice),
    "multiple": ("multichoice", _write_choice),
    "text": ("shortanswer", _write_short),
    "numeric": ("numerical", _write_numeric),
    "matching": ("matching", _write_matching),
    "ordering": ("ordering", _write_ordering),
    "series": ("mtf", _write_series),
    "essay": ("essay", _write_nothing),
    "description": ("description", _write_nothing),
}
_SHUFFLED = {"single", "multiple", "matching", "series", "dropdown"}
