"""kill -9 in the middle of the story: nothing acknowledged is lost, nothing happens twice."""

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from courses.domain.items import ItemBody
from tests.factories.courses import right_answer, wrong_answer
from tests.process.browser import Browser, Candidate
from tests.process.conftest import Measure
from tests.process.site import FROZEN_AFTER, Site, wait_for

pytestmark = pytest.mark.process

ANA, COURSE = "ana@baltwerk.example", "backup-and-recovery"
# A receiver's lease and a frozen cluster's silence, each followed by the minute's sweep.
RECOVERED = FROZEN_AFTER + 240

Killer = Callable[[Site], None]


def kill_queue_worker(site: Site) -> None:
    os.kill(site.queue_worker(), signal.SIGKILL)


def kill_cluster(site: Site) -> None:
    for pid in site.cluster():
        os.kill(pid, signal.SIGKILL)


def kill_cluster_parent(site: Site) -> None:
    """Its children live on as orphans, and must not go on beside a second cluster."""
    os.kill(site.cluster()[0], signal.SIGKILL)


def kill_web_worker(site: Site) -> None:
    """Once: a second death within 5.5 s is a crash loop to the server, which then ends."""
    os.kill(site.web_worker(), signal.SIGKILL)
    site.breather = 6


def kill_web_master(site: Site) -> None:
    """All of it ends, and says so; a supervisor, here the test, starts it afresh."""
    os.kill(site.web_master(), signal.SIGKILL)
    assert site.process.wait(timeout=30) == 1
    wait_for("everything to end", lambda: not site.running(), 10)
    assert "The web server ended" in site.log.read_text()
    site.start()


KILLERS: dict[str, Killer] = {
    "queue worker": kill_queue_worker,
    "whole cluster": kill_cluster,
    "cluster's parent": kill_cluster_parent,
    "web worker": kill_web_worker,
    "web master": kill_web_master,
}


def cluster_is_up(site: Site) -> bool:
    return len(site.cluster()) >= 5  # parent, sentinel, worker, monitor, pusher


def answer_everything(candidate: Candidate, bodies: dict[int, ItemBody]) -> None:
    """Change every answer twice; the last one is right."""
    for choose in (wrong_answer, right_answer, wrong_answer, right_answer):
        for slot, body in bodies.items():
            candidate.answer(slot, choose(body))


class Accident:
    """Somebody pulls a plug while the story goes on."""

    def __init__(self, site: Site, kill: Killer, after: float) -> None:
        self._failed: list[BaseException] = []
        self._site, self._kill = site, kill
        self._timer = threading.Timer(after, self._happen)
        self._timer.start()

    def _happen(self) -> None:
        try:
            self._kill(self._site)
        except BaseException as error:  # noqa: BLE001 - told to the test, whatever it is
            self._failed.append(error)

    def wait(self) -> None:
        self._timer.join()
        if self._failed:
            raise self._failed[0]


def assert_nothing_lost(site: Site, candidate: Candidate) -> None:
    stored = site.rows(
        "SELECT slot, revision FROM lms_courses_response WHERE attempt_id ="
        " (SELECT id FROM lms_courses_attempt WHERE code = ?)",
        candidate.code,
    )
    assert dict(stored) == {slot: kept[1] for slot, kept in candidate.acknowledged.items()}
    [(state, points, maximum, passed)] = site.rows(
        "SELECT state, points, maximum, passed FROM lms_courses_attempt WHERE code = ?",
        candidate.code,
    )
    assert (state, points, passed) == ("scored", maximum, 1)


def assert_once(site: Site, user: str) -> None:
    assert site.count("SELECT count(*) FROM lms_courses_attempt") == 1
    assert site.count("SELECT count(*) FROM lms_badges_credential") == 1
    assert site.count("SELECT count(*) FROM lms_badges_edition") == 1
    mails = 'SELECT count(*) FROM lms_notifications_outboxmail WHERE "to" = ?'
    assert site.count(mails, user) == 1
    assert site.count("SELECT count(*) FROM lms_events_delivery WHERE state = 'dead'") == 0


def is_quiet(site: Site) -> bool:
    """Everything published was delivered, every mail went out; asked while the site is up."""
    assert site.process.poll() is None, site.log.read_text()
    waiting = "SELECT count(*) FROM lms_events_delivery WHERE state NOT IN ('done', 'dead')"
    due = "SELECT count(*) FROM lms_notifications_mail WHERE state = 'due'"
    issued = "SELECT count(*) FROM lms_badges_credential"
    return site.count(issued) > 0 and site.count(waiting) == 0 and site.count(due) == 0


@pytest.mark.parametrize("victim", KILLERS)
def test_nothing_lost_and_nothing_twice(
    site: Site, password: str, victim: str, measure: Measure
) -> None:
    kill = KILLERS[victim]
    site.start()
    wait_for("the cluster", lambda: cluster_is_up(site), 60)
    candidate = Candidate(Browser(site.base))
    candidate.sign_in(ANA, password)
    candidate.start(COURSE, "Ana Lindqvist")
    bodies = site.bodies(candidate.code)

    accident = Accident(site, kill, after=0.3)
    answer_everything(candidate, bodies)
    accident.wait()
    assert set(candidate.acknowledged) == set(bodies)

    time.sleep(site.breather)
    wait_for("the cluster again", lambda: cluster_is_up(site), 60)
    accident = Accident(site, kill, after=0.1)
    candidate.submit()
    accident.wait()

    took = wait_for("certificate and mail", lambda: is_quiet(site), RECOVERED)
    measure(f"certificate and mail after the test, {victim} killed", took)
    assert_nothing_lost(site, candidate)
    assert_once(site, ANA)
    # Every further delivery changes nothing. A web worker killed after it answered may still be
    # on its way back.
    wait_for("the site", site.answers, 60)
    site.signal(signal.SIGINT)
    assert_once(site, ANA)


def test_a_frozen_cluster_is_found_and_replaced(site: Site) -> None:
    """A killed idle worker takes the queue's lock with it: the cluster looks well and does nothing.

    The heartbeat tells; the cluster is killed and started again, and beats.
    """
    site.start()
    beat = "SELECT beat_at FROM lms_events_heartbeat"
    wait_for("the first beat", lambda: site.rows(beat), 120)
    last, frozen = site.rows(beat), site.cluster()
    time.sleep(5)  # now it waits for work, with the lock in its hands
    os.kill(site.queue_worker(), signal.SIGKILL)
    wait_for("a new cluster", lambda: frozen[0] not in site.cluster(), FROZEN_AFTER + 60)
    assert "The worker stopped or froze" in site.log.read_text()
    wait_for("it to beat", lambda: site.rows(beat) != last, 120)
    assert not set(frozen) & {process.pid for process in site.running()}
