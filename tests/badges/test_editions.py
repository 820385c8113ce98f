"""Editions: a changed name, a correction, a renewal, all at one address, each proven on its own."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.actions import credentials
from badges.actions.achievements import define_achievement
from badges.actions.credentials import Issued, NotReady, correct, issue
from badges.actions.expiry import remind_due
from badges.actions.names import RequestUnknown, confirm_name, decide_name
from badges.actions.withdrawal import CredentialUnknown, ReasonMissing, revoke, suspend
from badges.domain import tokens
from badges.domain.rules import AchievementRules
from badges.domain.status import is_set
from badges.events import CredentialExpiring, EditionAdded, NameDecided
from badges.models import Credential, Edition, NameRequest, Recipient
from badges.queries import find_by_source, get_credential
from badges.queries.names import get_name_request
from badges.queries.verification import verify_file
from lms.accounts.models import User
from lms.events.event import Event
from lms.events.publish import deliver_due
from tests.badges.conftest import Hear
from tests.factories.badges import (
    NOW,
    TEXTS,
    make_achievement,
    make_credential,
    make_issuer,
    make_recipient,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
SLUG = "halden-recovery-engineer"


@pytest.fixture
def heard(hear: Hear) -> list[Event]:
    """What a listener in another app would be told."""
    return hear(EditionAdded, NameDecided, CredentialExpiring)


def earn(source: str, on: datetime, slug: str = SLUG) -> Issued:
    """Ana passes the test of an achievement at a moment."""
    return issue(
        achievement=slug,
        recipient_id=make_recipient(),
        source=source,
        language="en",
        actor=None,
        now=on,
    )


def define(slug: str, *, months: int | None = 12, **rules: Any) -> None:
    make_issuer()
    define_achievement(
        slug=slug,
        achievement_type="Certification",
        valid_months=months,
        texts=TEXTS,
        rules=AchievementRules(**rules),
        actor=None,
        now=NOW,
    )


def bits(code: str) -> list[bool]:
    """Whether each edition's bit is set in the list that is served now."""
    answers = []
    for edition in Edition.objects.filter(credential__code=code).order_by("number"):
        listed = Client().get(f"/status/{edition.status_list_id}").json()["credentialSubject"]
        answers.append(is_set(listed["encodedList"], edition.status_index))
    return answers


# A changed name


def test_a_holder_asks_and_the_vendor_approves(
    heard: list[Event], issued: Issued, ana: User, eli: User, as_ana: Client, as_eli: Client
) -> None:
    recipient = Recipient.objects.get()
    before = Client().get(f"/c/{issued.code}.json").content
    answer = as_ana.post(f"/c/{issued.code}/name/", {"name": " Ana  Nowak "})
    assert answer["Location"] == f"/c/{issued.code}/"
    request = get_name_request(recipient.pk)
    assert request is not None
    assert request.name == "Ana Nowak"
    assert "Ana Nowak" in as_ana.get(f"/c/{issued.code}/").content.decode()
    # Until then nothing changes, and a second wish replaces the first.
    assert Edition.objects.count() == 1
    as_ana.post(f"/c/{issued.code}/name/", {"name": "Ana Nowak-Lis"})
    assert NameRequest.objects.get().name == "Ana Nowak-Lis"
    decide = reverse("lms_badges_names:decide", args=[NameRequest.objects.get().pk])
    assert "Ana Nowak-Lis" in as_eli.get(decide).content.decode()
    assert as_ana.post(decide, {"approve": "yes"}).status_code in (302, 403)
    assert Edition.objects.count() == 1
    as_eli.post(decide, {"approve": "yes"})
    deliver_due(timezone.now())
    assert [type(event) for event in heard] == [EditionAdded, NameDecided]
    assert bits(issued.code) == [True, False]
    page = as_ana.get(f"/c/{issued.code}/").content.decode()
    assert "Ana Nowak-Lis" in page
    assert "Edition 2" in page
    assert "name changed on request" in page
    # The old file is intact and says what came after it; it holds no name to compare.
    verdict = verify_file(before, TODAY)
    assert (verdict.status, verdict.intact, verdict.edition) == ("superseded", True, 1)
    assert verdict.reasons == ("Superseded by edition 2: name changed on request.",)
    assert verify_file(Client().get(f"/c/{issued.code}.json").content, TODAY).status == "valid"


