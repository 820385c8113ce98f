"""What ``make run`` does once everything is installed: prepare, load the sample, serve."""

import errno
import os
import socket
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LMS_DATA_DIR", ROOT / "data"))
READY = DATA / "sample-loaded"


def main() -> int:
    port = os.environ.get("PORT", "8000")
    if problem := _find_problem(port):
        print(problem, file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.base")
    try:
        _prepare()
    except (CommandError, DatabaseError, OSError) as error:
        print(f"Laurel cannot start: {error}", file=sys.stderr)
        return 1
    print(f"\n  Laurel is on http://localhost:{port}/\n")
    if READY.exists():
        print(READY.read_text(encoding="utf-8"))
    sys.stdout.flush()
    _serve(port)
    return 0


def _serve(port: str) -> None:
    """Go on as ``manage.py up``: everything is imported, and Ctrl-C reaches it first."""
    sys.argv = [str(ROOT / "manage.py"), "up", "--port", port]
    execute_from_command_line(sys.argv)


def _find_problem(port: str) -> str:
    if not port.isdigit() or not 0 < int(port) < 65536:
        return f"PORT={port!r} is not a port; give a number such as 8000."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is taken. Stop what listens there, or: make run PORT=8001"
            return f"Port {port} cannot be used: {error.strerror}. Try: make run PORT=8001"
    return _find_full_disk()


def _find_full_disk() -> str:
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    stat = os.statvfs(DATA)
    free = stat.f_bavail * stat.f_frsize // 2**20
    if free < 100:
        return f"The disk has {free} MB free at {DATA}; Laurel needs 100 MB to write its database."
    return ""


def _prepare() -> None:
    """One process migrates, makes keys and, the first time, loads the sample."""
    sys.path.insert(0, str(ROOT))
    django.setup()
    if _is_behind():
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    call_command("prepare_keys", stdout=StringIO())
    if READY.exists():
        return
    print("Loading the sample programme with a year of history (about a minute) …", flush=True)
    call_command("prepare_site")
    sample = str(ROOT / "samples" / "halden")
    call_command("load_programme", sample)
    # Three years of tries: the worker fills them in, a little at a time, once the site runs.
    if os.environ.get("LMS_SAMPLE_PAST", "1") != "0":
        call_command("simulate_past", sample, schedule=True, stdout=StringIO())
    (DATA / "base_url").write_text(settings.BASE_URL, encoding="ascii")
    said = StringIO()
    call_command("prepare_demo", stdout=said)
    READY.write_text(said.getvalue(), encoding="utf-8")


def _is_behind() -> bool:
    """Whether the database lacks a migration; asking is a second quicker than migrating nothing."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    sys.exit(main())
