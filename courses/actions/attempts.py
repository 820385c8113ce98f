"""Starting, answering and finishing an attempt."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.actions.log import Kind, Origin, follow, log, mark_of
from courses.actions.saving import Save, StoredAnswer, write_answer
from courses.domain.drawing import Drawn, draw
from courses.domain.items import UnreadableResponse, read_response
from courses.domain.policy import AssessmentPolicy, next_try_at
from courses.domain.scoring import Outcome, Sat, score
from courses.events import AttemptFailed, AttemptPassed
from courses.models import Assessment, Attempt, AttemptItem
from courses.queries.banks import list_candidates
from lms.conf import get_conf
from lms.events.publish import publish


class AttemptRefused(Exception):
    """A new try cannot start; the message is for the person."""


class RetakeTooEarly(AttemptRefused):
    """The wait after a failed try is not over; ``opens_at`` says when it is."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(f"the next try opens at {opens_at:%Y-%m-%d %H:%M}")
        self.opens_at = opens_at


class AssessmentClosed(AttemptRefused):
    """The test takes no new tries at present."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A running attempt; ``resumed`` when it was already open."""

    code: str
    resumed: bool


def start_attempt(
    *, course: str, user_id: int, language: str, now: datetime, origin: Origin | None = None
) -> Started:
    """Open an attempt, or return the one already open: two clicks start one test.

    Raises ``AssessmentClosed``, ``RetakeTooEarly`` or ``BankTooSmall``.
    """
    assessment = Assessment.objects.select_related("course").get(course__slug=course)
    if code := _find_open(assessment, user_id, now):
        return Started(code=code, resumed=True)
    _refuse_unless_due(assessment, user_id, now)
    try:
        with transaction.atomic():
            attempt = _create(assessment, user_id, language, now)
            log(attempt, Kind.STARTED, now=now, mark=mark_of(attempt, origin))
    except IntegrityError:
        # Somebody clicked twice: the constraint let one through, and that one is the answer.
        if code := _find_open(assessment, user_id, now):
            return Started(code=code, resumed=True)
        raise
    return Started(code=attempt.code, resumed=False)


def save_answer(
    *,
    code: str,
    user_id: int,
    slot: int,
    raw: Any,
    base_revision: int,
    save_id: str,
    follows: Sequence[str] = (),
    origin: Origin | None = None,
    at: datetime | None = None,
) -> StoredAnswer:
    """Store one answer; whose attempt, whether open and in time is checked where it writes.

    ``follows`` are saves of the same browser whose acknowledgement it may have missed. ``at``
    replaces the database's clock only when history is replayed. Raises ``UnreadableResponse`` or
    a subclass of ``AnswerRefused``.
    """
    place = AttemptItem.objects.select_related("attempt", "version").get(
        attempt__code=code, attempt__user_id=user_id, slot=slot
    )
    if not 0 <= base_revision < 2**31 or "\x00" in save_id or "\x00" in "".join(follows):
        raise UnreadableResponse("this save cannot be read; reload the page")
    value = read_response(place.version.parsed, raw)
    mark = mark_of(place.attempt, origin)
    if origin and place.attempt.state == Attempt.State.OPEN:
        follow(place.attempt, mark)
    return write_answer(
        attempt=place.attempt,
        slot=slot,
        value=value,
        save=Save(id=save_id, base=base_revision, follows=tuple(follows)),
        mark=mark,
        at=at,
    )


def submit_attempt(*, code: str, user_id: int, now: datetime, origin: Origin | None = None) -> bool:
    """Score the attempt from its saved answers and say whether it passed; again changes nothing."""
    with transaction.atomic():
        # Exclusive: a save holds the row shared, so an acknowledged answer is always scored.
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("assessment__course__achievement")
            .get(code=code, user_id=user_id)
        )
        if attempt.state == Attempt.State.OPEN:
            _finish(attempt, now, origin)
        return bool(attempt.passed)


def close_expired(now: datetime) -> int:
    """Score every attempt whose time ran out; return how many."""
    lapsed = Attempt.objects.filter(state=Attempt.State.OPEN, closes_at__lt=now)
    due = list(lapsed.values_list("code", "user_id"))
    for code, user_id in due:
        submit_attempt(code=code, user_id=user_id, now=now)
    return len(due)


