"""What is refused, each in a sentence, and that nothing was touched by it."""

import fcntl
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from lms.backup import places, restoring
from lms.backup.checks import check_restored
from lms.backup.sealing import Sealer
from lms.events.management.running import Running
from lms.events.models import Heartbeat
from tests.backup.conftest import PASSPHRASE, Site, run


@pytest.fixture
def copied(site: Site) -> Site:
    run("backup", site.file)
    return site


def refuse(site: Site, match: str, *more: str) -> None:
    before = site.contents()
    with pytest.raises(CommandError, match=match):
        run("restore", site.file, *more)
    assert site.contents() == before
    assert not list(site.data.parent.rglob("*before-restore*"))


def test_another_passphrase(copied: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "passphrase"
    kept.write_text("another one\n")
    refuse(copied, "laurel.backup: the passphrase is not", "--passphrase-file", str(kept))
    monkeypatch.delenv("LMS_BACKUP_PASSPHRASE")
    refuse(copied, "set LMS_BACKUP_PASSPHRASE or name a file")
    refuse(copied, "missing", "--passphrase-file", str(tmp_path / "missing"))
    kept.write_text(f"{PASSPHRASE}\n")
    assert run("restore", copied.file, "--passphrase-file", kept)["copied_at"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-1],
        lambda body: body[: len(body) // 2],
        lambda body: body[:-20] + bytes([body[-20] ^ 1]) + body[-19:],
        lambda body: body + b"x",
    ],
)
def test_a_damaged_file(copied: Site, damage: Callable[[bytes], bytes]) -> None:
    copied.file.write_bytes(damage(copied.file.read_bytes()))
    refuse(copied, "laurel.backup: it is damaged or cut off. Nothing was changed")


def test_no_file_and_another_kind_of_file(site: Site) -> None:
    refuse(site, "No such file.*laurel.backup")
    site.file.write_text("a letter to somebody")
    refuse(site, "laurel.backup: it is not a backup")


def seal(site: Site, facts: dict[str, Any], *members: tuple[tarfile.TarInfo, bytes]) -> None:
    """A file whoever knows the passphrase may make."""
    body = json.dumps({"members": {}, **facts}).encode()
    info = tarfile.TarInfo("manifest.json")
    info.size = len(body)
    with site.file.open("wb") as file:
        sealer = Sealer(file, PASSPHRASE)
        with tarfile.open(fileobj=sealer, mode="w|gz") as tar:  # type: ignore[call-overload]
            for one, content in (*members, (info, body)):
                tar.addfile(one, io.BytesIO(content))
        sealer.finish()


def test_a_hostile_archive(site: Site) -> None:
    link = tarfile.TarInfo("media/x")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    outside = tarfile.TarInfo("../../outside")
    for info in (link, outside):
        seal(site, {}, (info, b""))
        refuse(site, "its member")
    assert not (site.data.parent.parent / "outside").exists()


