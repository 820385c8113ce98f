"""The integrity report: exactly what was planted, once, and nobody else."""

import io
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from badges.actions.recipients import register_recipient
from courses.actions.reviews import (
    ReviewClosed,
    close_review,
    compute_due,
    compute_test,
    forget_reviews,
)
from courses.models import Assessment, Attempt, Review, StoredFigures
from courses.queries.integrity import report_integrity
from courses.queries.integrity_inputs import load_inputs
from lms.accounts.models import User
from partners.models import Membership
from tests.factories.courses import Training
from tests.factories.partners import Company
from tests.factories.sittings import Faults, Sittings, make_sittings

pytestmark = pytest.mark.django_db
PEOPLE, ITEMS = 150, 24
FAULTS = Faults(sharing=(3, 4, 5, 6, 7, 8), leaked=(10, 80), fast=90, leaving=60)


def link(users: Sequence[int], partner: int, since: date, now: datetime) -> None:
    for pk in users:
        user = User.objects.get(pk=pk)
        recipient = register_recipient(email=user.email, name=user.name, user_id=pk, now=now)
        Membership.objects.create(partner_id=partner, recipient_id=recipient, since=since)


@pytest.fixture
def quiz(training: Training) -> Assessment:
    return Assessment.objects.get()


@pytest.fixture
def planted(quiz: Assessment, baltwerk: Company, ostrand: int, now: datetime) -> Sittings:
    """Six people of Baltwerk share a sheet of answers, eight of Ostrand share none."""
    made = make_sittings(quiz, people=PEOPLE, items=ITEMS, now=now, faults=FAULTS)
    since = date(2020, 1, 1)
    link(made.users[3:9], baltwerk.id, since, now)
    link(made.users[20:28], ostrand, since, now)
    return made


def test_exactly_what_was_planted_is_found(
    planted: Sittings, quiz: Assessment, baltwerk: Company
) -> None:
    report = report_integrity(quiz)
    assert report.attempts == PEOPLE
    assert report.looked["companies"] == 2
    assert report.looked["pairs"] == 15 + 28
    found = {one.kind: one for one in report.found}
    assert sorted(one.kind for one in report.found) == sorted(found)  # one of a kind
    assert set(found) == {"same_answers", "leaked_item", "fast_pass", "left_window"}
    assert found["same_answers"].group == baltwerk.id
    assert set(found["same_answers"].attempts) <= set(planted.attempts[3:9])
    assert found["leaked_item"].version == planted.versions[10]
    assert found["fast_pass"].attempts == (planted.attempts[90],)
    assert found["left_window"].attempts == (planted.attempts[60],)


def test_reviews_open_once_and_stay_closed(
    planted: Sittings, quiz: Assessment, now: datetime
) -> None:
    before = list(Attempt.objects.order_by("pk").values())
    first = compute_test(assessment_id=quiz.pk, actor=None, now=now)
    assert (first.attempts, len(first.opened)) == (PEOPLE, 4)
    assert compute_test(assessment_id=quiz.pk, actor=None, now=now).opened == ()
    closed = Review.objects.get(kind="fast_pass")
    close_review(review_id=closed.pk, outcome="nothing", note="A pilot.", actor=None, now=now)
    assert compute_test(assessment_id=quiz.pk, actor=None, now=now).opened == ()
    closed.refresh_from_db()
    assert (closed.outcome, closed.note) == ("nothing", "A pilot.")
    with pytest.raises(ReviewClosed):
        close_review(review_id=closed.pk, outcome="confirmed", note="", actor=None, now=now)
    assert list(Attempt.objects.order_by("pk").values()) == before


def test_what_comes_to_a_closed_review_opens_another(
    planted: Sittings, quiz: Assessment, now: datetime
) -> None:
    compute_test(assessment_id=quiz.pk, actor=None, now=now)
    review = Review.objects.get(kind="same_answers")
    review.findings.update(key="pair:0-0")  # as if another two had been found before
    close_review(review_id=review.pk, outcome="unclear", note="", actor=None, now=now)
    opened = compute_test(assessment_id=quiz.pk, actor=None, now=now).opened
    assert [Review.objects.get(pk=pk).kind for pk in opened] == ["same_answers"]
    review.refresh_from_db()
    assert review.outcome == "unclear"


