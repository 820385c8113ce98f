"""Versions that were shown, and what may be corrected of each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from courses.domain.items import ItemBody
from courses.domain.regrade import CREDIT, DROP, KEY, Correction, find_misfit, find_reworded
from courses.models import AttemptItem, Item, ItemVersion
from courses.queries.scoring import find_corrections
from lms.wording.retold import retell


@dataclass(frozen=True, kw_only=True)
class KeyChoice:
    """Another version of the same item. ``misfit`` says why its key cannot be taken, if so."""

    version: int
    number: int
    misfit: str = ""
    reworded: str = ""  # answers that read differently there


@dataclass(frozen=True, kw_only=True)
class VersionChoice:
    """A version that was shown. ``still_drawn``: new tests show it as long as nobody changes it."""

    version: int
    number: int
    item: int
    code: str
    text: str
    shown: int
    in_force: str
    still_drawn: bool
    keys: tuple[KeyChoice, ...]

    @property
    def fitting(self) -> tuple[KeyChoice, ...]:
        return tuple(key for key in self.keys if not key.misfit)

    @property
    def unfit(self) -> tuple[KeyChoice, ...]:
        return tuple(key for key in self.keys if key.misfit)


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """A correction in words, and which answers read differently in the version it judges by."""

    item: int
    code: str
    number: int
    said: str
    reworded: str
    still_drawn: bool


def list_choices_of_test(assessment_id: int) -> tuple[VersionChoice, ...]:
    """Return every version a test showed, with what may be done with it; constant statements."""
    places = AttemptItem.objects.filter(attempt__assessment=assessment_id)
    return _list_choices(dict(places.values_list("version").annotate(times=Count("pk"))))


def list_choices_of_item(item_id: int) -> tuple[VersionChoice, ...]:
    """Return the versions of an item that were shown, in whatever test."""
    places = AttemptItem.objects.filter(version__item=item_id)
    return _list_choices(dict(places.values_list("version").annotate(times=Count("pk"))))


def _list_choices(shown: dict[int, int]) -> tuple[VersionChoice, ...]:
    items = ItemVersion.objects.filter(pk__in=shown).values("item")
    versions = list(ItemVersion.objects.filter(item__in=items).select_related("item"))
    bodies = {version.pk: version.parsed for version in versions}
    siblings: dict[int, list[ItemVersion]] = defaultdict(list)
    for version in versions:
        siblings[version.item_id].append(version)
    in_force = find_corrections(shown)
    said = {pk: one.said for pk, one in _describe(in_force.values(), versions, bodies).items()}
    return tuple(
        VersionChoice(
            version=version.pk,
            number=version.number,
            item=version.item_id,
            code=version.item.code,
            text=version.item.excerpt,
            shown=shown[version.pk],
            in_force=said.get(version.pk, ""),
            still_drawn=is_drawn(version),
            keys=tuple(
                _key(bodies[version.pk], other, bodies[other.pk])
                for other in siblings[version.item_id]
                if other.pk != version.pk or version.pk in in_force
            ),
        )
        for version in sorted(versions, key=lambda one: (one.item.code, one.number))
        if version.pk in shown
    )


def is_drawn(version: ItemVersion) -> bool:
    """Whether tests started from now on may show a version."""
    item = version.item
    return item.current_id == version.pk and item.state in (Item.State.LIVE, Item.State.PILOT)


def _key(shown: ItemBody, other: ItemVersion, right: ItemBody) -> KeyChoice:
    if misfit := find_misfit(shown, right):
        return KeyChoice(version=other.pk, number=other.number, misfit=retell(misfit))
    reworded = ", ".join(find_reworded(shown, right))
    return KeyChoice(version=other.pk, number=other.number, reworded=reworded)


def describe_corrections(corrections: Sequence[Correction]) -> tuple[CorrectionView, ...]:
    """Return corrections in words, in their order."""
    named = {pk for one in corrections for pk in (one.version, one.by) if pk is not None}
    versions = list(ItemVersion.objects.filter(pk__in=named).select_related("item"))
    found = _describe(corrections, versions, {one.pk: one.parsed for one in versions})
    return tuple(found[one.version] for one in corrections if one.version in found)


def _describe(
    corrections: Iterable[Correction],
    versions: Iterable[ItemVersion],
    bodies: dict[int, ItemBody],
) -> dict[int, CorrectionView]:
    by_id = {version.pk: version for version in versions}
    told = {}
    for one in corrections:
        shown, right = by_id.get(one.version), by_id.get(one.by or 0)
        if shown is None:
            continue
        fits = one.kind == KEY and right and not find_misfit(bodies[shown.pk], bodies[right.pk])
        reworded = find_reworded(bodies[shown.pk], bodies[right.pk]) if fits and right else ()
        told[shown.pk] = CorrectionView(
            item=shown.item_id,
            code=shown.item.code,
            number=shown.number,
            said=_say(one, right),
            reworded=", ".join(reworded),
            still_drawn=is_drawn(shown),
        )
    return told


def _say(correction: Correction, right: ItemVersion | None) -> str:
    if correction.kind == DROP:
        return _("Does not count")
    if correction.kind == CREDIT:
        return _("A point for everybody who was shown it")
    if correction.undoes or right is None:
        return _("By its own key, as at first")
    return _("By the key of version %(number)s") % {"number": right.number}
