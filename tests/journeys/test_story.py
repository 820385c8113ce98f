"""The whole story without a browser: from the catalogue to a status that moves, and back."""

import io
import json
from datetime import datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openbadges_bakery import unbake
from PIL import Image
from pypdf import PdfReader

from badges.actions.names import decide_name
from badges.actions.withdrawal import revoke
from badges.models import Credential
from badges.queries import CredentialCard, get_credential, list_credentials
from badges.queries.names import get_name_request
from courses.actions.history import sit as replay
from courses.models import Attempt
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.events.sweep import sweep
from lms.notifications.models import Mail
from partners.models import Decision
from partners.queries.status import get_status
from tests.factories.courses import Training, answers
from tests.factories.partners import Company

pytestmark = pytest.mark.django_db
TITLE = "Halden Certified Recovery Engineer"


class Inline(HTMLParser):
    """Finds what a strict policy would refuse: scripts and styles that stand in the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        bad = tag == "style" or (tag == "script" and "src" not in names)
        if bad or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(self.get_starttag_text() or tag)


def body(response: Any) -> bytes:
    content: bytes = b"".join(response) if response.streaming else response.content
    assert response.status_code == 200, content[:500]
    return content


def text(client: Client, url: str) -> str:
    return body(client.get(url, follow=True)).decode()


def read_lessons(client: Client, training: Training) -> None:
    catalogue = text(client, training.index.url)
    assert training.page.url in catalogue
    assert training.lessons[0].url in text(client, training.page.url)
    for lesson in training.lessons:
        assert lesson.title in text(client, lesson.url)
        client.post(reverse("lms_lesson_finish", args=[lesson.pk]))
    solve = reverse("lms_exercise", args=[training.lessons[0].pk, "segments"])
    assert "That is right" in body(client.post(solve, {"answer": "16"}, follow=True)).decode()
    assert text(client, training.page.url).count("Done") == 2


def sit(client: Client, name: str = "Ana Kowalska") -> str:
    """Take and pass the test as the page's script does; return the result's address."""
    client.post(reverse("lms_test", args=["recovery"]), {"name": name})
    attempt = Attempt.objects.latest("pk")
    for slot, value in answers(attempt.code).items():
        job = {"value": value, "base_revision": 0, "save_id": f"s{slot}"}
        url = reverse("lms_save", args=[attempt.code, slot])
        saved = client.post(url, json.dumps(job), content_type="application/json")
        assert json.loads(body(saved))["revision"] == 1
    response = client.post(reverse("lms_review", args=[attempt.code]))
    return str(response["Location"])


def mails(kind: str) -> list[Mail]:
    return list(Mail.objects.filter(key__startswith=kind))


def tier(company: Company, on: datetime | None = None) -> str:
    status = get_status(company.id, timezone.localdate(on), "en")
    assert status is not None
    return status.tier_id


def the_card(recipient: int) -> CredentialCard:
    [card] = list_credentials(recipient_ids=[recipient])
    return card


def strip(client: Client, code: str) -> bytes:
    response: HttpResponseBase = client.get(reverse("lms_strip", args=[code]))
    content = body(response)
    assert Image.open(io.BytesIO(content)).size == (600, 160)
    return content


@pytest.fixture
def passed(training: Training, baltwerk: Company, as_ana: Client) -> CredentialCard:
    """Ana's certificate, taken over HTTP."""
    sit(as_ana)
    deliver_due()
    return the_card(baltwerk.ana)


def test_from_the_catalogue_to_the_certificate(
    training: Training, baltwerk: Company, as_ana: Client, as_bo: Client, client: Client
) -> None:
    assert tier(baltwerk) == "registered"
    Mail.objects.all().delete()
    read_lessons(as_ana, training)
    result = sit(as_ana)
    page = text(as_ana, result)
    assert "Passed" in page
    assert "being issued" in page
    assert not Credential.objects.filter(recipient=baltwerk.ana).exists()
    deliver_due()
    card = the_card(baltwerk.ana)
    assert reverse("lms_credential", args=[card.code]) in text(as_ana, result)
    assert TITLE in text(as_ana, reverse("lms_cabinet"))

    assert tier(baltwerk) == "silver"
    company = text(as_bo, reverse("lms_company"))
    assert "Silver" in company
    assert "Ana Kowalska" in company
    [to_ana], [to_bo] = mails("credential_issued"), mails("tier_changed")
    assert (to_ana.to, to_bo.to) == ("ana@baltwerk.example", "bo@baltwerk.example")
    deliver_due(timezone.now() + timedelta(days=1))
    assert Mail.objects.count() == 2
    assert not Delivery.objects.exclude(state="done").exists()


