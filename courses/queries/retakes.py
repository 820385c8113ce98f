"""What keeps a person from a new try, and what staff allowed in spite of it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from badges.queries import get_recipient_of_user, list_credentials
from badges.queries.achievements import get_rules
from courses.domain.retakes import (
    AssessmentClosed,
    AttemptRefused,
    RetakePolicy,
    Standing,
    Try,
    find_obstacles,
)
from courses.models import Assessment, Attempt, LessonProgress, Waiver


def describe_tries(attempts: Iterable[Attempt]) -> list[Try]:
    """Return attempts as the rules of trying again read them."""
    return [
        Try(
            started_at=attempt.started_at,
            ended_at=attempt.finished_at,
            passed=attempt.passed,
            return_to=tuple((attempt.outcome or {}).get("return_to", ())),
        )
        for attempt in attempts
    ]


def list_obstacles(
    assessment: Assessment, user_id: int, now: datetime
) -> tuple[AttemptRefused, ...]:
    """Return everything that keeps a person from starting now; a waiver is not looked at."""
    if not assessment.accepting:
        return (AssessmentClosed("this test takes no new tries at present"),)
    tries = describe_tries(assessment.attempts.filter(user_id=user_id).order_by("number"))
    policy = assessment.policy.retakes
    today = timezone.localdate(now, timezone.get_default_timezone())
    standing = _standing(assessment, user_id, policy, today)
    return find_obstacles(policy, tries, standing, now)


def find_waiver(assessment: Assessment, user_id: int) -> Waiver | None:
    """Return the extra try that a person was given and has not used."""
    return assessment.waivers.filter(user_id=user_id, attempt=None).first()


def _standing(assessment: Assessment, user_id: int, policy: RetakePolicy, today: date) -> Standing:
    read_at: dict[str, datetime | None] = {}
    if policy.revisit:
        read_at = dict.fromkeys(assessment.course.lessons.values_list("slug", flat=True))
        read_at |= dict(
            LessonProgress.objects.filter(
                user_id=user_id, lesson__course=assessment.course_id
            ).values_list("lesson__slug", "last_read_at")
        )
    if policy.once_passed != "window":
        return Standing(read_at=read_at)
    holds, renewal_at = _renewal(assessment, user_id, today)
    return Standing(read_at=read_at, holds=holds, renewal_at=renewal_at)


def _renewal(assessment: Assessment, user_id: int, today: date) -> tuple[bool, datetime | None]:
    """Whether what was earned still holds, and when its renewal opens."""
    achievement, card = assessment.course.achievement, get_recipient_of_user(user_id)
    if achievement is None or card is None:
        return False, None
    held = [
        credential
        for credential in list_credentials(recipient_ids=[card.id])
        if credential.achievement == achievement.slug
        and credential.revoked_at is None
        and (credential.valid_until is None or today < credential.valid_until)
    ]
    if not held:
        return False, None
    if any(credential.valid_until is None for credential in held):
        return True, None
    until = max(credential.valid_until for credential in held if credential.valid_until)
    rules = get_rules(achievement.slug)
    opens_on = until - timedelta(days=rules.renew_days if rules else 0)
    return True, timezone.make_aware(datetime.combine(opens_on, time.min))
