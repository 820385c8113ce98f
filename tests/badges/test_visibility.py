"""Nothing of a person reaches a stranger before the decision, and no more than it after."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from badges.actions.credentials import Issued
from badges.actions.recipients import decide_visibility
from badges.events import CompanyOf
from badges.models import Recipient
from badges.queries import get_share
from badges.queries.exhibits import get_exhibit
from badges.queries.rendering import get_strip
from lms.accounts.models import User
from lms.events import ask as registry
from tests.factories.badges import NOW

pytestmark = pytest.mark.django_db
NAME, COMPANY, DATE = "Ana Kowalska", "Baltwerk OÜ", "12 November 2026"


@pytest.fixture(autouse=True)
def _company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_answerers", {})
    registry.answers(CompanyOf)(lambda question: None)
    registry.answers(CompanyOf)(lambda question: COMPANY)


def decide(name: bool = False, company: bool = False, date: bool = False) -> None:
    decide_visibility(
        recipient_id=Recipient.objects.get().pk,
        show_name=name,
        show_company=company,
        show_date=date,
        actor=None,
        now=NOW,
    )


def seen(client: Client, code: str) -> dict[str, str]:
    """Every representation as text."""
    pdf = PdfReader(BytesIO(client.get(f"/c/{code}.pdf").content))
    exhibit = get_exhibit(code)
    assert exhibit is not None
    return {
        "page": client.get(f"/c/{code}/").content.decode(),
        "json": client.get(f"/c/{code}.json").content.decode(),
        "ob2": client.get(f"/c/{code}/ob2.json").content.decode(),
        "png": client.get(f"/c/{code}.png").content.decode("latin-1"),
        "verify": client.get("/verify/", {"code": code}).content.decode(),
        "strip": exhibit.public_name,
        "pdf": " ".join(pdf.pages[0].extract_text().split()) + str(pdf.metadata),
        "share": str(get_share(code)),
    }


def test_nothing_is_shown_before_the_decision(client: Client, issued: Issued) -> None:
    for kind, text in seen(client, issued.code).items():
        assert NAME not in text, kind
        assert "baltwerk" not in text.lower(), kind
        assert DATE not in text, kind
    assert "has not published the name" in client.get(f"/c/{issued.code}/").content.decode()


def test_refusing_shows_nothing_either(client: Client, issued: Issued) -> None:
    decide()
    assert not any(NAME in text for text in seen(client, issued.code).values())


def test_the_name_appears_where_it_is_printed(client: Client, issued: Issued) -> None:
    before = client.get(f"/s/{issued.code}.png")["ETag"]
    decide(name=True)
    told = {kind for kind, text in seen(client, issued.code).items() if NAME in text}
    assert told == {"page", "pdf", "strip", "share", "verify"}
    assert client.get(f"/s/{issued.code}.png")["ETag"] != before
    assert COMPANY not in client.get(f"/c/{issued.code}/").content.decode()


def test_company_and_date_are_decided_apart(client: Client, issued: Issued) -> None:
    decide(company=True)
    page = client.get(f"/c/{issued.code}/").content.decode()
    assert (COMPANY in page, DATE in page) == (False, False)  # a company of nobody says nothing
    decide(name=True, company=True)
    assert COMPANY in client.get(f"/c/{issued.code}/").content.decode()
    decide(date=True)
    told = {kind for kind, text in seen(client, issued.code).items() if DATE in text}
    assert told == {"page", "pdf", "verify"}


def test_the_holder_sees_everything_and_is_asked(as_ana: Client, issued: Issued) -> None:
    page = as_ana.get(f"/c/{issued.code}/").content.decode()
    for said in (NAME, COMPANY, DATE, "What strangers may see", "Copy for an e-mail signature"):
        assert said in page
    pdf = as_ana.get(f"/c/{issued.code}.pdf")
    assert NAME in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert pdf["Cache-Control"].startswith("private")
    assert not any(box in page for box in (" checked>", "checked="))


def test_another_person_sees_what_strangers_see(as_cy: Client, issued: Issued) -> None:
    page = as_cy.get(f"/c/{issued.code}/").content.decode()
    assert NAME not in page
    assert "Only you see this" not in page


def test_the_holder_decides(as_ana: Client, ana: User, issued: Issued) -> None:
    address = f"/c/{issued.code}/consent/"
    response = as_ana.post(address, {"show_name": "on", "show_date": "on"})
    assert response["Location"] == f"/c/{issued.code}/"
    recipient = Recipient.objects.get()
    assert recipient.visibility_decided_at is not None
    assert (recipient.show_name, recipient.show_company, recipient.show_date) == (True, False, True)
    assert NAME in Client().get(f"/c/{issued.code}/").content.decode()
    as_ana.post(address, {})
    assert NAME not in Client().get(f"/c/{issued.code}/").content.decode()


def test_nobody_else_decides(as_cy: Client, client: Client, issued: Issued) -> None:
    address = f"/c/{issued.code}/consent/"
    assert as_cy.post(address, {"show_name": "on"}).status_code == 403
    assert "/login" in client.post(address, {"show_name": "on"})["Location"]
    assert as_cy.get(address).status_code == 405
    assert Recipient.objects.get().visibility_decided_at is None


def test_the_reason_of_a_revocation_is_the_holders(as_ana: Client, issued: Issued) -> None:
    Recipient.objects.get().credentials.update(revoked_at=NOW, revoke_reason="Shared answers")
    assert "Shared answers" in as_ana.get(f"/c/{issued.code}/").content.decode()
    assert "Shared answers" not in Client().get(f"/c/{issued.code}/").content.decode()


def test_an_unknown_code_shares_nothing(db: None) -> None:
    assert get_share("0" * 17) is None


def test_the_strip_is_kept_once_drawn(issued: Issued) -> None:
    exhibit = get_exhibit(issued.code)
    assert exhibit is not None
    assert get_strip(exhibit, NOW.date()).body == get_strip(exhibit, NOW.date()).body