def test_strangers_see_a_name_only_once_its_holder_said_so(
    passed: CredentialCard, as_ana: Client, as_cy: Client, client: Client
) -> None:
    page = reverse("lms_credential", args=[passed.code])
    consent = reverse("lms_credential_consent", args=[passed.code])
    seen = text(client, page)
    assert TITLE in seen
    assert "It is valid to" in seen
    assert "Kowalska" not in seen
    assert 'content="noindex' in seen
    assert "Kowalska" in text(as_ana, page)
    assert as_cy.post(consent, {"show_name": "on"}).status_code == 403
    assert "Kowalska" not in text(client, page)
    as_ana.post(consent, {"show_name": "on", "show_company": "on"})
    seen = text(client, page)
    assert "Ana Kowalska" in seen
    assert "Baltwerk" in seen
    as_ana.post(consent, {})
    assert "Kowalska" not in text(client, page)


def test_documents_and_pictures_say_the_same(
    passed: CredentialCard, as_ana: Client, client: Client
) -> None:
    code = passed.code
    document = json.loads(text(client, reverse("lms_credential_json", args=[code])))
    assert "OpenBadgeCredential" in document["type"]
    assert document["credentialSubject"]["achievement"]["name"] == TITLE
    [proof] = [document["proof"]] if isinstance(document["proof"], dict) else document["proof"]
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    hosted = json.loads(text(client, reverse("lms_credential_ob2", args=[code])))
    assert hosted["type"] == "Assertion"
    picture = body(client.get(reverse("lms_credential_png", args=[code])))
    assert hosted["id"] in str(unbake(io.BytesIO(picture)))
    assert b"openbadgecredential" in picture
    paper = PdfReader(io.BytesIO(body(as_ana.get(reverse("lms_credential_pdf", args=[code])))))
    words = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert TITLE in words
    assert code in words
    strip(client, code)
    snippet = text(as_ana, reverse("lms_credential", args=[code]))
    assert reverse("lms_strip", args=[code]) in snippet
    for public in ("lms_issuer", "lms_did", "lms_jwks", "lms_issuer_ob2"):
        body(client.get(reverse(public)))
    for given in (code, f"https://example.org/c/{code}/"):
        verdict = client.post(reverse("lms_verify"), {"code": given})
        assert TITLE in body(verdict).decode()
    upload = io.BytesIO(picture)
    upload.name = "badge.png"
    assert TITLE in body(client.post(reverse("lms_verify"), {"file": upload})).decode()


def test_a_withdrawal_moves_page_strip_and_status(
    passed: CredentialCard, baltwerk: Company, as_eli: Client, client: Client, as_ana: Client
) -> None:
    Mail.objects.all().delete()
    valid = strip(client, passed.code)
    url = reverse("lms_badges_credentials:revoke", args=[passed.id])
    assert "<form" in text(as_eli, url)
    assert as_eli.post(url, {"reason": ""}).status_code == 200
    assert get_credential(passed.code) == passed
    as_eli.post(url, {"reason": "Somebody else sat the test"})
    seen = text(client, reverse("lms_credential", args=[passed.code]))
    assert "Withdrawn, not valid" in seen
    assert "Somebody else sat" not in seen
    assert "Somebody else sat" in text(as_ana, reverse("lms_credential", args=[passed.code]))
    assert strip(client, passed.code) != valid
    deliver_due()
    assert tier(baltwerk) == "registered"
    [to_ana], [to_bo] = mails("credential_revoked"), mails("tier_changed")
    assert "Somebody else sat the test" in to_ana.text
    assert to_bo.to == "bo@baltwerk.example"
    assert (
        Decision.objects.filter(partner=baltwerk.id)
        .latest("pk")
        .cause.startswith("credential.revoked:")
    )
    as_eli.post(url, {"reason": "again"})
    deliver_due()
    assert Mail.objects.count() == 2


