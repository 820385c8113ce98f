"""Panels that recommend a cut: opened, seated, rated in rounds, decided. Closed rounds stay."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission
from courses.domain.angoff import MOST_ROUNDS, to_whole
from courses.domain.drawing import fits, gather
from courses.models import Assessment, Judge, Panel, PanelItem, Rating
from courses.queries.banks import list_candidates
from courses.queries.cuts import find_test_error
from courses.queries.panels import CHAIR, get_rounds, may_judge


class PanelRefused(ValueError):
    """A panel is not where this could be done; the message says what would be right."""


class NothingToJudge(PanelRefused):
    """The bank has no live item for something the test draws."""


class RoundClosed(PanelRefused):
    """No round is open, so nothing is rated or closed."""


class RoundOpen(PanelRefused):
    """A round is open; it has to be closed first."""


class PanelDecided(PanelRefused):
    """The decision is taken: nothing of it changes."""


class NotAJudge(PanelRefused):
    """Somebody may not judge, or does not sit on this panel."""


class NotRated(PanelRefused):
    """Ratings are missing without which there is no recommendation."""


class ReasonMissing(PanelRefused):
    """The decision differs from the recommendation and does not say why."""


@transaction.atomic
def open_panel(*, assessment_id: int, description: str, actor: int | None, now: datetime) -> Panel:
    """Open a panel with its first round, over every live item that the test may draw.

    Raises ``PermissionDenied`` or ``NothingToJudge``.
    """
    require_permission(actor, CHAIR)
    assessment = Assessment.objects.get(pk=assessment_id)
    cells = [cell for cell in assessment.policy.blueprint.cells if cell.count]
    candidates = sorted(list_candidates(assessment.bank_id), key=lambda one: one.place)
    chosen = [
        (candidate, cell.name)
        for unit in gather(candidates)
        if (cell := next((one for one in cells if fits(one, unit)), None))
        for candidate in unit
    ]
    empty = sorted({cell.name for cell in cells} - {name for _candidate, name in chosen})
    if empty or not cells:
        text = _("The bank has no live items of: %(topics)s. Write them first.")
        raise NothingToJudge(text % {"topics": ", ".join(empty) or "–"})
    panel = Panel.objects.create(
        assessment=assessment,
        description=description,
        counts={cell.name: cell.count * cell.size for cell in cells},
        created_at=now,
    )
    PanelItem.objects.bulk_create(
        PanelItem(
            panel=panel,
            position=position,
            version_id=candidate.version_id,
            group_version_id=candidate.member.version_id if candidate.member else None,
            cell=name,
        )
        for position, (candidate, name) in enumerate(chosen, start=1)
    )
    record(panel, "lms_courses.panel_opened", actor, test=assessment.pk)
    return panel


@transaction.atomic
def seat_judge(*, panel_id: int, user_id: int, actor: int | None, now: datetime) -> Judge:
    """Let somebody judge on a panel; seated twice changes nothing.

    Raises ``PermissionDenied``, ``PanelDecided``, or ``NotAJudge`` for who is neither staff nor has
    the permission to judge.
    """
    require_permission(actor, CHAIR)
    panel = _lock(panel_id)
    _refuse_decided(panel)
    if not may_judge(get_user_model()._default_manager.get(pk=user_id)):
        raise NotAJudge(
            _("This person is neither staff nor has the permission to judge items on a panel.")
        )
    judge, created = Judge.objects.get_or_create(panel=panel, user_id=user_id)
    if created:
        record(panel, "lms_courses.judge_seated", actor, user=user_id)
    return judge


@transaction.atomic
def unseat_judge(*, panel_id: int, judge_id: int, actor: int | None, now: datetime) -> None:
    """Take a judge from a panel; ``PanelRefused`` where they rated something, or it is over."""
    require_permission(actor, CHAIR)
    panel = _lock(panel_id)
    _refuse_decided(panel)
    judge = Judge.objects.get(pk=judge_id, panel=panel)
    if judge.ratings.exists():
        raise PanelRefused(_("This judge has rated items: what was said stays with the panel."))
    record(panel, "lms_courses.judge_unseated", actor, user=judge.user_id)
    judge.delete()


@transaction.atomic
def rate(
    *,
    panel_id: int,
    user_id: int,
    version_id: int,
    percent: int,
    actor: int | None,
    now: datetime,
) -> Rating:
    """Keep what a judge says of an item in the open round; said again, it takes the former's place.

    A person rates for themselves alone. Raises ``PermissionDenied``, ``RoundClosed``, ``NotAJudge``
    or ``ValueError`` for what is no percentage.
    """
    if actor is not None and actor != user_id:
        raise PermissionDenied(_("You may not do this."))
    if not 0 <= percent <= 100:
        raise ValueError(_("A rating is a whole number from 0 to 100."))
    panel = _lock(panel_id)
    _require_open(panel)
    judge = Judge.objects.select_related("user").filter(panel=panel, user_id=user_id).first()
    if judge is None or not may_judge(judge.user):
        raise NotAJudge(_("This person does not sit on this panel."))
    rating, _created = Rating.objects.update_or_create(
        judge=judge,
        item=PanelItem.objects.get(panel=panel, version_id=version_id),
        round=panel.round,
        defaults={"percent": percent, "saved_at": now},
    )
    return rating


@transaction.atomic
def close_round(*, panel_id: int, actor: int | None, now: datetime) -> Panel:
    """Close the open round: from then on its ratings stay. What is missing stays missing.

    Raises ``PermissionDenied``, ``RoundClosed``, ``PanelDecided``, or ``NotRated`` where nobody
    rated anything.
    """
    require_permission(actor, CHAIR)
    panel = _lock(panel_id)
    _require_open(panel)
    report = get_rounds(panel, [panel.round])[panel.round]
    if not report.ratings:
        raise NotRated(_("Nobody has rated an item in this round yet."))
    panel.state = Panel.State.CLOSED
    panel.save(update_fields=["state"])
    record(panel, "lms_courses.round_closed", actor, round=panel.round, missing=report.missing)
    return panel


@transaction.atomic
def open_round(*, panel_id: int, actor: int | None, now: datetime) -> Panel:
    """Open the next round: judges see what the last one said and rate again.

    Raises ``PermissionDenied``, ``RoundOpen``, ``PanelDecided`` or, after the ninth,
    ``PanelRefused``.
    """
    require_permission(actor, CHAIR)
    panel = _lock(panel_id)
    _require_closed(panel)
    if panel.round >= MOST_ROUNDS:
        raise PanelRefused(_("A panel has at most %(most)s rounds.") % {"most": MOST_ROUNDS})
    panel.state, panel.round = Panel.State.OPEN, panel.round + 1
    panel.save(update_fields=["state", "round"])
    record(panel, "lms_courses.round_opened", actor, round=panel.round)
    return panel


@transaction.atomic
def decide_cut(
    *, panel_id: int, percent: int, reason: str, actor: int | None, now: datetime
) -> Panel:
    """Decide the cut and make it the test's, for attempts that start from now on.

    What was recommended is kept with it; a ``percent`` other than that, rounded, needs a reason.
    Raises ``PermissionDenied``, ``RoundOpen``, ``PanelDecided``, ``NotRated``, ``ReasonMissing``,
    or ``ValueError`` for a percentage no test can have.
    """
    require_permission(actor, CHAIR)
    if not 1 <= percent <= 100:
        raise ValueError(_("A cut is a whole number from 1 to 100."))
    panel = _lock(panel_id)
    _require_closed(panel)
    summary = _summarise(panel)
    last = summary["rounds"][-1]
    if last["cut"] is None:
        raise NotRated(_("Something the test draws was rated by nobody: open another round."))
    if percent != to_whole(last["cut"]) and not reason.strip():
        raise ReasonMissing(_("Say why the cut is not the recommended one."))
    assessment = Assessment.objects.select_for_update().get(pk=panel.assessment_id)
    panel.state, panel.decided_at, panel.decided_by_id = Panel.State.DECIDED, now, actor
    panel.cut_percent, panel.reason = percent, reason.strip()
    panel.recommended, panel.error, panel.summary = last["cut"], last["error"], summary
    panel.save()
    before, assessment.cut_percent = assessment.cut_percent, percent
    assessment.save(update_fields=["cut_percent"])
    for row in (panel, assessment):
        record(
            row, "lms_courses.cut_decided", actor, panel=panel.pk, before=before, percent=percent
        )
    return panel


def forget_judge(*, user_id: int) -> None:
    """Take the name from what a person said on panels and decided; the figures stay."""
    Judge.objects.filter(user_id=user_id).update(user=None)
    Panel.objects.filter(decided_by_id=user_id).update(decided_by=None)


def _summarise(panel: Panel) -> dict[str, Any]:
    """Return what a decision rests on: every round, ids in place of names."""
    rounds = get_rounds(panel, range(1, panel.round + 1))
    return {
        "judges": panel.judges.count(),
        "test_error": find_test_error(panel.assessment),
        "rounds": [{"round": number, **asdict(told)} for number, told in rounds.items()],
    }


def _lock(panel_id: int) -> Panel:
    return Panel.objects.select_for_update().get(pk=panel_id)


def _refuse_decided(panel: Panel) -> None:
    if panel.state == Panel.State.DECIDED:
        raise PanelDecided(_("The decision is taken: open a new panel to judge again."))


def _require_open(panel: Panel) -> None:
    _refuse_decided(panel)
    if panel.state != Panel.State.OPEN:
        raise RoundClosed(_("The round is closed: its ratings stay as they are."))


def _require_closed(panel: Panel) -> None:
    _refuse_decided(panel)
    if panel.state == Panel.State.OPEN:
        raise RoundOpen(_("A round is open: close it first."))
