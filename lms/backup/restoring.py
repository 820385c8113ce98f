"""Restoring: look at all of the file, put aside what is there, catch up with the ledger."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.checks import ERROR, Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from badges.actions.ledger import write_due_lines
from badges.actions.restoring import Findings, catch_up
from badges.keystore import forget_keys
from badges.ledger import LedgerMissing
from lms.backup.archive import BadArchive, unpack
from lms.backup.databases import Database, get_database
from lms.backup.places import Places, find_places, working_folder
from lms.backup.refusing import Refused
from lms.backup.sealing import NotOpened, Opener
from lms.events.management.running import Busy, Running, last_seen
from lms.events.models import Heartbeat

SILENCE = timedelta(seconds=180)  # a site whose sweep rests this long is taken for stopped
UNFINISHED = "restore-unfinished"
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """``aside`` names what was replaced, ``notes`` what has to be set right."""

    copied_at: datetime
    aside: list[str]
    notes: list[str]
    findings: Findings


def restore(file: Path, passphrase: str, *, now: datetime, force: bool, say: Say) -> Restored:
    """Put a backup in place of what the site has now; what fails leaves everything as it was.

    ``Refused`` or ``OSError`` say why. ``force`` overrules a fresh heartbeat, which may come from
    a site that was stopped a minute ago, and nothing else.
    """
    places = find_places()
    with _alone(), working_folder(places) as work:
        database = get_database()
        if not force:
            _refuse_beating(now)
        database.refuse_used()
        say("Reading and checking the file …")
        manifest = _open(file, passphrase, work)
        _refuse_strange(manifest, database)
        _refuse_mounted(places, manifest)
        say("Preparing the database …")
        swap = _Swap(database, places, now.strftime("%Y%m%d-%H%M%S-%f"))
        copied_at = datetime.fromisoformat(manifest["made_at"])
        with swap.undone_on_failure():
            database.prepare(work / database.member)
            _save_last_lines()
            database.refuse_used()
            say("Putting it in place and replaying the ledger …")
            swap.run(_staged(places, manifest, work))
            findings = _bring_up_to_date(copied_at, now)
    return Restored(copied_at=copied_at, aside=swap.aside, notes=_list_faults(), findings=findings)


def catch_up_only(*, now: datetime) -> Findings:
    """The same after a database was brought back by other means, say to a point in time."""
    with _alone():
        return _bring_up_to_date(now, now)


def _bring_up_to_date(copied_at: datetime, now: datetime) -> Findings:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    forget_keys()
    return catch_up(copied_at=copied_at, now=now)


@contextmanager
def _alone() -> Iterator[None]:
    try:
        running = Running.claim(alone=True)
    except Busy as error:
        raise Refused(f"{error} Stop it first.") from None
    try:
        yield
    finally:
        running.release()


def _refuse_beating(now: datetime) -> None:
    """Workers started in another way than ``up`` hold no lock; they show by their heartbeat."""
    beat = None
    with suppress(DatabaseError):  # there may be no database, or a broken one
        beat = Heartbeat.objects.filter(name="sweep").values_list("beat_at", flat=True).first()
    seen = last_seen()
    if beat is None or now - beat > SILENCE or (seen and beat <= seen + timedelta(seconds=5)):
        return
    raise Refused(
        f"A worker swept {int((now - beat).total_seconds())} seconds ago. Stop the site; if it is "
        f"stopped, wait until {timezone.localtime(beat + SILENCE):%H:%M} or add --force."
    )


def _open(file: Path, passphrase: str, work: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as sealed:
            return unpack(Opener(sealed, passphrase), work)
    except (NotOpened, BadArchive) as error:
        raise Refused(f"{file}: {error}. Nothing was changed.") from error


def _refuse_strange(manifest: dict[str, Any], database: Database) -> None:
    """Refuse what this site's code or database could not carry."""
    if manifest["database"] != connection.vendor or database.member not in manifest["members"]:
        raise Refused(
            f"The copy holds a database of {manifest['database']}, this site's is "
            f"{connection.vendor}: set LMS_DATABASE_URL accordingly."
        )
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    applied = {(app, name) for app, name in manifest["migrations"]}
    if newer := sorted(f"{a}.{n}" for a, n in applied - known if a in loader.migrated_apps):
        raise Refused(
            f"The copy was made by a newer version ({manifest['laurel'] or 'unknown'}): this one "
            f"does not know {', '.join(newer)}. Install that version first."
        )


def _refuse_mounted(places: Places, manifest: dict[str, Any]) -> None:
    for name, folder in places.folders.items():
        if name in manifest["holds"] and folder.is_mount():
            raise Refused(
                f"{folder} is a mount point and cannot be put aside: let the setting name a "
                "folder below it."
            )


def _save_last_lines() -> None:
    """What the present database knows and the ledger does not, it tells now if it still can."""
    with suppress(DatabaseError, OSError, LedgerMissing):
        write_due_lines()


def _staged(places: Places, manifest: dict[str, Any], work: Path) -> dict[Path, Path]:
    """Say what goes where; folders of the copy are replaced as a whole, empty ones too."""
    found = {path: work / name for name, path in places.single.items() if (work / name).exists()}
    for name, path in places.folders.items():
        if name in manifest["holds"]:
            (work / name).mkdir(parents=True, exist_ok=True)
            (work / name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o700)
            found[path] = work / name
    return found


class _Swap:
    """Puts prepared things in place and can take them back."""

    def __init__(self, database: Database, places: Places, stamp: str) -> None:
        self._database, self._stamp, self._mark = database, stamp, places.data / UNFINISHED
        self._keys = places.keys
        self._done: list[tuple[Path, Path | None]] = []
        self.aside: list[str] = []

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Until the block ends, a mark keeps ``up`` from serving what a killed restore left."""
        self._mark.touch(mode=0o600)
        try:
            yield
        except BaseException:
            self._undo()
            self._mark.unlink(missing_ok=True)
            raise
        self._mark.unlink(missing_ok=True)

    def run(self, staged: dict[Path, Path]) -> None:
        for target, source in staged.items():
            aside = None
            if target.exists():
                aside = target.with_name(f"{target.name}.before-restore-{self._stamp}")
                target.rename(aside)
                self.aside.append(str(aside))
            self._done.append((target, aside))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
            if aside is not None and target == self._keys:
                _put_back_keys(aside, target)
        if replaced := self._database.swap(self._stamp):
            self.aside.append(replaced)

    def _undo(self) -> None:
        self._database.undo()
        while self._done:
            target, aside = self._done.pop()
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)
            if aside is not None:
                aside.rename(target)


def _put_back_keys(aside: Path, folder: Path) -> None:
    """Private keys made after the copy are in no copy: they stay, and what is aside stays whole."""
    for key in aside.glob("*.pem"):
        if not (folder / key.name).exists():
            shutil.copy2(key, folder / key.name)


def _list_faults() -> list[str]:
    """What the system checks say about the restored site, besides what is acknowledged apart."""
    connections.close_all()
    found = run_checks(tags=[Tags.database], databases=["default"])
    return [
        f"{one.msg} {one.hint or ''}".strip()
        for one in found
        if one.is_serious(ERROR) and str(one.id) != "lms_backup.E002"
    ]


__all__ = ["Refused", "Restored", "catch_up_only", "restore"]
