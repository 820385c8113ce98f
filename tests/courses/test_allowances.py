"""What staff allow people in the admin: a try at once, more time, also in a test that runs."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from badges.actions.erasure import erase_recipient
from badges.queries import get_recipient_of_user
from courses.actions.allowances import (
    AttemptOver,
    NothingToAdd,
    extend_attempt,
    forget_allowances,
    set_accommodation,
)
from courses.actions.attempts import start_attempt
from courses.actions.enrolment import confirm_printed_name
from courses.domain.accommodations import Accommodation as Rule
from courses.models import Accommodation, Attempt, Waiver
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.courses.test_admin import errors
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db
WHY = "a certificate of the doctor"


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@halden.example", "x"))
    return client


def give(user: User, now: datetime, **rule: Any) -> Accommodation:
    return set_accommodation(user_id=user.pk, rule=Rule(**rule), reason=WHY, actor=None, now=now)


def start(user: User, now: datetime) -> Attempt:
    code = start_attempt(course="recovery", user_id=user.pk, language="en", now=now).code
    return Attempt.objects.get(code=code)


@pytest.mark.parametrize(
    ("rule", "minutes"),
    [
        (Rule(), 30),
        (Rule(time_factor=Decimal("1.5")), 45),
        (Rule(time_factor=Decimal("1.25"), extra_minutes=5, break_minutes=10), 42.5),
    ],
)
def test_time_is_multiplied_then_added_to(rule: Rule, minutes: float) -> None:
    assert rule.extend(30) == timedelta(minutes=minutes)


def test_more_time_holds_in_every_test_started_from_then_on(
    training: Training, as_ana: Client, ana: User, bo: User, now: datetime
) -> None:
    give(ana, now, time_factor=Decimal(2), break_minutes=10)
    page = as_ana.get(reverse("lms_test", args=["recovery"])).content.decode()
    assert "You have 60 minutes in place of 30." in page
    assert "You may pause for 10 minutes in all" in page
    assert WHY not in page
    attempt = start(ana, now)
    assert attempt.deadline == now + timedelta(minutes=60)
    assert attempt.break_left == timedelta(minutes=10)
    assert attempt.closes_at == attempt.deadline + timedelta(seconds=5)
    assert start(bo, now).deadline == now + timedelta(minutes=30)


def test_a_running_test_is_extended_only_by_a_step_of_its_own(
    training: Training, ana: User, now: datetime
) -> None:
    attempt = start(ana, now)
    with pytest.raises(NothingToAdd):
        extend_attempt(attempt_id=attempt.pk, actor=None, now=now)
    give(ana, now, extra_minutes=20)
    attempt.refresh_from_db()
    assert attempt.deadline == now + timedelta(minutes=30)
    later = now + timedelta(minutes=29)
    extend_attempt(attempt_id=attempt.pk, actor=None, now=later)
    attempt.refresh_from_db()
    assert attempt.deadline == now + timedelta(minutes=50)
    assert attempt.closes_at == now + timedelta(minutes=50, seconds=5)
    told = attempt.events.get(kind="extended")
    assert (told.detail, told.at) == ({"minutes": 20, "breaks": 0}, later)
    give(ana, now, extra_minutes=5)
    with pytest.raises(NothingToAdd):
        extend_attempt(attempt_id=attempt.pk, actor=None, now=later)
    with pytest.raises(AttemptOver):
        extend_attempt(attempt_id=attempt.pk, actor=None, now=now + timedelta(hours=2))


def test_staff_give_time_and_extend_a_running_test(
    training: Training, admin: Client, ana: User, now: datetime
) -> None:
    attempt = start(ana, now)
    form = {
        "email": "ANA@baltwerk.example",
        "time_factor": "1.5",
        "extra_minutes": "0",
        "break_minutes": "5",
        "reason": WHY,
    }
    add = reverse("lms_more_time:add")
    nobody = errors(admin.post(add, {**form, "email": "nobody@baltwerk.example"}))
    assert "Nobody signs in" in str(nobody["email"])
    assert "5" in str(errors(admin.post(add, {**form, "time_factor": "9"}))["time_factor"])
    assert admin.post(add, form).status_code == 302
    assert "already" in str(errors(admin.post(add, form))["email"])
    row = Accommodation.objects.get()
    change = reverse("lms_more_time:edit", args=[row.pk])
    assert "ana@baltwerk.example" in admin.get(change).content.decode()
    assert admin.post(change, {**form, "extra_minutes": "10"}).status_code == 302
    row.refresh_from_db()
    assert row.rule == Rule(time_factor=Decimal("1.5"), extra_minutes=10, break_minutes=5)
    listed = admin.get(reverse("lms_more_time:index")).content.decode()
    assert "Extend a running test" in listed
    extend = reverse("lms_more_time:extend", args=[row.pk])
    assert "recovery" in admin.get(extend).content.decode()
    said = admin.post(extend, {"attempt": attempt.pk}, follow=True).content.decode()
    assert "The test now ends at" in said
    assert (
        "already lasts that long"
        in admin.post(extend, {"attempt": attempt.pk}, follow=True).content.decode()
    )
    attempt.refresh_from_db()
    assert attempt.deadline == now + timedelta(minutes=55)
    assert attempt.break_left == timedelta(minutes=5)
    actions = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"lms_courses.time_set", "lms_courses.time_extended"} <= actions
    assert WHY not in str(list(ModelLogEntry.objects.values("label", "data")))
    Attempt.objects.update(state="scored")
    over = admin.post(extend, {"attempt": attempt.pk}, follow=True).content.decode()
    assert "This test is over" in over
    assert "No test of this person is running" in over


def test_staff_open_a_try(training: Training, admin: Client, ana: User) -> None:
    form = {
        "email": "ana@baltwerk.example",
        "assessment": training.assessment.pk,
        "reason": "The power failed.",
    }
    add = reverse("lms_waivers:add")
    assert "required" in str(errors(admin.post(add, {**form, "reason": ""}))["reason"])
    assert admin.post(add, form).status_code == 302
    waiver = Waiver.objects.get()
    assert waiver.granted_by is not None
    assert "not used yet" in str(errors(admin.post(add, form)))
    page = admin.get(reverse("lms_waivers:index")).content.decode()
    assert "The power failed." in page
    entry = ModelLogEntry.objects.get(action="lms_courses.waived")
    assert entry.data == {"user": ana.pk, "test": training.assessment.pk}
    for name in ("edit", "delete"):
        assert admin.get(reverse(f"lms_waivers:{name}", args=[waiver.pk])).status_code == 302


def test_only_who_may_gives_more_time(training: Training, ana: User, bo: User, as_bo: Client,
                                      now: datetime) -> None:  # fmt: skip
    row = give(ana, now, extra_minutes=5)
    attempt = start(ana, now)
    with pytest.raises(PermissionDenied):
        set_accommodation(user_id=bo.pk, rule=Rule(), reason="", actor=bo.pk, now=now)
    with pytest.raises(PermissionDenied):
        extend_attempt(attempt_id=attempt.pk, actor=bo.pk, now=now)
    for name in ("index", "add"):
        assert as_bo.get(reverse(f"lms_more_time:{name}")).status_code == 302
    assert as_bo.get(reverse("lms_more_time:extend", args=[row.pk])).status_code == 302


def test_who_is_forgotten_leaves_no_reason(training: Training, ana: User, now: datetime) -> None:
    confirm_printed_name(user_id=ana.pk, name="Ana Kowalska", now=now)
    give(ana, now, extra_minutes=5)
    Waiver.objects.create(user=ana, assessment=training.assessment, reason=WHY, granted_at=now)
    card = get_recipient_of_user(ana.pk)
    assert card is not None
    erase_recipient(recipient_id=card.id, reason="asked for", actor=None, now=now)
    deliver_due(now + timedelta(minutes=1))
    assert not Accommodation.objects.exists()
    assert Waiver.objects.get().reason == ""
    forget_allowances(user_id=ana.pk)
