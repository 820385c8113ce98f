"""Two hundred tests while somebody pulls plugs: what was acknowledged stands, and stands once."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from courses.domain.scoring import Cut, Sat, score
from tests.process.cluster import Cluster, ClusterSite
from tests.process.conftest import Measure
from tests.process.site import FROZEN_AFTER, ROOT, Site, wait_for
from tests.process.takers import MOODS, Book, Taker
from tests.process.test_kill import RECOVERED, cluster_is_up

pytestmark = pytest.mark.process

ATTEMPTS = int(os.environ.get("LMS_TEST_ATTEMPTS", "200"))
COURSES = ("backup-and-recovery", "qualifying-a-project")
AT_ONCE, SEED = 12, 20261122
CRASH_LOOP = 8  # seconds: a web worker that dies again within 5.5 takes the server with it

Fault = Callable[[], None]


class Plugs:
    """Pulls one after another while the tests go on: each at least once, then whichever."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = faults
        self._chance = random.Random(SEED)  # noqa: S311 - a script
        self._over = threading.Event()
        self._failed: list[Exception] = []
        self.pulled: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Plugs":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._failed:
            raise self._failed[0]

    def _run(self) -> None:
        coming = self._chance.sample(list(self._faults), len(self._faults))
        while not self._over.wait(self._chance.uniform(1, 4)):
            fault = coming.pop() if coming else self._chance.choice(self._faults)
            try:
                fault()
            except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
                self._failed.append(error)
                return
            self.pulled[fault.__name__] += 1


