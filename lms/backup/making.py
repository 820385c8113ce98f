"""Making a backup: the database first, so that every file it names is in the copy too."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from lms.backup.archive import Packer, pack
from lms.backup.databases import Progress, get_database
from lms.backup.places import Places, find_places, list_absent, working_folder
from lms.backup.refusing import Refused
from lms.backup.sealing import Sealer
from lms.conf import get_conf


@dataclass(frozen=True, kw_only=True)
class Made:
    """What is in the file that was written."""

    bytes: int
    database: str
    keys: int
    uploads: int
    notes: list[str]


def make_backup(target: Path, passphrase: str, *, now: datetime, progress: Progress) -> Made:
    """Write everything the site needs into one encrypted file, or leave no file at all.

    ``Refused`` or ``OSError`` say why there is none.
    """
    places = find_places()
    if places.media and target.resolve().is_relative_to(places.media):
        raise Refused(f"{target} would lie among the uploads, where anybody may fetch it.")
    with working_folder(places) as work, _replacing(target) as file:
        database = get_database()
        facts = _facts(places, now)  # before the copy: it may then be newer than told, not older
        database.copy(work / database.member, progress)
        files = list(_files(places))
        sealer = Sealer(file, passphrase)
        with pack(sealer) as packer:
            packer.add(database.member, work / database.member)
            _add_all(packer, files, progress)
            packer.add_manifest(facts)
        sealer.finish()
    told = list(packer.members)
    return Made(
        bytes=target.stat().st_size,
        database=connection.vendor,
        keys=sum(name.startswith("data/keys/") for name in told),
        uploads=sum(name.startswith("media/") for name in told),
        notes=list_absent(places),
    )


def _facts(places: Places, now: datetime) -> dict[str, Any]:
    return {
        "made_at": now.isoformat(),
        "laurel": _version(),
        "database": connection.vendor,
        "base_url": get_conf().base_url,
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "holds": sorted(places.folders),
    }


def _version() -> str:
    try:
        return version("wagtail-laurel")
    except PackageNotFoundError:  # run from a checkout
        return ""


def _files(places: Places) -> Iterator[tuple[str, Path]]:
    for name, path in places.single.items():
        if path.is_file():
            yield name, path
    for name, folder in places.folders.items():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _add_all(packer: Packer, files: list[tuple[str, Path]], progress: Progress) -> None:
    for done, (name, path) in enumerate(files):
        progress(done, len(files))
        try:
            packer.add(name, path)
        except FileNotFoundError:
            continue  # somebody deleted it since it was listed
    progress(len(files), len(files))


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """Write beside the target and take its name once all of it is on the disk."""
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"{part} is being written by another backup.") from None
        os.ftruncate(descriptor, 0)
        os.fchmod(descriptor, 0o600)
        try:
            yield file
            file.flush()
            os.fsync(descriptor)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
