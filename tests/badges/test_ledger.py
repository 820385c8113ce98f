"""The ledger: one line a fact, none lost, none torn, no names."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from badges.actions.credentials import Issued, correct
from badges.actions.ledger import note_act, write_due_lines
from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.checks import check_ledger
from badges.domain.ledger import ISSUED, KEY, REVOKED, Line, plan, read_lines
from badges.ledger import LedgerMissing, open_ledger, read_ledger
from badges.models import Edition, LedgerLine, SigningKey
from lms.events.sweep import sweep
from tests.factories.badges import NOW, make_credential

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
CODE = "hb97p2s6ysttj6r7h"
TOLD = {
    "kid": "rsa-1", "algorithm": "RS256", "number": 1, "pem": "-", "created_at": NOW,
    "signs_from": NOW,
}  # fmt: skip


@pytest.fixture(autouse=True)
def ledger(settings: Any, tmp_path: Path) -> Path:
    settings.LMS = {**settings.LMS, "DATA_DIR": tmp_path}
    return tmp_path / "ledger" / "credentials.jsonl"


def told(ledger: Path) -> list[dict[str, Any]]:
    """What is told of certificates; two lines of keys stand before it."""
    lines = [json.loads(line) for line in ledger.read_text("ascii").splitlines()]
    return [line for line in lines if line["kind"] != KEY]


def make_line(kind: str = REVOKED, **values: Any) -> Line:
    return Line(**{"uid": uuid4(), "kind": kind, "code": CODE, "at": NOW, **values})


def test_each_fact_is_a_line_once_it_is_committed(
    ledger: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        code = make_credential().code
        correct(code=code, note="Spelling", actor=None, now=NOW)
        suspend(code=code, reason="Под\u2028вопросом", actor=None, now=NOW)
        reinstate(code=code, reason="Proven", actor=None, now=LATER)
        revoke(code=code, reason="Shared answers", actor=None, now=LATER)
        revoke(code=code, reason="Again", actor=None, now=LATER)  # changes nothing
        assert not ledger.exists()
    lines = told(ledger)
    assert [line["kind"] for line in lines] == [
        "issued", "issued", "suspended", "reinstated", "revoked",
    ]  # fmt: skip
    [first, second] = Edition.objects.order_by("number")
    for line, edition in zip(lines, (first, second), strict=False):
        place = {"list": edition.status_list_id, "index": edition.status_index}
        known = {"code": code, "edition": edition.number, "as": edition.kind, **place}
        assert line == {**known, "id": line["id"], "kind": "issued", "at": NOW.isoformat()}
    assert lines[2]["reason"] == "Под\u2028вопросом"
    assert "Ana" not in ledger.read_text()
    assert "baltwerk" not in ledger.read_text()
    assert ledger.stat().st_mode & 0o777 == 0o600
    assert ledger.parent.stat().st_mode & 0o777 == 0o700
    assert read_ledger() == read_lines(ledger.read_bytes().splitlines())


def test_the_sweep_writes_what_a_killed_process_did_not(ledger: Path) -> None:
    """No commit hook runs here, as if the process had died at once; even a reason is kept."""
    code = make_credential().code
    suspend(code=code, reason="Under review", actor=None, now=NOW)
    reinstate(code=code, reason="Proven", actor=None, now=LATER)
    assert [found.id for found in check_ledger(databases=["default"])] == ["lms_badges.W005"]
    assert sweep(LATER)["badges.actions.ledger.write_due_lines"] == 2 + 3
    assert [line["kind"] for line in told(ledger)] == ["issued", "suspended", "reinstated"]
    assert told(ledger)[1]["reason"] == "Under review"
    assert sweep(LATER)["badges.actions.ledger.write_due_lines"] == 0
    assert check_ledger() == check_ledger(databases=["default"]) == []


def test_killed_between_the_line_and_its_mark(ledger: Path) -> None:
    make_credential()
    write_due_lines()
    LedgerLine.objects.update(written=False)
    write_due_lines()
    assert len(told(ledger)) == 2
    reading = read_ledger()
    assert reading is not None
    assert len(reading.lines) == 2 + 1


@pytest.mark.parametrize("left", [1, 30, 60, -1])
def test_a_torn_line_is_repaired(ledger: Path, left: int) -> None:
    """A power cut left part of the last line; its row was not marked, so it is written again."""
    make_credential()
    write_due_lines()
    make_credential(source="test:2")
    whole = LedgerLine.objects.get(written=False).line.to_text().encode()
    with ledger.open("ab") as file:
        file.write(whole[:left])
    write_due_lines()
    reading = read_ledger()
    assert reading is not None
    assert [line.uid for line in reading.lines] == [row.uid for row in LedgerLine.objects.all()]
    # Too short to tell whose it was, it is left for the operator to judge.
    assert reading.unreadable == ((4,) if 0 < left < 40 else ())


def test_a_partial_write_is_continued(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[[int, bytes], int] = os.write
    monkeypatch.setattr("badges.ledger.os.write", lambda to, body: write(to, body[:7]))
    lines = [make_line(reason="x" * 100), make_line()]
    with open_ledger(create=True) as opened:
        opened.append(lines)
    assert read_ledger() == read_lines(line.to_text().encode() for line in lines)


def test_two_at_once_do_not_tear_lines(ledger: Path) -> None:
    ledger.parent.mkdir()

    def write(_number: int) -> None:
        with open_ledger(create=True) as opened:
            opened.append([make_line(reason="x" * 3000), make_line(reason="y" * 3000)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    reading = read_ledger()
    assert reading is not None
    assert (len(reading.lines), reading.unreadable) == (80, ())
    assert [line.reason[0] for line in reading.lines] == ["x", "y"] * 40


def test_a_ledger_that_vanished_is_not_begun_anew(ledger: Path) -> None:
    """Perhaps its disk is not mounted: a new one below it would hide the old one's lines."""
    make_credential()
    write_due_lines()
    ledger.unlink()
    revoke(code=Edition.objects.get().credential.code, reason="x", actor=None, now=LATER)
    with pytest.raises(LedgerMissing, match=str(ledger)):
        write_due_lines()
    assert sweep(LATER)["badges.actions.ledger.write_due_lines"] == -1
    assert "rewrite_ledger" in str(check_ledger(databases=["default"])[0].hint)
    call_command("rewrite_ledger")
    assert [line["kind"] for line in told(ledger)] == ["issued", "revoked"]
    assert check_ledger(databases=["default"]) == []


