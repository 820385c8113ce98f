"""The real site in processes of its own, on a folder of its own, looked at from outside."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from courses.domain.items import ItemBody
from tests.process.browser import GONE

ROOT = Path(__file__).resolve().parent.parent.parent
FROZEN_AFTER = 100  # the heartbeat comes once a minute, and django-q2 plans twice a minute


@dataclass(frozen=True)
class Running:
    """A process as /proc shows it."""

    pid: int
    parent: int
    started: int
    command: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, condition: Callable[[], object], seconds: float) -> float:
    """Wait until something is so; return how long it took."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.1)
    return time.monotonic() - start


class Site:
    """``manage.py up`` on a data folder."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = data / "up.log"
        self.breather = 0  # seconds somebody who pulls plugs waits before the next one
        self.up: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LMS_", "DJANGO_"))}
        # The settings' address is the port's, so that what is issued names the running site.
        return {**kept, "LMS_DATA_DIR": str(self.data), "PORT": str(self.port)}

    def start(self, *command: str) -> float:
        """Start and wait for the first page; return how long that took."""
        run = command or ("manage.py", "up", "--port", str(self.port))
        run += () if command else ("--frozen-after", str(FROZEN_AFTER))
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, *run],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return wait_for("the first page", self.answers, 120)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urlopen(f"{self.base}/verify/", timeout=10) as page:
                return bool(page.status == 200)
        except GONE:
            return False

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self.up is not None
        return self.up

    def signal(self, number: signal.Signals) -> float:
        """Send the runner a signal; return how long it took until nothing of it ran."""
        self.process.send_signal(number)
        took = wait_for("everything to end", lambda: not self.running(), 20)
        self.process.wait()
        return took

    def end(self) -> None:
        """Leave nothing behind, whatever a test did."""
        if self.up is not None and self.up.poll() is None:
            self.up.send_signal(signal.SIGINT)
            self.up.wait(timeout=30)
        for left in self.running():
            os.kill(left.pid, signal.SIGKILL)

    def running(self) -> list[Running]:
        """Every process of this site, also one whose parents are gone: it has our folder's name."""
        mark = f"LMS_DATA_DIR={self.data}".encode()
        found = [_look(Path(entry), mark) for entry in Path("/proc").glob("[0-9]*")]
        return sorted((each for each in found if each), key=lambda each: each.started)

    def children(self, parent: int, command: str) -> list[int]:
        """Processes below another one, the eldest first."""
        return [p.pid for p in self.running() if p.parent == parent and command in p.command]

    def web_master(self) -> int:
        return self.children(self.process.pid, "granian")[0]

    def web_workers(self) -> list[int]:
        return self.children(self.web_master(), "granian")

    def web_worker(self) -> int:
        return self.web_workers()[0]

    def cluster(self) -> list[int]:
        """The cluster's parent, its sentinel, and the sentinel's children."""
        parent = self.children(self.process.pid, "qcluster")
        sentinel = self.children(parent[0], "qcluster") if parent else []
        below = self.children(sentinel[0], "qcluster") if sentinel else []
        return [*parent, *sentinel, *below]

    def queue_worker(self) -> int:
        """The sentinel starts its worker first, then monitor and pusher."""
        return self.cluster()[2]

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the site's database past the site."""
        database = sqlite3.connect(f"file:{self.data / 'db.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return database.execute(statement, values).fetchall()
        finally:
            database.close()

    def write(self, statement: str, *values: Any) -> None:
        """Change the site's database past the site, as the passing of time would."""
        database = sqlite3.connect(self.data / "db.sqlite3", timeout=20)
        try:
            with database:
                database.execute(statement, values)
        finally:
            database.close()

    def earlier(self, column: str, seconds: int) -> str:
        """What a stored moment is, so many seconds before."""
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-{seconds} seconds')"

    def count(self, statement: str, *values: Any) -> int:
        return int(self.rows(statement, *values)[0][0])

    def bodies(self, code: str) -> dict[int, ItemBody]:
        """The items of an attempt with their keys, which no page tells."""
        rows = self.rows(
            "SELECT place.slot, version.body FROM lms_courses_attemptitem place"
            " JOIN lms_courses_itemversion version ON version.id = place.version_id"
            " JOIN lms_courses_attempt attempt ON attempt.id = place.attempt_id"
            " WHERE attempt.code = ?",
            code,
        )
        return {slot: ItemBody.model_validate(json.loads(body)) for slot, body in rows}


def _look(entry: Path, mark: bytes) -> Running | None:
    try:
        if mark not in (entry / "environ").read_bytes().split(b"\0"):
            return None
        after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (OSError, ValueError):
        return None  # it ended while we looked, or is not ours to see
    if after_name[0] == "Z":
        return None
    return Running(int(entry.name), int(after_name[1]), int(after_name[19]), command)
