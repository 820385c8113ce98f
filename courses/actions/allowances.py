"""What staff allow single people: a try at once, more time; each is kept in the audit log."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from badges.actions.actors import record, require_permission
from courses.actions.log import Kind, log
from courses.domain.accommodations import Accommodation as Rule
from courses.domain.policy import AssessmentPolicy
from courses.domain.sections import stretch
from courses.models import Accommodation, Assessment, Attempt, AttemptSection, Waiver
from courses.queries.retakes import find_waiver
from lms.conf import get_conf

ADD_WAIVER = "lms_courses.add_waiver"
CHANGE_TIME = "lms_courses.change_accommodation"


class WaiverPending(Exception):
    """The person already has an extra try at this test that is not used."""


class AttemptOver(Exception):
    """The attempt has ended, or its time has run out: more time would come too late."""


class NothingToAdd(Exception):
    """The attempt already lasts as long as the person's more time makes it."""


@dataclass(frozen=True, kw_only=True)
class Extended:
    """A running attempt that lasts longer now."""

    code: str
    deadline: datetime


def waive_obstacles(
    *, assessment_id: int, user_id: int, reason: str, actor: int | None, now: datetime
) -> Waiver:
    """Open one try at once, whatever the rules of trying again say.

    It is used up by the next try that would have been refused. ``PermissionDenied`` and
    ``WaiverPending`` say why nothing was opened.
    """
    require_permission(actor, ADD_WAIVER)
    with transaction.atomic():
        assessment = Assessment.objects.select_for_update().get(pk=assessment_id)
        if find_waiver(assessment, user_id):
            raise WaiverPending("an extra try at this test is still unused")
        waiver = Waiver.objects.create(
            user_id=user_id,
            assessment=assessment,
            reason=reason,
            granted_by_id=actor,
            granted_at=now,
        )
        record(waiver, "lms_courses.waived", actor, user=user_id, test=assessment_id)
    return waiver


def set_accommodation(
    *, user_id: int, rule: Rule, reason: str, actor: int | None, now: datetime
) -> Accommodation:
    """Give a person more time in every test started from now on; ``PermissionDenied``."""
    require_permission(actor, CHANGE_TIME)
    with transaction.atomic():
        row, _created = Accommodation.objects.update_or_create(
            user_id=user_id, defaults={**asdict(rule), "reason": reason, "changed_at": now}
        )
        record(row, "lms_courses.time_set", actor, user=user_id)
    return row


def extend_attempt(*, attempt_id: int, actor: int | None, now: datetime) -> Extended:
    """Move the end of a running attempt to where the person's more time puts it, never back.

    Raises ``PermissionDenied``, ``AttemptOver`` or ``NothingToAdd``.
    """
    require_permission(actor, CHANGE_TIME)
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id)
        if attempt.state != Attempt.State.OPEN or attempt.closes_at < now:
            raise AttemptOver("the attempt is over")
        given = Accommodation.objects.filter(user_id=attempt.user_id).first()
        before, breaks = attempt.deadline, attempt.break_given
        if given is None or not adds_to(attempt, given.rule):
            raise NothingToAdd("the attempt already lasts that long")
        _extend(attempt, given.rule, now)
        moved = {"before": before.isoformat(), "after": attempt.deadline.isoformat()}
        record(attempt, "lms_courses.time_extended", actor, **moved)
        detail = {
            "minutes": _minutes(attempt.deadline - before),
            "breaks": _minutes(attempt.break_given - breaks),
        }
        log(attempt, Kind.EXTENDED, now=now, detail=detail)
    return Extended(code=attempt.code, deadline=attempt.deadline)


def adds_to(attempt: Attempt, rule: Rule) -> bool:
    """Whether a rule gives a running attempt more time, or more minutes for breaks."""
    deadline = attempt.lasts(rule.extend(attempt.policy["minutes"]))
    return deadline > attempt.deadline or rule.breaks > attempt.break_given


def _extend(attempt: Attempt, rule: Rule, now: datetime) -> None:
    """Stretch the clock, and those of sections that run; breaks are added to what is left."""
    minutes = attempt.policy["minutes"]
    more = max(timedelta(), attempt.lasts(rule.extend(minutes)) - attempt.deadline)
    attempt.deadline += more
    attempt.closes_at = attempt.deadline + timedelta(seconds=get_conf().network_grace_seconds)
    breaks = max(timedelta(), rule.breaks - attempt.break_given)
    attempt.break_given += breaks
    attempt.break_left += breaks
    attempt.save(update_fields=["deadline", "closes_at", "break_given", "break_left"])
    rules = AssessmentPolicy.model_validate(attempt.policy).sections
    for section in attempt.sections.filter(left_at=None, closes_at__gte=now):
        longer = stretch(rules[section.number - 1].minutes or 0, test=minutes, lasts=more)
        AttemptSection.objects.filter(pk=section.pk).update(
            deadline=F("deadline") + longer, closes_at=F("closes_at") + longer
        )


def _minutes(more: timedelta) -> int:
    return round(more.total_seconds() / 60)


def forget_allowances(*, user_id: int) -> None:
    """Drop what was allowed to a person who is to be forgotten, and why."""
    Accommodation.objects.filter(user_id=user_id).delete()
    Waiver.objects.filter(user_id=user_id).update(reason="")
