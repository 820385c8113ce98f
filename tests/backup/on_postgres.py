"""What only PostgreSQL can refuse. ``tests/postgres`` runs this file and the round trip there."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, connections

from lms.backup import postgresql
from lms.backup.refusing import Refused
from tests.backup.conftest import Site, run
from tests.factories.badges import make_credential


@pytest.fixture(autouse=True)
def postgres() -> None:
    assert connection.vendor == "postgresql"


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def refuse(site: Site, match: str) -> None:
    before, files = databases(), site.contents()
    with pytest.raises(CommandError, match=match):
        run("restore", site.file)
    assert databases() == before
    assert site.contents() == files


def test_somebody_is_connected(site: Site) -> None:
    run("backup", site.file)
    other = connections["default"].copy()
    other.ensure_connection()
    refuse(site, r"has 1 open connection\(s\): stop the site")
    other.close()
    assert run("restore", site.file)["copied_at"]


def test_the_programs_are_missing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", site.file)
    monkeypatch.setenv("PATH", "/nowhere")
    refuse(site, "pg_restore is not installed: it comes with")
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        run("backup", site.file)


def fake(folder: Path, program: str, said: str) -> None:
    path = folder / program
    path.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    path.chmod(0o755)


def test_the_programs_are_too_old(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", site.file)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    fake(tmp_path, "pg_dump", "pg_dump: error: aborting because of server version mismatch")
    fake(tmp_path, "pg_restore", "pg_restore: error: unsupported version (1.16) in file header")
    with pytest.raises(CommandError, match="pg_dump is too old"):
        run("backup", site.file)
    refuse(site, "pg_restore is too old")
    fake(tmp_path, "pg_restore", "pg_restore: error: out of memory")
    refuse(site, "pg_restore failed: pg_restore: error: out of memory")


def test_no_right_to_make_a_database(site: Site) -> None:
    run("backup", site.file)
    name = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS laurel_nobody")
        cursor.execute("CREATE ROLE laurel_nobody LOGIN PASSWORD 'x'")
    database = postgresql.PostgresDatabase()
    database._settings = {**database._settings, "USER": "laurel_nobody", "PASSWORD": "x"}
    try:
        with pytest.raises(Refused, match=f"beside {name}: .*needs the right CREATEDB"):
            database.prepare(site.file)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE laurel_nobody")


def test_a_name_that_is_too_long(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "LONGEST", 20)
    run("backup", site.file)
    refuse(site, "is too long to keep")


def test_the_replaced_database_is_kept(site: Site) -> None:
    run("backup", site.file)
    make_credential()
    told = run("restore", site.file)
    [aside] = [path for path in told["aside"] if path.startswith("database ")]
    name = aside.removeprefix("database ")
    assert re.fullmatch(r".*_before_restore_\d{8}_\d{6}_\d{6}", name)
    settings: dict[str, Any] = {**connection.settings_dict, "NAME": name}
    other = type(connections["default"])(settings, "aside")
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lms_badges_credential")
        assert cursor.fetchone()[0] == 1
    other.close()
    connections.close_all()
