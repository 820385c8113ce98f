"""From an item to a question that a file can hold."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from courses.domain.cases import CaseBody
from courses.domain.exchange.intake import LEVEL, RULE
from courses.domain.formats.question import (
    FULL,
    NONE,
    Gap,
    Number,
    Option,
    Pair,
    Question,
    Text,
    Unit,
    read_decimal,
)
from courses.domain.items import ItemBody, in_language
from courses.domain.items import Option as ItemOption
from courses.domain.items.pairs import TRUE
from courses.domain.items.rules import ALL, WEIGHTS
from courses.domain.items.typed import split_tolerance
from courses.domain.prose import to_plain

LEVELS = {1: "easy", 2: "normal", 3: "hard"}


def share(question: Question, case: str, body: CaseBody | None, language: str) -> Question:
    """Return a question as one of a case; with ``body`` it also says what the case shares."""
    return replace(question, case=case, case_stem=_said(body.stem, language) if body else None)


def give(body: ItemBody, language: str, *, code: str, topic: str, tagged: bool = False) -> Question:
    """Return an item in a language as a question; a hotspot has no such form in any file.

    ``tagged`` is for formats without a place for language and difficulty: a tag says the latter.
    """
    maker = _MAKERS.get(body.kind)
    if maker is None:
        return Question(
            kind="unsupported", stem=_said(body.stem, language), code=code, foreign_kind=body.kind
        )
    values: dict[str, Any] = {
        "stem": _said(body.stem, language),
        "code": code,
        "category": topic.replace("/", "//"),
        "language": "" if tagged else language,
        "difficulty": "" if tagged else LEVELS[body.difficulty],
        "feedback": _rationale(body.rationale, language),
    }
    question = Question(**{**values, "kind": body.kind, **maker(body, language)})
    return replace(question, tags=tuple(_tags(body, tagged=tagged)))


def _tags(body: ItemBody, *, tagged: bool) -> Iterator[str]:
    """Name the rule where the answers alone would be read as another one."""
    if tagged and body.difficulty in LEVELS:
        yield f"{LEVEL}{LEVELS[body.difficulty]}"
    weighed = body.scoring == WEIGHTS and body.kind != "multiple"
    if body.kind == "multiple" or (body.scoring != ALL and not weighed):
        yield f"{RULE}{body.scoring}"


def _said(texts: dict[str, str], language: str) -> Text:
    return Text(in_language(texts, language), "markdown")


def _rationale(texts: dict[str, str], language: str) -> Text | None:
    return Text(texts[language], "markdown") if texts.get(language) else None


def _option(option: ItemOption, language: str, credit: Decimal) -> Option:
    return Option(_said(option.text, language), credit, _rationale(option.rationale, language))


def _choice(body: ItemBody, language: str) -> dict[str, Any]:
    share = FULL / len(body.key)
    worth = {name: share.quantize(Decimal("0.00001")) for name in body.key}
    if body.scoring == WEIGHTS:
        worth = {name: weight * 100 for name, weight in body.weights.items()}
    options = (_option(one, language, worth.get(one.id, NONE)) for one in body.options)
    return {"options": tuple(options)}


def _series(body: ItemBody, language: str) -> dict[str, Any]:
    return {
        "options": tuple(
            _option(one, language, FULL if body.pairs[one.id] == TRUE else NONE)
            for one in body.options
        )
    }


def _matching(body: ItemBody, language: str) -> dict[str, Any]:
    rights = {choice.id: to_plain(in_language(choice.text, language)) for choice in body.choices}
    pairs = [Pair(_said(one.text, language), rights[body.pairs[one.id]]) for one in body.options]
    spare = [name for name in rights if name not in body.pairs.values()]
    return {"pairs": (*pairs, *(Pair(Text("", "markdown"), rights[name]) for name in spare))}


def _ordering(body: ItemBody, language: str) -> dict[str, Any]:
    ordered = sorted(body.options, key=lambda one: int(body.pairs[one.id]))
    return {"options": tuple(_option(one, language, NONE) for one in ordered)}


def _numeric(body: ItemBody, language: str) -> dict[str, Any]:
    numbers = []
    for key in body.key:
        number, tolerance = split_tolerance(key, body.tolerance)
        credit = body.weights.get(key, Decimal(1)) * 100
        numbers.append(Number(read_decimal(number), read_decimal(tolerance) or NONE, credit))
    unit = in_language(body.unit, language)
    return {"numbers": tuple(numbers), "units": (Unit(unit),) if unit else ()}


def _text(body: ItemBody, language: str) -> dict[str, Any]:
    wordings = (*body.key, *body.local_key.get(language, ()))
    worth = {wording: body.weights.get(wording, Decimal(1)) * 100 for wording in wordings}
    return {"options": tuple(Option(Text(one, "plain"), credit) for one, credit in worth.items())}


def _dropdown(body: ItemBody, language: str) -> dict[str, Any]:
    stem, gaps = in_language(body.stem, language), []
    ordered = sorted(body.options, key=lambda one: stem.find(f"[[{one.id}]]"))
    for number, row in enumerate(ordered, start=1):
        stem = stem.replace(f"[[{row.id}]]", f"[[{number}]]")
        right = body.pairs[row.id]
        options = (
            _option(choice, language, FULL if choice.id == right else NONE)
            for choice in body.choices
            if choice.gap == row.id
        )
        gaps.append(Gap(tuple(options)))
    return {"stem": Text(stem, "markdown"), "gaps": tuple(gaps)}


_MAKERS: dict[str, Callable[[ItemBody, str], dict[str, Any]]] = {
    "single": _choice,
    "multiple": _choice,
    "series": _series,
    "matching": _matching,
    "ordering": _ordering,
    "numeric": _numeric,
    "text": _text,
    "dropdown": _dropdown,
}
