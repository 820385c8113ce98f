"""The cases of an attempt, of one person always: what their questions share. No key is in it."""

from collections.abc import Iterable

from courses.models import AttemptItem, ItemGroupVersion
from courses.queries.places import CaseView, show_case


def list_cases(code: str, user_id: int) -> tuple[CaseView, ...]:
    """Return each case of this person's attempt once, in the order shown."""
    places = AttemptItem.objects.filter(attempt__code=code, attempt__user_id=user_id)
    found = places.filter(group_version__isnull=False).select_related("group_version", "attempt")
    shown = show_cases(found)
    return tuple(case for case in shown.values() if case.number == 1)


def show_cases(places: Iterable[AttemptItem]) -> dict[int, CaseView]:
    """Return by slot what each place of an attempt shares with others; nothing for one alone."""
    slots: dict[ItemGroupVersion, list[int]] = {}
    languages: set[str] = set()
    for place in places:
        if place.group_version:
            slots.setdefault(place.group_version, []).append(place.slot)
            languages.add(place.attempt.language)
    return {
        slot: show_case(version.parsed, language, slots=several, slot=slot)
        for language in languages
        for version, several in slots.items()
        for slot in several
    }
