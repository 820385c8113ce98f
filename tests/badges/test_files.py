"""Tokens and SVG: what we write others can read, and hostile files end soon and plainly."""

import json
import time
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from badges.actions.credentials import Issued
from badges.domain import tokens
from badges.domain.baking import bake_svg
from badges.domain.claims import MAX_BYTES, NotReadable, differing, read_claims
from badges.domain.png import OB3_KEYWORD, SIGNATURE, Chunk, read_chunks
from badges.domain.svg import OB3_NAMESPACE, NotSvg, read_badges
from badges.queries.verification import verify_file
from tests.factories.badges import NOW
from tests.factories.keys import RSA

TODAY = NOW.date()
XML = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><path d="M0 0"/></svg>'


def test_a_token_is_signed_and_read_back() -> None:
    token = tokens.sign({"id": "x", "text": "Привет"}, kid="k", key=RSA, typ="JWT")
    header, payload = tokens.read(token)
    assert header == {"alg": "RS256", "kid": "k", "typ": "JWT"}
    assert payload == {"id": "x", "text": "Привет"}
    assert tokens.is_signed(token, RSA.public_key())
    head, body, signature = token.split(".")
    assert not tokens.is_signed(f"{head}.{body}.{signature[:-4]}AAAA", RSA.public_key())
    assert not tokens.is_signed("a.b", RSA.public_key())
    assert tokens.read(tokens.sign({"id": "x"}, key=RSA))[0] == {"alg": "RS256"}


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", "....", "e30.W10.AA", "x" * 70_000, "é.é.é", "{}.{}.{}"]
)
def test_what_is_no_token_is_said(text: str) -> None:
    with pytest.raises(tokens.NotToken):
        tokens.read(text)


def test_a_token_by_another_algorithm_is_not_ours() -> None:
    """The header is the attacker's: `none` and a symmetric key made of our public one."""
    token = tokens.sign({"id": "x"}, key=RSA)
    body = token.split(".")[1]
    assert not tokens.is_signed(f"eyJhbGciOiJub25lIn0.{body}.", RSA.public_key())
    assert not tokens.is_signed(f"eyJhbGciOiJIUzI1NiJ9.{body}.AAAA", RSA.public_key())


@pytest.mark.django_db
@pytest.mark.parametrize("form", [".jwt", "/ob2.jws"])
def test_our_tokens_verify_and_altered_ones_do_not(issued: Issued, form: str) -> None:
    token = Client().get(f"/c/{issued.code}{form}").content.decode()
    verdict = verify_file(token.encode(), TODAY)
    assert (verdict.status, verdict.ours, verdict.intact) == ("valid", True, True)
    head, _body, signature = token.split(".")
    _header, payload = tokens.read(token)
    changed = json.dumps({**payload, "nbf": 0, "issuedOn": "2020-01-01T00:00:00Z"})
    forged = f"{head}.{tokens.sign(json.loads(changed), key=RSA).split('.')[1]}.{signature}"
    verdict = verify_file(forged.encode(), TODAY)
    assert (verdict.status, verdict.ours, verdict.intact) == ("altered", True, False)
    assert "issuedOn" in verdict.reasons[-1]


@pytest.mark.django_db
def test_an_altered_document_names_the_places(issued: Issued) -> None:
    document = Client().get(f"/c/{issued.code}.json").json()
    document["credentialSubject"]["achievement"]["name"] = "Master of Everything"
    document["validUntil"] = "2099-01-01T00:00:00Z"
    verdict = verify_file(json.dumps(document).encode(), TODAY)
    assert verdict.status == "altered"
    assert verdict.reasons[-1] == ("Changed: credentialSubject.achievement.name, validUntil.")


def test_differences_are_places() -> None:
    assert list(differing({"a": 1, "b": [1]}, {"a": True, "b": [1]})) == ["a"]
    assert list(differing({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}})) == ["a.b", "a.c"]


# SVG


