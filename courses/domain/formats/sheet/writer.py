"""Writes questions as the rows of a table, in the form of the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from courses.domain.formats import losses
from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.question import (
    FULL,
    NONE,
    Option,
    Question,
    Text,
    is_true_or_false,
)
from courses.domain.formats.reading import Note
from courses.domain.formats.sheet import words
from courses.domain.formats.sheet.cells import (
    join_percent,
    share,
    write_gap,
    write_number,
    write_unit,
)
from courses.domain.formats.sheet.details import write_details
from courses.domain.formats.sheet.mapping import Mapping
from courses.domain.formats.sheet.reader import read_cells, to_cells

# With what is said about them and all else, no more columns than a reader of tables takes.
FEWEST_OPTIONS, MOST_OPTIONS = 8, 24

_BEFORE = (
    words.CODE,
    words.TITLE,
    words.TOPIC,
    words.DIFFICULTY,
    words.KIND,
    words.LANGUAGE,
    words.FORMAT,
    words.CASE,
    words.CASE_STEM,
    words.STEM,
)
_AFTER = (words.RIGHT, words.TOLERANCE, words.UNIT, words.RATIONALE)
_LAST = (words.TAGS, words.DETAILS)


@dataclass(frozen=True)
class WrittenRows:
    """A table's rows, the header first, and what of the questions it cannot hold."""

    rows: tuple[tuple[str, ...], ...]
    lost: tuple[Note, ...]


def write_rows(questions: Iterable[Question]) -> WrittenRows:
    """Return the rows of questions; a question's number in the list is its place in ``lost``."""
    kept = [(question, _without_files(question)) for question in questions]
    longest = max((_count_options(bare) for _, bare in kept), default=0)
    mapping = make_mapping(min(MOST_OPTIONS, max(FEWEST_OPTIONS, longest)))
    return WrittenRows(
        rows=(write_header(mapping), *(_write_row(bare, mapping) for _, bare in kept)),
        lost=tuple(
            Note(number, losses.FILES)
            for number, (question, bare) in enumerate(kept, start=1)
            if question != bare
        ),
    )


def make_mapping(options: int) -> Mapping:
    """Return the columns of a table we write."""
    return Mapping((*_BEFORE, *[words.OPTION] * options, *_AFTER, *[words.TOLD] * options, *_LAST))


def write_header(mapping: Mapping) -> tuple[str, ...]:
    """Return the names of the columns, which ``guess`` knows."""
    letters = {words.OPTION: iter(words.LETTERS), words.TOLD: iter(words.LETTERS)}
    names = {words.OPTION: "Option", words.TOLD: words.HEADS[words.RATIONALE][0]}
    return tuple(
        f"{names[field]} {next(letters[field])}" if field in letters else words.HEADS[field][0]
        for field in mapping.columns
    )


def lay_out(values: dict[str, Any], mapping: Mapping) -> tuple[str, ...]:
    """Put values into their columns, those of options one after the other."""
    several = {field: iter(values.get(field, ())) for field in (words.OPTION, words.TOLD)}
    return tuple(
        next(several[field], "") if field in several else str(values.get(field, ""))
        for field in mapping.columns
    )


def _write_row(question: Question, mapping: Mapping) -> tuple[str, ...]:
    values = _to_values(question)
    row = lay_out(values, mapping)
    try:
        shown = read_cells(to_cells(0, zip(mapping.columns, row, strict=True), mapping))
    except NotAQuestion:
        shown = None
    return lay_out({**values, words.DETAILS: write_details(question, shown)}, mapping)


def _to_values(question: Question) -> dict[str, Any]:
    values = {
        words.CODE: question.code,
        words.TITLE: question.title,
        words.TOPIC: question.category,
        words.DIFFICULTY: question.difficulty,
        words.KIND: words.NAME_OF_KIND.get(question.kind, ""),
        words.LANGUAGE: question.language,
        words.FORMAT: "" if question.stem.format == "plain" else question.stem.format,
        words.CASE: question.case,
        words.CASE_STEM: question.case_stem.text if question.case_stem else "",
        words.STEM: question.stem.text,
        words.RATIONALE: question.feedback.text if question.feedback else "",
        words.TAGS: ", ".join(question.tags),
    }
    return values | _write_answers(question)


def _write_answers(question: Question) -> dict[str, Any]:
    if is_true_or_false(question):
        return _write_truth(question)
    if question.kind == "text":
        wordings = [join_percent(each.text.text, each.credit, FULL) for each in question.options]
        return {words.RIGHT: "; ".join(wordings)}
    if question.kind == "numeric":
        return {
            words.RIGHT: "; ".join(map(write_number, question.numbers)),
            words.UNIT: "; ".join(map(write_unit, question.units)),
        }
    if question.kind == "matching":
        # A cell that begins with a minus would be a formula to a spreadsheet program.
        pairs = [
            f"{pair.left.text} -> {pair.right}" if pair.left.text else f"→ {pair.right}"
            for pair in question.pairs
        ]
        return {words.OPTION: pairs}
    if question.kind == "dropdown":
        return {words.OPTION: list(map(write_gap, question.gaps))}
    return {
        words.OPTION: [option.text.text for option in question.options],
        words.TOLD: [_say(option) for option in question.options],
        words.RIGHT: _write_right(question),
    }


def _write_truth(question: Question) -> dict[str, Any]:
    return {
        words.KIND: words.KIND_WORDS["truth"][0],
        words.RIGHT: "True" if question.options[0].credit else "False",
        words.TOLD: [_say(option) for option in question.options],
    }


def _say(option: Option) -> str:
    return option.feedback.text if option.feedback else ""


def _write_right(question: Question) -> str:
    """Return the letters of what is right; the order of things is that of their columns."""
    if question.kind == "ordering":
        return ""
    right = [option for option in question.options if option.credit]
    usual = share(len(right)) if question.kind == "multiple" and right else FULL
    named = [
        join_percent(letter, option.credit, usual)
        for letter, option in zip(words.LETTERS, question.options, strict=False)
        if option.credit != NONE
    ]
    return ", ".join(named) or ("–" if question.kind == "series" else "")


def _count_options(question: Question) -> int:
    return max(len(question.options), len(question.pairs), len(question.gaps))


def _without_files(value: Any) -> Any:
    """Return the same without files, all the way down."""
    if isinstance(value, Text):
        return replace(value, files=())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(map(_without_files, value))
    if is_dataclass(value) and not isinstance(value, type):
        inner = {each.name: _without_files(getattr(value, each.name)) for each in fields(value)}
        return replace(value, **inner)
    return value
