"""The cases of an attempt, of one person always: what their questions share. No key is in it."""

from collections.abc import Iterable

from courses.models import AttemptItem, Item, ItemGroupVersion, PanelItem
from courses.queries.places import CaseView, show_case


def list_cases(code: str, user_id: int, section: int = 0) -> tuple[CaseView, ...]:
    """Return each case of this person's attempt, or of one section of it, in the order shown."""
    places = AttemptItem.objects.filter(attempt__code=code, attempt__user_id=user_id)
    if section:
        places = places.filter(section=section)
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
    return _show_in(item.group.current, item.pk, language) if item.group else None


def find_judged_case(rated: PanelItem, language: str) -> CaseView | None:
    """Return the case an item stood in when its panel was opened."""
    return _show_in(rated.group_version, rated.version.item_id, language)


def _show_in(version: ItemGroupVersion | None, item_id: int, language: str) -> CaseView | None:
    if version is None:
        return None
    slots = list(version.members.values_list("position", flat=True))
    places = version.members.filter(item_version__item=item_id)
    slot = places.values_list("position", flat=True).get()
    return show_case(version.parsed, language, slots=slots, slot=slot)