class Killer:
    """The plugs of a site; a victim that is just being replaced is left alone."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._web_died = -float(CRASH_LOOP)

    def web_worker(self) -> None:
        time.sleep(max(0, self._web_died + CRASH_LOOP - time.monotonic()))
        wait_for("both web workers", lambda: len(self._site.web_workers()) == 2, 60)
        os.kill(random.choice(self._site.web_workers()), signal.SIGKILL)  # noqa: S311
        self._web_died = time.monotonic()

    def queue_worker(self) -> None:
        """An idle one takes a lock with it: the cluster freezes, and is found out later."""
        if cluster_is_up(self._site):
            os.kill(self._site.queue_worker(), signal.SIGKILL)

    def cluster(self) -> None:
        for pid in self._site.cluster():
            with suppress(ProcessLookupError):  # it went with the one before
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def cluster_site(tmp_path: Path) -> Iterator[ClusterSite]:
    """A site with its programme on a cluster of its own."""
    cluster = Cluster()
    site = ClusterSite(tmp_path / "data", cluster)
    site.data.mkdir()
    try:
        run_within(site, "tests/process/prepare.py")
        yield site
    finally:
        site.end()
        cluster.end()


def run_within(site: Site, *command: str) -> str:
    environment = {**site.environment, "PYTHONPATH": str(ROOT)}
    environment["DJANGO_SETTINGS_MODULE"] = "lms.settings.base"
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_acknowledged_is_lost_on_sqlite(site: Site, measure: Measure) -> None:
    killer = Killer(site)
    play(site, [killer.web_worker, killer.queue_worker, killer.cluster], measure)


@pytest.mark.postgres
def test_nothing_acknowledged_is_lost_on_postgresql(
    cluster_site: ClusterSite, measure: Measure
) -> None:
    killer = Killer(cluster_site)
    faults = [killer.web_worker, killer.queue_worker, killer.cluster, cluster_site.database.restart]
    play(cluster_site, faults, measure)


def play(site: Site, faults: Sequence[Fault], measure: Measure) -> None:
    """Everybody takes two tests; then what is stored is compared with what was told."""
    sessions = run_within(site, "tests/process/people.py", str(-(-ATTEMPTS // 2))).split()
    site.start(
        *("manage.py", "up", "--port", str(site.port)),
        *("--web-workers", "2", "--frozen-after", str(FROZEN_AFTER)),
    )
    wait_for("the cluster", lambda: cluster_is_up(site), 60)
    scripts = [
        Taker(site, session, course, seed=f"{SEED} {course} {number}")
        for course in COURSES
        for number, session in enumerate(sessions)
    ][:ATTEMPTS]
    began = time.monotonic()
    with Plugs(faults) as plugs, ThreadPoolExecutor(AT_ONCE) as pool:
        books = list(pool.map(Taker.take, scripts))
    measure(f"{len(books)} tests, {plugs.pulled.total()} plugs", time.monotonic() - began)
    measure("until everything settled", wait_for("quiet", lambda: is_quiet(site), RECOVERED))
    site.signal(signal.SIGINT)
    assert set(plugs.pulled) == {fault.__name__ for fault in faults}
    assert_one_attempt_each(site, len(books))
    for book in books:
        assert_kept(site, book)
        assert_scored(site, book)
    assert_one_credential_each(site)
    if ATTEMPTS >= 200:
        assert {book.mood for book in books} == set(MOODS)


def is_quiet(site: Site) -> bool:
    """Every test was scored, every event delivered."""
    assert site.process.poll() is None, site.log.read_text()
    running = "SELECT count(*) FROM lms_courses_attempt WHERE state = 'open'"
    waiting = "SELECT count(*) FROM lms_events_delivery WHERE state NOT IN ('done', 'dead')"
    return site.count(running) == 0 and site.count(waiting) == 0


def assert_one_attempt_each(site: Site, count: int) -> None:
    rows = site.rows("SELECT user_id, assessment_id, number FROM lms_courses_attempt")
    assert len(rows) == len(set(rows)) == count
    assert {number for _user, _assessment, number in rows} == {1}


def assert_kept(site: Site, book: Book) -> None:
    """What stands was acknowledged last, or was sent after that and never answered."""
    assert book.late() == []
    mine = "(SELECT id FROM lms_courses_attempt WHERE code = ?)"
    rows = site.rows(
        "SELECT slot, revision, value, save_id FROM lms_courses_response"  # noqa: S608 - a literal
        f" WHERE attempt_id = {mine}",
        book.code,
    )
    stored = {slot: (revision, json.loads(value), save) for slot, revision, value, save in rows}
    for slot, told in book.last().items():
        assert slot in stored, f"{book.mood}: lost {told}"
        revision, value, save_id = stored[slot]
        newer = revision > told.revision and save_id in book.untold[slot]
        same = (revision, value) == (told.revision, told.value)
        assert same or newer, f"{book.mood}: {told}, but {stored[slot]} stands"
    logged = site.rows(
        "SELECT slot, once, detail FROM lms_courses_attemptevent"  # noqa: S608 - a literal
        f" WHERE kind = 'answered' AND attempt_id = {mine}",
        book.code,
    )
    values = {(slot, int(once)): json.loads(detail)["value"] for slot, once, detail in logged}
    assert len(values) == len(logged)
    for told in book.told:
        assert values.get((told.slot, told.revision)) == told.value, f"{told} is not in the log"
    everything = {(slot, n) for slot, (last, *_) in stored.items() for n in range(1, last + 1)}
    assert set(values) == everything


def assert_scored(site: Site, book: Book) -> None:
    """The points are those of the answers that stand, none of which came after the end."""
    [(state, points, maximum, late, logged_late)] = site.rows(
        "SELECT state, points, maximum,"
        " (SELECT count(*) FROM lms_courses_response one"
        "  WHERE one.attempt_id = attempt.id AND one.saved_at > attempt.closes_at),"
        " (SELECT count(*) FROM lms_courses_attemptevent one WHERE one.attempt_id = attempt.id"
        "  AND one.kind = 'answered' AND one.at > attempt.closes_at)"
        " FROM lms_courses_attempt attempt WHERE code = ?",
        book.code,
    )
    assert (state, late, logged_late) == ("scored", 0, 0)
    ends = "SELECT count(*) FROM lms_courses_attemptevent event JOIN lms_courses_attempt attempt"
    ends += " ON attempt.id = event.attempt_id WHERE code = ? AND kind IN ('submitted', 'expired')"
    assert site.count(ends, book.code) == 1
    outcome = score(places(site, book), cut=Cut(percent=100), language="en")
    assert (float(points), maximum) == (float(outcome.points), outcome.maximum)


def places(site: Site, book: Book) -> list[Sat]:
    rows = site.rows(
        "SELECT place.slot, place.pilot, response.value FROM lms_courses_attemptitem place"
        " JOIN lms_courses_attempt attempt ON attempt.id = place.attempt_id"
        " LEFT JOIN lms_courses_response response"
        " ON response.attempt_id = attempt.id AND response.slot = place.slot"
        " WHERE attempt.code = ?",
        book.code,
    )
    return [
        Sat(
            body=book.bodies[slot],
            topic="",
            lesson_slug="",
            value=None if value is None else json.loads(value),
            pilot=bool(pilot),
        )
        for slot, pilot, value in rows
    ]


def assert_one_credential_each(site: Site) -> None:
    """For whoever passed, one; for nobody else; and nobody gave up on an event."""
    passed: list[tuple[Any, ...]] = site.rows("SELECT id FROM lms_courses_attempt WHERE passed")
    issued = site.rows("SELECT source FROM lms_badges_credential")
    assert passed
    assert sorted(issued) == sorted((f"courses.attempt:{pk}",) for (pk,) in passed)
    assert site.count("SELECT count(*) FROM lms_events_delivery WHERE state = 'dead'") == 0
