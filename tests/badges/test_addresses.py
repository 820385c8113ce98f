"""Every public address: what it answers, how it may be kept, and that a revocation is seen."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from badges.actions.credentials import Issued, correct
from badges.actions.withdrawal import revoke
from badges.domain import png
from badges.domain.status import is_set
from badges.models import Achievement, Edition, SigningKey, StatusList
from badges.queries import rendering
from tests.factories.badges import NOW, TEXTS, make_credential, make_issuer, make_recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(issued: Issued) -> str:
    return issued.code


def addresses(code: str) -> dict[str, str]:
    achievement = Achievement.objects.get().code
    listed = f"/status/{Edition.objects.earliest('pk').status_list_id}"
    rsa = SigningKey.objects.get(algorithm="RS256").kid
    return {
        f"/c/{code}/": "text/html; charset=utf-8",
        f"/c/{code}.json": "application/vc+ld+json",
        f"/c/{code}.jwt": "text/plain; charset=us-ascii",
        f"/c/{code}.png": "image/png",
        f"/c/{code}.svg": "image/svg+xml",
        f"/c/{code}/card.png": "image/png",
        f"/c/{code}.pdf": "application/pdf",
        f"/c/{code}/ob2.json": "application/ld+json",
        f"/c/{code}/ob2.jws": "text/plain; charset=us-ascii",
        f"/c/{code}/report/": "text/html; charset=utf-8",
        f"/c/{code}/1/": "text/html; charset=utf-8",
        f"/c/{code}/1/credential.json": "application/vc+ld+json",
        f"/c/{code}/1/credential.jwt": "text/plain; charset=us-ascii",
        f"/c/{code}/1/credential.png": "image/png",
        f"/c/{code}/1/credential.svg": "image/svg+xml",
        f"/c/{code}/1/credential.pdf": "application/pdf",
        f"/c/{code}/1/ob2.jws": "text/plain; charset=us-ascii",
        f"/s/{code}.png": "image/png",
        f"/a/{achievement}/": "text/html; charset=utf-8",
        f"/a/{achievement}.json": "application/ld+json",
        f"/a/{achievement}/ob2.json": "application/ld+json",
        f"/a/{achievement}.png": "image/png",
        "/issuer/": "text/html; charset=utf-8",
        "/issuer/ob2.json": "application/ld+json",
        "/.well-known/did.json": "application/did+json",
        "/.well-known/jwks.json": "application/jwk-set+json",
        **{f"/keys/{row.kid}": "application/jwk+json" for row in SigningKey.objects.all()},
        f"/keys/{rsa}/ob2.json": "application/ld+json",
        f"/issuer/{rsa}/ob2.json": "application/ld+json",
        listed: "application/vc+ld+json",
        f"{listed}.jwt": "text/plain; charset=us-ascii",
        "/status/ob2.json": "application/ld+json",
        "/verify/": "text/html; charset=utf-8",
    }


def test_every_address_answers(client: Client, code: str) -> None:
    for address, content_type in addresses(code).items():
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, content_type), address


def test_documents_are_conditional(client: Client, code: str) -> None:
    for address, content_type in addresses(code).items():
        if content_type.startswith("text/html"):
            continue
        response = client.get(address)
        assert "max-age=" in response["Cache-Control"], address
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        other = client.get(address, headers={"If-None-Match": '"other"'})
        assert other["ETag"] == response["ETag"], address


def test_each_status_list_has_its_own_bits(client: Client, code: str) -> None:
    """The statement is composed once: for all of them."""
    StatusList.objects.create(changed_at=NOW)
    later = make_credential(recipient_id=make_recipient("bo@baltwerk.example"), source="test:2")
    first, second = (f"/status/{row.pk}" for row in StatusList.objects.order_by("pk"))
    before = {address: client.get(address).content for address in (first, second)}
    revoke(code=later.code, reason="Review", actor=None, now=NOW)
    place = Edition.objects.get(credential__code=later.code).status_index
    assert client.get(first).content == before[first]
    assert not is_set(json.loads(before[second])["credentialSubject"]["encodedList"], place)
    assert is_set(client.get(second).json()["credentialSubject"]["encodedList"], place)


@pytest.mark.parametrize("form", ["json", "jwt", "jws"])
def test_a_signed_text_is_served_as_it_was_signed(
    client: Client, code: str, form: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    correct(code=code, note="The criteria.", actor=None, now=NOW + timedelta(days=1))
    column = {"json": "ob3"}.get(form, form)
    first, last = Edition.objects.order_by("number").values_list(column, flat=True)
    latest = f"/c/{code}/ob2.jws" if form == "jws" else f"/c/{code}.{form}"
    named = "ob2.jws" if form == "jws" else f"credential.{form}"
    with django_assert_num_queries(3):
        assert client.get(latest).content.decode() == last != first
        assert client.get(f"/c/{code}/1/{named}").content.decode() == first
        assert client.get(f"/c/{code}/2/{named}").content.decode() == last
    assert client.get(f"/c/{code}/3/{named}").status_code == 404


def test_nothing_is_drawn_for_a_reader_who_has_it(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (f"/c/{code}.pdf", f"/s/{code}.png", f"/c/{code}/card.png"):
        first = client.get(address)
        with monkeypatch.context() as patch:
            for drawing in ("_kept", "render_certificate", "sign"):
                patch.setattr(rendering, drawing, None)
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        for header in ("ETag", "Last-Modified", "Cache-Control"):
            assert again[header] == first[header], address


@pytest.mark.parametrize(
    "kind", ["c/{}/", "c/{}.json", "c/{}.png", "c/{}.pdf", "s/{}.png", "a/{}/"]
)
def test_an_unknown_code_is_not_found(client: Client, db: None, kind: str) -> None:
    assert client.get("/" + kind.format("0" * 17), follow=True).status_code == 404


@pytest.mark.parametrize(
    "address", ["/keys/z6MkNobody", "/issuer/z6MkNobody/ob2.json", "/status/99"]
)
def test_an_unknown_key_or_list_is_not_found(client: Client, db: None, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


def test_a_list_is_not_signed_twice(client: Client, code: str) -> None:
    address = f"/status/{Edition.objects.get().status_list_id}"
    assert client.get(address).content == client.get(address).content


def test_a_misread_code_leads_to_the_page(client: Client, code: str) -> None:
    response = client.get(f"/c/{code.upper()}/")
    assert response.status_code == 200 or response["Location"] == f"/c/{code}/"


def test_the_strip_is_the_same_for_whoever_looks(client: Client, code: str) -> None:
    response = client.get(f"/s/{code}.png", headers={"Accept-Language": "pl"})
    assert "Vary" not in response
    assert not response.cookies
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Language"] == "en"
    assert "stale-if-error=86400" in response["Cache-Control"]
    assert len(response.content) <= 10 * 1024
    with Image.open(BytesIO(response.content)) as image:
        assert image.size == (600, 160)


def test_the_page_repeats_everything_printed(client: Client) -> None:
    code = make_credential(language="ru").code
    page = client.get(f"/c/{code}/").content.decode()
    pdf = client.get(f"/c/{code}.pdf").content
    printed = " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    for said in (
        "Сертификат",
        "подтверждает успешную сдачу сертификационного теста",
        TEXTS["ru"].name,
        TEXTS["ru"].criteria,
        "11 ноября 2028 г.",
        "Halden Data",
        code,
    ):
        assert said in page
        assert said in printed
    assert '<meta name="robots" content="noindex">' in page


def test_the_page_speaks_the_readers_language_and_keeps_the_certificates(client: Client) -> None:
    code = make_credential(language="pl").code
    page = client.get(f"/c/{code}/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert '<article class="lms-paper" lang="pl">' in page


def test_the_baked_picture_carries_the_served_documents(client: Client, code: str) -> None:
    body = client.get(f"/c/{code}.png").content
    assert png.find_texts(body, png.OB3_KEYWORD) == [client.get(f"/c/{code}.json").content.decode()]
    assert png.find_texts(body, png.OB2_KEYWORD) == [
        client.get(f"/c/{code}/ob2.json").content.decode()
    ]


def test_documents_point_at_addresses_that_answer(client: Client, code: str) -> None:
    document = client.get(f"/c/{code}.json").json()
    assertion = client.get(f"/c/{code}/ob2.json").json()
    achievement = document["credentialSubject"]["achievement"]
    for address in (
        document["id"],
        achievement["id"],
        achievement["criteria"]["id"],
        achievement["image"]["id"],
        document["credentialStatus"]["statusListCredential"],
        assertion["id"],
        assertion["badge"],
        assertion["image"],
        client.get(assertion["badge"]).json()["issuer"],
    ):
        assert client.get(address).status_code == 200, address


def test_a_revocation_is_seen_everywhere(client: Client, code: str) -> None:
    before = {address: client.get(address) for address in addresses(code)}
    revoke(code=code, reason="Shared answers", actor=None, now=NOW)
    page = client.get(f"/c/{code}/").content.decode()
    assert "Withdrawn, not valid" in page
    assert "Shared answers" not in page
    for address in (f"/s/{code}.png", f"/c/{code}.png", f"/c/{code}.pdf"):
        after = client.get(address)
        assert after.status_code == 200
        assert after["ETag"] != before[address]["ETag"], address
    printed = PdfReader(BytesIO(client.get(f"/c/{code}.pdf").content)).pages[0].extract_text()
    assert "Withdrawn, not valid" in printed
    gone = client.get(f"/c/{code}/ob2.json")
    assert (gone.status_code, gone.json()["revoked"]) == (410, True)
    edition = Edition.objects.get()
    listed = client.get(f"/status/{edition.status_list_id}").json()["credentialSubject"]
    assert is_set(listed["encodedList"], edition.status_index)
    assert client.get("/verify/", {"code": code}).context["verdict"].status == "revoked"
    assert client.get(f"/c/{code}.json").content == before[f"/c/{code}.json"].content


def test_an_expired_one_is_seen_without_anybody_acting(client: Client) -> None:
    code = make_credential(now=NOW.replace(year=2020)).code
    assert "Expired, no longer valid" in client.get(f"/c/{code}/").content.decode()
    assert client.get(f"/s/{code}.png").status_code == 200
    assert client.get("/verify/", {"code": code}).context["verdict"].status == "expired"


def test_the_issuer_is_there_before_anything_is_issued(client: Client, db: None) -> None:
    assert client.get("/issuer/").status_code == 200
    make_issuer()
    assert len(client.get("/.well-known/did.json").json()["verificationMethod"]) == 2
    assert "Halden Data" in client.get("/issuer/").content.decode()


def test_json_is_readable_by_verifiers_elsewhere(client: Client, code: str) -> None:
    response = client.get(f"/c/{code}.json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content)["proof"]["cryptosuite"] == "eddsa-rdfc-2022"


def test_nothing_but_looking_is_allowed(client: Client, code: str) -> None:
    for address in addresses(code):
        expected = 200 if address == "/verify/" else 405
        response = client.post(address)
        assert response.status_code in {expected, 422}, address
