"""However it ends, all of it ends; and what keeps it from starting is a sentence."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.courses import right_answer
from tests.process.browser import Browser, Candidate
from tests.process.conftest import Measure
from tests.process.site import ROOT, Site, wait_for
from tests.process.test_kill import ANA, COURSE, cluster_is_up

pytestmark = pytest.mark.process


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_of_it(site: Site, number: signal.Signals, measure: Measure) -> None:
    site.start()
    wait_for("the cluster", lambda: cluster_is_up(site), 60)
    took = site.signal(number)
    measure(f"end by {number.name}", took)
    assert site.process.returncode == (-9 if number == signal.SIGKILL else 0)


def test_nothing_is_left_of_a_frozen_one(site: Site) -> None:
    """A frozen cluster does not hear that it should end."""
    site.start()
    wait_for("the cluster", lambda: cluster_is_up(site), 60)
    os.kill(site.queue_worker(), signal.SIGKILL)
    site.signal(signal.SIGKILL)


def test_a_killed_guard_is_replaced(site: Site) -> None:
    site.start()
    wait_for("the cluster", lambda: cluster_is_up(site), 60)
    [guard] = site.children(site.process.pid, "guard.py")
    os.kill(guard, signal.SIGKILL)
    wait_for("another guard", lambda: guard not in site.children(site.process.pid, "guard.py"), 20)
    wait_for("its start", lambda: site.children(site.process.pid, "guard.py"), 20)
    site.signal(signal.SIGKILL)


def test_a_second_start_keeps_everything(site: Site, password: str, measure: Measure) -> None:
    """What ``make run`` does when the sample is there; a test begun before goes on."""
    (site.data / "sample-loaded").write_text("the sign-ins")
    (site.data / "base_url").write_text(site.base)
    site.start("scripts/run.py")
    candidate = Candidate(Browser(site.base))
    candidate.sign_in(ANA, password)
    candidate.start(COURSE, "Ana Lindqvist")
    candidate.answer(1, right_answer(site.bodies(candidate.code)[1]))
    site.signal(signal.SIGINT)
    took = site.start("scripts/run.py")
    measure("second start", took)
    url, _page = candidate.browser.get(f"/attempts/{candidate.code}/")
    assert url.endswith(f"/attempts/{candidate.code}/2/")


def sentence(process: "subprocess.CompletedProcess[str]") -> str:
    """What somebody reads who could not start: one line, no traceback, and it failed."""
    assert process.returncode != 0
    said = (process.stdout + process.stderr).strip()
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said
    return said


def run(site: Site, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**site.environment, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_taken_port_is_a_sentence(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        said = sentence(run(site, sys.executable, "scripts/run.py"))
        assert f"Port {site.port} is taken" in said
        said = sentence(run(site, sys.executable, "manage.py", "up", "--port", str(site.port)))
        assert f"Port {site.port} of 127.0.0.1 cannot be used" in said


def test_a_port_that_is_none_is_a_sentence(site: Site) -> None:
    assert "not a port" in sentence(run(site, sys.executable, "scripts/run.py", PORT="http"))


def test_an_old_python_is_a_sentence(site: Site, tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2\n[ "$1" = -V ]\n')
    old.chmod(0o755)
    said = sentence(run(site, "sh", "scripts/setup.sh", "runtime", PYTHON=str(old)))
    assert said == f"Laurel needs Python 3.11 or newer; {old} is Python 3.9.2."
