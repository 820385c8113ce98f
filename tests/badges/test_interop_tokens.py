"""Our tokens and the lists they point to, judged by jose, ajv and Node's own zlib."""

import base64
import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from badges.actions.keys import rotate_keys
from badges.domain.keys import RS256, PublicKey, did_of, jwk_of
from badges.domain.tokens import sign
from badges.queries.keys import pem_of
from lms.conf import get_conf
from tests.badges.states import LATER, make_every_state
from tests.factories.badges import NOW, make_credential, make_recipient

pytestmark = [pytest.mark.node, pytest.mark.django_db]
SCHEMA = Path(__file__).parent / "interop" / "data" / "ob_v3p0_achievementcredential_schema.json"
SOON = LATER + timedelta(minutes=1)
VALID = {"jwks": "valid", "key": "valid", "did": "valid"}


def everywhere(answer: str) -> dict[str, str]:
    """Every way to the key says the same."""
    return dict.fromkeys(VALID, answer)


def fetch(path: str) -> str:
    return Client().get(path).content.decode()


def site(tokens: list[str]) -> dict[str, Any]:
    """Every address a reader of these tokens may ask for, as our site answers it now."""
    base_url = get_conf().base_url
    jwks = json.loads(fetch("/.well-known/jwks.json"))
    paths = ["/.well-known/jwks.json", "/.well-known/did.json"]
    paths += [f"/keys/{key['kid'].partition('#')[2]}" for key in jwks["keys"]]
    urls: dict[str, Any] = {base_url + path: json.loads(fetch(path)) for path in paths}
    for token in tokens:
        address = payload_of(token)["credentialStatus"]["statusListCredential"]
        urls[address] = fetch(address.removeprefix(base_url))
    return urls


