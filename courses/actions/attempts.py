"""Starting, answering and finishing an attempt."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.actions.clock import database_now
from courses.actions.log import Kind, Origin, log, mark_of, tell_change
from courses.actions.running import end_lapsed_pause, settle_pause
from courses.actions.saving import (
    AttemptClosed,
    AttemptPaused,
    Save,
    StoredAnswer,
    find_closed_section,
    write_answer,
)
from courses.actions.sitting import Sitting, find_sitting
from courses.domain.drawing import draw
from courses.domain.items import UnreadableResponse, read_response
from courses.domain.policy import AssessmentPolicy
from courses.domain.replay import keep_inputs
from courses.domain.retakes import next_opening
from courses.domain.scoring import Outcome
from courses.domain.sections import put_in_sections
from courses.events import AttemptFailed, AttemptPassed
from courses.models import (
    Accommodation,
    Assessment,
    Attempt,
    AttemptItem,
    AttemptSection,
    DrawRecord,
    Waiver,
)
from courses.queries.banks import list_candidates
from courses.queries.draws import get_past
from courses.queries.retakes import describe_tries, find_waiver, list_obstacles
from courses.queries.scoring import Scorer
from lms.conf import get_conf
from lms.events.publish import publish

OUTCOME = ("points", "maximum", "passed", "outcome")  # fields of an attempt


@dataclass(frozen=True, kw_only=True)
class Started:
    """A running attempt; ``resumed`` when it was already open."""

    code: str
    resumed: bool


def start_attempt(
    *,
    course: str,
    user_id: int,
    language: str,
    now: datetime,
    origin: Origin | None = None,
    seed: str | None = None,
) -> Started:
    """Open an attempt, or return the one already open: two clicks start one test.

    Only a replayed history gives a ``seed``, so that the same past draws the same tests. Raises
    ``BankTooSmall``, or what stands in the way as a subclass of ``AttemptRefused``; a waiver takes
    away all of that except a closed test, once.
    """
    assessment = Assessment.objects.select_related("course").get(course__slug=course)
    if code := _find_open(assessment, user_id, now):
        return Started(code=code, resumed=True)
    try:
        with transaction.atomic():
            waiver = _refuse_unless_due(assessment, user_id, now)
            attempt = _create(assessment, user_id, language, now, seed)
            if waiver:
                Waiver.objects.filter(pk=waiver.pk).update(attempt=attempt)
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
    place = find_sitting(code=code, user_id=user_id, slot=slot)
    if not 0 <= base_revision < 2**31 or "\x00" in save_id or "\x00" in "".join(follows):
        raise UnreadableResponse("this save cannot be read; reload the page")
    value = _read(place, slot, raw)
    if place.attempt.paused_until:
        with suppress(AttemptClosed):  # the statement refuses too, and keeps what came too late
            end_lapsed_pause(place.attempt, database_now())
    mark = mark_of(place.attempt, origin)
    if origin and place.attempt.state == Attempt.State.OPEN:
        tell_change(place.attempt, place.before, mark)
    return write_answer(
        attempt=place.attempt,
        slot=slot,
        value=value,
        save=Save(id=save_id, base=base_revision, follows=tuple(follows)),
        mark=mark,
        at=at,
    )


def _read(place: Sitting, slot: int, raw: Any) -> Any:
    """What a question in a closed section would accept is not told."""
    try:
        return read_response(place.body, raw)
    except UnreadableResponse:
        if place.section and (refusal := find_closed_section(place.attempt, slot, database_now())):
            raise refusal from None
        raise


def flag_place(*, code: str, user_id: int, slot: int, flagged: bool, now: datetime) -> bool:
    """Mark a place to look at again, or take the mark away; ``False`` if the test is over."""
    running = Attempt.objects.filter(
        code=code, user_id=user_id, state=Attempt.State.OPEN, closes_at__gte=now
    )
    places = AttemptItem.objects.filter(attempt__in=running, slot=slot)
    return places.update(flagged=flagged) > 0


def submit_attempt(*, code: str, user_id: int, now: datetime, origin: Origin | None = None) -> bool:
    """Score the attempt from its saved answers and say whether it passed; again changes nothing.

    ``AttemptPaused`` while it is paused: a page left open elsewhere may think the time over.
    """
    with transaction.atomic():
        # Exclusive: a save holds the row shared, so an acknowledged answer is always scored.
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("assessment__course__achievement")
            .get(code=code, user_id=user_id)
        )
        if attempt.state == Attempt.State.OPEN:
            if attempt.is_paused(now):
                raise AttemptPaused("the test is paused")
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


def _refuse_unless_due(assessment: Assessment, user_id: int, now: datetime) -> Waiver | None:
    """Raise what stands in the way, or return the waiver that takes it away."""
    obstacles = list_obstacles(assessment, user_id, now)
    if not obstacles:
        return None
    waiver = find_waiver(assessment, user_id) if assessment.accepting else None
    if waiver is None:
        raise obstacles[0]
    return waiver


def _create(
    assessment: Assessment, user_id: int, language: str, now: datetime, seed: str | None
) -> Attempt:
    policy, conf = assessment.policy, get_conf()
    given = Accommodation.objects.filter(user_id=user_id).first()
    deadline = now + (given.rule.extend(policy.minutes) if given else policy.time)
    breaks = given.rule.breaks if given else timedelta()
    attempt = Attempt.objects.create(
        user_id=user_id,
        assessment=assessment,
        number=assessment.attempts.filter(user_id=user_id).count() + 1,
        language=language,
        policy=policy.model_dump(mode="json"),
        seed=sha256(seed.encode()).hexdigest()[:32] if seed else secrets.token_hex(16),
        started_at=now,
        deadline=deadline,
        closes_at=deadline + timedelta(seconds=conf.network_grace_seconds),
        break_given=breaks,
        break_left=breaks,
    )
    _draw(assessment, attempt, policy)
    return attempt


def _draw(assessment: Assessment, attempt: Attempt, policy: AssessmentPolicy) -> None:
    """Draw the attempt's items, and keep what the draw knew."""
    candidates = list_candidates(assessment.bank_id)
    past = get_past(assessment, attempt.user_id, policy.blueprint.exposure)
    drawn = draw(policy.blueprint, candidates, past=past, seed=attempt.seed)
    topics = {one.version_id: one.topic for one in candidates}
    places = put_in_sections(drawn.places, topics, policy.sections)
    AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            slot=slot,
            section=section,
            version_id=place.version_id,
            group_version_id=place.group_version_id,
            option_order=list(place.option_order),
            pilot=place.pilot,
        )
        for slot, (section, place) in enumerate(places, start=1)
    )
    numbers = sorted({section for section, _ in places if section})
    AttemptSection.objects.bulk_create(
        AttemptSection(attempt=attempt, number=number) for number in numbers
    )
    DrawRecord.objects.create(
        attempt=attempt,
        inputs=keep_inputs(candidates, past).model_dump(mode="json"),
        relaxed=[asdict(one) for one in drawn.relaxed],
    )