def test_a_copy_this_site_cannot_carry(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", site.file)
    facts = {"database": "oracle", "migrations": [], "laurel": "", "holds": []}
    seal(site, facts)
    refuse(site, "holds a database of oracle, this site's is sqlite")
    newer: dict[str, Any] = {
        "database": "sqlite",
        "members": {"database.sqlite3": {}},
        "laurel": "9.0",
        "migrations": [["lms_badges", "0001_initial"], ["lms_badges", "0099_more"], ["gone", "1"]],
        "holds": [],
    }
    monkeypatch.setattr(restoring, "unpack", lambda *_: newer)
    run("backup", site.file)
    refuse(site, r"newer version \(9.0\): this one does not know lms_badges.0099_more. Install")


def test_a_running_site(copied: Site) -> None:
    running = Running.claim()
    refuse(copied, "manage.py up is running. Stop it first")
    running.release()
    Heartbeat.objects.create(name="sweep", beat_at=timezone.now())
    # It was `up` whose worker beat, and `up` has ended.
    assert run("restore", copied.file)["copied_at"]


def test_workers_started_in_another_way(copied: Site) -> None:
    beat = timezone.now() - timedelta(seconds=30)
    Heartbeat.objects.create(name="sweep", beat_at=beat)
    refuse(copied, "A worker swept 3. seconds ago. Stop the site; if it is stopped, wait until")
    long_ago = (beat - timedelta(hours=1)).timestamp()
    (copied.data / "running.lock").touch()
    os.utime(copied.data / "running.lock", (long_ago, long_ago))
    refuse(copied, "A worker swept")
    assert run("restore", copied.file, "--force")["copied_at"]


def test_an_open_database(copied: Site) -> None:
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM django_migrations").fetchall()
        refuse(copied, "is open in another process: stop the site")


def test_up_waits_for_a_restore(site: Site) -> None:
    alone = Running.claim(alone=True)
    with pytest.raises(CommandError, match="a restore is under way"):
        call_command("up", port=0)
    alone.release()


def test_a_killed_restore_is_not_served(site: Site) -> None:
    assert check_restored() == []
    (site.data / "restore-unfinished").touch()
    assert [one.id for one in check_restored(databases=["default"])] == ["lms_backup.E001"]
    run("backup", site.file)
    run("restore", site.file)
    assert not (site.data / "restore-unfinished").exists()


def test_a_mount_point(copied: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "media")
    refuse(copied, "media is a mount point")


def test_where_a_backup_may_not_lie(site: Site) -> None:
    with pytest.raises(CommandError, match="among the uploads"):
        run("backup", site.media / "laurel.backup")
    with pytest.raises(CommandError, match="nowhere"):
        run("backup", site.data / "nowhere" / "x")
    assert not list(site.data.glob(".backup-*"))


def test_a_passphrase_that_is_too_short(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_BACKUP_PASSPHRASE", "hunter2")
    with pytest.raises(CommandError, match="too short"):
        run("backup", site.file)
    assert not site.file.exists()


def test_two_backups_at_once(site: Site) -> None:
    with site.file.with_name("laurel.backup.part").open("wb") as part:
        fcntl.flock(part, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="being written by another backup"):
            run("backup", site.file)


def test_what_a_copy_is_without_is_said(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.LMS = {**settings.LMS, "LEDGER": tmp_path / "other" / "ledger.jsonl"}
    assert run("backup", site.file)["notes"] == [
        "The private keys are not in the copy: tests.factories.keys.SessionStore keeps them."
    ]
    folder = {"KEY_STORE": "badges.keystore.FolderStore", "KEY_PASSPHRASE": "opens"}
    settings.LMS = {**settings.LMS, **folder}
    settings.MEDIA_ROOT = ""
    said = StringIO()
    call_command("backup", str(site.file), stdout=said)
    assert "LMS_KEY_PASSPHRASE opens the keys" in said.getvalue()
    assert "Uploads are not in the copy" in said.getvalue()
    settings.MEDIA_ROOT = site.data
    with pytest.raises(CommandError, match="holds the data folder"):
        run("backup", site.file)


def test_a_killed_backup_leaves_nothing_for_long(site: Site) -> None:
    left, fresh = site.data / ".backup-old", site.data / ".backup-new"
    left.mkdir()
    fresh.mkdir()
    os.utime(left, (0, 0))
    run("backup", site.file)
    assert (left.exists(), fresh.exists()) == (False, True)
    assert places.ABANDONED == 86_400


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal(site: Site) -> None:
    shown, said = Terminal(), StringIO()
    call_command("backup", str(site.file), stdout=said, stderr=shown)
    assert "100 %" in shown.getvalue()
    assert "MB with the database, 0 private keys and 1 uploads." in said.getvalue()
    call_command("restore", str(site.file), stdout=said, stderr=shown)
    assert "replaying the ledger" in shown.getvalue()


def test_a_site_that_was_never_restored(site: Site) -> None:
    with pytest.raises(CommandError, match="never restored"):
        run("restore", "--list")
