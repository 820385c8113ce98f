"""Writing items: every change of what an item says is a new version."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from courses.actions.groups import follow_item
from courses.domain.items import ItemBody
from courses.models import Item, ItemBank, ItemVersion, Topic


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """An item as an editor or a file gives it; ``pilot`` says how a new one begins: on trial."""

    code: str
    topic: str
    lesson_slug: str
    body: ItemBody
    pilot: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemSaved:
    """What writing an item did; ``version`` is the number now current."""

    item_id: int
    version: int
    created: bool
    changed: bool


def write_item(*, bank: ItemBank, draft: ItemDraft, actor: int | None, now: datetime) -> ItemSaved:
    """Create or change an item; an unchanged body makes no version.

    Attempts already started keep the version they show. A question of a case takes its topic from
    the case, and a new version of it is one of the case too.
    """
    with transaction.atomic():
        topic = Topic.objects.get(bank=bank, slug=draft.topic)
        item, created = Item.objects.select_for_update().get_or_create(
            bank=bank,
            code=draft.code,
            defaults={
                "topic": topic,
                "lesson_slug": draft.lesson_slug,
                "state": Item.State.PILOT if draft.pilot else Item.State.LIVE,
            },
        )
        if item.group:
            topic = item.group.topic
        moved = (item.topic_id, item.lesson_slug) != (topic.pk, draft.lesson_slug)
        item.topic, item.lesson_slug = topic, draft.lesson_slug
        item.text = "\n".join(draft.body.stem.values())
        changed = _add_version(item, draft.body, actor, now)
        item.save()
        if changed:
            follow_item(item, actor=actor, now=now)
        number = item.current.number if item.current else 0
    return ItemSaved(item_id=item.pk, version=number, created=created, changed=changed or moved)


def _add_version(item: Item, body: ItemBody, actor: int | None, now: datetime) -> bool:
    data = body.model_dump(mode="json")
    if item.current and item.current.body == data:
        return False
    last = item.versions.aggregate(last=Max("number"))["last"] or 0
    item.current = ItemVersion.objects.create(
        item=item, number=last + 1, body=data, created_at=now, created_by_id=actor
    )
    return True
