"""Reads of item banks."""

from courses.domain.blueprint import Stock
from courses.domain.drawing import Candidate
from courses.domain.items import KINDS
from courses.models import Item, ItemVersion

DRAWN = {Item.State.LIVE, Item.State.PILOT}


def list_candidates(bank_id: int) -> tuple[Candidate, ...]:
    """Return the items of a bank that may be drawn: what is live, and what is on trial."""
    items = Item.objects.filter(
        bank_id=bank_id, state__in=DRAWN, current__isnull=False
    ).select_related("current", "topic")
    return tuple(
        describe_version(
            item.current,
            topic=item.topic.slug,
            place=item.topic.position,
            pilot=item.state == Item.State.PILOT,
        )
        for item in items
        if item.current
    )


def describe_version(
    version: ItemVersion, *, topic: str = "", place: int = 0, pilot: bool = False
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
    )


def list_stock(bank_id: int) -> tuple[Stock, ...]:
    """Return what a bank has, for checking a blueprint."""
    return tuple(
        Stock(topic=one.topic, difficulty=one.difficulty, pilot=one.pilot)
        for one in list_candidates(bank_id)
    )
