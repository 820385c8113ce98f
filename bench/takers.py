"""People in tests, as a server sees them: requests on kept connections, from one event loop."""

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from temporary import ROOT

HOST = "takers.example"
PORT = 8765
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """An answer that is not what was asked for."""


class Line:
    """One connection, as a proxy on the same machine would keep it."""

    def __init__(self, session: str) -> None:
        self._cookie = f"sessionid={session}; csrftoken={'c' * 32}"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, kind: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send; return status, headers and body."""
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", PORT)
        assert self._reader
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
            f"X-Forwarded-For: 192.0.2.7\r\nUser-Agent: Bench\r\nOrigin: https://{HOST}\r\n"
            f"Referer: https://{HOST}/\r\nCookie: {self._cookie}\r\nX-CSRFToken: {'c' * 32}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines if line)}
        content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, content

    def close(self) -> None:
        if self._writer:
            self._writer.close()


@dataclass
class Taker:
    """Somebody with a session; after ``start``, in the middle of a test."""

    session: str
    course: str
    code: str = ""
    answers: dict[int, Any] = field(default_factory=dict)
    revisions: dict[int, int] = field(default_factory=dict)
    turn: int = 0

    async def start(self, line: Line) -> None:
        """Press the button on the page before the test."""
        form = urlencode({"name": "Ana Lindqvist"}).encode()
        kind = "application/x-www-form-urlencoded"
        status, headers, body = await line.post(f"/tests/{self.course}/", kind, form)
        if status != 302 or "/attempts/" not in headers["location"]:
            raise Failed(f"start: {status} {body[:300]!r}")
        self.code = headers["location"].strip("/").rpartition("/")[2]

    async def save(self, line: Line) -> None:
        """Answer the next place, as the page's script does."""
        slots = list(self.answers)
        slot = slots[self.turn % len(slots)]
        self.turn += 1
        sent = {
            "value": self.answers[slot],
            "base_revision": self.revisions.get(slot, 0),
            "save_id": uuid.uuid4().hex,
        }
        path = f"/attempts/{self.code}/{slot}/save/"
        status, _, body = await line.post(path, "application/json", json.dumps(sent).encode())
        if status != 200:
            raise Failed(f"save: {status} {body[:300]!r}")
        self.revisions[slot] = json.loads(body)["revision"]


def make_sessions(count: int) -> list[str]:
    """So many people who are signed in."""
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    sessions = []
    with transaction.atomic():
        for _number in range(count):
            user: Any = get_user_model().objects.create(email=f"{uuid.uuid4().hex}@bench.example")
            session = SessionStore()
            session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            sessions.append(str(session.session_key))
    return sessions


@contextmanager
def serving(workers: int) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as ``manage.py up`` starts it, with production's settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings.production",
        "LMS_BASE_URL": f"https://{HOST}",
    }
    program = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    program += ["--host", "127.0.0.1", "--port", str(PORT), "--workers", str(workers)]
    program += ["--blocking-threads", "4", "--log-level", "warning", "lms.wsgi:application"]
    server = subprocess.Popen(program, cwd=ROOT, env=environment)
    try:
        _wait(server)
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/healthz/worker/", timeout=5):
                return
        except OSError as reason:
            if hasattr(reason, "code"):  # it answers; the worker is not there, and not asked
                return
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def processor_time(parent: int) -> float:
    """Seconds that a process and everything below it kept a processor busy."""
    below: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.parent.name)
        below.setdefault(int(fields[1]), []).append(pid)
        spent[pid] = (int(fields[11]) + int(fields[12])) / TICKS
    waiting, total = [parent], 0.0
    while waiting:
        pid = waiting.pop()
        total += spent.get(pid, 0)
        waiting += below.get(pid, [])
    return total