def _finish(attempt: Attempt, now: datetime, origin: Origin | None) -> None:
    """Score; who comes after the end finds the time over, with nobody's address beside it."""
    settle_pause(attempt, now, None)
    if now > attempt.closes_at:
        log(attempt, Kind.EXPIRED, now=attempt.closes_at)
    else:
        log(attempt, Kind.SUBMITTED, now=now, mark=mark_of(attempt, origin))
    outcome = Scorer().finish(attempt)
    attempt.state = Attempt.State.SCORED
    attempt.finished_at = min(now, attempt.closes_at)
    take_outcome(attempt, outcome)
    attempt.save(update_fields=["state", "finished_at", *OUTCOME])
    tell_outcome(attempt, now)


def take_outcome(attempt: Attempt, outcome: Outcome) -> None:
    """Let an outcome stand for an attempt; the caller saves ``OUTCOME``."""
    attempt.points, attempt.maximum = Decimal(str(outcome.points)), outcome.maximum
    attempt.passed, attempt.outcome = outcome.passed, asdict(outcome)


def tell_outcome(attempt: Attempt, now: datetime) -> None:
    """Publish that an attempt was passed, or was not and when the next one opens."""
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
    tries = describe_tries(attempt.assessment.attempts.filter(user_id=attempt.user_id))
    retry_at = next_opening(AssessmentPolicy.model_validate(attempt.policy).retakes, tries, now)
    publish(AttemptFailed(**facts, retry_at=timezone.localtime(retry_at) if retry_at else None))
