"""What happens to a certificate is told to its holder: once each, however often it is heard."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from badges.actions.credentials import Issued, correct
from badges.actions.erasure import erase_recipient
from badges.actions.expiry import remind_due
from badges.actions.names import confirm_name, decide_name
from badges.actions.reports import report_misuse
from badges.actions.withdrawal import reinstate, suspend
from badges.models import Credential, NameRequest, Recipient
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.events.subscribe import find_receiver
from lms.notifications.models import Mail
from tests.factories.badges import make_credential, make_recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(ana: User, now: datetime) -> Issued:
    """Ana's certificate, whose first mail is out of the way."""
    recipient = make_recipient(ana.email, "Ana Kowalska", user_id=ana.pk)
    issued = make_credential(recipient_id=recipient, now=now)
    deliver_due(now)
    Mail.objects.all().delete()
    Delivery.objects.all().delete()
    return issued


def hear(now: datetime) -> list[Mail]:
    """Deliver what was published, then everything once more; return the mails."""
    deliver_due(now)
    for row in Delivery.objects.all():
        event_type, receiver = find_receiver(row.event_name, row.receiver)
        receiver(event_type.from_json(row.payload))
    return list(Mail.objects.order_by("pk"))


def test_a_suspension_and_its_end(held: Issued, ana: User, now: datetime) -> None:
    suspend(code=held.code, reason="Two people, one account", actor=None, now=now)
    later = now + timedelta(minutes=1)
    reinstate(code=held.code, reason="It was the printer", actor=None, now=later)
    suspended, reinstated = hear(later)
    assert {suspended.to, reinstated.to} == {ana.email}
    assert "Two people, one account" in suspended.text
    assert "suspended" in suspended.subject
    assert "It was the printer" in reinstated.text
    assert "valid again" in reinstated.subject


def test_a_correction_asks_to_fetch_new_files(held: Issued, now: datetime) -> None:
    correct(code=held.code, note="The title had an error.", actor=None, now=now)
    [mail] = hear(now)
    assert "number 2: The title had an error. Its address" in mail.text
    assert "no longer count" in mail.text


def test_a_renewal_says_until_when(ana: User, now: datetime) -> None:
    recipient = make_recipient(ana.email, "Ana Kowalska", user_id=ana.pk)
    first = make_credential(recipient_id=recipient, now=now - timedelta(days=700))
    make_credential(recipient_id=recipient, source="test:2", now=now)
    [mail] = hear(now)
    assert first.code in mail.text
    assert "stay right until their own end" in mail.text
    until = Credential.objects.get().valid_until
    assert until is not None
    assert str((until - timedelta(days=1)).year) in mail.text


def test_a_coming_end_counts_the_days(held: Issued, now: datetime) -> None:
    end = localdate(now) + timedelta(days=7)
    Credential.objects.update(valid_from=end - timedelta(days=365), valid_until=end)
    assert remind_due(now) == 1
    [mail] = hear(now)
    assert "ends in 7 days" in mail.subject


def test_a_name_refused_and_a_name_approved(held: Issued, ana: User, now: datetime) -> None:
    recipient = Recipient.objects.get().pk
    confirm_name(recipient_id=recipient, name="Ana Nowak", actor=ana.pk, now=now)
    request = NameRequest.objects.get().pk
    decide_name(request_id=request, approve=False, reason="No document", actor=None, now=now)
    [mail] = hear(now)  # a request decided before anybody was told is no news
    assert "No document" in mail.text
    confirm_name(recipient_id=recipient, name="Ana Nowak", actor=ana.pk, now=now)
    request = NameRequest.objects.latest("pk").pk
    decide_name(request_id=request, approve=True, actor=None, now=now)
    _refused, approved = hear(now)
    assert "name changed on request" in approved.text


def test_the_issuer_is_told_of_a_name_to_decide_on(
    held: Issued, ana: User, now: datetime, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "pl"
    recipient = Recipient.objects.get().pk
    confirm_name(recipient_id=recipient, name="Ana Nowak", actor=ana.pk, now=now)
    [mail] = hear(now)
    request = NameRequest.objects.get()
    assert mail.to == "partners@halden.example"
    assert f"/admin/badges/names/decide/{request.pk}/" in mail.text
    assert "Posiadacz certyfikatu" in mail.text
    assert "Ana" not in mail.subject + mail.text
    # The same wish again is no news; another one is.
    confirm_name(recipient_id=recipient, name=" Ana  Nowak ", actor=ana.pk, now=now)
    assert len(hear(now)) == 1
    later = now + timedelta(minutes=1)
    confirm_name(recipient_id=recipient, name="Ana Nowak-Lis", actor=ana.pk, now=later)
    assert [one.to for one in hear(later)] == ["partners@halden.example"] * 2
    told = Delivery.objects.filter(event_name="badges.name.requested.v1")
    assert {frozenset(row.payload) for row in told} == {
        frozenset({"occurred_at", "request_id", "recipient_id"})
    }


def test_misuse_reaches_the_issuer_and_says_nothing_of_the_reporter(
    held: Issued, now: datetime
) -> None:
    report_misuse(code=held.code, text="Seen at a fair", email="x@y.example", now=now)
    [mail] = hear(now)
    assert mail.to == "partners@halden.example"
    assert "Seen at a fair" not in mail.text
    assert "x@y.example" not in mail.text


def test_who_is_forgotten_is_written_to_no_more(held: Issued, ana: User, now: datetime) -> None:
    suspend(code=held.code, reason="x", actor=None, now=now)
    assert hear(now)
    erase_recipient(recipient_id=Recipient.objects.get().pk, reason="Asked", actor=None, now=now)
    assert hear(now) == []
    ana.refresh_from_db()
    assert not ana.is_active
