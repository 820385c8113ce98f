"""Reads of item banks."""

from django.db.models import F

from courses.domain.blueprint import Stock
from courses.domain.drawing import Candidate, Member, gather
from courses.domain.items import KINDS
from courses.models import Item, ItemGroup, ItemGroupMember, ItemVersion

_LIVE = Item.State.LIVE
DRAWN = {Item.State.LIVE, Item.State.PILOT}


def list_candidates(bank_id: int) -> tuple[Candidate, ...]:
    """Return the items of a bank that may be drawn: what is live, and what is on trial.

    Those of a case are among them only if the case and all its items are live.
    """
    items = Item.objects.filter(
        bank_id=bank_id, state__in=DRAWN, current__isnull=False
    ).select_related("current", "topic")
    members = _list_members(bank_id)
    return tuple(
        describe_version(
            item.current,
            topic=item.topic.slug,
            place=item.topic.position,
            pilot=item.state == Item.State.PILOT,
            member=members.get(item.current.pk),
        )
        for item in items
        if item.current and (item.group_id is None or item.current.pk in members)
    )


def _list_members(bank_id: int) -> dict[int, Member]:
    """Return the case and the place of each item version that can be drawn in one."""
    rows = ItemGroupMember.objects.filter(
        version__group__bank=bank_id,
        version__group__state=ItemGroup.State.LIVE,
        version=F("version__group__current"),
    ).values_list(
        "item_version", "version", "version__group", "position", "item_version__item__state"
    )
    unready = {version for _item, version, _group, _place, state in rows if state != _LIVE}
    return {
        item: Member(group_id=group, version_id=version, place=place)
        for item, version, group, place, _state in rows
        if version not in unready
    }


def describe_version(
    version: ItemVersion,
    *,
    topic: str = "",
    place: int = 0,
    pilot: bool = False,
    member: Member | None = None,
) -> Candidate:
    """Return a version as the draw needs it; a start does this for a whole bank, unparsed."""
    body = version.body
    shown = body.get(KINDS[body["kind"]].drawn_from, ())
    return Candidate(
        version_id=version.pk,
        item_id=version.item_id,
        topic=topic,
        options=tuple(one["id"] for one in shown),
        difficulty=body["difficulty"],
        place=place,
        pilot=pilot,
        member=member,
    )


def list_stock(bank_id: int) -> tuple[Stock, ...]:
    """Return what a bank has, for checking a blueprint."""
    return tuple(
        Stock(topic=unit[0].topic, questions=len(unit))
        if unit[0].member
        else Stock(topic=unit[0].topic, difficulty=unit[0].difficulty, pilot=unit[0].pilot)
        for unit in gather(list_candidates(bank_id))
    )
