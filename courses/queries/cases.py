"""The cases of an attempt, of one person always: what their questions share. No key is in it."""

from collections.abc import Iterable

from courses.models import AttemptItem, ItemGroupVersion
from courses.queries.places import CaseView, show_case


def list_cases(code: str, user_id: int) -> tuple[CaseView, ...]:
    """Return each case of this person's attempt once, in the order shown."""
    places = AttemptItem.objects.filter(attempt__code=code, attempt__user_id=user_id)
    found = places.filter(group_version__isnull=False).select_related("group_version", "attempt")
    return tuple(case for case in show_cases(found).values() if case.number == 1)


def show_cases(places: Iterable[AttemptItem]) -> dict[int, CaseView]:
    """Return by slot what each place of an attempt shares with others; nothing for one alone."""
    cases: dict[ItemGroupVersion, list[AttemptItem]] = {}
    for place in places:
        if place.group_version:
            cases.setdefault(place.group_version, []).append(place)
    return {
        place.slot: show_case(
            version.parsed,
            place.attempt.language,
            slots=[one.slot for one in members],
            slot=place.slot,
        )
        for version, members in cases.items()
        for place in members
    }
