"""Contesting a result: one's own, once, answered by a day, and gone with the person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.actions.erasure import erase_recipient
from badges.actions.withdrawal import ReasonMissing
from badges.queries import get_recipient_of_user
from courses.actions.attempts import submit_attempt
from courses.actions.contests import (
    ContestPending,
    NoSuchQuestion,
    NotScored,
    ReasonTooLong,
    TooManyContests,
    answer_contest,
    open_contest,
    withdraw_contest,
)
from courses.actions.regrade import run_scoring
from courses.domain.contests import MOST
from courses.domain.regrade import CREDIT, Correction
from courses.models import Attempt, Contest, ScoringRun
from lms.accounts.models import User
from lms.events.publish import deliver_due
from lms.notifications.models import Mail
from tests.courses.regrading import CODE, only_four, shown, sit_with
from tests.courses.test_admin import admin
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db
__all__ = ["admin"]
WHY = "The manual of version 16 says the opposite."


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    only_four(training)
    return sit_with(ana, now, {CODE: ["c"]})


def contest(attempt: Attempt, now: datetime, slot: int | None = 1, reason: str = WHY) -> Contest:
    made = open_contest(
        code=attempt.code, user_id=attempt.user_id, slot=slot, reason=reason, now=now
    )
    deliver_due()
    return made


def answer(made: Contest, now: datetime, **changes: Any) -> bool:
    values = {"upheld": True, "answer": "You are right.", "actor": None, **changes}
    done = answer_contest(contest_id=made.pk, now=now, **values)
    deliver_due()
    return done


def test_it_is_kept_with_its_day_and_both_sides_are_told(attempt: Attempt, now: datetime) -> None:
    made = contest(attempt, now)
    assert made.is_open
    assert (made.due_on - timezone.localdate(now)).days in (12, 13, 14)
    received = Mail.objects.get(key=f"contest_received:{made.pk}")
    opened = Mail.objects.get(key=f"contest_opened:{made.pk}")
    assert attempt.code in received.text
    assert WHY not in received.text + opened.text
    assert str(made.pk) in opened.text
    attempt.refresh_from_db()
    assert attempt.points == 3


def test_only_what_can_be_contested_is(training: Training, ana: User, now: datetime) -> None:
    only_four(training)
    running = sit_with(ana, now, {}, end=False)
    with pytest.raises(NotScored):
        contest(running, now)
    submit_attempt(code=running.code, user_id=ana.pk, now=now)
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (NoSuchQuestion, {"slot": 5}),
        (NoSuchQuestion, {"slot": 0}),
        (ReasonMissing, {"reason": "  "}),
        (ReasonTooLong, {"reason": "x" * 2001}),
    ]
    for refusal, values in refused:
        with pytest.raises(refusal):
            contest(running, now, **values)
    assert not Contest.objects.exists()


def test_nobody_contests_for_somebody_else(attempt: Attempt, bo: User, now: datetime) -> None:
    with pytest.raises(Attempt.DoesNotExist):
        open_contest(code=attempt.code, user_id=bo.pk, slot=1, reason=WHY, now=now)
    made = contest(attempt, now)
    with pytest.raises(Contest.DoesNotExist):
        withdraw_contest(contest_id=made.pk, user_id=bo.pk, now=now)


def test_one_is_open_at_a_time_for_each_question_and_for_the_whole(
    attempt: Attempt, now: datetime
) -> None:
    for slot in (1, 2, None):
        made = contest(attempt, now, slot)
        with pytest.raises(ContestPending):
            contest(attempt, now, slot)
    withdraw_contest(contest_id=made.pk, user_id=attempt.user_id, now=now)
    withdraw_contest(contest_id=made.pk, user_id=attempt.user_id, now=now)
    made.refresh_from_db()
    assert (made.outcome, made.is_open) == ("withdrawn", False)
    assert not answer(made, now)
    for _ in range(MOST - 3):
        more = contest(attempt, now, None)
        withdraw_contest(contest_id=more.pk, user_id=attempt.user_id, now=now)
    with pytest.raises(TooManyContests):
        contest(attempt, now, None)


def test_an_answer_may_name_the_run_and_changes_no_score(
    attempt: Attempt, bo: User, now: datetime
) -> None:
    made = contest(attempt, now)
    with pytest.raises(PermissionDenied):
        answer(made, now, actor=bo.pk)
    with pytest.raises(ReasonMissing):
        answer(made, now, answer=" ")
    with pytest.raises(ScoringRun.DoesNotExist):
        answer(made, now, run_id=7)
    run = run_scoring(
        corrections=[Correction(version=shown(), kind=CREDIT)], reason="r", actor=None, now=now
    )
    assert answer(made, now, run_id=run.pk)
    assert not answer(made, now, upheld=False)
    made.refresh_from_db()
    assert (made.outcome, made.run, made.answered_at) == ("upheld", run, now)
    assert "you are right" in Mail.objects.get(key=f"contest_answered:{made.pk}").text
    second = contest(attempt, now, 2)
    assert answer(second, now, upheld=False)
    attempt.refresh_from_db()
    assert attempt.points == 4
    assert "The result stands" in Mail.objects.get(key=f"contest_answered:{second.pk}").text


def test_what_was_written_goes_with_the_person_and_dates_stay(
    attempt: Attempt, ana: User, now: datetime
) -> None:
    first, second = contest(attempt, now, 1), contest(attempt, now, 2)
    answer(first, now)
    card = get_recipient_of_user(ana.pk)
    assert card
    erase_recipient(recipient_id=card.id, reason="asked", actor=None, now=now)
    deliver_due()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.reason, first.answer, first.outcome, first.answered_at) == ("", "", "upheld", now)
    assert (second.reason, second.is_open, second.due_on) == ("", False, second.due_on)


def test_a_person_contests_and_withdraws_on_the_page(
    attempt: Attempt, as_ana: Client, now: datetime
) -> None:
    policy = {**attempt.policy, "feedback": {"what": "full", "when": "at_once"}}
    Attempt.objects.filter(pk=attempt.pk).update(policy=policy)
    result = reverse("lms_result", args=[attempt.code])
    address = reverse("lms_contest", args=[attempt.code])
    assert f"{address}?question=2" in as_ana.get(result).content.decode()
    assert 'value="2"' in as_ana.get(address, {"question": "2"}).content.decode()
    wrong = as_ana.post(address, {"question": "9", "reason": WHY}).content.decode()
    assert "write a number from 1 to 4" in wrong
    assert as_ana.post(address, {"question": "2", "reason": WHY}).status_code == 302
    again = as_ana.post(address, {"question": "2", "reason": WHY}).content.decode()
    assert "contested already" in again
    page = as_ana.get(result).content.decode()
    assert WHY in page
    assert "Being looked at" in page
    assert "You contested this question." in page
    made = Contest.objects.get()
    take_back = reverse("lms_contest_withdraw", args=[attempt.code, made.pk])
    assert as_ana.get(take_back).status_code == 405
    assert as_ana.post(take_back).status_code == 302
    made.refresh_from_db()
    assert made.outcome == "withdrawn"


def test_a_running_test_and_one_contested_too_often_lead_elsewhere(
    training: Training, ana: User, as_ana: Client, now: datetime
) -> None:
    only_four(training)
    running = sit_with(ana, now, {}, end=False)
    address = reverse("lms_contest", args=[running.code])
    assert as_ana.get(address)["Location"] == reverse("lms_attempt", args=[running.code])
    submit_attempt(code=running.code, user_id=ana.pk, now=now)
    for _ in range(MOST):
        more = contest(running, now, None)
        withdraw_contest(contest_id=more.pk, user_id=ana.pk, now=now)
    late = as_ana.post(address, {"reason": WHY}).content.decode()
    assert "as often as it may be" in late
    assert address not in as_ana.get(reverse("lms_result", args=[running.code])).content.decode()


def test_staff_see_what_is_overdue_first_and_answer(
    attempt: Attempt, admin: Client, as_bo: Client, now: datetime
) -> None:
    late = contest(attempt, now - timedelta(days=60), 2)
    made = contest(attempt, now, 1)
    done = contest(attempt, now - timedelta(days=90), 3)
    answer(done, now)
    page = admin.get(reverse("lms_contests:index")).content.decode()
    places = [
        page.index(reverse("lms_contests:answer", args=[one.pk])) for one in (late, made, done)
    ]
    assert places == sorted(places)
    address = reverse("lms_contests:answer", args=[late.pk])
    told = admin.get(address).content.decode()
    assert "overdue" in told
    assert "Ana Kowalska" in told
    assert WHY in told
    assert "This field is required" in admin.post(address, {"outcome": "upheld"}).content.decode()
    form = {"outcome": "refused", "answer": "The manual of 17 does not."}
    assert admin.post(address, form).status_code == 302
    assert admin.post(address, form).status_code == 302
    late.refresh_from_db()
    assert (late.outcome, late.answered_by is not None) == ("refused", True)
    assert "The manual of 17" in admin.get(address).content.decode()
    assert as_bo.get(address).status_code in (302, 403)