def judge(
    folder: Path,
    tokens: list[str],
    *,
    now: datetime = SOON,
    urls: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    base_url = get_conf().base_url
    handed = {
        "urls": urls or site(tokens),
        "base": base_url,
        "did": did_of(base_url),
        "schema": json.loads(SCHEMA.read_text()),
        "checks": [{"token": token, "now": now.isoformat()} for token in tokens],
    }
    (folder / "tokens.json").write_text(json.dumps(handed))
    command = ["node", "tokens.mjs", "."]
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def payload_of(token: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(decode(token.split(".")[1]))
    return payload


def test_jose_accepts_what_we_issue_by_every_way_to_the_key(verifiers: Path) -> None:
    recipient = make_recipient(name="Екатерина Ковалёва")
    codes = [
        make_credential(recipient_id=recipient, source=language, language=language).code
        for language in ("en", "ru", "pl")
    ]
    tokens = [fetch(f"/c/{code}.jwt") for code in codes]
    kid = json.loads(fetch("/.well-known/did.json"))["assertionMethod"][0]
    for answer in judge(verifiers, tokens):
        assert answer == {
            "by": VALID,
            "header": {"alg": "RS256", "kid": kid, "typ": "JWT"},
            "differing": [],
            "schema": [],
            "bit": {"set": False, "all": 0},
        }


def test_jose_holds_the_days_to_the_clock(verifiers: Path) -> None:
    token = fetch(f"/c/{make_credential().code}.jwt")
    end = datetime.fromisoformat(payload_of(token)["validUntil"])
    second = timedelta(seconds=1)
    said = [
        (NOW - second, "ERR_JWT_CLAIM_VALIDATION_FAILED"),
        (NOW, "valid"),
        (end - second, "valid"),
        (end, "ERR_JWT_EXPIRED"),
    ]
    for now, answer in said:
        assert judge(verifiers, [token], now=now)[0]["by"] == everywhere(answer), now


def test_jose_refuses_what_was_altered(verifiers: Path) -> None:
    token = fetch(f"/c/{make_credential().code}.jwt")
    head, body, signature = token.split(".")
    mark = decode(signature)
    altered = [
        f"{head}.{encode(decode(body).replace(b'70 %', b'71 %'))}.{signature}",
        f"{head}.{body}.{encode(mark[:-1] + bytes([mark[-1] ^ 1]))}",
        f"{encode(decode(head).replace(b'JWT', b'jwt'))}.{body}.{signature}",
        f"{head}.{body}.",
    ]
    assert token not in altered
    for answer in judge(verifiers, altered):
        assert answer["by"] == everywhere("ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


def test_jose_takes_no_other_algorithm_for_ours(verifiers: Path) -> None:
    head, body, signature = fetch(f"/c/{make_credential().code}.jwt").split(".")
    for algorithm in ("none", "HS256"):
        header = encode(json.dumps({**json.loads(decode(head)), "alg": algorithm}).encode())
        for mark in ("", signature):
            (answer,) = judge(verifiers, [f"{header}.{body}.{mark}"])
            assert "valid" not in answer["by"].values(), answer


def test_jose_takes_no_key_of_another_site(verifiers: Path) -> None:
    token = fetch(f"/c/{make_credential().code}.jwt")
    kid = json.loads(decode(token.split(".")[0]))["kid"]
    stranger = rsa.generate_private_key(65537, 2048)
    forged = sign(payload_of(token), kid=kid, key=stranger, typ="JWT")
    unknown = sign(payload_of(token), kid=f"{kid}0", key=stranger, typ="JWT")
    first, second = judge(verifiers, [forged, unknown])
    assert first["by"] == everywhere("ERR_JWS_SIGNATURE_VERIFICATION_FAILED")
    assert second["by"]["jwks"] == "ERR_JWKS_NO_MATCHING_KEY"
    assert "not at hand" in second["by"]["key"]
    assert "not for assertions" in second["by"]["did"]
    # Theirs under our key's name: what we signed is not theirs either.
    base_url, name = get_conf().base_url, kid.partition("#")[2]
    theirs = jwk_of(base_url, PublicKey(name, RS256, pem_of(stranger)))
    urls = site([token])
    urls[f"{base_url}/.well-known/jwks.json"]["keys"] = [theirs]
    urls[f"{base_url}/keys/{name}"] = theirs
    urls[f"{base_url}/.well-known/did.json"]["verificationMethod"][0]["publicKeyJwk"] = theirs
    (answer,) = judge(verifiers, [token], urls=urls)
    assert answer["by"] == everywhere("ERR_JWS_SIGNATURE_VERIFICATION_FAILED")
    assert "error" in answer["bit"]


def test_the_list_says_of_every_edition_whether_it_counts(verifiers: Path) -> None:
    papers = make_every_state()
    tokens = [fetch(paper.address("credential.jwt")) for paper in papers.values()]
    answers = dict(zip(papers, judge(verifiers, tokens), strict=True))
    withdrawn = sum(paper.withdrawn for paper in papers.values())
    for name, paper in papers.items():
        answer = answers[name]
        assert (answer["by"], answer["differing"], answer["schema"]) == (VALID, [], []), name
        # These bits and no others.
        assert answer["bit"] == {"set": paper.withdrawn, "all": withdrawn}, name


def test_tokens_and_lists_verify_before_and_after_a_rotation(
    in_folder: Path, verifiers: Path
) -> None:
    before = make_credential(source="before").code
    token = fetch(f"/c/{before}.jwt")
    address = payload_of(token)["credentialStatus"]["statusListCredential"]
    listed = fetch(address.removeprefix(get_conf().base_url))
    rotate_keys(overlap=timedelta(0), now=LATER)
    after = make_credential(source="after", now=LATER).code
    tokens = [fetch(f"/c/{code}.jwt") for code in (before, after)]
    assert tokens[0] == token
    answers = judge(verifiers, tokens)
    assert [answer["by"] for answer in answers] == [VALID, VALID]
    assert [answer["bit"]["set"] for answer in answers] == [False, False]
    assert len({answer["header"]["kid"] for answer in answers}) == 2
    # A list kept by a reader from before verifies too.
    urls = {**site(tokens), address: listed}
    assert judge(verifiers, [token], urls=urls)[0]["bit"] == {"set": False, "all": 0}
    assert listed.split(".")[0] == token.split(".")[0]
