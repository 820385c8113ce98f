"""What strangers learn of a certificate that a restored copy is without."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client

from badges.actions.credentials import Issued, correct
from badges.actions.ledger import write_due_lines
from badges.actions.restoring import catch_up
from badges.domain.ledger import REINSTATED, REVOKED, SUSPENDED, Line
from badges.ledger import open_ledger
from badges.models import Credential, Edition, LedgerLine
from badges.queries.verification import verify_code, verify_file
from tests.factories.badges import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORMS = (".json", ".jwt", ".png", ".svg", ".pdf", "/ob2.json", "/ob2.jws")
ISSUED_HERE = "It was issued here, but is no longer on record since the site was restored."
ASK = "Ask the issuer: Halden Data, partners@halden.example."


@pytest.fixture(autouse=True)
def _ledger(settings: Any, tmp_path: Path) -> None:
    settings.LMS = {**settings.LMS, "DATA_DIR": tmp_path}


@pytest.fixture
def files(issued: Issued) -> dict[str, bytes]:
    """Everything somebody fetched before the disk broke."""
    return {form: Client().get(f"/c/{issued.code}{form}").content for form in FORMS}


def as_never_issued(number: int) -> None:
    """The copy is older: past the manager that lets no edition be deleted."""
    QuerySet(Edition).filter(number=number).delete()


def lose(code: str, *acts: str) -> None:
    """Restore a copy from before the certificate: only the ledger tells of it."""
    write_due_lines()
    lines = [Line(uid=uuid4(), kind=kind, code=code, at=NOW, reason="x") for kind in acts]
    with open_ledger(create=True) as ledger:
        ledger.append(lines)
    as_never_issued(1)
    Credential.objects.all().delete()
    LedgerLine.objects.all().delete()
    catch_up(copied_at=NOW - DAY, now=NOW + DAY)


@pytest.mark.parametrize(
    ("acts", "status", "said"),
    [
        ([], "lost", "Nothing says that it was withdrawn."),
        ([REVOKED], "revoked", "It was withdrawn by the issuer."),
        ([SUSPENDED], "suspended", "The issuer has suspended it; it may be reinstated."),
        ([SUSPENDED, REINSTATED], "lost", "Nothing says that it was withdrawn."),
    ],
)
def test_everybody_is_told_that_it_was_issued_here(
    client: Client, issued: Issued, acts: list[str], status: str, said: str
) -> None:
    lose(issued.code, *acts)
    reasons = (ISSUED_HERE, said, ASK)
    verdict = verify_code(issued.code, NOW.date())
    assert (verdict.status, verdict.ours, verdict.intact) == (status, True, None)
    assert (verdict.code, verdict.reasons) == (issued.code, reasons)
    told = client.get("/api/v1/verify", {"code": issued.code}).json()
    assert (told["status"], tuple(told["reasons"])) == (status, reasons)
    answer = client.get(f"/api/v1/credentials/{issued.code}")
    assert (answer.status_code, answer.json()["detail"]) == (404, " ".join(reasons))
    page = client.get(f"/c/{issued.code}/")
    assert page.status_code == 404
    checked = client.post("/verify/", {"code": issued.code}).content.decode()
    for sentence in reasons:
        assert sentence in page.content.decode()
        assert sentence in checked
    with pytest.raises(CommandError, match=status):
        call_command("verify", issued.code)


def test_its_other_addresses_say_so_too(issued: Issued) -> None:
    lose(issued.code)
    for form in (*FORMS, "/1/", "/1/credential.json", "/report/"):
        answer = Client().get(f"/c/{issued.code}{form}")
        assert answer.status_code == 404, form  # 410 would say that a hosted badge was revoked
        assert ISSUED_HERE in answer.content.decode(), form
    assert ISSUED_HERE not in Client().get(f"/c/{issued.code}/2/").content.decode()


def test_its_files_are_not_called_foreign(issued: Issued, files: dict[str, bytes]) -> None:
    lose(issued.code)
    for form, body in files.items():
        verdict = verify_file(body, NOW.date())
        assert (verdict.status, verdict.ours) == ("lost", True), form
        # Only a PDF proves itself: nothing is left to compare the others with.
        assert verdict.intact is (True if form == ".pdf" else None), form
    elsewhere = json.loads(files[".json"])
    elsewhere["id"] = f"https://elsewhere.example/c/{issued.code}.json"
    assert verify_file(json.dumps(elsewhere).encode(), NOW.date()).status == "unknown"
    uploaded = SimpleUploadedFile("badge.json", files[".json"])
    assert ISSUED_HERE in Client().post("/verify/", {"file": uploaded}).content.decode()


def test_a_lost_edition_of_a_kept_certificate_may_not_be_a_forgery(issued: Issued) -> None:
    correct(code=issued.code, note="An error.", actor=None, now=NOW + timedelta(hours=1))
    newer = Client().get(f"/c/{issued.code}.json").content
    write_due_lines()
    as_never_issued(2)
    LedgerLine.objects.filter(edition=2).delete()
    catch_up(copied_at=NOW - DAY, now=NOW + DAY)
    verdict = verify_file(newer, NOW.date())
    assert verdict.status == "altered"
    assert "no longer on record since the site was restored" in verdict.reasons[-1]
    assert ISSUED_HERE in Client().get(f"/c/{issued.code}/2/").content.decode()
    assert verify_code(issued.code, NOW.date()).status == "valid"


def test_a_code_nobody_ever_had_is_still_unknown(issued: Issued) -> None:
    lose(issued.code)
    assert verify_code("hb97p2s6ysttj6r7h", NOW.date()).status == "unknown"
    assert ISSUED_HERE not in Client().get("/c/hb97p2s6ysttj6r7h/").content.decode()
