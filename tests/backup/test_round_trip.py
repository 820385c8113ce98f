"""Yesterday's copy comes back: everything in it, nothing twice, and what was withdrawn since."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection
from django.test import Client

from badges.actions.withdrawal import reinstate, revoke, suspend
from badges.domain.keys import public_key_of
from badges.domain.proof import is_proven
from badges.domain.status import is_set
from badges.keystore import forget_keys
from badges.models import Credential, Edition, LedgerLine, LostEdition, SigningKey, StatusList
from badges.queries.verification import verify_code, verify_file
from lms.backup import restoring
from tests.backup.conftest import Site, run
from tests.factories.badges import NOW, make_credential

DAY = NOW.date()
LATER = NOW + timedelta(hours=1)


def bit(edition: tuple[int, int]) -> bool:
    """What a stranger reads in the status list a document names."""
    number, index = edition
    listed = Client().get(f"/status/{number}").json()["credentialSubject"]["encodedList"]
    return is_set(listed, index)


def place(code: str) -> tuple[int, int]:
    edition = Edition.objects.get(credential__code=code)
    return edition.status_list_id, edition.status_index


def test_everything_comes_back(site: Site, with_keys: Path) -> None:
    code = make_credential().code
    file = Client().get(f"/c/{code}.json").content
    before = site.contents()
    made = run("backup", site.file)
    assert (made["database"], made["keys"], made["uploads"]) == (connection.vendor, 2, 1)
    assert site.file.stat().st_mode & 0o777 == 0o600
    assert made["bytes"] == site.file.stat().st_size
    assert "LMS_LEDGER" in made["notes"][0]
    assert site.contents() == before
    # A week of mischief.
    for key in with_keys.iterdir():
        key.write_text("gone")
    (site.data / "key_passphrase").unlink()
    (site.media / "documents" / "plan für später.pdf").unlink()
    (site.media / "new.txt").write_text("uploaded since")
    forget_keys()
    told = run("restore", site.file)
    assert (told["lost"], told["notes"], told["acknowledged"]) == ([], [], True)
    after = site.contents()
    assert {name: after.get(name) for name in before} == before
    assert {path.stat().st_mode & 0o777 for path in with_keys.iterdir()} == {0o600}
    assert verify_file(file, DAY).status == "valid"
    # What was replaced is kept: here, and where the database lies.
    aside = {Path(path).name.partition(".before")[0]: Path(path) for path in told["aside"]}
    assert (aside["media"] / "new.txt").read_text() == "uploaded since"
    assert {path.read_text() for path in aside["keys"].iterdir()} == {"gone"}
    assert set(aside) >= {"media", "keys", "secret_key"}
    assert len(aside) == 4  # and the database


def test_nothing_is_drawn_twice(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst chance there is: after the restore the same places come up first."""
    make_credential()
    run("backup", site.file)
    monkeypatch.setattr("badges.actions.editions._draw_places", lambda: [77])
    lost = make_credential(source="test:2")
    drawn = place(lost.code)
    told = run("restore", site.file)
    again = make_credential(source="test:2")
    assert place(again.code) == (told["status_list"], 77)
    assert place(again.code) != drawn
    assert again.code != lost.code
    # Once more: the list that was opened by the first restore is not used by the second either.
    second = run("restore", site.file)
    assert second["status_list"] > told["status_list"]
    assert {one["code"] for one in second["lost"]} == {lost.code, again.code}


def test_what_was_withdrawn_since_is_withdrawn(site: Site, client: Client) -> None:
    names = ("revoked", "suspended", "cleared", "old")
    codes = {name: make_credential(source=name).code for name in names}
    places = {name: place(code) for name, code in codes.items()}
    revoke(code=codes["old"], reason="Before the copy", actor=None, now=NOW)
    run("backup", site.file)
    revoke(code=codes["revoked"], reason="Shared answers", actor=None, now=LATER)
    for name in ("suspended", "cleared"):
        suspend(code=codes[name], reason="Under review", actor=None, now=LATER)
    reinstate(code=codes["cleared"], reason="Proven", actor=None, now=LATER + timedelta(hours=1))
    told = run("restore", site.file)
    assert [one["what"] for one in told["replayed"]] == [
        "revoked", "suspended", "suspended", "reinstated",
    ]  # fmt: skip
    assert told["acknowledged"]
    row = Credential.objects.get(code=codes["revoked"])
    assert (row.revoked_at, row.revoke_reason) == (LATER, "Shared answers")
    assert {name: bit(where) for name, where in places.items()} == {
        "revoked": True, "suspended": True, "cleared": False, "old": True,
    }  # fmt: skip
    states = {name: verify_code(code, DAY).status for name, code in codes.items()}
    assert states == {
        "revoked": "revoked", "suspended": "suspended", "cleared": "valid", "old": "revoked",
    }  # fmt: skip
    assert client.get(f"/c/{codes['revoked']}/").context["picture"] == "revoked"
    # Replayed lines are the ledger's own: nothing is added, a second time changes nothing.
    before = site.ledger.read_bytes()
    run("sweep")
    assert site.ledger.read_bytes() == before
    # A sweep by hand looks like a worker.
    assert len(run("restore", site.file, "--force")["replayed"]) == 4


