"""Suspending and reinstating: told apart from revoking in every representation, at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from badges.actions.credentials import Issued
from badges.actions.withdrawal import (
    CredentialUnknown,
    NotSuspendable,
    ReasonMissing,
    reinstate,
    revoke,
    suspend,
)
from badges.domain import png, tokens
from badges.domain.status import is_set
from badges.events import CredentialReinstated, CredentialSuspended
from badges.models import Credential, Edition, SigningKey
from badges.queries.verification import verify_code, verify_file
from lms.accounts.models import User
from lms.events.publish import deliver_due
from tests.factories.badges import NOW, make_credential

pytestmark = pytest.mark.django_db
DAY = NOW.date()
LATER = NOW + timedelta(hours=1)


def act(action: Any, code: str, *, actor: int | None = None, reason: str = "Under review") -> None:
    action(code=code, reason=reason, actor=actor, now=LATER)


def representations(code: str) -> dict[str, Any]:
    """What every address says about it now."""
    client, edition = Client(), Edition.objects.get(credential__code=code)
    listed = client.get(f"/status/{edition.status_list_id}").json()["credentialSubject"]
    token = client.get(f"/status/{edition.status_list_id}.jwt").content.decode()
    _header, twin = tokens.read(token)
    assert tokens.is_signed(token, SigningKey.objects.get(algorithm="RS256").public.rsa())
    hosted, revocations = client.get(f"/c/{code}/ob2.json"), client.get("/status/ob2.json").json()
    _header, signed = tokens.read(client.get(f"/c/{code}/ob2.jws").content.decode())
    reasons = {one["id"]: one["revocationReason"] for one in revocations["revokedAssertions"]}
    encoded = twin["credentialSubject"]["encodedList"]
    return {
        "bit": is_set(listed["encodedList"], edition.status_index),
        "twin": is_set(encoded, edition.status_index),
        "hosted": hosted.json().get("revocationReason", ""),
        "gone": hosted.status_code == 410,
        "listed": reasons.get(signed["id"], ""),
        "page": client.get(f"/c/{code}/").context["picture"],
        "verified": verify_code(code, DAY).status,
        "etags": [
            client.get(address)["ETag"]
            for address in (f"/s/{code}.png", f"/c/{code}.png", f"/c/{code}.svg", f"/c/{code}.pdf")
        ],
    }


def test_a_suspension_is_seen_everywhere_and_ends_everywhere(issued: Issued) -> None:
    before = representations(issued.code)
    assert (before["bit"], before["twin"], before["page"]) == (False, False, "valid")
    act(suspend, issued.code)
    during = representations(issued.code)
    assert (during["bit"], during["twin"], during["gone"]) == (True, True, False)
    assert during["page"] == during["verified"] == "suspended"
    assert during["hosted"] == during["listed"] == "Suspended, not valid now"
    assert not set(during["etags"]) & set(before["etags"])
    act(reinstate, issued.code)
    after = representations(issued.code)
    # The PDF is the same page, signed anew.
    pdfs = (before["etags"].pop(), after["etags"].pop())
    assert pdfs[0] != pdfs[1]
    assert after == before


def test_a_revocation_reads_otherwise(issued: Issued) -> None:
    act(suspend, issued.code)
    suspended = representations(issued.code)
    act(revoke, issued.code)
    revoked = representations(issued.code)
    assert (revoked["bit"], revoked["gone"]) == (True, True)
    assert revoked["page"] == revoked["verified"] == "revoked"
    assert revoked["hosted"] == revoked["listed"] == "Withdrawn, not valid"
    assert not set(suspended["etags"]) & set(revoked["etags"])


def test_revoked_is_for_good(issued: Issued) -> None:
    act(revoke, issued.code)
    for action in (suspend, reinstate):
        with pytest.raises(NotSuspendable, match="for good"):
            act(action, issued.code)


def test_each_is_told_once_with_its_reason(issued: Issued, eli: User) -> None:
    for action in (suspend, suspend, reinstate, reinstate):
        act(action, issued.code, actor=eli.pk)
    deliver_due(LATER)
    entries = ModelLogEntry.objects.filter(action__contains="lms_badges.credential.")
    acts = [entry.action.rpartition(".")[2] for entry in entries.order_by("pk")]
    assert acts == ["suspended", "reinstated"]
    assert {entry.data["reason"] for entry in entries} == {"Under review"}
    names = (CredentialSuspended.name, CredentialReinstated.name)
    assert names == ("badges.credential.suspended.v1", "badges.credential.reinstated.v1")


@pytest.mark.parametrize("action", [suspend, reinstate])
def test_permission_reason_and_credential_are_needed(
    issued: Issued, ana: User, action: Any
) -> None:
    with pytest.raises(PermissionDenied):
        act(action, issued.code, actor=ana.pk)
    with pytest.raises(ReasonMissing):
        act(action, issued.code, reason=" ")
    with pytest.raises(CredentialUnknown, match="nobody"):
        act(action, "nobody")


def test_the_database_wants_a_reason_for_a_suspension(issued: Issued) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.update(suspended_at=NOW)


def test_a_reinstated_picture_is_not_taken_for_unchanged(issued: Issued, client: Client) -> None:
    """A reader that asks by date alone must not keep the suspended picture."""
    act(suspend, issued.code)
    suspended = client.get(f"/s/{issued.code}.png")
    reinstate(code=issued.code, reason="Cleared", actor=None, now=LATER + timedelta(seconds=2))
    again = client.get(
        f"/s/{issued.code}.png", headers={"If-Modified-Since": suspended["Last-Modified"]}
    )
    assert again.status_code == 200
    assert again["ETag"] != suspended["ETag"]


def test_a_suspended_file_is_intact(issued: Issued, client: Client) -> None:
    for form in (".json", ".jwt", ".png", ".svg", "/ob2.jws"):
        body = client.get(f"/c/{issued.code}{form}").content
        assert verify_file(body, DAY).status == "valid", form
        act(suspend, issued.code)
        verdict = verify_file(body, DAY)
        assert (verdict.status, verdict.intact) == ("suspended", True), form
        act(reinstate, issued.code)


def test_one_revoked_assertion_has_company_in_the_list(client: Client) -> None:
    """A list of one is read as none by 1EdTech's validator."""
    first = make_credential()
    make_credential(source="test:2")
    assert client.get("/status/ob2.json").json()["revokedAssertions"] == []
    act(revoke, first.code)
    assert len(client.get("/status/ob2.json").json()["revokedAssertions"]) == 2
    act(revoke, Credential.objects.get(source="test:2").code)
    assert len(client.get("/status/ob2.json").json()["revokedAssertions"]) == 2