def test_reviews_need_their_permissions(planted: Sittings, quiz: Assessment, cy: User) -> None:
    now = Attempt.objects.latest("started_at").started_at
    with pytest.raises(PermissionDenied):
        compute_test(assessment_id=quiz.pk, actor=cy.pk, now=now)
    compute_test(assessment_id=quiz.pk, actor=None, now=now)
    review = Review.objects.latest("pk")
    with pytest.raises(PermissionDenied):
        close_review(review_id=review.pk, outcome="nothing", note="", actor=cy.pk, now=now)


def test_who_is_forgotten_is_in_no_note(planted: Sittings, quiz: Assessment, now: datetime) -> None:
    compute_test(assessment_id=quiz.pk, actor=None, now=now)
    review = Review.objects.get(kind="fast_pass")
    close_review(review_id=review.pk, outcome="nothing", note="U 90 did.", actor=None, now=now)
    forget_reviews(user_id=planted.users[0])
    assert Review.objects.exclude(note="").exists()
    for _again in range(2):
        forget_reviews(user_id=planted.users[90])
    assert not Review.objects.exclude(note="").exists()
    assert not any("U 90" in json.dumps(one.evidence) for one in Review.objects.all())


def test_a_day_computes_what_changed_once(
    planted: Sittings, quiz: Assessment, now: datetime
) -> None:
    assert [compute_due(now), compute_due(now)] == [1, 0]
    tomorrow = now + timedelta(days=1)
    assert compute_due(tomorrow) == 0  # nothing was added
    Attempt.objects.filter(pk=planted.attempts[0]).update(state="open", outcome=None)
    assert compute_due(now) == 0  # today it was computed
    assert [compute_due(tomorrow), compute_due(tomorrow)] == [1, 0]
    stored = StoredFigures.objects.get()
    assert (stored.attempts, stored.computed_at) == (PEOPLE - 1, tomorrow)


def test_companies_are_those_at_the_time(
    planted: Sittings, quiz: Assessment, baltwerk: Company
) -> None:
    """Who left before the attempt, or came after it, is compared with nobody there."""
    links = Membership.objects.filter(partner=baltwerk.id, recipient__user__in=planted.users)
    later = Attempt.objects.latest("started_at").started_at.date() + timedelta(days=1)
    links.filter(recipient__user__in=planted.users[3:6]).update(since=later)
    links.filter(recipient__user__in=planted.users[6:9]).update(until=date(2020, 2, 1))
    report = report_integrity(quiz)
    assert report.looked["pairs"] == 28
    assert not [one for one in report.found if one.kind == "same_answers"]


def test_without_companies_no_pair_is_looked_at(quiz: Assessment, now: datetime) -> None:
    make_sittings(quiz, people=PEOPLE, items=12, now=now)
    report = report_integrity(quiz)
    assert (report.looked["pairs"], report.found) == (0, ())
    assert report.looked["items"] == 12


def test_few_attempts_say_nothing(quiz: Assessment, ostrand: int, now: datetime) -> None:
    made = make_sittings(quiz, people=20, items=12, now=now, faults=Faults(fast=3, leaving=4))
    link(made.users, ostrand, date(2020, 1, 1), now)
    report = report_integrity(quiz)
    assert (set(report.looked.values()), report.found) == ({0}, ())


def test_it_asks_as_often_for_many_attempts_as_for_few(
    quiz: Assessment, ostrand: int, now: datetime
) -> None:
    made = make_sittings(quiz, people=100, items=12, now=now)
    link(made.users[:2], ostrand, date(2020, 1, 1), now)
    with CaptureQueriesContext(connection) as few:
        load_inputs(quiz)
    link(made.users[2:9], ostrand, date(2020, 1, 1), now)
    with CaptureQueriesContext(connection) as many:
        load_inputs(quiz)
    assert len(few) == len(many) == 6


def test_the_command_tells_what_there_is(planted: Sittings) -> None:
    output = io.StringIO()
    call_command("integrity_report", json=True, stdout=output)
    (told,) = json.loads(output.getvalue())["tests"]
    assert (told["attempts"], told["open"], len(told["opened"])) == (PEOPLE, 4, 4)
    assert {one["item"] for one in told["reviews"]} == {None, "q10"}
    plain = io.StringIO()
    call_command("integrity_report", "recovery", stdout=plain)
    assert plain.getvalue() == "recovery: 150 attempts, 0 new, 4 open\n"
    with pytest.raises(CommandError, match="There are: recovery"):
        call_command("integrity_report", "recovry")