def test_lost_ones_are_listed_and_stay_withdrawn(site: Site) -> None:
    make_credential()
    run("backup", site.file)
    kept, gone = (make_credential(source=name).code for name in ("kept", "gone"))
    places = {code: place(code) for code in (kept, gone)}
    revoke(code=gone, reason="Shared answers", actor=None, now=LATER)
    told = run("restore", site.file)
    assert [(one["code"], one["state"], one["reason"]) for one in told["lost"]] == [
        (kept, "valid", ""),
        (gone, "revoked", "Shared answers"),
    ]
    assert {code: bit(where) for code, where in places.items()} == {kept: False, gone: True}
    listed = Client().get("/status/ob2.json").json()["revokedAssertions"]
    assert listed[0]["revocationReason"] == "Withdrawn, not valid"
    # Nobody serves this before it was read.
    with pytest.raises(SystemCheckError, match=r"restore --acknowledge"):
        call_command("up", port=0)
    assert run("restore", "--list")["lost"] == told["lost"]
    said = StringIO()
    call_command("restore", "--list", stdout=said)
    assert f"Lost: {gone} edition 1" in said.getvalue()
    assert "manage.py up refuses to serve" in said.getvalue()
    assert run("restore", "--acknowledge")["acknowledged"]
    call_command("check", databases=["default"], fail_level="ERROR", stdout=said)
    # A copy made from now on knows of them.
    run("backup", site.file)
    assert run("restore", site.file)["lost"] == []
    assert bit(places[gone])
    assert LostEdition.objects.count() == 2


def test_a_list_opened_since_is_served(site: Site) -> None:
    first, _index = place(make_credential().code)
    run("backup", site.file)
    number = StatusList.objects.create(pk=first + 40, changed_at=NOW).pk
    lost = place(make_credential(source="test:2").code)
    assert lost[0] == number
    assert run("restore", site.file)["status_list"] == number + 1
    assert not bit(lost)
    make_credential(source="test:3")
    assert StatusList.objects.count() == 3


def test_without_its_ledger_a_copy_waits(site: Site) -> None:
    make_credential()
    run("backup", site.file)
    site.ledger.unlink()
    told = run("restore", site.file)
    assert (told["ledger_found"], told["acknowledged"]) == (False, False)
    assert told["status_list"] > 1000
    said = StringIO()
    call_command("restore", "--list", stdout=said)
    assert "There is no ledger at" in said.getvalue()
    run("restore", "--acknowledge")
    assert len(site.ledger.read_text().splitlines()) == 3  # two keys


def test_the_last_lines_are_saved(site: Site) -> None:
    """A process was killed before it wrote them; the database still knows them."""
    make_credential()
    run("backup", site.file)
    lost = make_credential(source="test:2").code
    lines = site.ledger.read_text().splitlines(keepends=True)
    site.ledger.write_text("".join(lines[:-1]))
    LedgerLine.objects.filter(code=lost).update(written=False)
    assert [one["code"] for one in run("restore", site.file)["lost"]] == [lost]


def test_a_database_brought_back_by_other_means(site: Site) -> None:
    code = make_credential().code
    revoke(code=code, reason="Shared answers", actor=None, now=LATER)
    lines = site.ledger.read_text().splitlines()
    Credential.objects.update(revoked_at=None, revoke_reason="")
    LedgerLine.objects.filter(kind="revoked").delete()
    told = run("restore", "--ledger-only")
    assert [one["what"] for one in told["replayed"]] == ["revoked"]
    assert verify_code(code, DAY).status == "revoked"
    assert json.loads(lines[-1])["reason"] == "Shared answers"


def test_a_failure_leaves_everything_as_it_was(
    site: Site, with_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_credential()
    run("backup", site.file)
    since = make_credential(source="test:2").code
    before = site.contents()

    def fail(**_: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(restoring, "catch_up", fail)
    with pytest.raises(CommandError, match="the disk is full"):
        run("restore", site.file)
    assert site.contents() == before
    assert verify_code(since, DAY).status == "valid"


def test_a_copy_of_a_site_without_anything(site: Site) -> None:
    run("backup", site.file)
    told = run("restore", site.file)
    assert not told["acknowledged"]  # no ledger: what was issued since is not known


def test_what_a_later_key_signed_verifies_for_ever(site: Site, with_keys: Path) -> None:
    code = make_credential().code
    run("backup", site.file)
    call_command("rotate_key", "--overlap-minutes", "0")
    made = {path.name for path in with_keys.iterdir()}
    pdf = Client().get(f"/c/{code}.pdf").content
    lost = make_credential(source="test:2").code
    file = Client().get(f"/c/{lost}.json").content
    did = Client().get("/.well-known/did.json").content
    told = run("restore", site.file)
    assert [(one["number"], one["signs"]) for one in told["keys"]] == [(2, True)] * 2
    assert {path.name for path in with_keys.iterdir()} == made
    assert Client().get("/.well-known/did.json").content == did
    assert verify_file(pdf, DAY).status == "valid"
    # Whoever reads the published key can check what the site itself no longer knows.
    method = json.loads(file)["proof"]["verificationMethod"]
    assert method in json.loads(did)["assertionMethod"]
    assert is_proven(json.loads(file), public_key_of(method.partition("#")[2]))
    said = StringIO()
    call_command("restore", "--list", stdout=said)
    assert said.getvalue().count("it verifies and signs.") == 2
    call_command("rotate_key")
    assert SigningKey.objects.filter(number=3).count() == 2


def test_a_later_key_whose_private_part_is_lost_says_so(site: Site, with_keys: Path) -> None:
    code = make_credential().code
    run("backup", site.file)
    known = {path.name for path in with_keys.iterdir()}
    call_command("rotate_key", "--overlap-minutes", "0")
    pdf = Client().get(f"/c/{code}.pdf").content
    for path in with_keys.iterdir():
        if path.name not in known:
            path.unlink()
    said = StringIO()
    call_command("restore", site.file, stdout=said)
    assert said.getvalue().count("it verifies and signs no more") == 2
    assert verify_file(pdf, DAY).status == "valid"
    assert make_credential(source="test:2").code
