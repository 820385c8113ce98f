"""A real site is copied while it runs, and brought back once it stopped."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.site import ROOT, Site

pytestmark = pytest.mark.process
PASSPHRASE = "correct horse battery"


def manage(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**site.environment, "LMS_BACKUP_PASSPHRASE": PASSPHRASE},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def issue(site: Site, day: str) -> str:
    wanted = ("--achievement", "halden-recovery-engineer", "--recipient", "ana@baltwerk.example")
    done = manage(site, "issue_credential", *wanted, "--on", day, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["code"])


def test_a_copy_of_a_running_site_comes_back(site: Site, tmp_path: Path) -> None:
    file = str(tmp_path / "laurel.backup")
    kept = issue(site, "2026-01-10")
    site.start()
    made = manage(site, "backup", file, "--json")
    assert json.loads(made.stdout)["keys"] == 2, made.stderr
    lost = issue(site, "2026-01-11")
    assert manage(site, "revoke_credential", kept, "--reason", "Shared answers").returncode == 0
    refused = manage(site, "restore", file)
    assert refused.returncode == 1
    assert "manage.py up is running. Stop it first" in refused.stderr
    site.signal(signal.SIGTERM)
    restored = manage(site, "restore", file, "--json")  # at once: no need to wait for a heartbeat
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    assert [one["code"] for one in told["replayed"]] == [kept]
    assert [one["code"] for one in told["lost"]] == [lost]
    waiting = manage(site, "up", "--port", str(site.port))
    assert waiting.returncode == 1
    assert "manage.py restore --acknowledge" in waiting.stderr
    assert manage(site, "restore", "--acknowledge").returncode == 0
    site.start()
    assert "is revoked" in manage(site, "verify", kept).stderr