def test_the_holder_and_the_admin_see_it(as_ana: Client, as_eli: Client, issued: Issued) -> None:
    pk = Credential.objects.get().pk
    shown = as_eli.get(reverse("lms_badges_credentials:inspect", args=[pk])).content.decode()
    assert reverse("lms_badges_credentials:suspend", args=[pk]) in shown
    assert reverse("lms_badges_credentials:reinstate", args=[pk]) not in shown
    address = reverse("lms_badges_credentials:suspend", args=[pk])
    assert as_eli.get(address).status_code == 200
    assert as_eli.post(address, {"reason": ""}).status_code == 200
    assert as_ana.post(address, {"reason": "x"}).status_code in (302, 403)
    assert Credential.objects.get().suspended_at is None
    as_eli.post(address, {"reason": "Two people, one account?"})
    assert "Two people, one account?" in as_ana.get(f"/c/{issued.code}/").content.decode()
    assert "Two people" not in Client().get(f"/c/{issued.code}/").content.decode()
    index = as_eli.get(reverse("lms_badges_credentials:index"), {"state": "suspended"})
    assert issued.code in index.content.decode()
    assert (
        issued.code
        not in as_eli.get(
            reverse("lms_badges_credentials:index"), {"state": "valid"}
        ).content.decode()
    )
    revoke(code=issued.code, reason="Proven", actor=None, now=LATER)
    answer = as_eli.post(
        reverse("lms_badges_credentials:reinstate", args=[pk]), {"reason": "x"}, follow=True
    )
    assert "for good" in answer.content.decode()


def test_a_png_holds_the_same_badge_in_every_state(issued: Issued, client: Client) -> None:
    before = png.find_texts(client.get(f"/c/{issued.code}.png").content, png.OB3_KEYWORD)
    act(suspend, issued.code)
    assert png.find_texts(client.get(f"/c/{issued.code}.png").content, png.OB3_KEYWORD) == before
