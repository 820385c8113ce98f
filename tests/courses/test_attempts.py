"""Starting, answering and finishing: one open attempt, one score, one credential."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from badges.models import Credential
from courses.actions.attempts import (
    close_expired,
    save_answer,
    start_attempt,
    submit_attempt,
)
from courses.actions.history import sit
from courses.domain.drawing import BankTooSmall
from courses.domain.retakes import AssessmentClosed, RetakeTooEarly
from courses.events import AttemptPassed
from courses.models import Assessment, Attempt, AttemptItem, Item
from courses.queries.attempts import get_attempt, get_result, list_results
from courses.queries.places import get_place
from courses.receivers import issue_credential
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.events.sweep import sweep
from tests.factories.courses import SECRET, Training, answers, make_item

pytestmark = pytest.mark.django_db


def start(user: User, now: datetime, course: str = "recovery", language: str = "en") -> str:
    return start_attempt(course=course, user_id=user.pk, language=language, now=now).code


def save(code: str, user: User, slot: int, raw: Any, base: int = 0, save_id: str = "s") -> None:
    save_answer(code=code, user_id=user.pk, slot=slot, raw=raw, base_revision=base, save_id=save_id)


def sit_now(user: User, now: datetime, *, right: bool = True) -> str:
    code = start(user, now)
    for slot, raw in answers(code, right=right).items():
        save(code, user, slot, raw)
    submit_attempt(code=code, user_id=user.pk, now=now + timedelta(minutes=5))
    return code


def test_a_start_draws_by_the_blueprint_and_freezes_the_rules(
    training: Training, ana: User, now: datetime
) -> None:
    code = start(ana, now)
    attempt = Attempt.objects.get(code=code)
    topics = [place.version.item.topic.slug for place in attempt.items.all()]
    assert sorted(topics) == ["restore", "restore", "wal", "wal"]
    assert [place.slot for place in attempt.items.all()] == [1, 2, 3, 4]
    assert attempt.deadline == now + timedelta(minutes=30)
    assert attempt.closes_at == attempt.deadline + timedelta(seconds=5)
    Assessment.objects.update(cut_percent=100, minutes=1)
    assert Attempt.objects.get(code=code).policy["cut_percent"] == 70


def test_a_second_start_returns_the_one_that_runs(
    training: Training, ana: User, now: datetime
) -> None:
    first = start_attempt(course="recovery", user_id=ana.pk, language="en", now=now)
    again = start_attempt(
        course="recovery", user_id=ana.pk, language="en", now=now + timedelta(minutes=1)
    )
    assert (first.resumed, again.resumed, again.code) == (False, True, first.code)
    assert Attempt.objects.count() == 1


def test_the_database_lets_one_attempt_be_open(
    training: Training, ana: User, now: datetime
) -> None:
    attempt = Attempt.objects.get(code=start(ana, now))
    attempt.pk, attempt.code, attempt.number = None, "another", 2
    attempt._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save()


def test_a_start_after_the_time_ran_out_scores_the_old_one_first(
    training: Training, ana: User, now: datetime
) -> None:
    Assessment.objects.update(retakes={"wait_days": []})
    old = start(ana, now)
    new = start(ana, now + timedelta(hours=1))
    assert new != old
    closed = Attempt.objects.get(code=old)
    assert closed.state == "scored"
    assert closed.finished_at == closed.closes_at


def test_a_closed_test_takes_nobody(training: Training, ana: User, now: datetime) -> None:
    Assessment.objects.update(accepting=False)
    with pytest.raises(AssessmentClosed):
        start(ana, now)


def test_a_bank_too_small_starts_nothing(training: Training, ana: User, now: datetime) -> None:
    Item.objects.filter(topic__slug="wal").exclude(code="wal-single").update(state="retired")
    with pytest.raises(BankTooSmall, match="topic wal: 2 items are drawn, the bank has 1"):
        start(ana, now)
    assert not Attempt.objects.exists()


def test_after_a_failed_try_one_waits_a_day_then_seven(
    training: Training, ana: User, now: datetime
) -> None:
    sit_now(ana, now, right=False)
    Attempt.objects.update(finished_at=now - timedelta(hours=23))
    with pytest.raises(RetakeTooEarly) as told:
        start(ana, now)
    assert told.value.opens_at == now + timedelta(hours=1)
    start(ana, now + timedelta(hours=1))
    Attempt.objects.filter(number=2).update(
        state="scored", passed=False, finished_at=now + timedelta(hours=2)
    )
    with pytest.raises(RetakeTooEarly) as told:
        start(ana, now + timedelta(days=2))
    assert told.value.opens_at == now + timedelta(days=7, hours=2)


def test_a_second_try_meets_other_items(training: Training, ana: User, now: datetime) -> None:
    Assessment.objects.update(retakes={"wait_days": []})
    for hours in (0, 2):
        start(ana, now + timedelta(hours=hours))
    drawn = AttemptItem.objects.values_list("attempt__number", "version__item")
    first = {item for number, item in drawn if number == 1}
    second = {item for number, item in drawn if number == 2}
    assert not first & second


def test_a_changed_item_reaches_only_later_attempts(
    training: Training, ana: User, bo: User, now: datetime
) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    before = start(ana, now)
    make_item(training.bank, "wal-single", stem={"en": "A better question"})
    after = start(bo, now)

    def stems(code: str, user: User) -> str:
        return "".join(get_place(code, user.pk, slot).stem_html for slot in range(1, 9))

    assert "A better question" not in stems(before, ana)
    assert "A better question" in stems(after, bo)


def test_passing_scores_by_topic_and_tells_once(
    training: Training, ana: User, now: datetime
) -> None:
    code = sit_now(ana, now)
    result = get_result(code, ana.pk, "en")
    assert result is not None
    assert (result.points, result.maximum, result.percent, result.passed) == (4, 4, 100, True)
    assert [(t.name, t.points, t.maximum) for t in result.topics] == [
        ("Write-ahead log", 2, 2),
        ("Restoring", 2, 2),
    ]
    assert (result.minutes, result.title) == (5, "Recovery")
    assert submit_attempt(code=code, user_id=ana.pk, now=now + timedelta(hours=1))
    assert Delivery.objects.filter(event_name=AttemptPassed.name).count() == 1
    assert Attempt.objects.get(code=code).finished_at == now + timedelta(minutes=5)


def test_failing_names_lessons_and_the_next_try(
    training: Training, ana: User, now: datetime
) -> None:
    code = sit_now(ana, now, right=False)
    result = get_result(code, ana.pk, "en")
    assert result is not None
    assert not result.passed
    assert {link.title for link in result.return_to} == {"WAL and checkpoints", "Testing restores"}
    payload = Delivery.objects.get(receiver__endswith="mail_failed").payload
    assert datetime.fromisoformat(payload["retry_at"]) == now + timedelta(days=1, minutes=5)
    deliver_due(now + timedelta(hours=1))
    assert not Credential.objects.exists()


def test_unanswered_is_wrong_and_nothing_else(training: Training, ana: User, now: datetime) -> None:
    code = start(ana, now)
    given = answers(code)
    for slot in (1, 2, 3):
        save(code, ana, slot, given[slot])
    assert submit_attempt(code=code, user_id=ana.pk, now=now)  # 75 % of four pass at 70
    assert Attempt.objects.get(code=code).points == 3


def test_a_result_waits_for_the_end(training: Training, ana: User, now: datetime) -> None:
    assert get_result(start(ana, now), ana.pk, "en") is None


def test_the_sweep_scores_what_ran_out_of_time(
    training: Training, ana: User, now: datetime
) -> None:
    code = start(ana, now - timedelta(hours=1))
    assert close_expired(now - timedelta(minutes=31)) == 0
    sweep(now)
    attempt = Attempt.objects.get(code=code)
    assert (attempt.state, attempt.passed) == ("scored", False)
    assert close_expired(now) == 0


def test_passing_twice_told_issues_one_credential(
    training: Training, ana: User, now: datetime
) -> None:
    sit_now(ana, now)
    row = Delivery.objects.get(receiver="courses.receivers.issue_credential")
    event = AttemptPassed.from_json(row.payload)
    for _ in range(2):
        issue_credential(event)
    deliver_due(now + timedelta(hours=1))
    credential = Credential.objects.get()
    assert credential.source == f"courses.attempt:{event.attempt_id}"
    assert credential.recipient.user_id == ana.pk


def test_a_training_that_awards_nothing_issues_nothing(
    training: Training, ana: User, now: datetime
) -> None:
    type(training.course).objects.update(achievement=None)
    sit_now(ana, now)
    deliver_due(now + timedelta(hours=1))
    assert not Credential.objects.exists()


def test_somebody_elses_code_finds_nothing(
    training: Training, ana: User, cy: User, now: datetime
) -> None:
    code = start(ana, now)
    for read in (
        lambda: get_attempt(code, cy.pk, "en"),
        lambda: get_result(code, cy.pk, "en"),
        lambda: submit_attempt(code=code, user_id=cy.pk, now=now),
    ):
        with pytest.raises(Attempt.DoesNotExist):
            read()
    for act in (
        lambda: get_place(code, cy.pk, 1),
        lambda: save(code, cy, 1, "x"),
    ):
        with pytest.raises(AttemptItem.DoesNotExist):
            act()


def test_a_place_shows_the_item_and_never_its_key(
    training: Training, ana: User, now: datetime
) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    code = start(ana, now, language="ru")
    places = [get_place(code, ana.pk, slot) for slot in range(1, 9)]
    shown = repr(places)
    assert SECRET not in shown
    assert "pg_rewind" not in shown
    assert {place.unit for place in places if place.kind == "numeric"} == {"MB"}
    assert all("(RU)" in place.stem_html for place in places)
    chosen = next(place for place in places if place.kind == "single")
    assert sorted(option.id for option in chosen.options) == ["a", "b", "c", "d"]
    assert not any(option.chosen for option in chosen.options)


def test_the_overview_counts_answers(training: Training, ana: User, now: datetime) -> None:
    code = start(ana, now)
    save(code, ana, 1, answers(code)[1])
    view = get_attempt(code, ana.pk, "en")
    assert (view.answered, view.total, view.first_open_slot) == (1, 4, 2)


def test_history_replays_through_the_same_actions(training: Training, ana: User, bo: User) -> None:
    then = timezone.now() - timedelta(days=200)
    assert sit(course="recovery", user_id=ana.pk, passing=True, at=then)
    assert not sit(course="recovery", user_id=bo.pk, passing=False, at=then)
    attempt = Attempt.objects.get(user=ana)
    assert attempt.finished_at == then + timedelta(minutes=22)
    assert attempt.responses.count() == 4
    assert all(then < row.saved_at < attempt.deadline for row in attempt.responses.all())


def test_a_manager_reads_passed_or_not_yet(
    training: Training, ana: User, bo: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Assessment.objects.update(retakes={"wait_days": []})
    then = timezone.now() - timedelta(days=20)
    for days, passing in ((0, False), (1, True), (2, False)):
        sit(course="recovery", user_id=ana.pk, passing=passing, at=then + timedelta(days=days))
    sit(course="recovery", user_id=bo.pk, passing=False, at=then)
    with django_assert_num_queries(2):
        lines = list_results([ana.pk, bo.pk], "en")
    assert {(line.user_id, line.passed) for line in lines} == {(ana.pk, True), (bo.pk, False)}
    assert {line.title for line in lines} == {"Recovery"}
