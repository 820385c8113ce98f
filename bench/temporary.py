"""A database of the script's own: made, filled, measured in, thrown away.

Each script calls ``run(measure)``. The process that was started only finds the databases; it starts
itself once for each, because Django's settings are fixed when a process starts.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "halden"
MARK = "LMS_BENCH_DATABASE"
NEARBY = "postgresql://postgres@127.0.0.1:5432/postgres"


def run(measure: Callable[[], None], *, postgresql: bool = True) -> None:
    """Measure on an SQLite file and, where one answers, on PostgreSQL."""
    if os.environ.get(MARK):
        _prepare()
        measure()
        return
    with _folder() as folder:
        _start("SQLite", f"sqlite:///{folder / 'bench.sqlite3'}", folder)
    server = _find_server() if postgresql else None
    if server:
        with _folder() as folder, _database(server) as url:
            _start("PostgreSQL", url, folder)
    elif postgresql:
        print("\nPostgreSQL: none found; set LMS_DATABASE_URL to measure it too.")


def _start(name: str, url: str, folder: Path) -> None:
    busy = os.getloadavg()[0]
    print(f"\n{name}   ({os.cpu_count()} processors, load {busy:.1f})", flush=True)
    environment = {
        **os.environ,
        MARK: name,
        "LMS_DATABASE_URL": url,
        "LMS_DATA_DIR": str(folder),
        "LMS_SQLITE_SYNCHRONOUS": "FULL",  # as in production: a commit reaches the disk
        "LMS_BASE_URL": "http://localhost:8000",
        "LMS_EMAIL_HOST": "",
        "LMS_REDIS_URL": "",
        "LMS_DEBUG": "",
        "DJANGO_SETTINGS_MODULE": "lms.settings.base",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    subprocess.run([sys.executable, *sys.argv], check=True, env=environment)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="laurel-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_server() -> str | None:
    url = os.environ.get("LMS_DATABASE_URL", "")
    if url.startswith(("postgres:", "postgresql:")):
        return url
    try:
        psycopg.connect(NEARBY, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return NEARBY


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Make an empty database beside the one the address names; that one is never written to."""
    name = sql.Identifier(f"laurel_bench_{os.getpid()}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/laurel_bench_{os.getpid()}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _prepare() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = _NoMigrations()
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _plant_pages()


class _NoMigrations(dict[str, None]):
    """Tables straight from the models: the migrations of Wagtail alone take half a minute."""

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: str) -> None:
        return None


def _plant_pages() -> None:
    """What Wagtail's migrations would have written: a language, the roots, a site."""
    from wagtail.models import Collection, Locale, Page, Site

    locale = Locale.objects.create(language_code="en")
    Collection.add_root(name="Root")
    root = Page.add_root(title="Root", slug="root", locale=locale)
    home = root.add_child(instance=Page(title="Home", slug="home", locale=locale))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


class Timing(NamedTuple):
    """Seconds by the clock, and seconds this process kept a processor busy."""

    clock: float
    processor: float

    def __add__(self, other: object) -> "Timing":
        if not isinstance(other, Timing):
            return NotImplemented
        return Timing(self.clock + other.clock, self.processor + other.processor)


def time_calls(call: Callable[[int], object], numbers: Iterable[int]) -> Timing:
    """Return what ``call`` took for all the numbers together."""
    clock, processor = time.perf_counter(), time.process_time()
    for number in numbers:
        call(number)
    return Timing(time.perf_counter() - clock, time.process_time() - processor)


def take_turns(
    calls: Mapping[str, Callable[[], object]], rounds: int, each: int
) -> dict[str, list[Timing]]:
    """Time every call ``each`` times a round, turn by turn, after one that nobody times."""
    for call in calls.values():
        call()  # the first one reads modules and fonts
    timings: dict[str, list[Timing]] = {name: [] for name in calls}
    for _turn in range(rounds):
        for name, call in calls.items():
            timings[name].append(time_calls(partial(_ignore_number, call), range(each)))
    return timings


def _ignore_number(call: Callable[[], object], _number: int) -> None:
    call()


def show_rates(rounds: dict[str, list[Timing]], each: int, base: str) -> None:
    """Print calls a second by name, the median of all rounds, and how many times ``base`` it took.

    A ratio is the median of the ratios of single rounds, so that a busy moment of the machine,
    which slows both sides of a round, leaves it alone.
    """
    width = max(map(len, rounds))
    for name, timings in rounds.items():
        clock = statistics.median(timing.clock for timing in timings) / each
        processor = statistics.median(timing.processor for timing in timings) / each
        ratio = statistics.median(
            own.clock / other.clock for own, other in zip(timings, rounds[base], strict=True)
        )
        beside = "" if name == base else f"   {ratio:5.1f} × {base}"
        print(
            f"  {name:{width}}  {1 / clock:6.0f} /s  {1000 * clock:6.2f} ms, "
            f"{1000 * processor:6.2f} ms CPU{beside}"
        )


def load_sample(training: str) -> None:
    """Load one training of the sample with its pages, bank and test."""
    import yaml
    from django.utils import timezone

    from courses.actions.load import define_catalogue, load_training

    programme = yaml.safe_load((SAMPLE / "programme.yaml").read_text("utf-8"))
    define_catalogue(tracks=programme["tracks"], products=programme["products"])
    load_training(SAMPLE / "trainings" / training, actor=None, now=timezone.now())


def show_costs(rounds: dict[str, list[Timing]], each: int, base: str) -> None:
    """Print processor time a call by name, and how many times ``base`` it took.

    A ratio is the median of the ratios of single rounds, as in ``show_rates``; by processor time,
    because what is compared waits for nothing.
    """
    width = max(map(len, rounds))
    for name, timings in rounds.items():
        processor = statistics.median(timing.processor for timing in timings) / each
        ratio = statistics.median(
            own.processor / other.processor
            for own, other in zip(timings, rounds[base], strict=True)
        )
        beside = "" if name == base else f"   {ratio:6.2f} × {base}"
        print(f"  {name:{width}}  {1000 * processor:7.3f} ms CPU{beside}")


def define_achievements(*slugs: str) -> None:
    """Define an issuer and what it can issue, without pages or trainings around it."""
    from django.utils import timezone

    from badges.actions.achievements import AchievementTextData, define_achievement
    from badges.actions.issuer import define_issuer

    now = timezone.now()
    define_issuer(
        name="Bench", url="https://bench.example", email="b@bench.example", description="",
        actor=None, now=now,
    )  # fmt: skip
    text = AchievementTextData(name="Certified", description="Certified.", criteria="A test.")
    for slug in slugs:
        define_achievement(
            slug=slug, achievement_type="Certification", valid_months=24, texts={"en": text},
            actor=None, now=now,
        )  # fmt: skip
