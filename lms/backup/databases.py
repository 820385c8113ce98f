"""Copying the site's database while it is used, and putting a copy in its place."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

from django.db import connection, connections

from lms.backup.archive import SQLITE
from lms.backup.postgresql import PostgresDatabase
from lms.backup.refusing import Refused

Progress = Callable[[int, int], None]
PAGES = 2000  # copied between two signs of progress


class Database(Protocol):
    """What a backup asks of a database."""

    member: str

    def copy(self, target: Path, progress: Progress) -> None:
        """Write a consistent copy while the site goes on."""

    def prepare(self, copy: Path) -> None:
        """Do all that can fail before the present database is touched."""

    def refuse_used(self) -> None:
        """``Refused`` if anybody has the present database open."""

    def swap(self, stamp: str) -> str:
        """Put the prepared copy in place; return where the replaced database is now, or nothing."""

    def undo(self) -> None:
        """Bring the replaced one back and drop what was prepared, as far as it came."""


def get_database() -> Database:
    """Return the site's database; ``Refused`` if it is of a kind that cannot be copied."""
    if connection.vendor == "sqlite":
        return SqliteDatabase()
    if connection.vendor == "postgresql":
        return PostgresDatabase()
    raise Refused(f"A database of {connection.display_name} cannot be copied: use its own tools.")


class SqliteDatabase:
    """One file, copied by SQLite's own online backup."""

    member = SQLITE

    def __init__(self) -> None:
        name = str(connection.settings_dict["NAME"])
        if name == ":memory:" or name.startswith("file:"):
            raise Refused(f"The SQLite database {name} is no file.")
        self.path = Path(name)
        self._copy: Path | None = None
        self._aside: list[tuple[Path, Path]] = []
        self._is_swapped = False

    def copy(self, target: Path, progress: Progress) -> None:
        if not self.path.exists():
            raise Refused(f"{self.path}: there is no database yet.")
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as to:
            source.isolation_level = None
            source.execute("BEGIN")
            # From here on it reads one moment, so that writers do not make it begin anew.
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(
                to, pages=PAGES, progress=lambda _code, left, all_: progress(all_ - left, all_)
            )
        _make_single(target)

    def prepare(self, copy: Path) -> None:
        _make_single(copy)
        self._copy = copy

    def refuse_used(self) -> None:
        connections.close_all()
        if not self.path.exists():
            return
        with closing(sqlite3.connect(self.path, timeout=1, isolation_level=None)) as database:
            try:
                # Leaving the write-ahead log is granted only to the one who is alone.
                database.execute("PRAGMA journal_mode=DELETE")
                database.execute("BEGIN EXCLUSIVE")
                database.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise Refused(
                        f"{self.path} is open in another process: stop the site."
                    ) from None
            except sqlite3.DatabaseError:
                return  # too damaged to be in use: that is why it is being replaced

    def swap(self, stamp: str) -> str:
        connections.close_all()
        if self._copy is None:
            raise RuntimeError("nothing was prepared")
        for end in ("-wal", "-shm", "-journal", ""):
            present = self.path.with_name(self.path.name + end)
            if present.exists():
                aside = self.path.with_name(f"{self.path.name}.before-restore-{stamp}{end}")
                present.rename(aside)
                self._aside.append((present, aside))
        shutil.move(self._copy, self.path)  # across disks too
        self._is_swapped = True
        return str(self._aside[-1][1]) if self._aside else ""

    def undo(self) -> None:
        connections.close_all()
        if self._is_swapped:
            for end in ("", "-wal", "-shm"):  # a log left behind would be read into the other file
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        while self._aside:
            present, aside = self._aside.pop()
            aside.replace(present)
        self._is_swapped = False


def _make_single(path: Path) -> None:
    """Fold the log in and look whether the file is whole."""
    with closing(sqlite3.connect(path)) as database:
        try:
            database.execute("PRAGMA journal_mode=DELETE")
            [answer] = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
    if answer != "ok":
        raise Refused(f"The copy of the database is not whole: {answer}.")
