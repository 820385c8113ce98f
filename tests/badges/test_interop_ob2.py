"""Our Open Badges 2.0, judged by 1EdTech's validator, from our own answers alone."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from badges.actions.credentials import Issued
from badges.actions.withdrawal import revoke
from badges.models import Achievement
from lms.conf import get_conf
from tests.factories.badges import NOW, make_credential

pytestmark = [pytest.mark.node, pytest.mark.django_db]
FOLDER = Path(__file__).parent / "interop_ob2"
ANA, CY = "ana@baltwerk.example", "cy@elsewhere.example"


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


def judge(python: Path, folder: Path, issued: Issued, *emails: str) -> list[dict[str, Any]]:
    """Check the hosted assertion for each address, then the baked picture for the first."""
    achievement, code = Achievement.objects.get().code, issued.code
    paths = [
        f"/c/{code}/ob2.json",
        f"/c/{code}.png",
        f"/a/{achievement}/ob2.json",
        f"/a/{achievement}.png",
        f"/a/{achievement}/",
        "/issuer/ob2.json",
    ]
    base_url = get_conf().base_url
    context = base64.b64encode((FOLDER / "ob-v2-context.json").read_bytes()).decode()
    urls = {base_url + path: answer(path) for path in paths}
    urls["https://w3id.org/openbadges/v2"] = {
        "body": context,
        "status": 200,
        "type": "application/ld+json",
    }
    png = folder / "badge.png"
    png.write_bytes(Client().get(f"/c/{code}.png").content)
    hosted = [{"url": f"{base_url}/c/{code}/ob2.json", "email": email} for email in emails]
    checks = [*hosted, {"png": str(png), "email": emails[0]}]
    given = folder / "given.json"
    given.write_text(json.dumps({"urls": urls, "checks": checks}))
    command = [str(python), str(FOLDER / "verify.py"), str(given)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_the_validator_accepts_ours_for_its_holder_alone(python: Path, tmp_path: Path) -> None:
    hosted, stranger, baked = judge(python, tmp_path, make_credential(), ANA, CY)
    assert hosted == {"valid": True, "failed": []}
    assert baked == {"valid": True, "failed": []}
    assert stranger == {"valid": False, "failed": ["VERIFY_RECIPIENT_IDENTIFIER"]}


def test_the_validator_refuses_what_is_revoked(python: Path, tmp_path: Path) -> None:
    issued = make_credential()
    revoke(code=issued.code, reason="Shared answers", actor=None, now=NOW)
    assert [one["valid"] for one in judge(python, tmp_path, issued, ANA)] == [False, False]
