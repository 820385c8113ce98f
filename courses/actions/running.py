"""What a person does in a running attempt beside answering: sections and breaks.

Each takes the attempt's row exclusively, so that no answer is saved across it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from courses.actions.log import Kind, Origin, log, mark_of
from courses.actions.saving import AttemptClosed, AttemptPaused
from courses.domain.policy import AssessmentPolicy
from courses.domain.sections import Progress, next_due, stretch
from courses.models import Attempt, AttemptSection
from lms.conf import get_conf


class SectionNotDue(Exception):
    """Another section comes first."""


class NoBreakLeft(Exception):
    """The person has no minutes for breaks, or has used them."""


def enter_section(
    *, code: str, user_id: int, number: int, now: datetime, origin: Origin | None = None
) -> None:
    """Open a section; its own clock runs from now. Again changes nothing.

    Raises ``AttemptClosed``, ``AttemptPaused`` or ``SectionNotDue``.
    """
    with transaction.atomic():
        attempt = _take(code, user_id, now)
        if attempt.is_paused(now):
            raise AttemptPaused("the test is paused")
        policy = AssessmentPolicy.model_validate(attempt.policy)
        rows = list(attempt.sections.all())
        section = next((row for row in rows if row.number == number), None)
        if section and section.is_open(now):
            return
        if section is None or next_due(_progress(rows, policy, now)) != number:
            raise SectionNotDue("another section comes first")
        _close_lapsed(attempt, rows, now)
        section.opened_at = now
        if minutes := policy.sections[number - 1].minutes:
            lasts = attempt.deadline - attempt.lasts(timedelta())
            section.deadline = now + stretch(minutes, test=policy.minutes, lasts=lasts)
            grace = timedelta(seconds=get_conf().network_grace_seconds)
            section.closes_at = section.deadline + grace
        section.save()
        _tell(attempt, Kind.ENTERED, now, origin, section=number)


def leave_section(
    *, code: str, user_id: int, number: int, now: datetime, origin: Origin | None = None
) -> None:
    """Close a section that is one-way, or whose own time is over; from others one comes and goes.

    Again changes nothing. Raises ``AttemptClosed`` or ``AttemptPaused``.
    """
    with transaction.atomic():
        attempt = _take(code, user_id, now)
        if attempt.is_paused(now):
            raise AttemptPaused("the test is paused")
        section = attempt.sections.filter(number=number).first()
        if section is None or section.opened_at is None or section.left_at:
            return
        over = section.deadline is not None and section.deadline <= now
        rules = AssessmentPolicy.model_validate(attempt.policy).sections[number - 1]
        if not over and not rules.one_way:
            return
        section.left_at = min(now, section.closes_at or now)
        section.save()
        _tell(attempt, Kind.LEFT, section.left_at, origin, section=number, over=over)


def pause_attempt(
    *, code: str, user_id: int, now: datetime, origin: Origin | None = None
) -> datetime:
    """Stop the clock and return when it goes on by itself; a pause that runs goes on running.

    The end moves by all the minutes left for breaks, so it is right whoever looks and whenever.
    Raises ``AttemptClosed`` or ``NoBreakLeft``.
    """
    with transaction.atomic():
        attempt = _take(code, user_id, now)
        if attempt.is_paused(now) and attempt.paused_until:
            return attempt.paused_until
        settle_pause(attempt, now, origin)
        if attempt.deadline <= now:
            raise AttemptClosed("the time is over")
        left = attempt.break_left
        if left <= timedelta():
            raise NoBreakLeft("no minutes for breaks are left")
        _tell(attempt, Kind.PAUSED, now, origin, seconds=int(left.total_seconds()))
        _move(attempt, left, after=now)
        attempt.paused_at, attempt.paused_until = now, now + left
        attempt.break_left = timedelta()
        attempt.save(update_fields=PAUSE)
        return attempt.paused_until


def resume_attempt(*, code: str, user_id: int, now: datetime, origin: Origin | None = None) -> None:
    """Let the clock go on, and keep what was not used of the break; no pause, no change."""
    with transaction.atomic():
        settle_pause(_take(code, user_id, now), now, origin)


def end_lapsed_pause(attempt: Attempt, now: datetime) -> None:
    """Tell of a pause that ended by itself before anything else is told; ``AttemptClosed``."""
    if attempt.paused_until and not attempt.is_paused(now):
        resume_attempt(code=attempt.code, user_id=attempt.user_id, now=now)


PAUSE = ["deadline", "closes_at", "break_left", "paused_at", "paused_until"]


def settle_pause(attempt: Attempt, now: datetime, origin: Origin | None) -> None:
    """Tell that a pause ended, also one that ended by itself before anybody came back."""
    if attempt.paused_at is None or attempt.paused_until is None:
        return
    end = min(now, attempt.paused_until)
    unused = attempt.paused_until - end
    _move(attempt, -unused, after=attempt.paused_until)
    seconds = int((end - attempt.paused_at).total_seconds())
    attempt.break_left += unused
    attempt.paused_at = attempt.paused_until = None
    attempt.save(update_fields=PAUSE)
    _tell(attempt, Kind.RESUMED, end, origin if unused else None, seconds=seconds)


def _move(attempt: Attempt, time: timedelta, *, after: datetime) -> None:
    """Move the end of the attempt, and of sections whose own end lies after a moment."""
    attempt.deadline += time
    attempt.closes_at += time
    attempt.sections.filter(left_at=None, deadline__gt=after).update(
        deadline=F("deadline") + time, closes_at=F("closes_at") + time
    )


def _close_lapsed(attempt: Attempt, rows: list[AttemptSection], now: datetime) -> None:
    """Tell of sections whose own time ran out while nobody looked."""
    for row in rows:
        if row.left_at is None and row.closes_at and row.closes_at < now:
            row.left_at = row.closes_at
            row.save(update_fields=["left_at"])
            _tell(attempt, Kind.LEFT, row.left_at, None, section=row.number, over=True)


def _take(code: str, user_id: int, now: datetime) -> Attempt:
    attempt = Attempt.objects.select_for_update(of=("self",)).get(code=code, user_id=user_id)
    if attempt.state != Attempt.State.OPEN or attempt.closes_at < now:
        raise AttemptClosed("the test is over")
    return attempt


def _progress(
    rows: list[AttemptSection], policy: AssessmentPolicy, now: datetime
) -> list[Progress]:
    return [
        Progress(
            number=row.number,
            one_way=policy.sections[row.number - 1].one_way,
            opened=row.opened_at is not None,
            closed=row.is_closed(now),
        )
        for row in rows
    ]


def _tell(
    attempt: Attempt, kind: Kind, now: datetime, origin: Origin | None, **detail: Any
) -> None:
    log(attempt, kind, now=now, mark=mark_of(attempt, origin), detail=detail)
