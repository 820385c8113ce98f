"""The API says what the pages say, to anybody, and no more."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from badges.actions.credentials import Issued
from badges.actions.erasure import erase_recipient
from badges.actions.recipients import decide_visibility
from badges.actions.withdrawal import reinstate, suspend
from badges.domain.claims import MAX_BYTES
from badges.models import Recipient
from badges.queries.verification import verify_code
from tests.factories.badges import NOW

pytestmark = pytest.mark.django_db


def read(client: Client, code: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/credentials/{code}").json()
    return answer


def test_a_credential_tells_what_is_public(client: Client, issued: Issued) -> None:
    answer = read(client, issued.code.upper())
    assert (answer["status"], answer["name"], answer["passed_on"]) == ("valid", "", None)
    assert answer["last_day"] == "2028-11-11"
    assert [edition["kind"] for edition in answer["editions"]] == ["first"]
    for address in answer["urls"].values():
        assert client.get(address).status_code == 200, address
    assert client.get(answer["achievement"]).status_code == 200
    show = {"show_name": True, "show_company": False, "show_date": True}
    decide_visibility(recipient_id=Recipient.objects.get().pk, actor=None, now=NOW, **show)
    answer = read(client, issued.code)
    assert (answer["name"], answer["passed_on"]) == ("Ana Kowalska", "2026-11-12")
    suspend(code=issued.code, reason="Private", actor=None, now=NOW)
    answer = read(client, issued.code)
    assert answer["status"] == "suspended"
    assert "Private" not in str(answer)


def test_who_has_the_answer_gets_it_again_only_if_it_changed(
    client: Client, issued: Issued
) -> None:
    for address in (f"/api/v1/verify?code={issued.code}", f"/api/v1/credentials/{issued.code}"):
        had = client.get(address)
        assert had["Cache-Control"] == "no-cache"
        again = {"If-None-Match": had["ETag"]}
        assert client.get(address, headers=again).status_code == 304
        suspend(code=issued.code, reason="x", actor=None, now=NOW)
        changed = client.get(address, headers=again)
        assert (changed.status_code, changed.json()["status"]) == (200, "suspended")
        reinstate(code=issued.code, reason="x", actor=None, now=NOW)


def test_nobody_is_404_and_erased_is_410(client: Client, issued: Issued) -> None:
    assert client.get("/api/v1/credentials/nobody").status_code == 404
    erase_recipient(
        recipient_id=Recipient.objects.get().pk, reason="x", actor=None, now=timezone.now()
    )
    assert client.get(f"/api/v1/credentials/{issued.code}").status_code == 410


def test_verification_by_code_and_file(client: Client, issued: Issued) -> None:
    answer = client.get("/api/v1/verify", {"code": f"http://localhost:8000/c/{issued.code}/"})
    assert answer.json()["status"] == "valid"
    assert answer.json() == verify_code(issued.code, timezone.localdate()).to_json()
    for form in (".json", ".jwt", ".png", ".svg", ".pdf"):
        file = BytesIO(client.get(f"/c/{issued.code}{form}").content)
        answer = client.post("/api/v1/verify", {"file": file})
        assert (answer.status_code, answer.json()["intact"]) == (200, True), form
    assert client.post("/api/v1/verify", {}).status_code == 422
    large = BytesIO(b" " * (MAX_BYTES + 1))
    assert client.post("/api/v1/verify", {"file": large}).status_code == 413


def test_questions_are_counted(issued: Issued, settings: Any) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    settings.LMS = {**settings.LMS, "VERIFY_PER_MINUTE": 3}
    addresses = ["/api/v1/verify?code=x", f"/api/v1/credentials/{issued.code}"]
    codes = [client.get(address).status_code for address in addresses * 2]
    assert codes == [200, 200, 200, 429]
    assert client.post("/api/v1/verify", {"file": BytesIO(b"x")}).status_code == 429


def test_it_describes_itself_and_loads_nothing_from_elsewhere(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) >= {"/api/v1/verify", "/api/v1/credentials/{code}"}
    assert client.get("/api/v1/docs").status_code != 200
