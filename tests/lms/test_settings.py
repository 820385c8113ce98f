"""What the environment and ``LMS`` may say, and the sentence a wrong value gets."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from lms.conf import get_conf
from lms.events.sweep import sweep
from lms.settings import environment as env

ROOT = Path(__file__).resolve().parents[2]


def test_unknown_keys_are_refused_by_name(settings: LazySettings) -> None:
    settings.LMS = {"BASE_ADDRESS": "x"}
    with pytest.raises(ImproperlyConfigured, match="LMS has no setting BASE_ADDRESS; it knows"):
        get_conf()


def test_an_address_has_no_final_slash(settings: LazySettings) -> None:
    settings.LMS = {"BASE_URL": "https://partners.example/", "DATA_DIR": "somewhere"}
    assert get_conf().base_url == "https://partners.example"
    assert get_conf().data_dir == Path("somewhere")


def test_flags_numbers_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, expected in (("1", True), ("yes", True), ("0", False), ("off", False), ("", False)):
        monkeypatch.setenv("LMS_X", value)
        assert env.flag("LMS_X") is expected
    assert env.flag("LMS_MISSING", default=True)
    monkeypatch.setenv("LMS_X", "12")
    assert env.number("LMS_X", 1) == 12
    monkeypatch.setenv("LMS_X", "twelve")
    with pytest.raises(SystemExit, match="LMS_X='twelve' is not a whole number"):
        env.number("LMS_X", 1)
    monkeypatch.setenv("LMS_X", "a, b,,")
    assert env.listed("LMS_X") == ["a", "b"]


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = env.private_folder(tmp_path / "data")
    secret = env.kept_secret(folder / "secret_key")
    assert len(secret) > 50
    assert env.kept_secret(folder / "secret_key") == secret
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_databases_by_address() -> None:
    lite = env.database("sqlite:////data/db.sqlite3", sqlite_sync="FULL")
    assert lite["NAME"] == "/data/db.sqlite3"
    assert lite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in lite["OPTIONS"]["init_command"]
    grown = env.database("postgresql://me:p%40ss@db:5433/laurel", sqlite_sync="FULL")
    assert (grown["USER"], grown["PASSWORD"], grown["HOST"]) == ("me", "p@ss", "db")
    assert (grown["PORT"], grown["NAME"]) == ("5433", "laurel")
    with pytest.raises(SystemExit, match="must start with sqlite: or postgresql:"):
        env.database("mysql://x", sqlite_sync="FULL")


def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LMS_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "lms.settings.production", **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_clean_and_wants_https(tmp_path: Path) -> None:
    data = {"LMS_DATA_DIR": str(tmp_path)}
    refused = run("check", **data, LMS_BASE_URL="http://partners.example")
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "Set LMS_BASE_URL to the site's https:// address; it is printed and signed."
    )
    data["LMS_KEY_PASSPHRASE"] = "from a safe, not from beside the keys"
    clean = run(
        "check", "--deploy", "--fail-level=WARNING", **data, LMS_BASE_URL="https://partners.example"
    )
    assert clean.returncode == 0, clean.stderr
    assert "no issues" in clean.stdout + clean.stderr


@pytest.mark.django_db
def test_the_workers_pulse_is_seen(client: Client) -> None:
    assert client.get("/healthz/worker/").status_code == 503
    sweep()
    response = client.get("/healthz/worker/")
    assert response.status_code == 200
    assert response.json()["alive"] is True


@pytest.mark.django_db
def test_what_is_not_found_is_not_sent_elsewhere(client: Client) -> None:
    """A 404 of a view stays one; an address without a language finds its page."""
    response = client.get("/c/00000000000000000.json")
    assert response.status_code == 404
    assert response["Content-Language"] == "en"
    assert client.get("/no-such-page/").status_code == 302
    assert client.get("/no-such-page/", follow=True).status_code == 404