def test_a_refused_name_needs_a_reason_and_changes_nothing(
    heard: list[Event], issued: Issued, ana: User, eli: User, as_eli: Client
) -> None:
    recipient = Recipient.objects.get()
    assert not confirm_name(recipient_id=recipient.pk, name="Ana Nowak", actor=ana.pk, now=NOW)
    request = NameRequest.objects.get()
    with pytest.raises(PermissionDenied):
        decide_name(request_id=request.pk, approve=True, actor=ana.pk, now=NOW)
    with pytest.raises(ValueError, match="needs a reason"):
        decide_name(request_id=request.pk, approve=False, actor=None, now=NOW)
    decide = reverse("lms_badges_names:decide", args=[request.pk])
    assert "Say why" in as_eli.post(decide, {"approve": "no"}).content.decode()
    as_eli.post(decide, {"approve": "no", "reason": "Not the name in the passport"})
    with pytest.raises(RequestUnknown):
        decide_name(request_id=request.pk, approve=True, actor=None, now=NOW)
    assert (
        "decided already" in as_eli.post(decide, {"approve": "yes"}, follow=True).content.decode()
    )
    deliver_due(timezone.now())
    [event] = heard
    assert isinstance(event, NameDecided)
    assert (event.approved, event.reason) == (False, "Not the name in the passport")
    assert Edition.objects.count() == 1


def test_a_name_is_free_until_something_carries_it(ana: User) -> None:
    recipient = make_recipient(user_id=ana.pk)
    assert confirm_name(recipient_id=recipient, name="Ana Nowak", actor=ana.pk, now=NOW)
    assert not NameRequest.objects.exists()


def test_open_requests_come_first(issued: Issued, ana: User, as_eli: Client) -> None:
    recipient = Recipient.objects.get()
    open_one = NameRequest.objects.create(recipient=recipient, name="Ana Open", asked_at=NOW)
    NameRequest.objects.create(
        recipient=recipient, name="Ana Done", asked_at=NOW, decided_at=NOW, approved=True
    )
    assert NameRequest.objects.first() == open_one
    page = as_eli.get(reverse("lms_badges_names:index")).content.decode()
    assert page.index("Ana Open") < page.index("Ana Done")
    decide = reverse("lms_badges_names:decide", args=[open_one.pk])
    assert f'href="{decide}"' in page  # and what is decided has no way to be decided again
    assert page.count("/decide/") == page.count(decide)


def test_an_unprintable_wish_is_said_at_once(issued: Issued, as_ana: Client) -> None:
    answer = as_ana.post(f"/c/{issued.code}/name/", {"name": "安娜"})
    assert answer.status_code == 422
    assert "U+5B89" in answer.content.decode()
    assert as_ana.post(f"/c/{issued.code}/name/", {"name": ""}).status_code == 422


def test_nobody_asks_for_another(issued: Issued, as_cy: Client) -> None:
    assert as_cy.post(f"/c/{issued.code}/name/", {"name": "Cy"}).status_code == 403
    assert not NameRequest.objects.exists()


def test_what_ran_out_keeps_its_name(issued: Issued) -> None:
    """An edition that begins after its own end would prove nothing."""
    later = datetime(2028, 11, 12, 9, tzinfo=NOW.tzinfo)
    recipient = Recipient.objects.get().pk
    assert confirm_name(recipient_id=recipient, name="Ana Nowak", actor=None, now=later)
    assert Edition.objects.count() == 1
    with pytest.raises(CredentialUnknown):
        correct(code=issued.code, note="x", actor=None, now=later)


# A correction


def test_a_correction_takes_todays_words_and_says_what_changed(
    issued: Issued, eli: User, as_eli: Client, client: Client
) -> None:
    define_achievement(
        slug=SLUG,
        achievement_type="Certification",
        valid_months=24,
        texts={"en": replace(TEXTS["en"], name="Halden Recovery")},
        actor=None,
        now=NOW,
    )
    pk = Credential.objects.get().pk
    address = reverse("lms_badges_credentials:correct", args=[pk])
    as_eli.post(address, {"note": "The title had an error."})
    assert bits(issued.code) == [True, False]
    page = client.get(f"/c/{issued.code}/").content.decode()
    assert "Halden Recovery" in page
    assert "The title had an error." in page
    first = client.get(f"/c/{issued.code}/1/")
    assert first.context["picture"] == "superseded"
    assert TEXTS["en"].name in first.content.decode()
    verdict = verify_file(client.get(f"/c/{issued.code}/1/credential.png").content, TODAY)
    assert verdict.reasons == ("Superseded by edition 2: The title had an error.",)
    assert client.get(f"/c/{issued.code}/3/").status_code == 404


