"""A prepared folder for the session, and a running site on a copy of it for each test."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.process.site import ROOT, Site

SIGN_INS = "sign-ins"
Measure = Callable[[str, float], None]
_measured: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Times are told, not asserted: the machine may be busy with something else."""
    for line in _measured:
        terminalreporter.write_line(line)


@pytest.fixture
def measure() -> Measure:
    def remember(what: str, seconds: float) -> None:
        _measured.append(f"measured: {what}: {seconds:.1f} s")

    return remember


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample programme without its history; LMS_TEST_PREPARED names one made earlier."""
    if made := os.environ.get("LMS_TEST_PREPARED"):
        return Path(made)
    folder = tmp_path_factory.mktemp("prepared")
    environment = {**Site(folder).environment, "PYTHONPATH": str(ROOT)}
    environment["DJANGO_SETTINGS_MODULE"] = "lms.settings.base"
    made_by = subprocess.run(
        [sys.executable, "tests/process/prepare.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made_by.returncode == 0, made_by.stdout + made_by.stderr
    (folder / SIGN_INS).write_text(made_by.stdout)
    return folder


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A site on its own copy, not started."""
    data = tmp_path / "data"
    shutil.copytree(prepared, data)
    site = Site(data)
    yield site
    site.end()


@pytest.fixture
def password(prepared: Path) -> str:
    found = re.search(r"password (\S+)", (prepared / SIGN_INS).read_text())
    assert found
    return found[1]
