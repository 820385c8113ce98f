"""One mail an event and reader; what is due is sent, what fails is tried again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from badges.actions.expiry import expire_due
from badges.actions.withdrawal import revoke
from badges.events import CredentialIssued
from badges.models import Credential
from courses.actions.history import sit
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.notifications.actions import ATTEMPTS, send_due, send_mail, write_mail
from lms.notifications.models import Mail, OutboxMail
from lms.notifications.receivers import mail_issued, mail_tier
from partners.events import TierChanged
from tests.factories.courses import Training
from tests.factories.partners import RECOVERY, Company, award

pytestmark = pytest.mark.django_db


def write(now: datetime, key: str = "k", **changes: Any) -> bool:
    values = {
        "to": "fay@baltwerk.example",
        "language": "en",
        "context": {"company": "Baltwerk", "link": "http://x/", "days": 14},
        **changes,
    }
    return write_mail("invitation", key=key, now=now, **values)


@pytest.fixture(autouse=True)
def _outbox(settings: LazySettings) -> None:
    """The backend of a site without a mail server; pytest-django would put its own there."""
    settings.EMAIL_BACKEND = "lms.notifications.outbox.OutboxBackend"


class Broken(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("no server")


def test_a_key_writes_one_mail(db: None, now: datetime) -> None:
    assert write(now)
    assert not write(now)
    mail = Mail.objects.get()
    assert "\n" not in mail.subject
    assert "Baltwerk" in mail.text
    assert str(mail).endswith("→ fay@baltwerk.example")


def test_old_news_and_nobody_are_not_mailed(db: None, now: datetime) -> None:
    assert not write(now - timedelta(days=7, minutes=1))
    assert not write(now, to="")
    assert write(now - timedelta(days=6))


def test_what_is_due_goes_out_once(db: None, now: datetime) -> None:
    write(now)
    assert send_due(now - timedelta(seconds=1)) == 0
    assert send_due(now) == 1
    assert send_due(now + timedelta(days=1)) == 0
    assert Mail.objects.get().sent_at == now
    letter = OutboxMail.objects.get()
    assert letter.to == "fay@baltwerk.example"
    assert str(letter) == f"{letter.subject} → {letter.to}"


def test_a_mail_taken_by_another_worker_is_left(db: None, now: datetime) -> None:
    write(now)
    pk = Mail.objects.get().pk
    assert send_mail(pk, now)
    assert not send_mail(pk, now)
    assert OutboxMail.objects.count() == 1


def test_a_server_that_is_away_is_tried_later_then_given_up(
    db: None, now: datetime, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "tests.lms.test_notifications.Broken"
    write(now)
    assert send_due(now) == 0
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.error) == ("due", 1, "no server")
    assert mail.due_at == now + timedelta(minutes=1)
    moment = now
    for _ in range(ATTEMPTS - 1):
        moment += timedelta(days=1)
        send_due(moment)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("failed", ATTEMPTS)
    assert send_due(moment + timedelta(days=1)) == 0


def test_a_mail_keeps_its_id_at_every_try(
    db: None, now: datetime, settings: LazySettings, mailoutbox: list[EmailMessage]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    write(now)
    for minutes in (0, 9):
        Mail.objects.update(state="due", due_at=now)
        send_due(now + timedelta(minutes=minutes))
    ids = {mail.extra_headers["Message-ID"] for mail in mailoutbox}
    assert len(mailoutbox) == 2
    assert len(ids) == 1


def test_passing_brings_one_mail_however_often_it_is_told(
    training: Training, ana: User, now: datetime
) -> None:
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(hours=1))
    deliver_due(now)
    row = Delivery.objects.get(receiver="lms.notifications.receivers.mail_issued")
    event = CredentialIssued.from_json(row.payload)
    mail_issued(event)
    mail = Mail.objects.get(to=ana.email)
    assert event.code in mail.text
    assert mail.user == ana


def test_a_replayed_history_mails_nobody(training: Training, ana: User, now: datetime) -> None:
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(days=30))
    deliver_due(now)
    assert Credential.objects.count() == 1
    assert not Mail.objects.exists()


def test_not_yet_says_when_the_next_try_opens(training: Training, ana: User, now: datetime) -> None:
    sit(course="recovery", user_id=ana.pk, passing=False, at=now - timedelta(hours=1))
    deliver_due(now)
    mail = Mail.objects.get()
    assert mail.to == ana.email
    assert "Recovery" in mail.text
    assert "/attempts/" in mail.text


def test_a_withdrawal_and_an_expiry_are_told_with_the_reason(
    baltwerk: Company, ana: User, now: datetime
) -> None:
    given = award(baltwerk.ana, RECOVERY, now)
    other = award(baltwerk.ana, "platform-engineer", now - timedelta(days=40))
    Mail.objects.all().delete()
    revoke(code=given.code, reason="Taken by another person", actor=None, now=now)
    Credential.objects.filter(code=other.code).update(valid_until=localdate(now))
    expire_due(now)
    deliver_due(now)
    texts = {mail.key.split(":")[0]: mail.text for mail in Mail.objects.filter(to=ana.email)}
    assert set(texts) == {"credential_revoked", "credential_expired"}
    assert "Taken by another person" in texts["credential_revoked"]


def test_a_new_status_is_told_to_managers_alone(
    baltwerk: Company, ana: User, bo: User, now: datetime
) -> None:
    Mail.objects.all().delete()
    award(baltwerk.ana, RECOVERY, now)
    row = Delivery.objects.filter(receiver__endswith="mail_tier").latest("pk")
    mail_tier(TierChanged.from_json(row.payload))
    [mail] = Mail.objects.filter(key__startswith="tier_changed")
    assert mail.to == bo.email
    assert "18" in mail.text
    assert {m.to for m in Mail.objects.exclude(pk=mail.pk)} == {ana.email}


def test_mails_are_written_in_the_readers_language(
    training: Training, ana: User, now: datetime
) -> None:
    User.objects.filter(pk=ana.pk).update(language="ru")
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(hours=1))
    deliver_due(now)
    assert "Ana Kowalska" in Mail.objects.get().text


def test_mails_can_be_read_and_not_written_in_the_admin(db: None, now: datetime) -> None:
    write(now)
    send_due(now)
    client = Client()
    client.force_login(User.objects.create_superuser("admin@halden.example", "x"))
    for name, row in (("lms_mail", Mail.objects.get()), ("lms_outbox", OutboxMail.objects.get())):
        assert row.to in client.get(reverse(f"{name}:index")).content.decode()
        assert "Baltwerk" in client.get(reverse(f"{name}:inspect", args=[row.pk])).content.decode()
        assert client.get(reverse(f"{name}:edit", args=[row.pk])).status_code == 302
        assert client.get(reverse(f"{name}:add")).status_code == 302
        assert client.post(reverse(f"{name}:delete", args=[row.pk])).status_code == 302
    assert Mail.objects.count() == OutboxMail.objects.count() == 1
