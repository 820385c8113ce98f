"""Trying again: every obstacle says what it is and when it ends; a waiver opens one try."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from badges.actions.withdrawal import revoke
from badges.models import Achievement, Credential
from courses.actions.allowances import WaiverPending, waive_obstacles
from courses.actions.attempts import start_attempt
from courses.actions.enrolment import finish_reading
from courses.actions.history import sit
from courses.domain.retakes import (
    AssessmentClosed,
    AttemptRefused,
    LessonsToRevisit,
    PassedAlready,
    RetakePolicy,
    RetakeTooEarly,
    Standing,
    Try,
    YearIsFull,
    find_obstacles,
    next_opening,
)
from courses.models import Assessment, Attempt, Lesson, Waiver
from courses.queries.rules import describe_rules
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories.courses import Training

NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)
DAY = timedelta(days=1)
NOTHING = Standing(read_at={})


def failed(days_ago: float, *lessons: str) -> Try:
    at = NOON - days_ago * DAY
    return Try(
        started_at=at - timedelta(hours=1), ended_at=at, passed=False, return_to=tuple(lessons)
    )


def passed(days_ago: float) -> Try:
    at = NOON - days_ago * DAY
    return Try(started_at=at - timedelta(hours=1), ended_at=at, passed=True)


def kinds(found: tuple[AttemptRefused, ...]) -> list[str]:
    return [one.kind for one in found]


def test_nobody_waits_before_the_first_try() -> None:
    strict = RetakePolicy(most_in_year=1, revisit=True, once_passed="window")
    assert find_obstacles(strict, [], NOTHING, NOON) == ()


def test_waits_count_failures_since_the_last_pass() -> None:
    policy = RetakePolicy(wait_days=(1, 30))
    tries = [failed(400), failed(390), passed(300), failed(0.5)]
    (found,) = find_obstacles(policy, tries, NOTHING, NOON)
    assert isinstance(found, RetakeTooEarly)
    assert found.opens_at == NOON + DAY / 2
    assert next_opening(policy, tries, NOON) == found.opens_at
    assert next_opening(policy, tries, NOON + DAY) is None


def test_a_year_has_so_many_tries() -> None:
    policy = RetakePolicy(wait_days=(), most_in_year=2)
    (found,) = find_obstacles(policy, [failed(400), failed(300), failed(10)], NOTHING, NOON)
    assert isinstance(found, YearIsFull)
    assert (found.most, found.opens_at) == (2, NOON + 65 * DAY - timedelta(hours=1))
    assert find_obstacles(policy, [failed(366), failed(10)], NOTHING, NOON) == ()


def test_lessons_are_read_again_after_the_last_result() -> None:
    policy = RetakePolicy(wait_days=(), revisit=True)
    tries = [failed(9, "gone", "old"), failed(2, "wal", "pitr", "gone")]
    standing = Standing(read_at={"wal": NOON - DAY, "pitr": NOON - 3 * DAY, "old": None})
    (found,) = find_obstacles(policy, tries, standing, NOON)
    assert isinstance(found, LessonsToRevisit)
    assert (found.slugs, found.opens_at) == (("pitr",), None)
    again = Standing(read_at={"wal": NOON - DAY, "pitr": NOON})
    assert find_obstacles(policy, tries, again, NOON) == ()


def test_after_a_pass_one_waits_days_or_for_the_renewal() -> None:
    days = RetakePolicy(once_passed=30)
    (found,) = find_obstacles(days, [passed(10)], NOTHING, NOON)
    assert isinstance(found, PassedAlready)
    assert found.opens_at == NOON + 20 * DAY
    assert find_obstacles(days, [passed(30)], NOTHING, NOON) == ()
    window = RetakePolicy(once_passed="window")
    for standing, opens_at in (
        (Standing(read_at={}, holds=True, renewal_at=NOON + DAY), NOON + DAY),
        (Standing(read_at={}, holds=True), None),
    ):
        (found,) = find_obstacles(window, [passed(10)], standing, NOON)
        assert found.opens_at == opens_at
    open_now = Standing(read_at={}, holds=True, renewal_at=NOON - DAY)
    assert find_obstacles(window, [passed(10)], open_now, NOON) == ()
    assert find_obstacles(window, [passed(10)], NOTHING, NOON) == ()
    assert find_obstacles(RetakePolicy(), [passed(0)], NOTHING, NOON) == ()


TRIES = st.lists(
    st.builds(
        lambda days, ok: passed(days) if ok else failed(days, "wal"),
        st.floats(0, 800, allow_nan=False),
        st.booleans(),
    ),
    max_size=8,
)
POLICIES = st.builds(
    RetakePolicy,
    wait_days=st.lists(st.integers(0, 60), max_size=3).map(tuple),
    most_in_year=st.one_of(st.none(), st.integers(1, 4)),
    revisit=st.booleans(),
    once_passed=st.one_of(st.none(), st.integers(0, 400), st.just("window")),
)


@given(POLICIES, TRIES)
def test_an_obstacle_ends_when_it_says_and_not_before(
    policy: RetakePolicy, tries: list[Try]
) -> None:
    standing = Standing(read_at={"wal": None}, holds=True, renewal_at=NOON + 5 * DAY)
    for found in find_obstacles(policy, tries, standing, NOON):
        if found.opens_at is None:
            assert found.kind == "lessons"
            continue
        assert found.opens_at > NOON
        before, after = found.opens_at - timedelta(seconds=1), found.opens_at
        assert found.kind in kinds(find_obstacles(policy, tries, standing, before))
        assert found.kind not in kinds(find_obstacles(policy, tries, standing, after))


def change(**retakes: Any) -> None:
    data = RetakePolicy(**retakes).model_dump(mode="json")
    Assessment.objects.update(retakes=data)


def start(user: User, now: datetime) -> str:
    return start_attempt(course="recovery", user_id=user.pk, language="en", now=now).code


@pytest.mark.django_db
def test_a_year_s_tries_are_counted_and_said(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    change(wait_days=(), most_in_year=1)
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "There is 1 try within 365 days; 1 left." in page
    sit(course="recovery", user_id=ana.pk, passing=False, at=now - 100 * DAY)
    with pytest.raises(YearIsFull) as told:
        start(ana, now)
    assert told.value.opens_at == now + 265 * DAY
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "The 1 try of 365 days is used" in page
    assert "Start the test" not in page


@pytest.mark.django_db
def test_lessons_to_revisit_are_linked_and_open_the_test_once_read(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    change(wait_days=(), revisit=True)
    sit(course="recovery", user_id=ana.pk, passing=False, at=now - 2 * DAY)
    with pytest.raises(LessonsToRevisit) as told:
        start(ana, now)
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "First read these lessons again" in page
    for lesson in training.lessons:
        assert (lesson.slug in told.value.slugs) == (f'href="{lesson.url}"' in page)
    refused = as_ana.post(reverse("lms_test", args=["recovery"]), {"name": "Ana"}, follow=True)
    assert "this page says why" in refused.content.decode()
    for slug in told.value.slugs:
        finish_reading(user_id=ana.pk, lesson=Lesson.objects.get(slug=slug), now=now)
    assert start(ana, now)


@pytest.mark.django_db
def test_a_pass_waits_for_the_renewal_of_what_it_earned(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    change(once_passed="window")
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - 10 * DAY)
    assert Assessment.objects.get().course.achievement is not None
    start(ana, now - 9 * DAY)  # nothing is issued yet
    Attempt.objects.filter(state="open").update(state="scored")  # neither passed nor failed
    deliver_due(now)
    credential = Credential.objects.get()
    assert credential.valid_until is not None
    with pytest.raises(PassedAlready) as told:
        start(ana, now)
    assert told.value.opens_at is not None
    days = (credential.valid_until - told.value.opens_at.astimezone().date()).days
    assert days in (Achievement.objects.get(pk=credential.achievement_id).renew_days, 89, 91)
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "You have passed. Another try opens:" in page
    assert start(ana, told.value.opens_at + timedelta(hours=1))
    Attempt.objects.filter(state="open").update(state="scored")  # neither passed nor failed
    Credential.objects.update(valid_until=None)
    with pytest.raises(PassedAlready):
        start(ana, now + 3000 * DAY)
    revoke(code=credential.code, reason="Found to be wrong.", actor=None, now=now)
    assert start(ana, now)


@pytest.mark.django_db
def test_a_waiver_opens_one_try_and_no_second(
    training: Training, as_ana: Client, ana: User, now: datetime
) -> None:
    sit(course="recovery", user_id=ana.pk, passing=False, at=now - timedelta(hours=5))
    given: dict[str, Any] = {
        "assessment_id": training.assessment.pk,
        "user_id": ana.pk,
        "actor": None,
        "now": now,
    }
    waiver = waive_obstacles(reason="The power failed.", **given)
    with pytest.raises(WaiverPending):
        waive_obstacles(reason="Again.", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(
            user=ana, assessment=training.assessment, reason="Twice.", granted_at=now
        )
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "An extra try is open for you" in page
    assert "power" not in page
    course = as_ana.get(training.page.url).content.decode()
    assert "To the test" in course
    code = start(ana, now)
    waiver.refresh_from_db()
    assert waiver.used
    assert waiver.attempt is not None
    assert waiver.attempt.code == code
    Attempt.objects.filter(code=code).update(state="scored", passed=False, finished_at=now)
    with pytest.raises(RetakeTooEarly):
        start(ana, now + timedelta(hours=1))


@pytest.mark.django_db
def test_a_waiver_is_kept_where_it_is_not_needed_and_opens_no_closed_test(
    training: Training, ana: User, now: datetime
) -> None:
    waive_obstacles(
        assessment_id=training.assessment.pk, user_id=ana.pk, reason="x", actor=None, now=now
    )
    Assessment.objects.update(accepting=False)
    with pytest.raises(AssessmentClosed):
        start(ana, now)
    rules = describe_rules(Assessment.objects.get(), ana.pk, "en", now)
    assert (rules.may_start, kinds_of(rules.obstacles)) == (False, ["closed"])
    Assessment.objects.update(accepting=True)
    start(ana, now)
    assert not Waiver.objects.get().used


def kinds_of(found: tuple[Any, ...]) -> list[str]:
    return [one.kind for one in found]


@pytest.mark.django_db
def test_only_staff_with_the_right_open_a_try(
    training: Training, bo: User, ana: User, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        waive_obstacles(
            assessment_id=training.assessment.pk,
            user_id=ana.pk,
            reason="x",
            actor=bo.pk,
            now=now,
        )
    assert not Waiver.objects.exists()
