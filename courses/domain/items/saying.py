"""A response and the right answer in words, for a person to compare. Both hold the key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.domain.items.body import ItemBody, Option
from courses.domain.items.pairs import FALSE, TRUE
from courses.domain.items.reading import in_language, is_answered, read_number
from courses.domain.items.typed import split_tolerance


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line: ``text`` as the author wrote it, beside the ``row`` it belongs to, if there is one.

    A gap's row is its number, a place in an order too. ``truth`` stands for the text where a
    statement was called true or false, for that is said in the reader's own language.
    """

    text: str = ""
    row: str = ""
    truth: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an answer is right or wrong; of the item as a whole where ``about`` is empty."""

    about: str
    text: str


def say(body: ItemBody, value: Any, language: str) -> tuple[Said, ...]:
    """Return a stored response in words, nothing for a blank one."""
    if not is_answered(value):
        return ()
    if body.pairs:
        return tuple(_SAYING[body.kind](body, value, language))
    if isinstance(value, list):
        return tuple(_say_options(body, value, language))
    return (Said(text=_with_unit(body, str(value), language)),)


def say_right(body: ItemBody, language: str) -> tuple[Said, ...]:
    """Return the right answer in words; each accepted wording is a line of its own."""
    if body.pairs:
        return say(body, body.pairs, language)
    if body.options:
        return say(body, list(body.key), language)
    words = [*body.key, *body.local_key.get(language, ())]
    if body.kind == "numeric":
        words = [_with_unit(body, _with_margin(body, word), language) for word in words]
    return tuple(Said(text=word) for word in words)


def give_reasons(body: ItemBody, language: str) -> tuple[Reason, ...]:
    """Return why the answers are right or wrong, as far as the author said so."""
    found = [Reason(about="", text=in_language(body.rationale, language))]
    for option in (*body.options, *body.choices):
        about, text = in_language(option.text, language), in_language(option.rationale, language)
        found.append(Reason(about=about, text=text))
    return tuple(reason for reason in found if reason.text)


def number_gaps(body: ItemBody, language: str) -> str:
    """Return the stem with each gap marked by its number."""
    stem = in_language(body.stem, language)
    for number, row in enumerate(_in_reading_order(body, language), start=1):
        stem = stem.replace(f"[[{row.id}]]", f"[{number}]") if body.kind == "dropdown" else stem
    return stem


def _in_reading_order(body: ItemBody, language: str) -> list[Option]:
    """Gaps are numbered as they stand in the question; other rows stay as they are."""
    if body.kind != "dropdown":
        return list(body.options)
    stem = in_language(body.stem, language)
    return sorted(body.options, key=lambda option: stem.find(f"[[{option.id}]]"))


def _say_options(body: ItemBody, chosen: list[str], language: str) -> Iterator[Said]:
    for option in body.options:
        if option.id in chosen:
            yield Said(text=in_language(option.text, language))


def _say_series(body: ItemBody, value: Mapping[str, str], language: str) -> Iterator[Said]:
    for row in body.options:
        if value.get(row.id) in (TRUE, FALSE):
            yield Said(row=in_language(row.text, language), truth=value[row.id] == TRUE)


def _say_pairs(body: ItemBody, value: Mapping[str, str], language: str) -> Iterator[Said]:
    choices = {choice.id: in_language(choice.text, language) for choice in body.choices}
    for number, row in enumerate(_in_reading_order(body, language), start=1):
        if row.id in value:
            name = str(number) if body.kind == "dropdown" else in_language(row.text, language)
            yield Said(row=name, text=choices.get(value[row.id], value[row.id]))


def _say_order(body: ItemBody, value: Mapping[str, str], language: str) -> Iterator[Said]:
    texts = {row.id: in_language(row.text, language) for row in body.options}
    placed = [(int(value[row]), text) for row, text in texts.items() if row in value]
    for position, text in sorted(placed, key=lambda one: one[0]):
        yield Said(row=str(position), text=text)


_SAYING = {
    "series": _say_series,
    "matching": _say_pairs,
    "dropdown": _say_pairs,
    "ordering": _say_order,
}


def _with_unit(body: ItemBody, text: str, language: str) -> str:
    unit = in_language(body.unit, language) if body.unit else ""
    return f"{text} {unit}" if unit else text


def _with_margin(body: ItemBody, key: str) -> str:
    number, tolerance = split_tolerance(key, body.tolerance)
    return f"{number} ± {tolerance}" if read_number(tolerance) else number
