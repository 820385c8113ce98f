"""A site on a folder of its own, with what a backup has to carry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from badges.keystore import forget_keys
from lms.backup import sealing

PASSPHRASE = "correct horse battery"


@dataclass(frozen=True)
class Site:
    """Where the site's things lie; ``file`` is where backups go."""

    data: Path
    file: Path

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def ledger(self) -> Path:
        return self.data / "ledger" / "credentials.jsonl"

    def contents(self) -> dict[str, bytes]:
        """Every file of the folder but the lock, whose time alone counts."""
        files = sorted(path for path in self.data.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.data)): path.read_bytes()
            for path in files
            if path.name != "running.lock"
        }


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is stretched a thousand times less."""
    monkeypatch.setattr(sealing, "COST", 7)


@pytest.fixture
def site(
    transactional_db: None,
    quick: None,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    data = tmp_path / "data"
    (data / "media" / "documents").mkdir(parents=True, mode=0o700)
    (data / "media" / "documents" / "plan für später.pdf").write_bytes(b"%PDF" * 1000)
    (data / "secret_key").write_text("the secret")
    settings.LMS = {**settings.LMS, "DATA_DIR": data}
    settings.MEDIA_ROOT = data / "media"
    monkeypatch.setenv("LMS_BACKUP_PASSPHRASE", PASSPHRASE)
    yield Site(data, tmp_path / "laurel.backup")
    _drop_replaced()


def _drop_replaced() -> None:
    """The databases that restores put aside lie beside the tests' own."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        connections.close_all()
        for left in Path(name).parent.glob(f"{Path(name).name}.before-restore-*"):
            left.unlink()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        found = [row[0] for row in cursor.fetchall()]
        for left in found:
            if left.startswith((f"{name}_before_restore_", f"{name}_restoring")):
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(left)}")


@pytest.fixture
def with_keys(site: Site, settings: Any) -> Path:
    """Keys lie in the folder, as on a real site."""
    settings.LMS = {**settings.LMS, "KEY_STORE": "badges.keystore.FolderStore"}
    forget_keys()
    return site.data / "keys"


def run(*arguments: Any) -> dict[str, Any]:
    """Run a command with ``--json`` and return what it said."""
    output = StringIO()
    call_command(*[str(one) for one in arguments], "--json", stdout=output)
    told: dict[str, Any] = json.loads(output.getvalue())
    return told