def _find_open(assessment: Assessment, user_id: int, now: datetime) -> str | None:
    """The running attempt's code; one whose time ran out is scored first, sweep or no sweep."""
    running = assessment.attempts.filter(user_id=user_id, state=Attempt.State.OPEN).first()
    if running and running.closes_at < now:
        submit_attempt(code=running.code, user_id=user_id, now=now)
        return None
    return running.code if running else None


def _refuse_unless_due(assessment: Assessment, user_id: int, now: datetime) -> None:
    if not assessment.accepting:
        raise AssessmentClosed("this test takes no new tries at present")
    failed = assessment.attempts.filter(user_id=user_id, passed=False, finished_at__isnull=False)
    moments = [moment for moment in failed.values_list("finished_at", flat=True) if moment]
    opens_at = next_try_at(moments, assessment.policy.retake_wait_days)
    if opens_at and opens_at > now:
        raise RetakeTooEarly(opens_at)


def _create(assessment: Assessment, user_id: int, language: str, now: datetime) -> Attempt:
    policy, conf = assessment.policy, get_conf()
    deadline = now + timedelta(minutes=policy.minutes)
    attempt = Attempt.objects.create(
        user_id=user_id,
        assessment=assessment,
        number=assessment.attempts.filter(user_id=user_id).count() + 1,
        language=language,
        policy=asdict(policy),
        seed=secrets.token_hex(16),
        started_at=now,
        deadline=deadline,
        closes_at=deadline + timedelta(seconds=conf.network_grace_seconds),
    )
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            slot=slot,
            version_id=drawn.version_id,
            option_order=list(drawn.option_order),
        )
        for slot, drawn in enumerate(_draw(assessment, attempt, policy), start=1)
    )
    return attempt


def _draw(assessment: Assessment, attempt: Attempt, policy: AssessmentPolicy) -> tuple[Drawn, ...]:
    seen = AttemptItem.objects.filter(
        attempt__user_id=attempt.user_id, attempt__assessment=assessment
    ).values_list("version__item_id", flat=True)
    return draw(
        policy.draw,
        list_candidates(assessment.bank_id),
        times_seen=Counter(seen),
        seed=attempt.seed,
    )


def _finish(attempt: Attempt, now: datetime, origin: Origin | None) -> None:
    """Score; who comes after the end finds the time over, with nobody's address beside it."""
    if now > attempt.closes_at:
        log(attempt, Kind.EXPIRED, now=attempt.closes_at)
    else:
        log(attempt, Kind.SUBMITTED, now=now, mark=mark_of(attempt, origin))
    outcome = _score(attempt)
    attempt.state = Attempt.State.SCORED
    attempt.finished_at = min(now, attempt.closes_at)
    attempt.points, attempt.maximum = Decimal(str(outcome.points)), outcome.maximum
    attempt.passed, attempt.outcome = outcome.passed, asdict(outcome)
    attempt.save(update_fields=["state", "finished_at", "points", "maximum", "passed", "outcome"])
    _tell(attempt, now)


def _score(attempt: Attempt) -> Outcome:
    answers = dict(attempt.responses.values_list("slot", "value"))
    places = attempt.items.select_related("version__item__topic")
    return score(
        [
            Sat(
                body=place.version.parsed,
                topic=place.version.item.topic.slug,
                lesson_slug=place.version.item.lesson_slug,
                value=answers.get(place.slot),
            )
            for place in places
        ],
        cut_percent=attempt.policy["cut_percent"],
        language=attempt.language,
    )


def _tell(attempt: Attempt, now: datetime) -> None:
    course = attempt.assessment.course
    facts: dict[str, Any] = {
        "occurred_at": now,
        "attempt_id": attempt.pk,
        "user_id": attempt.user_id,
        "course": course.slug,
        "achievement": course.achievement.slug if course.achievement else "",
        "language": attempt.language,
    }
    if attempt.passed:
        publish(AttemptPassed(**facts))
        return
    failed = attempt.assessment.attempts.filter(user_id=attempt.user_id, passed=False)
    moments = [moment for moment in failed.values_list("finished_at", flat=True) if moment]
    retry_at = next_try_at(moments, attempt.policy["retake_wait_days"])
    publish(AttemptFailed(**facts, retry_at=timezone.localtime(retry_at) if retry_at else None))
