"""A response in words, for whoever has to choose between two or to read what was saved."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.domain.items import ItemBody, Option, in_language, is_answered
from courses.domain.items.pairs import FALSE, TRUE
from courses.domain.prose import to_plain
from courses.models import AttemptItem


def say_in_place(code: str, user_id: int, slot: int, *values: Any) -> tuple[tuple[str, ...], ...]:
    """Return responses at a place of this person's attempt, each as lines of text."""
    place = AttemptItem.objects.select_related("attempt", "version").get(
        attempt__code=code, attempt__user_id=user_id, slot=slot
    )
    body, language = place.version.parsed, place.attempt.language
    return tuple(say(body, value, language, order=place.option_order) for value in values)


def say(body: ItemBody, value: Any, language: str, *, order: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a response of any kind as lines of text; ``order`` is the one the options had."""
    if not is_answered(value):
        return (_("No answer"),)
    if isinstance(value, dict):
        return tuple(_rows(body, value, language))
    if isinstance(value, list):
        return tuple(_chosen(body, value, language, order))
    unit = in_language(body.unit, language)
    return (f"{value} {unit}".strip(),)


def _rows(body: ItemBody, value: dict[str, str], language: str) -> Iterator[str]:
    names = {option.id: _name(option, language) for option in body.options}
    if body.kind == "ordering":
        for row in sorted(value, key=lambda row: int(value[row])):
            yield f"{value[row]}. {names[row]}"
        return
    choices = {choice.id: _name(choice, language) for choice in body.choices}
    choices |= {TRUE: _("True"), FALSE: _("False")} if body.kind == "series" else {}
    for number, option in enumerate(_in_reading_order(body, language), start=1):
        if choice := value.get(option.id):
            row = names[option.id]
            if body.kind == "dropdown":
                row = _("Gap %(number)s") % {"number": number}
            yield f"{row}: {choices[choice]}"


def _in_reading_order(body: ItemBody, language: str) -> list[Option]:
    """Gaps are numbered as they stand in the question."""
    if body.kind != "dropdown":
        return list(body.options)
    stem = in_language(body.stem, language)
    return sorted(body.options, key=lambda option: stem.find(f"[[{option.id}]]"))


def _chosen(body: ItemBody, value: list[str], language: str, order: Sequence[str]) -> Iterator[str]:
    names = {option.id: _name(option, language) for option in body.options}
    places = {name: place for place, name in enumerate(order)}
    for chosen in sorted(value, key=lambda name: places.get(name, len(places))):
        yield names[chosen]


def _name(option: Option, language: str) -> str:
    return to_plain(in_language(option.text, language))