def test_what_cannot_be_corrected_says_why(issued: Issued, ana: User) -> None:
    with pytest.raises(PermissionDenied):
        correct(code=issued.code, note="x", actor=ana.pk, now=NOW)
    with pytest.raises(ReasonMissing):
        correct(code=issued.code, note=" ", actor=None, now=NOW)
    revoke(code=issued.code, reason="x", actor=None, now=NOW)
    with pytest.raises(CredentialUnknown):
        correct(code=issued.code, note="x", actor=None, now=NOW)


# A renewal


def test_of_two_calls_with_one_source_the_later_finds_what_the_other_did(
    heard: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    define(SLUG)
    first, later = earn("s:1", NOW), NOW + timedelta(days=300)
    lock = credentials._locked

    def lock_late(recipient_id: int) -> list[Credential]:
        """The other call renews and commits while this one waits for the lock."""
        monkeypatch.setattr(credentials, "_locked", lock)
        assert earn("s:2", later).edition == 2
        return lock(recipient_id)

    monkeypatch.setattr(credentials, "_locked", lock_late)
    again = earn("s:2", later)
    assert (again.code, again.created, again.edition) == (first.code, False, 2)
    assert (Credential.objects.count(), Edition.objects.count()) == (1, 2)


def test_a_pass_in_the_window_renews_what_is_held(heard: list[Event]) -> None:
    define(SLUG)
    first = earn("s:1", NOW)
    again = earn("s:2", NOW + timedelta(days=300))
    assert (again.code, again.created, again.edition) == (first.code, True, 2)
    card = get_credential(first.code)
    assert card is not None
    # Nothing is lost by renewing early, and the line is unbroken.
    assert (card.valid_from, card.valid_until) == (date(2026, 11, 12), date(2028, 11, 12))
    # The earlier edition is left to run out.
    assert bits(first.code) == [False, False]
    old = Client().get(f"/c/{first.code}/1/credential.json").content
    assert verify_file(old, date(2027, 11, 11)).status == "valid"
    verdict = verify_file(old, date(2027, 11, 12))
    assert (verdict.status, verdict.reasons[-1]) == ("expired", "Superseded by edition 2: renewed.")
    deliver_due(NOW + timedelta(days=300))
    assert [(e.edition, e.kind) for e in heard if isinstance(e, EditionAdded)] == [(2, "renewal")]
    # Again the same source: the same answer, nothing more.
    repeated = earn("s:2", NOW + timedelta(days=301))
    assert (repeated.code, repeated.created, repeated.edition) == (first.code, False, 2)
    assert find_by_source("s:2") == card
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("days", [1, 274, 365])
def test_outside_the_window_a_new_one_is_issued(days: int) -> None:
    define(SLUG)
    first = earn("s:1", NOW)
    again = earn("s:2", NOW + timedelta(days=days))
    assert again.code != first.code
    assert Credential.objects.count() == 2


def test_what_is_suspended_or_revoked_is_not_renewed() -> None:
    define(SLUG)
    first = earn("s:1", NOW)
    suspend(code=first.code, reason="x", actor=None, now=NOW)
    assert earn("s:2", NOW + timedelta(days=300)).code != first.code


def test_a_higher_achievement_and_a_delta_extend_the_lower() -> None:
    define("basic")
    define("expert", extends=("basic",))
    first = earn("s:1", NOW, "basic")
    later = NOW + timedelta(days=100)
    earn("s:2", later, "expert")
    card = get_credential(first.code)
    assert card is not None
    assert (card.edition, card.valid_until) == (2, date(2028, 11, 12))
    earn("s:2", later, "expert")
    assert Edition.objects.filter(credential__code=first.code).count() == 2


def test_an_achievement_extends_others_that_exist() -> None:
    with pytest.raises(ValidationError, match="no such other"):
        define("expert", extends=("nothing",))
    with pytest.raises(ValidationError, match="no such other"):
        define("expert", extends=("expert",))


def test_validity_counts_from_a_release_or_to_a_date() -> None:
    define("released", months=24, validity_basis="release", released_on=date(2026, 6, 1))
    assert get_credential(earn("s:1", NOW, "released").code).valid_until == date(2028, 6, 1)  # type: ignore[union-attr]
    define("fixed", validity_basis="date", ends_on=date(2027, 1, 1))
    assert get_credential(earn("s:2", NOW, "fixed").code).valid_until == date(2027, 1, 1)  # type: ignore[union-attr]
    # Another pass of the same release lasts no longer: it is no renewal.
    in_window = datetime(2028, 5, 1, tzinfo=NOW.tzinfo)
    assert earn("s:3", in_window, "released").edition == 1
    with pytest.raises(NotReady, match="ended on 2027-01-01"):
        earn("s:4", datetime(2027, 1, 1, 12, tzinfo=NOW.tzinfo), "fixed")


@pytest.mark.parametrize("basis", ["release", "date"])
def test_a_basis_needs_its_date(basis: str) -> None:
    with pytest.raises(ValidationError):
        define(SLUG, validity_basis=basis)


def test_an_endless_one_is_never_renewed() -> None:
    define(SLUG, months=None)
    earn("s:1", NOW)
    assert earn("s:2", NOW + timedelta(days=300)).edition == 1


# Reminders


def test_reminders_come_once_each_and_anew_after_a_renewal(heard: list[Event]) -> None:
    define(SLUG)
    issued = earn("s:1", NOW)
    end = datetime(2027, 11, 12, 9, tzinfo=NOW.tzinfo)
    told = []
    for days in range(100, -2, -1):
        told += [days] * remind_due(end - timedelta(days=days))
        assert remind_due(end - timedelta(days=days)) == 0
    assert told == [90, 60, 30, 7]
    deliver_due(end)
    days_told = [event.days for event in heard if isinstance(event, CredentialExpiring)]
    assert days_told == [90, 60, 30, 7]
    earn("s:2", end - timedelta(days=3))
    assert remind_due(end - timedelta(days=3)) == 0
    assert remind_due(end + timedelta(days=366 - 90)) == 1
    assert get_credential(issued.code).edition == 2  # type: ignore[union-attr]


def test_a_site_that_slept_reminds_once_and_short_ones_not_at_all(heard: list[Event]) -> None:
    define(SLUG)
    earn("s:1", NOW)
    assert remind_due(datetime(2027, 11, 2, tzinfo=NOW.tzinfo)) == 1
    make_achievement("short", valid_months=1)
    earn("s:2", NOW, "short")
    assert remind_due(NOW) == 0
    make_achievement("other", valid_months=1)
    revoked = earn("s:3", NOW, "other")
    revoke(code=revoked.code, reason="x", actor=None, now=NOW)
    assert remind_due(NOW + timedelta(days=25)) == 1


def test_an_endless_chain_of_documents_agrees(issued: Issued, client: Client) -> None:
    """All forms of one edition say the same of the same thing."""
    document = client.get(f"/c/{issued.code}.json").json()
    header, token = tokens.read(client.get(f"/c/{issued.code}.jwt").content.decode())
    assert set(header) == {"alg", "kid", "typ"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    assert header["kid"] in client.get("/.well-known/did.json").json()["assertionMethod"]
    assert token["iss"] == document["issuer"]["id"]
    assert token["jti"] == token["id"] == document["id"]
    assert token["sub"] == document["credentialSubject"]["id"]
    assert token["nbf"] == int(datetime.fromisoformat(document["validFrom"]).timestamp())
    assert token["exp"] == int(datetime.fromisoformat(document["validUntil"]).timestamp())
    differ = {"proof", "credentialStatus", "iss", "jti", "sub", "nbf", "exp"}
    for member in {*document, *token} - differ:
        assert document[member] == token[member], member
    status = token["credentialStatus"]
    assert status["statusListIndex"] == document["credentialStatus"]["statusListIndex"]
    assert status["statusListCredential"].endswith(".jwt")


def test_many_credentials_cost_what_one_costs(django_assert_num_queries: Any) -> None:
    make_credential()
    for number in range(2, 5):
        make_credential(source=f"test:{number}")
    number = Edition.objects.values_list("status_list", flat=True)[0]
    with django_assert_num_queries(5):
        Client().get("/status/ob2.json")
        Client().get(f"/status/{number}")
