"""What we issue, judged by the verifiers of others, from our own answers and pinned files alone."""

import json
import random
import subprocess
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from badges.actions.achievements import AchievementTextData, define_achievement
from badges.actions.credentials import issue
from badges.actions.issuer import define_issuer
from badges.actions.keys import rotate_keys
from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.domain.contexts import PINNED, pinned
from badges.domain.fonts import characters
from badges.models import Achievement
from tests.badges.states import LATER, make_every_state
from tests.badges.unbaking import read_png, read_svg
from tests.factories.badges import (
    NOW,
    make_achievement,
    make_credential,
    make_issuer,
    make_recipient,
)

pytestmark = [pytest.mark.node, pytest.mark.django_db]
FOLDER = Path(__file__).parent / "interop"
SOUND = {"verified": True, "revoked": False, "status": True, "error": "", "schema": []}
SCRIPTS = [(0x20, 0x7E), (0xA1, 0x17F), (0x400, 0x4FF)]  # Latin and Cyrillic
OTHERS = [(0x300, 0x36F), (0x5D0, 0x5EA), (0x900, 0x97F), (0x2010, 0x2044), (0x1F300, 0x1F5FF)]
SIGNS = '\t"quoted" \\ back\r\nslash \u2028 \u00a0 \u200d _:c14n0 <a> & ]]> \ufeff \U0010ffff'


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
        "now": LATER.isoformat(),
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


def make_titled(name: str, criteria: str, description: str = "Restores a service.") -> str:
    """A credential with words of its own; returns its code."""
    text = AchievementTextData(name=name, description=description, criteria=criteria)
    slug = f"words-{Achievement.objects.count()}"
    make_issuer()
    define_achievement(
        slug=slug,
        achievement_type="Badge",
        valid_months=12,
        texts={"en": text},
        actor=None,
        now=NOW,
    )
    recipient = make_recipient()
    return issue(
        achievement=slug,
        recipient_id=recipient,
        source=slug,
        language="en",
        actor=None,
        now=NOW,
    ).code


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
    exported = [json.loads(export(code)) for code in codes.values()]
    assert judge(verifiers, exported) == [SOUND] * len(exported)


@pytest.mark.parametrize("full", [True, False])
def test_others_accept_all_we_may_leave_out_and_all_we_may_add(verifiers: Path, full: bool) -> None:
    """In both kinds of achievement, with and without an end and the issuer's own words."""
    recipient = make_recipient()
    make_issuer()
    if not full:
        words = {"name": "Halden Data", "url": "https://halden.example", "description": ""}
        define_issuer(**words, email="partners@halden.example", actor=None, now=NOW)
    documents = []
    for kind in Achievement.Kind:
        make_achievement(kind, kind=kind, valid_months=24 if full else None)
        code = issue(
            achievement=kind,
            recipient_id=recipient,
            source=kind,
            language="en",
            actor=None,
            now=NOW,
        ).code
        documents.append(json.loads(export(code)))
    assert judge(verifiers, documents) == [SOUND] * len(documents)
    for document in documents:
        assert ("validUntil" in document) is full
        assert ("description" in document["issuer"]) is full


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
    assert [bool(answer["schema"]) for answer in answers] == [False, False, True, False]


def test_others_see_every_state(verifiers: Path) -> None:
    papers = make_every_state()
    exported = [Client().get(paper.address("credential.json")).json() for paper in papers.values()]
    answers = dict(zip(papers, judge(verifiers, exported), strict=True))
    expected = {name: {**SOUND, "revoked": paper.withdrawn} for name, paper in papers.items()}
    assert answers == expected


def test_others_see_a_suspension_come_and_go(verifiers: Path, codes: dict[str, str]) -> None:
    document, seen = json.loads(export(codes["pl"])), []
    for action in (suspend, reinstate, revoke):
        action(code=codes["pl"], reason="Shared answers?", actor=None, now=LATER)
        seen += judge(verifiers, [document])
    assert seen == [{**SOUND, "revoked": revoked} for revoked in (True, False, True)]


def test_others_accept_what_was_signed_before_and_after_a_rotation(
    in_folder: Path, verifiers: Path
) -> None:
    before = make_credential(source="before").code
    rotate_keys(overlap=timedelta(0), now=LATER)
    after = make_credential(source="after", now=LATER).code
    documents = [json.loads(export(code)) for code in (before, after)]
    assert judge(verifiers, documents) == [SOUND, SOUND]
    assert len({one["proof"]["verificationMethod"] for one in documents}) == 2
    suspend(code=before, reason="Under review", actor=None, now=LATER)
    assert [one["revoked"] for one in judge(verifiers, documents)] == [True, False]


def test_others_accept_what_is_baked(verifiers: Path) -> None:
    code = make_titled("Инженер ]]> «Halden» №", "Сдан тест: <70 %> & больше\n]]>", "🎖 ]]>")
    unbaked = []
    for form, read_picture in ((".png", read_png), (".svg", read_svg)):
        body = Client().get(f"/c/{code}{form}").content
        unbaked.append(json.loads(read_picture(body)))
    assert unbaked == [json.loads(export(code))] * 2
    assert judge(verifiers, unbaked) == [SOUND, SOUND]


def test_others_accept_any_words(verifiers: Path) -> None:
    """Forty texts of scripts, combining marks and signs, drawn alike each time."""
    draw = random.Random(20261112)  # noqa: S311 - samples, not secrets
    codes = [
        make_titled(_printable(_title(draw)), _printable(_text(draw)), _text(draw))
        for _ in range(40)
    ]
    # Equal values are what a canonicalizer could mix up; line ends and signs what it escapes.
    codes += [make_titled("Same", "Same", "Same"), make_titled("Инженер", _printable(SIGNS), SIGNS)]
    exported = [json.loads(export(code)) for code in codes]
    assert judge(verifiers, exported) == [SOUND] * len(exported)


def test_others_refuse_the_same_words_written_otherwise(verifiers: Path) -> None:
    """A letter with a combining mark is not the one letter that looks alike."""
    document = export(make_titled("Engineer", "Zaliczony egzamin: wynik co najmniej dobry"))
    marked = export(make_titled("Engineer", "Zaz\u0307o\u0301łc\u0301")).decode()
    joined = unicodedata.normalize("NFC", marked)
    assert joined != marked
    answers = judge(verifiers, [json.loads(one) for one in (document, marked, joined)])
    assert [answer["verified"] for answer in answers] == [True, True, False]


def _title(draw: random.Random) -> str:
    return " ".join(_word(draw, draw.choice(SCRIPTS)) for _ in range(draw.randint(1, 4)))


def _printable(text: str) -> str:
    """What the certificate's font has of a text; a description may hold the rest."""
    kept = "".join(one for one in text if ord(one) in characters() or one.isspace())
    return kept.strip() or "Plain"


def _text(draw: random.Random) -> str:
    return "".join(_word(draw, draw.choice(SCRIPTS + OTHERS)) for _ in range(draw.randint(1, 20)))


def _word(draw: random.Random, block: tuple[int, int]) -> str:
    letters = (chr(draw.randint(*block)) for _ in range(draw.randint(1, 8)))
    return "".join(one for one in letters if unicodedata.category(one) not in ("Cn", "Cc", "Cs"))
