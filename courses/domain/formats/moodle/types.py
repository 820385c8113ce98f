"""How each type of Moodle's questions says what is right."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.moodle.cloze import fill, read_cloze, read_gap
from courses.domain.formats.moodle.fields import (
    read_credit,
    read_feedback,
    read_flag,
    read_option,
    read_text,
    read_wording,
)
from courses.domain.formats.moodle.tree import Element
from courses.domain.formats.question import (
    FULL,
    NONE,
    Format,
    Gap,
    Number,
    Option,
    Pair,
    Text,
    Unit,
    gap_numbers,
    one_line,
    read_decimal,
    true_or_false,
)
from courses.domain.formats.reading import Remark

MAX_CHOICES = 200

Details = dict[str, Any]
Reader = Callable[[Element, list[Remark]], Details]


def _read_choice(element: Element, remarks: list[Remark]) -> Details:
    single = read_flag(element, "single")
    return {
        "kind": "multiple" if single is False else "single",
        "options": tuple(read_option(answer, remarks) for answer in element.all("answer")),
        "shuffle": read_flag(element, "shuffleanswers"),
    }


def _read_truth(element: Element, remarks: list[Remark]) -> Details:
    said = {answer.text("text").lower(): answer for answer in element.all("answer")}
    if set(said) != {"true", "false"}:
        raise NotAQuestion("a true-false question has the answers true and false")
    read = {name: read_option(answer, remarks) for name, answer in said.items()}
    options = [
        Option(usual.text, read[name].credit, read[name].feedback)
        for name, usual in zip(("true", "false"), true_or_false(True), strict=True)
    ]
    return {"kind": "single", "options": tuple(options)}


def _read_short(element: Element, remarks: list[Remark]) -> Details:
    return {
        "kind": "text",
        "options": tuple(read_wording(answer, remarks) for answer in element.all("answer")),
        "case_sensitive": bool(read_flag(element, "usecase")),
    }


def _read_numeric(element: Element, remarks: list[Remark]) -> Details:
    units = element.get("units")
    return {
        "kind": "numeric",
        "numbers": tuple(_read_number(answer, remarks) for answer in element.all("answer")),
        "units": tuple(map(_read_unit, units.all("unit"))) if units else (),
    }


def _read_number(answer: Element, remarks: list[Remark]) -> Number:
    feedback = read_feedback(answer.get("feedback"), remarks)
    written = read_text(answer, remarks).text
    margin = answer.text("tolerance")
    if written == "*":
        return Number(None, NONE, read_credit(answer), feedback)
    return Number(
        _read_decimal(written),
        _read_decimal(margin) if margin else NONE,
        read_credit(answer),
        feedback,
    )


def _read_unit(unit: Element) -> Unit:
    return Unit(one_line(unit.text("unit_name")), _read_decimal(unit.text("multiplier")))


def _read_decimal(written: str) -> Decimal:
    number = read_decimal(written)
    if number is None:
        raise NotAQuestion(
            "“%(number)s” is not a number: write for example 16 or 0.5", number=written[:40]
        )
    return number


def _read_matching(element: Element, remarks: list[Remark]) -> Details:
    pairs = [
        Pair(read_text(pair, remarks), one_line(pair.text("answer", "text")))
        for pair in element.all("subquestion")
    ]
    return {
        "kind": "matching",
        "pairs": tuple(pairs),
        "shuffle": read_flag(element, "shuffleanswers"),
    }


def _read_ordering(element: Element, remarks: list[Remark]) -> Details:
    """Read things to put in order: their fraction is their place, not a percent."""
    read = [read_option(answer, remarks) for answer in element.all("answer")]
    ordered = sorted(read, key=lambda option: option.credit)
    return {
        "kind": "ordering",
        "options": tuple(Option(option.text, NONE, option.feedback) for option in ordered),
    }


def _read_series(element: Element, remarks: list[Remark]) -> Details:
    """Read statements, the first of whose two columns says that they are true."""
    trues = {
        weight.attributes.get("rownumber")
        for weight in element.all("weight")
        if read_decimal(weight.text("value")) and weight.attributes.get("columnnumber") == "1"
    }
    element.text("numberofrows")
    element.text("numberofcolumns")
    columns = element.all("column")
    if len(columns) != 2:
        raise NotAQuestion("a series of statements has two columns, such as true and false")
    for column in columns:
        column.text("responsetext", "text")
    options = [
        Option(
            read_text(row.get("rowtext"), remarks),
            FULL if row.attributes.get("number") in trues else NONE,
            read_feedback(row.get("feedbacktext"), remarks),
        )
        for row in element.all("row")
    ]
    return {
        "kind": "series",
        "options": tuple(options),
        "shuffle": read_flag(element, "shuffleanswers"),
    }


def _read_gaps(element: Element, remarks: list[Remark]) -> Details:
    return _read_groups(element, remarks, "selectoption", "plain")


def _read_drags(element: Element, remarks: list[Remark]) -> Details:
    return _read_groups(element, remarks, "dragbox", "html")


def _read_groups(element: Element, remarks: list[Remark], tag: str, markup: Format) -> Details:
    """Read a text whose marks name the right one of the choices, which are in groups."""
    stem = read_text(element.get("questiontext"), remarks)
    choices = [(each.text("group") or "1", each.text("text")) for each in element.all(tag)]
    right_ones = gap_numbers(stem.text)
    if max(len(choices), len(right_ones)) > MAX_CHOICES:
        raise NotAQuestion(
            "at most %(most)s gaps and %(most)s choices fit in a question", most=str(MAX_CHOICES)
        )
    if not all(0 < right <= len(choices) for right in right_ones):
        raise NotAQuestion("a gap names a choice that is not there: [[1]] is the first of them")
    gaps = []
    for right in right_ones:
        options = [
            Option(Text(text, markup), FULL if place == right else NONE)
            for place, (group, text) in enumerate(choices, start=1)
            if group == choices[right - 1][0]
        ]
        gaps.append(Gap(tuple(options)))
    marks = iter(range(1, len(gaps) + 1))
    return {
        "kind": "dropdown",
        "stem": Text(fill(stem.text, lambda _: f"[[{next(marks)}]]"), stem.format, stem.files),
        "gaps": tuple(gaps),
        "shuffle": read_flag(element, "shuffleanswers"),
    }


def _read_embedded(element: Element, remarks: list[Remark]) -> Details:
    stem = read_text(element.get("questiontext"), remarks)
    text, found = read_cloze(stem.text)
    if not found:
        raise NotAQuestion("the text has no gap: write for example {1:MULTICHOICE:=right~wrong}")
    if len({gap.weight or "1" for gap in found}) > 1:
        remarks.append(Remark("the weights of the gaps are not kept: all count alike"))
    return {
        "kind": "dropdown",
        "stem": Text(text, stem.format, stem.files),
        "gaps": tuple(map(read_gap, found)),
        "shuffle": True if all(gap.is_shuffled for gap in found) else None,
    }


def _read_essay(element: Element, remarks: list[Remark]) -> Details:
    return {"kind": "essay"}


def _read_description(element: Element, remarks: list[Remark]) -> Details:
    return {"kind": "description"}


TYPES: Mapping[str, Reader] = {
    "multichoice": _read_choice,
    "truefalse": _read_truth,
    "shortanswer": _read_short,
    "numerical": _read_numeric,
    "matching": _read_matching,
    "match": _read_matching,
    "ordering": _read_ordering,
    "mtf": _read_series,
    "kprime": _read_series,
    "gapselect": _read_gaps,
    "ddwtos": _read_drags,
    "cloze": _read_embedded,
    "multianswer": _read_embedded,
    "essay": _read_essay,
    "description": _read_description,
}
