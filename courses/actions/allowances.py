"""What staff allow single people: a try at once, more time; each is kept in the audit log."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from badges.actions.actors import record, require_permission
from courses.actions.log import Kind, log
from courses.domain.accommodations import Accommodation as Rule
from courses.models import Accommodation, Assessment, Attempt, Waiver
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
        before = attempt.deadline
        minutes = attempt.policy["minutes"]
        deadline = attempt.started_at + given.rule.extend(minutes) if given else before
        if deadline <= before:
            raise NothingToAdd("the attempt already lasts that long")
        attempt.deadline = deadline
        attempt.closes_at = deadline + timedelta(seconds=get_conf().network_grace_seconds)
        attempt.save(update_fields=["deadline", "closes_at"])
        moved = {"before": before.isoformat(), "after": deadline.isoformat()}
        record(attempt, "lms_courses.time_extended", actor, **moved)
        log(attempt, Kind.EXTENDED, now=now, detail={"minutes": _minutes(deadline - before)})
    return Extended(code=attempt.code, deadline=deadline)


def _minutes(more: timedelta) -> int:
    return round(more.total_seconds() / 60)


def forget_allowances(*, user_id: int) -> None:
    """Drop what was allowed to a person who is to be forgotten, and why."""
    Accommodation.objects.filter(user_id=user_id).delete()
    Waiver.objects.filter(user_id=user_id).update(reason="")
