"""A response as lines of text, for whoever has to choose between two or to read what was saved."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.domain.items import ItemBody, saying
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
    places = {name: place for place, name in enumerate(order)}
    shown = sorted(body.options, key=lambda option: places.get(option.id, len(places)))
    as_shown = body.model_copy(update={"options": tuple(shown)}) if not body.pairs else body
    lines = tuple(_line(body, said) for said in saying.say(as_shown, value, language))
    return lines or (_("No answer"),)


def _line(body: ItemBody, said: saying.Said) -> str:
    text = to_plain(said.text) if body.options else said.text
    if said.truth is not None:
        text = _("True") if said.truth else _("False")
    if body.kind == "ordering":
        return f"{said.row}. {text}"
    if body.kind == "dropdown":
        return f"{_('Gap %(number)s') % {'number': said.row}}: {text}"
    return f"{to_plain(said.row)}: {text}" if said.row else text
