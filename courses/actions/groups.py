"""Writing cases: every change of what one says, or of its questions, is a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from courses.domain.cases import CaseBody, NotACase, check_members
from courses.models import Item, ItemBank, ItemGroup, ItemGroupMember, ItemGroupVersion, Topic


@dataclass(frozen=True, kw_only=True)
class GroupDraft:
    """A case as an editor or a file gives it; ``members`` are codes of items, in their order."""

    code: str
    topic: str
    body: CaseBody
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GroupSaved:
    """What writing a case did; ``version`` is the number now current."""

    group_id: int
    version: int
    created: bool
    changed: bool


def write_group(
    *, bank: ItemBank, draft: GroupDraft, actor: int | None, now: datetime
) -> GroupSaved:
    """Create or change a case; the same text and questions make no version.

    Its questions take its topic; those it no longer has stand alone again. Attempts already
    started keep the version they show. Raises ``NotACase``.
    """
    with transaction.atomic():
        topic = Topic.objects.get(bank=bank, slug=draft.topic)
        # Items before their case, as ``write_item`` locks them: neither pins what the other left.
        # Those that leave it are locked with those that come.
        named = Item.objects.filter(bank=bank, code__in=draft.members)
        touched = named | Item.objects.filter(bank=bank, group__code=draft.code)
        list(Item.objects.filter(pk__in=touched).order_by("pk").select_for_update().values("pk"))
        members = find_members(bank, draft.members, of=draft.code)
        group, created = ItemGroup.objects.select_for_update().get_or_create(
            bank=bank, code=draft.code, defaults={"topic": topic}
        )
        moved = group.topic_id != topic.pk
        group.topic, group.text = topic, "\n".join(draft.body.stem.values())
        changed = _add_version(group, draft.body, members, actor, now)
        group.save()
        group.items.exclude(code__in=draft.members).update(group=None)
        named.update(group=group, topic=topic)
        number = group.current.number if group.current else 0
    return GroupSaved(group_id=group.pk, version=number, created=created, changed=changed or moved)


def find_members(bank: ItemBank, codes: Sequence[str], *, of: str) -> list[Item]:
    """Return the items that are the questions of a case, in their order; ``NotACase``."""
    check_members(tuple(codes))
    found = Item.objects.filter(bank=bank, code__in=codes, current__isnull=False)
    items = {item.code: item for item in found.select_related("current", "group")}
    for code in codes:
        if code not in items:
            raise NotACase("the bank has no item %(code)s: write it first", code=code)
        other = items[code].group
        if other and other.code != of:
            raise NotACase(
                "the question %(code)s belongs to the case %(case)s: take it out there first",
                code=code,
                case=other.code,
            )
    return [items[code] for code in codes]


def follow_item(item: Item, *, actor: int | None, now: datetime) -> None:
    """Give the case of an item a version with what the item now says; without a case nothing."""
    if item.group is None:
        return
    group = ItemGroup.objects.select_for_update(of=("self",)).get(pk=item.group.pk)
    if group.current:
        members = list_members(group)
        _add_version(group, group.current.parsed, members, actor, now)
        group.save(update_fields=["current"])


def list_members(group: ItemGroup) -> list[Item]:
    """Return the questions of a case as they now are, in the order of its current version."""
    rows = ItemGroupMember.objects.filter(version=group.current).order_by("position")
    ids = list(rows.values_list("item_version__item", flat=True))
    items = Item.objects.select_related("current").in_bulk(ids)
    return [items[pk] for pk in ids]


def _add_version(
    group: ItemGroup,
    body: CaseBody,
    members: Sequence[Item],
    actor: int | None,
    now: datetime,
) -> bool:
    data = body.model_dump(mode="json")
    versions = [item.current.pk for item in members if item.current]
    if group.current and group.current.body == data:
        stands = group.current.members.order_by("position")
        if list(stands.values_list("item_version", flat=True)) == versions:
            return False
    last = group.versions.aggregate(last=Max("number"))["last"] or 0
    group.current = ItemGroupVersion.objects.create(
        group=group, number=last + 1, body=data, created_at=now, created_by_id=actor
    )
    ItemGroupMember.objects.bulk_create(
        ItemGroupMember(version=group.current, item_version_id=version, position=position)
        for position, version in enumerate(versions)
    )
    return True
