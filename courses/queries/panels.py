"""What one judge of a panel may see: own ratings, and what closed rounds came to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from courses.domain import angoff
from courses.domain.items import credit_of
from courses.domain.statistics import LEAST
from courses.models import Attempt, AttemptItem, Judge, Panel, PanelItem, Rating
from courses.models import Response as Answer

JUDGE = "lms_courses.judge_panel"
CHAIR = "lms_courses.change_assessment"


@dataclass(frozen=True, kw_only=True)
class Before:
    """What the round before said of an item, for a judge who rates it again."""

    mean: float | None
    spread: float | None
    is_disputed: bool
    own: int | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """An item in a judge's list."""

    item: PanelItem
    own: int | None
    before: Before | None


def may_judge(user: Any) -> bool:
    """Whether somebody may sit on panels: staff, or who was given the permission."""
    return bool(user.is_active and (getattr(user, "is_staff", False) or user.has_perm(JUDGE)))


def list_seats(user: Any) -> list[Judge]:
    """Return the seats of a person, the newest first, with ``rated`` and ``total`` of the round."""
    rated = Count("ratings", filter=Q(ratings__round=F("panel__round")), distinct=True)
    total = Count("panel__items", distinct=True)
    seats = Judge.objects.filter(user=user).select_related("panel__assessment__course")
    counted = seats.annotate(rated=rated, total=total).order_by("-panel__created_at")
    found: list[Judge] = [*counted]
    return found if found and may_judge(user) else []


def count_waiting(user: Any) -> int:
    """Return on how many panels a person has something left to rate."""
    seats = [seat for seat in list_seats(user) if seat.panel.state == Panel.State.OPEN]
    return sum(seat.rated < seat.total for seat in seats)  # type: ignore[attr-defined]


def find_seat(code: str, user: Any) -> Judge | None:
    """Return a person's seat on a panel, or nothing, whatever the reason."""
    if not may_judge(user):
        return None
    seats = Judge.objects.select_related("panel__assessment__course")
    return seats.filter(panel__code=code, user=user).first()


def list_places(seat: Judge) -> list[Place]:
    """Return the items before a judge with the own ratings, and what the last round said."""
    panel = seat.panel
    items = list(panel.items.select_related("version__item__topic"))
    own = {
        (item, number): percent
        for item, number, percent in seat.ratings.values_list("item_id", "round", "percent")
    }
    former = panel.closed_rounds
    opinions = {}
    if former:
        opinions = {one.item: one for one in get_round(panel, former).items}
    return [
        Place(
            item=item,
            own=own.get((item.pk, panel.round)),
            before=_before(opinions.get(item.pk), own.get((item.pk, former))),
        )
        for item in items
    ]


def _before(opinion: angoff.ItemOpinion | None, own: int | None) -> Before | None:
    if opinion is None:
        return None
    return Before(
        mean=opinion.mean, spread=opinion.spread, is_disputed=opinion.is_disputed, own=own
    )


def find_facility(panel: Panel, item: PanelItem) -> float | None:
    """Return the share of points that candidates got for a version, if enough answered it."""
    scored = {
        "attempt__assessment": panel.assessment_id,
        "attempt__state": Attempt.State.SCORED,
    }
    shown = AttemptItem.objects.filter(version_id=item.version_id, **scored)
    places = list(shown.values_list("attempt_id", "slot", "attempt__language"))
    if len(places) < LEAST:
        return None
    given = Answer.objects.filter(
        attempt__items__version_id=item.version_id, attempt__items__slot=F("slot"), **scored
    )
    answers = {
        (attempt, slot): value
        for attempt, slot, value in given.values_list("attempt_id", "slot", "value")
    }
    body = item.version.parsed
    credits = [
        float(credit_of(body, answers.get((attempt, slot)), language))
        for attempt, slot, language in places
    ]
    return sum(credits) / len(credits)


def get_round(panel: Panel, number: int) -> angoff.RoundReport:
    """Return what a round came to."""
    return get_rounds(panel, [number])[number]


def get_rounds(panel: Panel, numbers: Iterable[int]) -> dict[int, angoff.RoundReport]:
    """Return what rounds came to; three statements, however many rounds there are."""
    wanted = list(numbers)
    items = [
        angoff.RatedItem(id=pk, cell=cell) for pk, cell in panel.items.values_list("pk", "cell")
    ]
    judges = list(panel.judges.values_list("pk", flat=True))
    ratings: dict[int, list[angoff.Rating]] = defaultdict(list)
    rows = Rating.objects.filter(item__panel=panel, round__in=wanted)
    for number, judge, item, percent in rows.values_list("round", "judge_id", "item_id", "percent"):
        ratings[number].append(angoff.Rating(judge=judge, item=item, percent=percent))
    return {
        number: angoff.describe_round(items, panel.counts, judges, ratings[number])
        for number in wanted
    }