@pytest.mark.django_db
def test_our_svg_carries_the_served_document(issued: Issued) -> None:
    client = Client()
    response = client.get(f"/c/{issued.code}.svg")
    assert "sandbox" in response["Content-Security-Policy"]
    root = ElementTree.fromstring(response.content)  # noqa: S314 - of our own making
    [element] = root.findall(f"{{{OB3_NAMESPACE}}}credential")
    assert json.loads(element.text or "") == client.get(f"/c/{issued.code}.json").json()
    assert "verify" not in element.attrib
    assert verify_file(response.content, TODAY).status == "valid"
    altered = response.content.replace(b"70 %", b"71 %", 1)
    assert verify_file(altered, TODAY).status == "altered"


def test_what_would_end_the_section_is_escaped() -> None:
    text = json.dumps({"name": "a]]>b"})
    [found] = read_badges(bake_svg(XML, text).encode())
    assert json.loads(found) == {"name": "a]]>b"}


def test_a_token_stands_in_the_attribute() -> None:
    svg = XML.replace(
        "<path", f'<o:credential xmlns:o="{OB3_NAMESPACE}" verify="a.b.c"></o:credential><path'
    )
    assert read_badges(svg.encode()) == ["a.b.c"]


BOMB = (
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
)
OUTSIDE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        ("<svg><unclosed>", "well-formed"),
        ("<svg>" + "\x00", "well-formed"),
        (XML.replace("<svg", '<?xml version="1.0" encoding="no-such"?><svg'), "well-formed"),
    ],
)
def test_a_hostile_svg_is_damaged(body: str, said: str) -> None:
    with pytest.raises(NotSvg, match=said):
        read_badges(body.encode())
    with pytest.raises(NotReadable) as refusal:
        read_claims(body.encode())
    assert refusal.value.broken


@pytest.mark.parametrize(
    "body",
    [
        b"<svg>" + b"<g>" * 300_000 + b"</g>" * 200_000,
        b"<svg>" + b"<rect/>" * 250_000 + b"</svg>",
        SIGNATURE + Chunk(b"IHDR", b"").to_bytes() + Chunk(b"tEXt", b"").to_bytes() * 100_000,
        SIGNATURE + b"\xff\xff\xff\xffIHDR",
        b"{" * 1_000_000,
        b'{"id":' * 100_000,
        b"." * 1_000_000,
        b"%PDF-1.7" + b"\0" * 100_000,
    ],
    ids=["nested", "flat", "chunks", "length", "braces", "objects", "dots", "pdf"],
)
def test_a_hostile_file_ends_soon(db: None, body: bytes) -> None:
    began = time.process_time()
    assert verify_file(body[: MAX_BYTES + 1], TODAY).status in {"unknown", "altered"}
    assert time.process_time() - began < 5  # the bound is generous: it only tells minutes apart


@pytest.mark.django_db
def test_two_badges_of_one_kind_are_damaged(issued: Issued) -> None:
    body = Client().get(f"/c/{issued.code}.png").content
    chunks = list(read_chunks(body))
    badge = next(c for c in chunks if c.data.startswith(OB3_KEYWORD.encode()))
    twice = SIGNATURE + b"".join(c.to_bytes() for c in [chunks[0], badge, *chunks[1:]])
    assert verify_file(twice, TODAY).status == "altered"
    svg = Client().get(f"/c/{issued.code}.svg").content.decode()
    start, end = svg.index("<openbadges:cred"), svg.index("</openbadges:credential>") + 24
    doubled = svg[:end] + svg[start:end] + svg[end:]
    assert verify_file(doubled.encode(), TODAY).status == "altered"


@pytest.mark.parametrize("document", [{}, {"id": "https://x.example/c/1.json"}, {"id": None}])
def test_a_foreign_document_is_a_claim_without_a_code(document: dict[str, Any]) -> None:
    [claim] = read_claims(json.dumps(document).encode())
    assert claim.code == ""
    assert claim.document == document
