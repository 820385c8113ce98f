"""Our Open Badges 2.0, judged by 1EdTech's validator, from our own answers alone."""

import base64
import json
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from badges.actions.keys import rotate_keys
from badges.actions.withdrawal import revoke, suspend
from badges.domain.keys import RS256, PublicKey
from badges.domain.ob2 import CONTEXT, compose_key
from badges.domain.tokens import sign
from badges.models import Achievement, SigningKey
from badges.queries.keys import pem_of
from lms.conf import get_conf
from tests.badges.states import ANA, CY, LATER, make_every_state
from tests.factories.badges import NOW, make_credential

pytestmark = [pytest.mark.node, pytest.mark.django_db]
FOLDER = Path(__file__).parent / "interop_ob2"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own, because the validator's libraries are those of 2017."""
    folder = tmp_path_factory.mktemp("ob2")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    packages = ["-r", str(FOLDER / "requirements.txt")]
    subprocess.run([*pip, *packages], check=True, capture_output=True, timeout=300)
    validator = ["--no-deps", "openbadges==1.1.2"]
    subprocess.run([*pip, *validator], check=True, capture_output=True, timeout=300)
    return folder / "bin" / "python"


def answer(path: str) -> dict[str, Any]:
    response = Client().get(path)
    body = base64.b64encode(response.content).decode()
    return {"body": body, "status": response.status_code, "type": response["Content-Type"]}


def site(*codes: str) -> dict[str, Any]:
    """Every address the validator may ask for, as our site answers it now."""
    base_url, paths = get_conf().base_url, ["/issuer/ob2.json", "/status/ob2.json"]
    for kid in SigningKey.objects.filter(algorithm=RS256).values_list("kid", flat=True):
        paths += [f"/issuer/{kid}/ob2.json", f"/keys/{kid}/ob2.json"]
    for achievement in Achievement.objects.values_list("code", flat=True):
        paths += [f"/a/{achievement}{form}" for form in ("/ob2.json", ".png", "/")]
    for code in codes:
        paths += [f"/c/{code}/ob2.json", f"/c/{code}.png"]
    urls = {base_url + path: answer(path) for path in paths}
    context = base64.b64encode((FOLDER / "ob-v2-context.json").read_bytes()).decode()
    urls[CONTEXT] = {"body": context, "status": 200, "type": "application/ld+json"}
    return urls


def hosted(code: str, email: str = ANA) -> dict[str, str]:
    return {"url": f"{get_conf().base_url}/c/{code}/ob2.json", "email": email}


def baked(code: str, email: str = ANA) -> dict[str, str]:
    return {"png": answer(f"/c/{code}.png")["body"], "email": email}


def signed(path: str, email: str = ANA) -> dict[str, str]:
    return {"token": Client().get(path).content.decode(), "email": email}


def judge(python: Path, urls: dict[str, Any], checks: list[dict[str, str]]) -> list[list[str]]:
    """Return the names of the checks that failed, for each badge; none if it is accepted."""
    command = [str(python), str(FOLDER / "verify.py"), "/dev/stdin"]
    given = json.dumps({"urls": urls, "checks": checks})
    done = subprocess.run(
        command, input=given, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert all(one["valid"] != bool(one["failed"]) for one in answers), answers
    return [one["failed"] for one in answers]


def test_the_validator_accepts_ours_for_its_holder_alone(python: Path) -> None:
    code = make_credential().code
    forms = [partial(hosted, code), partial(baked, code), partial(signed, f"/c/{code}/ob2.jws")]
    checks = [form(email=email) for email in (ANA, CY) for form in forms]
    answers = judge(python, site(code), checks)
    assert answers == [[]] * 3 + [["VERIFY_RECIPIENT_IDENTIFIER"]] * 3


def test_the_validator_sees_every_state(python: Path) -> None:
    papers = make_every_state()
    urls, base_url = site(*{paper.code for paper in papers.values()}), get_conf().base_url
    tokens = [signed(paper.address("ob2.jws"), paper.email) for paper in papers.values()]
    answers = dict(zip(papers, judge(python, urls, tokens), strict=True))
    refused = ["VERIFY_SIGNED_ASSERTION_NOT_REVOKED"]
    assert answers == {name: refused * paper.withdrawn for name, paper in papers.items()}
    # A hosted badge is what its address says, whatever edition is printed.
    for form in (hosted, baked):
        checks = [form(paper.code, paper.email) for paper in papers.values()]
        answers = dict(zip(papers, judge(python, urls, checks), strict=True))
        assert {name for name, failed in answers.items() if failed} == {"revoked", "suspended"}
    for name, status in (("revoked", 410), ("suspended", 200)):
        said = urls[f"{base_url}/c/{papers[name].code}/ob2.json"]
        body = json.loads(base64.b64decode(said["body"]))
        assert (said["status"], body["revoked"]) == (status, True)


def test_the_validator_sees_the_only_revocation_of_a_site(python: Path) -> None:
    """It reads a list of one as no list, so ours has a second entry that nobody holds."""
    code = make_credential().code
    token = signed(f"/c/{code}/ob2.jws")
    assert judge(python, site(code), [token]) == [[]]
    revoke(code=code, reason="Shared answers", actor=None, now=NOW)
    urls = site(code)
    assert judge(python, urls, [token]) == [["VERIFY_SIGNED_ASSERTION_NOT_REVOKED"]]
    address = f"{get_conf().base_url}/status/ob2.json"
    alone = json.loads(base64.b64decode(urls[address]["body"]))
    alone["revokedAssertions"] = alone["revokedAssertions"][:1]
    urls[address]["body"] = base64.b64encode(json.dumps(alone).encode()).decode()
    assert judge(python, urls, [token]) == [[]]


def test_the_validator_takes_no_other_key(python: Path) -> None:
    code = make_credential().code
    token, urls, base_url = signed(f"/c/{code}/ob2.jws")["token"], site(code), get_conf().base_url
    payload = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    stranger = rsa.generate_private_key(65537, 2048)
    # Under our key's name; then under its own, which our profile does not list.
    forged = [sign(payload, key=stranger)]
    own = compose_key(base_url, PublicKey("rsa-other", RS256, pem_of(stranger)))
    urls[own["id"]] = {
        "body": base64.b64encode(json.dumps(own).encode()).decode(),
        "status": 200,
        "type": "application/ld+json",
    }
    payload["verification"]["creator"] = own["id"]  # the badge still names ours as issuer
    forged.append(sign(payload, key=stranger))
    head, body, signature = token.split(".")
    forged.append(".".join([head, body, "A" + signature[1:] if signature[0] != "A" else "B"]))
    first, second, third = judge(python, urls, [{"token": one, "email": ANA} for one in forged])
    assert first == third == ["VERIFY_JWS"]
    assert second == ["VERIFY_KEY_OWNERSHIP"]


def test_the_validator_reads_what_was_signed_before_a_rotation(
    in_folder: Path, python: Path
) -> None:
    before = make_credential(source="before").code
    rotate_keys(overlap=timedelta(0), now=LATER)
    after = make_credential(source="after", now=LATER).code
    tokens = [signed(f"/c/{code}/ob2.jws") for code in (before, after)]
    others = [form(code) for form in (hosted, baked) for code in (before, after)]
    assert judge(python, site(before, after), tokens + others) == [[]] * 6
    suspend(code=before, reason="Under review", actor=None, now=LATER)
    refused = ["VERIFY_SIGNED_ASSERTION_NOT_REVOKED"]
    assert judge(python, site(before, after), tokens) == [refused, []]
