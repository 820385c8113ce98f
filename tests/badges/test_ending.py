"""Revoking and expiring: once, told once, for a reason, on time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from badges.actions import expiry
from badges.actions.credentials import Issued
from badges.actions.expiry import expire_due
from badges.actions.withdrawal import CredentialUnknown, ReasonMissing, revoke
from badges.events import CredentialExpired, CredentialIssued, CredentialRevoked
from badges.models import Credential
from lms.accounts.models import User
from lms.events.event import Event
from lms.events.publish import deliver_due
from tests.badges.conftest import Hear
from tests.factories.badges import NOW, make_credential, make_recipient

pytestmark = pytest.mark.django_db
LAST_MIDNIGHT = datetime(2028, 11, 11, 23, 0, tzinfo=UTC)  # the 12th begins in Warsaw


@pytest.fixture
def heard(hear: Hear) -> list[Event]:
    """What a listener in another app would be told."""
    return hear(CredentialIssued, CredentialRevoked, CredentialExpired)


def test_issuing_is_told(heard: list[Event], ana: User) -> None:
    issued = make_credential(recipient_id=make_recipient(user_id=ana.pk))
    deliver_due(NOW)
    (event,) = heard
    assert isinstance(event, CredentialIssued)
    assert (event.code, event.user_id, event.edition) == (issued.code, ana.pk, 1)
    assert (event.achievement, event.occurred_at) == ("halden-recovery-engineer", NOW)


def test_revoking_is_told_once(heard: list[Event], eli: User) -> None:
    issued = make_credential()
    for _ in range(2):
        revoke(code=issued.code, reason=" Shared answers ", actor=eli.pk, now=NOW)
    deliver_due(NOW)
    told = [event for event in heard if isinstance(event, CredentialRevoked)]
    assert [(event.code, event.reason) for event in told] == [(issued.code, "Shared answers")]
    credential = Credential.objects.get()
    assert (credential.revoked_at, credential.revoke_reason) == (NOW, "Shared answers")
    assert ModelLogEntry.objects.get(action="lms_badges.credential.revoked").user == eli


def test_revoking_needs_permission_reason_and_credential(ana: User) -> None:
    issued = make_credential()
    with pytest.raises(PermissionDenied):
        revoke(code=issued.code, reason="x", actor=ana.pk, now=NOW)
    with pytest.raises(ReasonMissing):
        revoke(code=issued.code, reason="  ", actor=None, now=NOW)
    with pytest.raises(CredentialUnknown, match="nothing"):
        revoke(code="nothing", reason="x", actor=None, now=NOW)
    assert Credential.objects.get().revoked_at is None


def test_the_database_wants_a_reason_too(issued: Issued) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.update(revoked_at=NOW)


def test_expiry_is_told_once_at_midnight(heard: list[Event]) -> None:
    issued = make_credential()
    assert expire_due(LAST_MIDNIGHT - timedelta(seconds=1)) == 0
    assert expire_due(LAST_MIDNIGHT) == 1
    assert expire_due(LAST_MIDNIGHT + timedelta(days=1)) == 0
    deliver_due(LAST_MIDNIGHT)
    told = [event for event in heard if isinstance(event, CredentialExpired)]
    assert [event.code for event in told] == [issued.code]


def test_what_is_revoked_or_endless_does_not_expire() -> None:
    issued = make_credential()
    revoke(code=issued.code, reason="x", actor=None, now=NOW)
    assert expire_due(LAST_MIDNIGHT) == 0


def test_many_expire_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("badges.actions.expiry.BATCH", 2)
    for number in range(3):
        make_credential(source=f"s:{number}")
    assert expire_due(LAST_MIDNIGHT) == 3


def test_an_expiry_another_sweep_announced_is_not_repeated() -> None:
    make_credential()
    stale = Credential.objects.select_related("recipient", "achievement").get()
    assert expire_due(LAST_MIDNIGHT) == 1
    assert not expiry._announce(stale, LAST_MIDNIGHT)
