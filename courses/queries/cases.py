"""The cases of an attempt, of one person always: what their questions share. No key is in it."""

from collections.abc import Iterable

from courses.models import AttemptItem, Item, ItemGroupVersion
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


def find_case(item: Item, language: str) -> CaseView | None:
    """Return the case an item stands in now, for those who see it outside an attempt."""
    group = item.group
    if group is None or group.current is None:
        return None
    slots = list(group.current.members.values_list("position", flat=True))
    places = group.current.members.filter(item_version__item=item.pk)
    slot = places.values_list("position", flat=True).get()
    return show_case(group.current.parsed, language, slots=slots, slot=slot)
