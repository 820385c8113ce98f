"""Filling in a simulated past: once, in order, from where it stopped, without a mail."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.models import Credential
from courses.models import Assessment, Attempt, AttemptItem, ItemVersion, Panel, Rating
from lms.events.models import Delivery
from lms.events.sweep import sweep
from lms.notifications.models import Mail
from partners.actions.evaluation import evaluate_due, evaluate_partner
from partners.actions.past import SLICE, fill_due, fill_past, fill_slice, schedule_past
from partners.models import Decision, Membership, Partner, Programme, SimulatedPast
from partners.queries.past import get_progress, list_unfinished
from tests.factories.courses import make_training
from tests.factories.partners import RECOVERY, SALES
from tests.factories.past import plan

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ALL = 100_000


@pytest.fixture
def trainings(programme: None) -> None:
    make_training("recovery", RECOVERY)
    make_training("selling", SALES)


@pytest.fixture
def past(trainings: None) -> int:
    return schedule_past(plan(), now=NOW)


def what_happened() -> list[Any]:
    tries = Attempt.objects.order_by("started_at", "user__email")
    return [
        (
            list(attempt.responses.values_list("slot", "value", "saved_at")),
            list(attempt.items.values_list("slot", "version__item__code", "option_order")),
            *(attempt.user.get_username(), attempt.started_at, attempt.finished_at, attempt.points),
        )
        for attempt in tries.select_related("user")
    ]


def _check_statuses() -> None:
    """They rise and lapse on their days."""
    days = set(Decision.objects.values_list("on", flat=True))
    assert date(2025, 10, 1) in days  # the rules take effect
    assert len(days) > 2
    for partner in Partner.objects.all():
        on = list(partner.decisions.order_by("sequence").values_list("on", flat=True))
        assert on == sorted(on)
    lapsed = Credential.objects.filter(valid_until__lte=NOW.date())
    assert lapsed.exists()
    assert not lapsed.filter(expired_announced_at=None).exists()


def _check_wrong_key() -> None:
    """Who met the item before its correction keeps the wrong version."""
    wrong, right = ItemVersion.objects.filter(item__code="wal-extra").order_by("number")
    assert (wrong.body["key"], right.body["key"]) == (["a"], ["b"])
    assert right.item.current == right
    assert set(right.body["stem"]) == {"en", "ru"}
    kept = AttemptItem.objects.filter(version=wrong).values_list("attempt__started_at", flat=True)
    assert kept
    assert all(wrong.created_at <= at < right.created_at for at in kept)


def _check_panel() -> None:
    """Judges came nearer to each other in the second round, and the cut was decided."""
    panel = Panel.objects.get()
    assert (panel.state, panel.round, panel.cut_percent) == ("decided", 2, 70)
    assert panel.judges.count() == 3
    assert Rating.objects.count() == 3 * 2 * panel.items.count()
    summary: Any = panel.summary
    first, second = (told["error"] for told in summary["rounds"])
    assert second < first
    assert panel.recommended == pytest.approx(70, abs=25)


def test_it_is_filled_in_through_the_actions(past: int) -> None:
    progress = fill_past(past, steps=ALL, now=NOW)
    assert progress.finished
    assert progress.done == progress.total
    assert progress.people == 18
    assert progress.tried == Attempt.objects.count() > 15
    assert 0 < progress.passed == Attempt.objects.filter(passed=True).count() < progress.tried
    assert Attempt.objects.exclude(state=Attempt.State.SCORED).count() == 0
    earned = Credential.objects.filter(source__startswith="courses.attempt")
    assert 0 < earned.count() <= progress.passed
    assert not Attempt.objects.filter(finished_at__gte=NOW).exists()
    assert set(Partner.objects.values_list("replayed_to", flat=True)) == {None}
    assert SimulatedPast.objects.get().plan == {}
    assert Membership.objects.filter(until__isnull=False).exists()
    assert Membership.objects.filter(until__isnull=True).count() <= 18
    _check_statuses()
    _check_wrong_key()
    _check_panel()


def test_the_past_mails_nobody_nor_leaves_anything_to_deliver(trainings: None) -> None:
    now = timezone.now()  # a mail is news by the real clock
    past = schedule_past(plan(), now=now)
    fill_past(past, steps=60, now=now)
    sweep(now)  # the site lives on meanwhile, and finds certificates that ended long ago
    fill_past(past, steps=ALL, now=now)
    sweep(now)
    assert Credential.objects.filter(expired_announced_at__isnull=False).exists()
    assert Mail.objects.count() == 0
    assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def test_the_same_plan_gives_the_same_past_whatever_the_slices(trainings: None) -> None:
    with transaction.atomic():
        fill_past(schedule_past(plan(), now=NOW), steps=ALL, now=NOW)
        whole = what_happened()
        transaction.set_rollback(True)
    assert not Attempt.objects.exists()
    pk = schedule_past(plan(), now=NOW)
    while not get_progress(pk).finished:
        fill_past(pk, steps=7, now=NOW)
    assert what_happened() == whole


def test_a_past_is_planned_once(past: int) -> None:
    fill_past(past, steps=40, now=NOW)
    before = (Attempt.objects.count(), Partner.objects.count(), get_progress(past))
    assert schedule_past(plan(seed="another"), now=NOW + timedelta(days=3)) == past
    assert (Attempt.objects.count(), Partner.objects.count(), get_progress(past)) == before
    with pytest.raises(Programme.DoesNotExist):
        schedule_past(plan(programme="no-such"), now=NOW)


def test_a_step_that_fails_is_neither_counted_nor_half_done(past: int) -> None:
    fill_past(past, steps=1, now=NOW)
    counted = get_progress(past).done
    Programme.objects.update(slug="renamed")  # the next company cannot join it
    with pytest.raises(Programme.DoesNotExist):
        fill_past(past, steps=ALL, now=NOW)
    stuck = get_progress(past)
    Programme.objects.update(slug="halden-partner-programme")
    assert stuck.done >= counted
    assert fill_past(past, steps=ALL, now=NOW).finished
    assert Partner.objects.count() == 3


def test_it_stops_after_a_day_and_goes_on(past: int) -> None:
    until = date(2025, 1, 31)
    progress = fill_past(past, steps=ALL, now=NOW, until=until)
    assert not progress.finished
    assert Attempt.objects.latest("started_at").started_at.date() <= until
    assert fill_past(past, steps=ALL, now=NOW).finished


def test_the_worker_takes_it_up_where_nobody_works_on_it(past: int) -> None:
    assert fill_due(NOW) == 1
    assert get_progress(past).done == SLICE
    SimulatedPast.objects.update(worked_at=NOW - timedelta(seconds=20))
    assert fill_due(NOW) == 0
    assert fill_due(NOW + timedelta(seconds=11)) == 1
    fill_slice(past)
    assert get_progress(past).done == 3 * SLICE
    fill_past(past, steps=ALL, now=NOW)
    assert fill_due(NOW + timedelta(days=1)) == 0
    assert list_unfinished() == []


def test_meanwhile_nothing_is_decided_on_later_days(past: int) -> None:
    fill_past(past, steps=ALL, now=NOW, until=date(2025, 11, 30))
    before = Decision.objects.count()
    for partner in Partner.objects.all():
        assert evaluate_partner(partner_id=partner.pk, cause="today", now=NOW) is None
    assert evaluate_due(NOW) == 0
    assert Decision.objects.count() == before


def test_a_closed_test_is_not_forced(past: int) -> None:
    Assessment.objects.update(accepting=False)
    progress = fill_past(past, steps=ALL, now=NOW)
    assert progress.finished
    assert progress.tried == 0


def test_the_admin_sees_how_far_it_has_come(past: int) -> None:
    fill_past(past, steps=50, now=NOW)
    users = get_user_model().objects
    client = Client()
    client.force_login(users.create_superuser("admin@halden.example", "x"))
    progress = get_progress(past)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f"{progress.done} of {progress.total} steps" in page
    fill_past(past, steps=ALL, now=NOW)
    assert "being filled in" not in client.get(reverse("wagtailadmin_home")).content.decode()
