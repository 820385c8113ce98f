"""``manage.py up``: web server and worker together.

Whatever ends this process, however hard, ends all of it. If the web server's master dies, all of
it ends with exit code 1, so that a supervisor starts it afresh; it respawns a worker of its own
that dies, and gives up if one dies again within seconds. If the cluster of workers dies, or
freezes without dying (a killed idle worker takes a lock with it), it is killed and started again.
"""

import argparse
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.db import connection as database
from django.utils import timezone

from lms.events.management.groups import Groups, Process
from lms.events.management.running import Busy, Running
from lms.events.models import Delivery, Heartbeat

FROZEN_AFTER = 180  # seconds; the sweep beats every minute
TICK = 0.2
CRASHED = 10  # a cluster that did not live this many seconds is not started at once


class Command(BaseCommand):
    help = "Start the web server and the worker together; they end together."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--web-workers", type=int, default=1)
        parser.add_argument(
            "--frozen-after", type=int, default=FROZEN_AFTER, help=argparse.SUPPRESS
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._running = _claim()
        try:
            self._serve(options)
        finally:
            self._running.release()

    def _serve(self, options: dict[str, Any]) -> None:
        self.check(databases=["default"])  # a site that cannot sign does not start
        _refuse_taken(options["host"], options["port"])
        self._stopping = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        groups = Groups()
        try:
            self._run(groups, _web(options), timedelta(seconds=options["frozen_after"]))
        finally:
            groups.end()

    def _stop(self, *_: Any) -> None:
        self._stopping = True

    def _run(self, groups: Groups, web_command: list[str], frozen_after: timedelta) -> None:
        web = groups.spawn(web_command)
        while not self._stopping and web.poll() is None and not _database_answers():
            self._wait_while(1, lambda: web.poll() is None)  # a cluster without one never starts
        while not self._stopping:
            cluster, started = groups.spawn([sys.executable, sys.argv[0], "qcluster"]), _now()
            self._watch(groups, web, cluster, frozen_after)
            if web.poll() is not None:
                raise CommandError(f"The web server ended ({web.returncode}); all of it ends.")
            if not self._stopping:
                self.stderr.write("The worker stopped or froze; it is started again.")
                groups.kill(cluster)
                lived = (_now() - started).total_seconds()
                self._wait_while(CRASHED - lived, lambda: web.poll() is None)

    def _watch(
        self, groups: Groups, web: Process, cluster: Process, frozen_after: timedelta
    ) -> None:
        """Return when somebody wants us to stop, or when one of the two is not well."""
        started = _now()
        while not self._stopping:
            groups.keep_guard()
            self._running.touch()
            self._wait_while(2, lambda: web.poll() is None and cluster.poll() is None)
            if web.poll() is not None or cluster.poll() is not None:
                return
            if _is_silent(started, frozen_after):
                return

    def _wait_while(self, seconds: float, well: Callable[[], bool]) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and well() and time.monotonic() < until:
            time.sleep(TICK)


def _claim() -> Running:
    try:
        return Running.claim()
    except Busy as error:
        raise CommandError(str(error)) from None


def _now() -> datetime:
    return timezone.now()


def _web(options: dict[str, Any]) -> list[str]:
    module, _, name = settings.WSGI_APPLICATION.rpartition(".")
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi"]
    command += ["--host", options["host"], "--port", str(options["port"])]
    command += ["--workers", str(options["web_workers"]), "--blocking-threads", "4"]
    # Without the first a dead worker takes the server with it.
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "4"]
    return [*command, "--log-level", "warning", f"{module}:{name}"]


def _refuse_taken(host: str, port: int) -> None:
    """The server shares its port with a second one without a word; so it is asked for first."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} of {host} cannot be used: {error}") from None


def _database_answers() -> bool:
    try:
        database.ensure_connection()
    except OperationalError:
        return False
    return True


def _is_silent(started: datetime, frozen_after: timedelta) -> bool:
    """Whether no worker has shown a sign of life for so long."""
    now = _now()
    since = now - frozen_after
    if started > since:
        return False
    try:
        close_old_connections()
        # A replayed history may end a little ahead of the clock: that is no sign of life.
        if Heartbeat.objects.filter(name="sweep", beat_at__gt=since, beat_at__lte=now).exists():
            return False
        # A long queue keeps the sweep waiting, and is being worked on.
        return not Delivery.objects.filter(done_at__gt=since, done_at__lte=now).exists()
    except (DatabaseError, InterfaceError):
        return False  # the database is away; the cluster waits for it as we do