def test_only_eli_may_withdraw(
    passed: CredentialCard, as_ana: Client, as_bo: Client, as_dee: Client, client: Client
) -> None:
    url = reverse("lms_badges_credentials:revoke", args=[passed.id])
    for other in (as_ana, as_bo, as_dee, client):
        response = other.post(url, {"reason": "no"})
        assert response.status_code in (302, 403)
    assert get_credential(passed.code) == passed


def test_at_midnight_it_expires_and_the_status_follows(
    passed: CredentialCard, baltwerk: Company
) -> None:
    assert passed.valid_until is not None
    midnight = datetime.combine(passed.valid_until, time.min, timezone.get_default_timezone())
    before, after = midnight - timedelta(seconds=1), midnight + timedelta(seconds=1)
    Mail.objects.all().delete()
    sweep(now=before)
    assert (passed.state(timezone.localdate(before)), tier(baltwerk, before)) == ("valid", "silver")
    assert not mails("credential_expired")
    for _ in range(2):
        sweep(now=after)
    card = the_card(baltwerk.ana)
    assert card.state(timezone.localdate(after)) == "expired"
    assert tier(baltwerk, after) == "registered"
    assert len(mails("credential_expired")) == 2  # Ana's and Bo's own, one each
    assert len(mails("tier_changed")) == 1


def test_the_strip_answers_in_every_state(
    training: Training, baltwerk: Company, ana: User, bo: User, client: Client
) -> None:
    long_ago = timezone.now() - timedelta(days=800)
    for user, at in ((ana, long_ago), (bo, timezone.now() - timedelta(days=9))):
        replay(course="recovery", user_id=user.pk, passing=True, at=at)
    sweep()
    expired, valid = the_card(baltwerk.ana), list_credentials(recipient_ids=[baltwerk.bo])[0]
    page = text(client, reverse("lms_credential", args=[expired.code]))
    assert "Expired, no longer valid" in page
    pictures = {strip(client, expired.code), strip(client, valid.code)}
    revoke(code=valid.code, reason="by mistake", actor=None, now=timezone.now())
    assert len(pictures | {strip(client, valid.code)}) == 3


def test_a_new_name_is_a_new_edition(
    passed: CredentialCard, as_ana: Client, ana: User, baltwerk: Company
) -> None:
    Attempt.objects.update(passed=False, finished_at=timezone.now() - timedelta(days=60))
    sit(as_ana, "Ana Nowak")
    deliver_due()
    # A certificate carries the other name already: the vendor decides.
    assert {card.edition for card in list_credentials(recipient_ids=[baltwerk.ana])} == {1}
    request = get_name_request(baltwerk.ana)
    assert request is not None
    decide_name(request_id=request.id, approve=True, actor=None, now=timezone.now())
    editions = {card.edition for card in list_credentials(recipient_ids=[baltwerk.ana])}
    assert 2 in editions
    page = text(as_ana, reverse("lms_credential", args=[passed.code]))
    assert "Ana Nowak" in page


def test_every_page_has_a_strict_policy_and_nothing_inline(
    training: Training, baltwerk: Company, passed: CredentialCard, as_bo: Client, as_ana: Client
) -> None:
    urls = [
        (as_ana, training.index.url),
        (as_ana, training.page.url),
        (as_ana, training.lessons[0].url),
        (as_ana, reverse("lms_test", args=["recovery"])),
        (as_ana, reverse("lms_cabinet")),
        (as_ana, reverse("lms_credential", args=[passed.code])),
        (as_ana, reverse("lms_verify")),
        (as_ana, reverse("lms_issuer")),
        (as_bo, reverse("lms_company")),
        (as_bo, reverse("lms_people")),
        (as_bo, reverse("lms_decisions")),
        (Client(), reverse("account_login")),
    ]
    for client, url in urls:
        response = client.get(url)
        page = body(response).decode()
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        inline = Inline()
        inline.feed(page)
        assert inline.found == [], url
        assert response["X-Content-Type-Options"] == "nosniff"
