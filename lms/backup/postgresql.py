"""PostgreSQL, by its own programs: they know every kind of row."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from lms.backup.archive import DUMP
from lms.backup.refusing import Refused

LONGEST = 63  # bytes in a name


class PostgresDatabase:
    """A database that is dumped, restored under a name of its own, and renamed at the end."""

    member = DUMP

    def __init__(self) -> None:
        self._settings: dict[str, Any] = dict(connection.settings_dict)
        self._name = str(self._settings["NAME"])
        self._made = self._aside = ""

    def copy(self, target: Path, progress: Callable[[int, int], None]) -> None:
        self._run("pg_dump", ["--format=custom", f"--file={target}", self._name])

    def prepare(self, copy: Path) -> None:
        made = f"{self._name}_restoring"
        if len(f"{self._name}_before_restore_00000000_000000_000000".encode()) > LONGEST:
            raise Refused(f"The name {self._name} is too long to keep the replaced database aside.")
        try:
            with self._beside() as execute:
                execute(f"DROP DATABASE IF EXISTS {_quoted(made)}")  # of a restore that was killed
                execute(f"CREATE DATABASE {_quoted(made)} TEMPLATE template0 {self._locale()}")
        except DatabaseError as error:
            raise Refused(
                f"No database can be made beside {self._name}: {_first_line(error)}. "
                "The role needs the right CREATEDB."
            ) from error
        self._made = made
        self._run("pg_restore", ["--exit-on-error", f"--dbname={made}", str(copy)])

    def refuse_used(self) -> None:
        """Ask the server who else is connected."""
        connections.close_all()
        statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        try:
            with self._beside() as execute:
                [(others,)] = execute(statement, [self._name])
        except DatabaseError as error:
            raise Refused(f"PostgreSQL does not answer: {_first_line(error)}.") from error
        if others:
            raise Refused(
                f"The database {self._name} has {others} open connection(s): stop the site."
            )

    def swap(self, stamp: str) -> str:
        connections.close_all()
        aside = f"{self._name}_before_restore_{stamp.replace('-', '_')}"
        with self._beside() as execute:
            execute(f"ALTER DATABASE {_quoted(self._name)} RENAME TO {_quoted(aside)}")
            self._aside = aside
            execute(f"ALTER DATABASE {_quoted(self._made)} RENAME TO {_quoted(self._name)}")
        self._made = ""
        return f"database {aside}"

    def undo(self) -> None:
        connections.close_all()
        with self._beside() as execute:
            if self._aside:
                execute(f"DROP DATABASE IF EXISTS {_quoted(self._name)}")
                execute(f"ALTER DATABASE {_quoted(self._aside)} RENAME TO {_quoted(self._name)}")
            if self._made:
                execute(f"DROP DATABASE IF EXISTS {_quoted(self._made)}")
        self._made = self._aside = ""

    @contextmanager
    def _beside(self) -> Iterator[Callable[..., list[Any]]]:
        """Run statements in the server's maintenance database, for one cannot rename one's own."""
        kind = type(connections["default"])
        other = kind({**self._settings, "NAME": "postgres"}, "restoring")

        def execute(statement: str, values: Sequence[str] = ()) -> list[Any]:
            with other.cursor() as cursor:
                cursor.execute(statement, list(values) or None)
                return list(cursor.fetchall()) if cursor.description else []

        try:
            yield execute
        finally:
            other.close()

    def _locale(self) -> str:
        statement = (
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database"
            " WHERE datname = %s"
        )
        with self._beside() as execute:
            found = execute(statement, [self._name])
        if not found:
            return ""
        encoding, collate, ctype = (str(value).replace("'", "''") for value in found[0])
        return f"ENCODING '{encoding}' LC_COLLATE '{collate}' LC_CTYPE '{ctype}'"

    def _run(self, program: str, arguments: list[str]) -> None:
        path = shutil.which(program)
        if path is None:
            raise Refused(
                f"{program} is not installed: it comes with PostgreSQL's client programs."
            )
        place, environment = self._connection()
        done = subprocess.run(  # noqa: S603 - our own command line
            [path, "--no-owner", "--no-privileges", "--no-password", *place, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused(_explain(program, done.stderr))

    def _connection(self) -> tuple[list[str], dict[str, str]]:
        """The password goes by the environment: a command line is everybody's to read."""
        _arguments, environment = DatabaseClient.settings_to_cmd_args_env(self._settings, [])
        given = {"host": "HOST", "port": "PORT", "username": "USER"}
        place = [f"--{key}={self._settings[of]}" for key, of in given.items() if self._settings[of]]
        return place, environment or {}


def _explain(program: str, said: str) -> str:
    if "version mismatch" in said or "unsupported version" in said:
        return (
            f"{program} is too old for this database or dump: install the newer one. {_brief(said)}"
        )
    return f"{program} failed: {_brief(said)}"


def _brief(said: str) -> str:
    return " ".join(line.strip() for line in said.strip().splitlines()[:3])


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
