"""Every form of a document says what it is, in its own language, and never anything grander."""

import json
import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from pypdf import PdfReader

from badges.actions.credentials import issue
from badges.domain import tokens
from badges.domain.picture import draw_picture
from badges.domain.png import OB2_KEYWORD, OB3_KEYWORD, find_texts
from tests.badges.unbaking import read_svg
from tests.factories.badges import (
    NOW,
    make_achievement,
    make_credential,
    make_issuer,
    make_recipient,
)

CERTIFICATE = {
    "en": ("Certificate", "confirms that the certification test was passed"),
    "ru": ("Сертификат", "подтверждает успешную сдачу сертификационного теста"),
    "pl": ("Certyfikat", "potwierdza zdanie testu certyfikacyjnego"),
}
BADGE = {
    "en": ("Badge", "confirms an achievement"),
    "ru": ("Знак", "подтверждает достижение"),
    "pl": ("Odznaka", "potwierdza osiągnięcie"),
}
GRANDER = re.compile(
    r"świadectw|dyplom|диплом|свидетельств|удостоверени|diploma|"
    r"\b(?:hours?|часов|часа|godzin\w*)\b|creditsAvailable|fieldOfStudy",
    re.IGNORECASE,
)


def documents_of(code: str) -> dict[str, str]:
    """Return what machines read in every form, as JSON whose letters are readable."""
    got = {form: Client().get(f"/c/{code}{form}") for form in (".json", ".jwt", ".png", ".svg")}
    got |= {form: Client().get(f"/c/{code}{form}") for form in ("/ob2.json", "/ob2.jws")}
    body = {form: answer.content for form, answer in got.items()}
    read = {form: body[form].decode() for form in (".json", "/ob2.json")}
    for form in (".jwt", "/ob2.jws"):
        _header, payload = tokens.read(body[form].decode())
        read[form] = json.dumps(payload, ensure_ascii=False)
    (read["PNG, 2.0"],) = find_texts(body[".png"], OB2_KEYWORD)
    (read["PNG, 3.0"],) = find_texts(body[".png"], OB3_KEYWORD)
    read["SVG, 3.0"] = read_svg(body[".svg"])
    return read


def stated(document: dict[str, Any]) -> str:
    """Return the sentence where each standard has room for one."""
    text: str = document["narrative" if document["type"] == "Assertion" else "description"]
    return text


def drawn(svg: bytes) -> list[str]:
    """Return the lines that can be seen in a picture."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.django_db
@pytest.mark.parametrize("language", CERTIFICATE)
def test_a_certificate_is_called_one_in_every_form(language: str) -> None:
    word, confirms = CERTIFICATE[language]
    code = make_credential(language=language).code
    read = documents_of(code)
    for form, text in read.items():
        sentence = stated(json.loads(text))
        assert sentence.startswith(f"{word} "), form
        assert sentence.endswith(f" {confirms}."), form
    assert drawn(Client().get(f"/c/{code}.svg").content)[-1] == word
    pages = PdfReader(BytesIO(Client().get(f"/c/{code}.pdf").content)).pages
    read["PDF"] = " ".join(" ".join(page.extract_text() for page in pages).split())
    page = Client().get(f"/c/{code}/", headers={"accept-language": language})
    read["page"] = " ".join(page.content.decode().split())
    for form in ("PDF", "page"):
        assert word in read[form]
        assert confirms in read[form]
    for form, text in read.items():
        assert not GRANDER.findall(text), form


@pytest.mark.django_db
@pytest.mark.parametrize("language", BADGE)
def test_a_badge_is_called_one_and_no_certificate(language: str) -> None:
    word, confirms = BADGE[language]
    make_issuer()
    slug = make_achievement("halden-reader", kind="Badge")
    made = issue(
        achievement=slug,
        recipient_id=make_recipient(),
        source="test:badge",
        language=language,
        actor=None,
        now=NOW,
    )
    for form, text in documents_of(made.code).items():
        sentence = stated(json.loads(text))
        assert sentence.startswith(f"{word} "), form
        assert sentence.endswith(f" {confirms}."), form
    assert drawn(Client().get(f"/c/{made.code}.svg").content)[-1] == word


@pytest.mark.parametrize("state", ["valid", "expired", "revoked", "suspended", "superseded"])
def test_the_word_stays_whatever_the_state(state: str) -> None:
    svg = draw_picture(title="T", issuer="I", language="pl", state=state)
    assert drawn(svg.encode())[-1] == "Certyfikat"
