"""What we issue, judged by the verifiers of others, from our own answers and pinned files alone."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from badges.actions.withdrawal import revoke
from badges.domain.contexts import PINNED, pinned
from tests.factories.badges import NOW, make_credential, make_recipient

pytestmark = [pytest.mark.node, pytest.mark.django_db]
FOLDER = Path(__file__).parent / "interop"


@pytest.fixture(scope="module")
def verifiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder with the packages installed; the checkout stays clean."""
    copy = tmp_path_factory.mktemp("interop") / "work"
    shutil.copytree(FOLDER, copy)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True, timeout=300)
    return copy


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / "data" / name).read_text())
    return document


def judge(folder: Path, credentials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hand over credentials with every address they name, as our site answers it now."""
    client = Client()
    did = client.get("/.well-known/did.json").json()
    urls = {url: {"@context": pinned(url)} for url in PINNED} | {
        "https://www.w3.org/ns/did/v1": read("did-v1.json"),
        "https://w3id.org/security/multikey/v1": read("multikey-v1.json"),
        did["id"]: did,
    }
    for credential in credentials:
        address = credential["credentialStatus"]["statusListCredential"]
        urls[address] = client.get(address).json()
    handed = {
        "urls": urls,
        "schema": read("ob_v3p0_achievementcredential_schema.json"),
        "credentials": credentials,
    }
    (folder / "documents.json").write_text(json.dumps(handed))
    command = ["node", "verify.mjs", "."]
    done = subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def export(code: str) -> bytes:
    return bytes(Client().get(f"/c/{code}.json").content)


@pytest.fixture
def codes() -> dict[str, str]:
    recipient = make_recipient(name="Екатерина Ковалёва")
    return {
        language: make_credential(
            recipient_id=recipient, source=f"interop:{language}", language=language
        ).code
        for language in ("en", "ru", "pl")
    }


def test_others_accept_what_we_issue(verifiers: Path, codes: dict[str, str]) -> None:
    endless = make_credential(achievement="endless", source="interop:endless").code
    answers = judge(verifiers, [json.loads(export(code)) for code in [*codes.values(), endless]])
    for answer in answers:
        assert answer == {
            "verified": True,
            "revoked": False,
            "status": True,
            "error": "",
            "schema": [],
        }


def test_others_refuse_one_flipped_byte(verifiers: Path, codes: dict[str, str]) -> None:
    body = export(codes["ru"])
    altered = [
        body.replace(b"2028-11-11T23", b"2029-11-11T23"),
        body.replace(b"70 %", b"71 %"),
        body.replace(b'"achievementType": "Certification"', b'"achievementType": "Certificatioo"'),
        body.replace(b'"salt": "', b'"salt": "0'),
    ]
    assert all(changed != body for changed in altered)
    answers = judge(verifiers, [json.loads(changed) for changed in altered])
    assert [answer["verified"] for answer in answers] == [False] * len(altered)
    assert all("Invalid signature" in answer["error"] for answer in answers)


def test_others_see_a_revocation(verifiers: Path, codes: dict[str, str]) -> None:
    revoke(code=codes["en"], reason="Shared answers", actor=None, now=NOW)
    answers = judge(verifiers, [json.loads(export(codes[one])) for one in ("en", "pl")])
    assert [answer["revoked"] for answer in answers] == [True, False]
    assert [answer["status"] for answer in answers] == [True, True]
