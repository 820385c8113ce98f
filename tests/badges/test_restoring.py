"""What a restored copy learns from the ledger, and what it can only list."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from badges.actions.credentials import Issued, correct
from badges.actions.keys import prepare_keys, rotate_keys
from badges.actions.ledger import write_due_lines
from badges.actions.restoring import LEAP, Findings, acknowledge, catch_up
from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.domain.ledger import ERASED, ISSUED, REINSTATED, REVOKED, SUSPENDED, Line
from badges.domain.status import SIZE, is_set
from badges.keystore import forget_keys
from badges.ledger import open_ledger, read_ledger
from badges.models import (
    Credential,
    Edition,
    LedgerLine,
    LostEdition,
    Restoration,
    SigningKey,
    StatusList,
)
from badges.queries.keys import get_signer, list_certificates, list_keys
from badges.queries.moving import list_former_addresses
from badges.queries.restoring import get_restoration, key_folder
from badges.queries.verification import verify_code, verify_file
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from tests.factories.badges import NOW, make_credential

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GONE = "hb97p2s6ysttj6r7h"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.LMS = {**settings.LMS, "DATA_DIR": tmp_path}
    return tmp_path


def tell(*lines: Line) -> None:
    """As a site would have told after the copy was made."""
    write_due_lines()
    with open_ledger(create=True) as ledger:
        ledger.append(lines)


def act(kind: str, code: str, at: datetime = NOW, reason: str = "Shared answers") -> Line:
    return Line(uid=uuid4(), kind=kind, code=code, at=at, reason=reason)


def issue(number: int = 1, *, code: str = GONE, index: int = 5, **more: Any) -> Line:
    kind = "first" if number == 1 else "name"
    values = {"edition": number, "edition_kind": kind, "status_list": 1, "status_index": index}
    return Line(uid=uuid4(), kind=ISSUED, code=code, at=NOW, **{**values, **more})


def recover() -> Findings:
    return catch_up(copied_at=NOW - DAY, now=NOW + DAY)


def bit(number: int, index: int) -> bool:
    listed = Client().get(f"/status/{number}").json()["credentialSubject"]["encodedList"]
    return is_set(listed, index)


def test_acts_are_replayed_in_order_with_their_time_and_reason(issued: Issued) -> None:
    tell(
        act(SUSPENDED, issued.code, NOW + timedelta(hours=1), "First"),
        act(REINSTATED, issued.code, NOW + timedelta(hours=2), "Cleared"),
        act(SUSPENDED, issued.code, NOW + timedelta(hours=3), "Second"),
    )
    before = Delivery.objects.count()
    findings = recover()
    assert [one["reason"] for one in findings.replayed] == ["First", "Cleared", "Second"]
    row = Credential.objects.get()
    assert (row.suspended_at, row.suspend_reason) == (NOW + timedelta(hours=3), "Second")
    assert findings.is_complete
    assert Delivery.objects.count() > before  # partners and people hear of it
    deliver_due(NOW + DAY)
    assert verify_code(issued.code, NOW.date()).status == "suspended"
    again = recover()
    assert (again.replayed, again.is_complete) == ([], True)
    assert LedgerLine.objects.filter(written=False).count() == 0


def test_what_the_copy_knows_already_is_left_alone(issued: Issued) -> None:
    revoke(code=issued.code, reason="Shared answers", actor=None, now=NOW)
    tell(act(REVOKED, issued.code, NOW + DAY, "Told twice"))
    findings = recover()
    assert Credential.objects.get().revoke_reason == "Shared answers"
    assert findings.by_hand == []
    assert LedgerLine.objects.exclude(kind="key").count() == 3


def test_what_the_site_refuses_is_for_a_person(issued: Issued) -> None:
    revoke(code=issued.code, reason="Shared answers", actor=None, now=NOW)
    tell(act(REINSTATED, issued.code), act(REVOKED, "nobody"), act(ERASED, issued.code, reason=""))
    findings = recover()
    assert [(one["code"], one["what"]) for one in findings.by_hand] == [
        ("nobody", "revoked"), (issued.code, "erased"), (issued.code, "reinstated"),
    ]  # fmt: skip
    assert not findings.is_complete


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], ""),
        ([REVOKED], "revoked"),
        ([SUSPENDED], "suspended"),
        ([SUSPENDED, REINSTATED], ""),
        ([SUSPENDED, REINSTATED, SUSPENDED, REVOKED], "revoked"),
    ],
)
def test_a_lost_credential_keeps_its_bit(issued: Issued, acts: list[str], state: str) -> None:
    tell(issue(), *[act(kind, GONE) for kind in acts])
    [lost] = recover().lost
    assert (lost["code"], lost["state"]) == (GONE, state or "valid")
    assert LostEdition.objects.get().state == state
    assert bit(1, 5) is bool(state)
    listed = Client().get("/status/ob2.json").json()["revokedAssertions"]
    assert len(listed) == (2 if state else 0)


def test_a_lost_edition_that_a_lost_one_replaced(issued: Issued) -> None:
    tell(issue(), issue(2, index=6), issue(3, index=7, edition_kind="renewal"))
    assert [one["state"] for one in recover().lost] == ["superseded", "valid", "valid"]
    assert [bit(1, index) for index in (5, 6, 7)] == [True, False, False]


def test_a_lost_edition_of_a_known_credential_shares_its_fate(issued: Issued) -> None:
    index = (Edition.objects.get().status_index + 1) % SIZE
    tell(issue(2, code=issued.code, index=index))
    assert [one["edition"] for one in recover().lost] == [2]
    answers = []
    for action in (suspend, reinstate, revoke):
        action(code=issued.code, reason="x", actor=None, now=NOW + DAY)
        listed = Client().get("/status/ob2.json").json()["revokedAssertions"]
        answers.append((bit(1, index), [one["revocationReason"] for one in listed]))
    assert answers == [
        (True, ["Suspended, not valid now"] * 2),
        (False, []),
        (True, ["Withdrawn, not valid"] * 2),
    ]


def test_the_number_of_a_lost_edition_is_not_given_again(issued: Issued) -> None:
    tell(issue(2, code=issued.code, index=(Edition.objects.get().status_index + 1) % SIZE))
    recover()
    assert correct(code=issued.code, note="Spelling", actor=None, now=NOW + DAY) == 3
    first = Client().get(f"/c/{issued.code}/1/")
    assert first.status_code == 200
    body = Edition.objects.get(number=1).jwt.encode()
    assert "edition 3" in verify_reasons(body)


def verify_reasons(body: bytes) -> str:
    return " ".join(verify_file(body, NOW.date()).reasons)


def test_lists_are_above_all_that_were_ever_drawn_from(issued: Issued) -> None:
    tell(issue(status_list=7))
    assert recover().status_list == 8
    assert list(StatusList.objects.order_by("pk").values_list("pk", flat=True)) == [1, 7, 8]
    make_credential(source="test:2")
    assert Edition.objects.order_by("-pk")[0].status_list_id == 8
    # The database counts on from there by itself.
    assert StatusList.objects.create(changed_at=NOW).pk == 9
    assert not bit(7, 5)


def test_without_a_ledger_lists_are_skipped(issued: Issued, data: Path) -> None:
    findings = recover()
    assert (findings.ledger_found, findings.status_list) == (False, 1 + LEAP)
    assert not findings.is_complete


def test_what_cannot_be_read_is_listed_by_number(issued: Issued, data: Path) -> None:
    tell()
    with (data / "ledger" / "credentials.jsonl").open("a") as file:
        file.write("not a line\n")
    assert recover().unreadable == [4]


def test_acknowledging_counts_for_all(issued: Issued) -> None:
    assert get_restoration() is None
    recover()
    recover()
    card = get_restoration()
    assert card is not None
    assert (card.copied_at, card.acknowledged_at) == (NOW - DAY, None)
    assert acknowledge(now=NOW + DAY)
    assert not acknowledge(now=NOW + DAY)
    assert not Restoration.objects.filter(acknowledged_at=None).exists()
    assert str(Restoration.objects.first()) == "copy of 2026-11-11 09:30"


def test_a_ledger_is_rewritten_by_command(issued: Issued, data: Path, capsys: Any) -> None:
    call_command("rewrite_ledger", json=True)
    assert '"lines": 3' in capsys.readouterr().out
    assert len((data / "ledger" / "credentials.jsonl").read_text().splitlines()) == 3  # two keys


def test_keys_of_another_store_have_no_folder(settings: Any, in_folder: Path) -> None:
    assert key_folder() == in_folder
    settings.LMS = {**settings.LMS, "KEY_STORE": "tests.factories.keys.SessionStore"}
    assert key_folder() is None


def test_former_addresses_are_counted(issued: Issued, settings: Any) -> None:
    here = settings.LMS.get("BASE_URL")
    settings.LMS = {**settings.LMS, "BASE_URL": "https://second.example"}
    make_credential(source="test:2")
    correct(code=issued.code, note="Moved", actor=None, now=NOW)
    settings.LMS = {**settings.LMS, "BASE_URL": "https://third.example"}
    found = list_former_addresses("https://third.example")
    assert [(one.base_url, one.credentials, one.status_lists) for one in found] == [
        (here, 1, (1,)),
        ("https://second.example", 2, (1,)),
    ]


def rotate(count: int = 1) -> list[str]:
    """Make keys in the folder, as a site does; the ledger hears of them."""
    kids: list[str] = []
    for _ in range(count):
        kids += rotate_keys(overlap=timedelta(0), now=NOW)
    write_due_lines()
    return kids


def take_back(kids: Sequence[str]) -> None:
    """As a copy made before these keys would."""
    SigningKey.objects.filter(kid__in=kids).delete()
    LedgerLine.objects.filter(kind="key", key=None).delete()


def test_a_key_made_since_verifies_and_signs_on(in_folder: Path, data: Path) -> None:
    prepare_keys(now=NOW)
    kids = rotate()
    published = {key.kid: key for key in list_keys()}
    certificates = list_certificates()
    take_back(kids)
    told = {one["kid"]: one for one in recover().keys}
    assert set(told) == set(kids)
    assert all(one["signs"] and one["number"] == 2 for one in told.values())
    assert {key.kid: key for key in list_keys()} == published
    assert list_certificates() == certificates
    signer = get_signer(NOW)
    assert [signer.proof_kid, signer.token_kid] == kids
    assert recover().keys == []


def test_a_key_without_its_private_part_never_signs(in_folder: Path, data: Path) -> None:
    first = prepare_keys(now=NOW)
    kids = rotate()
    take_back(kids)
    kept = {kid: (in_folder / f"{kid}.pem").rename(data / kid) for kid in kids}
    forget_keys()
    assert [one["signs"] for one in recover().keys] == [False, False]
    signer = get_signer(NOW)
    assert (signer.proof_kid, signer.token_kid) == first
    assert {key.kid for key in list_keys()} == {*first, *kids}
    assert [SigningKey.objects.get(kid=kid).number for kid in rotate()] == [3, 3]
    # Found after all: it may sign again, after those that are newer.
    for kid, path in kept.items():
        path.rename(in_folder / f"{kid}.pem")
    recover()
    assert not SigningKey.objects.filter(verifies_only=True).exists()
    assert get_signer(NOW).proof_kid not in {*first, *kids}


def test_a_site_that_lost_all_private_keys_makes_others(in_folder: Path, data: Path) -> None:
    kids = prepare_keys(now=NOW)
    write_due_lines()
    take_back(kids)
    for kid in kids:
        (in_folder / f"{kid}.pem").unlink()
    forget_keys()
    assert [one["signs"] for one in recover().keys] == [False, False]
    fresh = prepare_keys(now=NOW)
    assert not {*fresh} & {*kids}
    assert get_signer(NOW).proof_kid == fresh[0]
    assert {row.number for row in SigningKey.objects.filter(kid__in=fresh)} == {2}


def test_a_number_given_since_is_not_given_twice(in_folder: Path, data: Path) -> None:
    """Somebody rotated before the ledger was back on its disk."""
    prepare_keys(now=NOW)
    lost = rotate()
    take_back(lost)
    rotate()
    assert {one["number"] for one in recover().keys} == {3}


def test_keys_made_before_they_were_told_are_rewritten(in_folder: Path, data: Path) -> None:
    kids = prepare_keys(now=NOW)
    LedgerLine.objects.all().delete()
    call_command("rewrite_ledger")
    reading = read_ledger()
    assert reading is not None
    assert [line.key.kid for line in reading.lines if line.key] == list(kids)
    text = (data / "ledger" / "credentials.jsonl").read_text()
    assert "PRIVATE" not in text
    assert text.count("BEGIN PUBLIC KEY") == 2