def test_a_ledger_elsewhere_is_not_made_up(settings: Any, tmp_path: Path) -> None:
    settings.LMS = {**settings.LMS, "LEDGER": tmp_path.parent / "not-mounted" / "ledger.jsonl"}
    make_credential()
    with pytest.raises(LedgerMissing):
        write_due_lines()
    with pytest.raises(CommandError, match="not-mounted"):
        call_command("rewrite_ledger")
    assert read_ledger() is None


def test_a_full_disk_delays_no_certificate(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("badges.ledger.os.write", full)
    with django_capture_on_commit_callbacks(execute=True):
        make_credential()
    assert "No space left" in caplog.text
    assert LedgerLine.objects.filter(written=False).exclude(kind=KEY).count() == 1


def test_room_is_left_for_erasures(ledger: Path, issued: Issued) -> None:
    note_act("erased", issued.code, at=NOW)
    write_due_lines()
    assert told(ledger)[1]["kind"] == "erased"
    reading = read_ledger()
    assert reading is not None
    assert plan(reading.lines, {issued.code}, []).by_hand == [reading.lines[-1]]


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"}, {"id": None}, {"kind": 1}, {"kind": ""}, {"code": ""}, {"at": "yesterday"},
        {"at": "2026-11-12T09:30:00"}, {"list": 0}, {"list": -1}, {"list": 2**31}, {"index": "7"},
        {"edition": 0}, {"edition": None}, {"index": 2**17},
    ],
)  # fmt: skip
def test_what_is_not_a_line_is_not_read(change: dict[str, Any]) -> None:
    line = make_line(ISSUED, edition=1, edition_kind="first", status_list=1, status_index=7)
    assert Line.from_text(line.to_text().encode()) == line
    values = {**json.loads(line.to_text()), **change}
    with pytest.raises(ValueError):  # noqa: PT011 - whatever was wrong with it
        Line.from_text(json.dumps(values).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"kid": ""}, {"kid": "a/b"}, {"kid": "x" * 81}, {"kid": 1}, {"algorithm": "none"},
        {"number": 0}, {"number": 2**15}, {"pem": ""}, {"certificate": None},
        {"created_at": "2026-11-12T09:30:00"}, {"signs_from": 1},
    ],
)  # fmt: skip
def test_what_is_not_a_key_is_not_read(change: dict[str, Any]) -> None:
    line = make_line(KEY, code="", key=SigningKey(**TOLD).told)
    assert Line.from_text(line.to_text().encode()) == line
    values = json.loads(line.to_text())
    strange: list[object] = [{**values["key"], **change}, [], None]
    for key in strange:
        with pytest.raises(ValueError):  # noqa: PT011 - whatever was wrong with it
            Line.from_text(json.dumps({**values, "key": key}).encode())


def test_a_newer_versions_fields_are_passed_over() -> None:
    line = make_line("frozen")
    values = {**json.loads(line.to_text()), "by": [1], "as": "x"}
    assert Line.from_text(json.dumps(values).encode()).kind == "frozen"
    for strange in (b"[]", b"7", b"null", b"\xff", b'"x"'):
        with pytest.raises(ValueError):  # noqa: PT011
            Line.from_text(strange)
    assert read_lines([b"\n", b"{}\n"]).unreadable == (2,)
    assert isinstance(line.uid, UUID)
