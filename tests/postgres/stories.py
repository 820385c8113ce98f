"""What eight threads at once do on PostgreSQL. ``test_concurrency.py`` runs this file there."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models.functions import Now
from django.utils import timezone

from badges.actions.imports import import_credentials
from badges.actions.keys import prepare_keys
from badges.models import Credential, Recipient
from badges.queries import get_achievement
from courses.actions.attempts import close_expired, save_answer, start_attempt, submit_attempt
from courses.actions.log import Kind
from courses.actions.running import enter_section, leave_section, pause_attempt
from courses.actions.saving import AttemptClosed, AttemptPaused, SectionClosed
from courses.events import AttemptPassed
from courses.models import Accommodation, Assessment, Attempt, Course, Response, Track
from lms.accounts.models import User
from lms.events.models import Delivery
from lms.events.publish import deliver, deliver_due
from partners.domain.links import LinkRefused
from partners.models import Membership
from tests.factories import badges, partners
from tests.factories.courses import make_bank, right_answer, wrong_answer
from tests.factories.rosters import SLUG, roster_of
from tests.factories.sections import PRACTICE, THEORY

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
THREADS, ATTEMPTS, SEED = 8, 50, 20261121


def at_once(jobs: Iterable[Callable[[], T]]) -> list[T]:
    """Run jobs on eight threads, each with a connection of its own; the first error is raised."""

    def run(job: Callable[[], T]) -> T:
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture(autouse=True)
def postgresql() -> None:
    assert connection.vendor == "postgresql"


@pytest.fixture
def course() -> str:
    """A training without pages: two topics, two items of each."""
    partners.make_achievements()
    track = Track.objects.create(slug="technical", names={"en": "Technical"})
    card = get_achievement(partners.RECOVERY, "en")
    assert card
    course = Course.objects.create(slug="recovery", track=track, achievement_id=card.id)
    Assessment.objects.create(
        course=course,
        bank=make_bank(),
        minutes=30,
        cut_percent=70,
        blueprint={"draw": {"wal": 2, "restore": 2}},
    )
    return course.slug


def make_people(count: int) -> list[int]:
    return [
        User.objects.create_user(f"person-{n}@baltwerk.example", None, name=f"Person {n}").pk
        for n in range(count)
    ]


@dataclass
class Sitting:
    """An attempt several threads work on; ``kept`` is the last acknowledged answer of a slot."""

    attempt: Attempt
    over: threading.Event = field(default_factory=threading.Event)
    kept: dict[int, tuple[int, bool]] = field(default_factory=dict)
    late: list[int] = field(default_factory=list)

    def answer(self, slot: int, body: Any, times: int) -> None:
        """Change an answer until the test is over, wrong and right by turns."""
        for base in range(times):
            right = base % 2 == 1
            over_before = self.over.is_set()
            try:
                stored = save_answer(
                    code=self.attempt.code,
                    user_id=self.attempt.user_id,
                    slot=slot,
                    raw=right_answer(body) if right else wrong_answer(body),
                    base_revision=base,
                    save_id=f"{slot}-{base}",
                )
            except (AttemptClosed, AttemptPaused, SectionClosed):
                return
            if over_before:
                self.late.append(slot)
            self.kept[slot] = (stored.revision, right)

    def submit(self) -> None:
        submit_attempt(code=self.attempt.code, user_id=self.attempt.user_id, now=timezone.now())
        self.over.set()

    def assert_scored(self) -> None:
        """The outcome counts exactly what was acknowledged, and nothing came after it."""
        self.attempt.refresh_from_db()
        stored = dict(self.attempt.responses.values_list("slot", "revision"))
        assert stored == {slot: revision for slot, (revision, _right) in self.kept.items()}
        assert self.attempt.state == Attempt.State.SCORED
        assert self.attempt.points == sum(right for _revision, right in self.kept.values())
        assert self.late == []
        self.assert_told()

    def assert_told(self) -> None:
        """Each revision that was acknowledged is in the log, once."""
        told = self.attempt.events.filter(kind=Kind.ANSWERED).values_list("slot", "once")
        counted = Counter((slot, int(revision or 0)) for slot, revision in told)
        kept = [(slot, n) for slot, (last, _) in self.kept.items() for n in range(1, last + 1)]
        assert counted == Counter(kept)


def begin(course: str, user_id: int) -> Sitting:
    started = start_attempt(course=course, user_id=user_id, language="en", now=timezone.now())
    return Sitting(Attempt.objects.get(code=started.code))


def saves(sitting: Sitting, times: int) -> list[Callable[[], None]]:
    places = list(sitting.attempt.items.select_related("version"))

    def job(slot: int, body: Any) -> Callable[[], None]:
        return lambda: sitting.answer(slot, body, times)

    return [job(place.slot, place.version.parsed) for place in places]


def test_every_model_is_migrated() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    tables = set(connection.introspection.table_names())
    missing = set(connection.introspection.django_table_names(only_existing=False)) - tables
    assert missing == set()


def test_an_acknowledged_answer_is_a_scored_answer(course: str) -> None:
    """Four savers and two who submit, on each of fifty attempts."""
    order = random.Random(SEED)  # noqa: S311 - a shuffle
    sittings = [begin(course, user_id) for user_id in make_people(ATTEMPTS)]
    jobs: list[Callable[[], None]] = []
    for sitting in sittings:
        together = [*saves(sitting, times=12), sitting.submit, sitting.submit]
        order.shuffle(together)
        jobs += together
    at_once(jobs)
    for sitting in sittings:
        sitting.assert_scored()
    assert any(sitting.kept for sitting in sittings)
    # Heard once, however many submitted: the constraint on event and receiver would not see two.
    told = Counter(row["attempt_id"] for row in published("courses.attempt."))
    assert told == dict.fromkeys((sitting.attempt.pk for sitting in sittings), 1)


def published(prefix: str) -> list[dict[str, Any]]:
    """The payload of each event once, however many receivers it has."""
    rows = Delivery.objects.filter(event_name__startswith=prefix).order_by("event_id")
    return list(rows.distinct("event_id").values_list("payload", flat=True))


def test_nothing_is_accepted_after_the_end(course: str) -> None:
    """The end falls into the middle of the saves; the sweeps that close it race with them."""
    sittings = [begin(course, user_id) for user_id in make_people(16)]
    for sitting in sittings:
        Attempt.objects.filter(pk=sitting.attempt.pk).update(closes_at=Now() + timedelta(seconds=1))
    jobs: list[Callable[[], Any]] = []
    for sitting in sittings:
        jobs += saves(sitting, times=400)
        jobs.append(lambda: close_expired(timezone.now()))
    at_once(jobs)
    close_expired(timezone.now() + timedelta(seconds=2))
    for sitting in sittings:
        sitting.assert_scored()
        late = Response.objects.filter(
            attempt=sitting.attempt, saved_at__gt=sitting.attempt.closes_at
        )
        assert not late.exists()
    assert any(sitting.kept for sitting in sittings)


def test_nothing_is_accepted_across_the_end_of_a_section_or_into_a_pause(course: str) -> None:
    """Savers race with who leaves the one-way section and with who stops the clock."""
    rows = [{**PRACTICE, "minutes": None}, THEORY]
    Assessment.objects.update(sections=rows)
    people = make_people(16)
    for user_id in people:
        Accommodation.objects.create(user_id=user_id, break_minutes=5, changed_at=timezone.now())
    sittings = [begin(course, user_id) for user_id in people]
    for sitting in sittings:
        who: dict[str, Any] = {"code": sitting.attempt.code, "user_id": sitting.attempt.user_id}
        enter_section(number=1, now=timezone.now(), **who)
    jobs: list[Callable[[], Any]] = []
    for number, sitting in enumerate(sittings):
        jobs += saves(sitting, times=100)[:2]
        jobs.append(lambda s=sitting, n=number: stop_soon(s, pausing=n % 2 == 0))  # type: ignore[misc]
    at_once(jobs)
    for number, sitting in enumerate(sittings):
        kinds = list(sitting.attempt.events.values_list("kind", flat=True))
        end = Kind.PAUSED if number % 2 == 0 else Kind.LEFT
        assert Kind.ANSWERED not in kinds[kinds.index(end) :]
        stored = dict(sitting.attempt.responses.values_list("slot", "revision"))
        assert stored == {slot: revision for slot, (revision, _right) in sitting.kept.items()}
        assert sitting.late == []
    assert any(sitting.kept for sitting in sittings)


def stop_soon(sitting: Sitting, *, pausing: bool) -> None:
    """Wait until something is saved, then leave the section, or stop the clock."""
    until = timezone.now() + timedelta(seconds=2)
    while not sitting.kept and timezone.now() < until:
        time.sleep(0.005)
    who: dict[str, Any] = {"code": sitting.attempt.code, "user_id": sitting.attempt.user_id}
    if pausing:
        pause_attempt(now=timezone.now(), **who)
    else:
        leave_section(number=1, now=timezone.now(), **who)
    sitting.over.set()


def test_one_open_attempt_a_person(course: str) -> None:
    people = make_people(20)
    now = timezone.now()

    def start(user_id: int) -> Callable[[], tuple[int, str, bool]]:
        def job() -> tuple[int, str, bool]:
            started = start_attempt(course=course, user_id=user_id, language="en", now=now)
            return user_id, started.code, started.resumed

        return job

    seen = at_once(start(user_id) for user_id in people for _again in range(THREADS))
    assert Attempt.objects.filter(state=Attempt.State.OPEN).count() == len(people)
    assert len({(user_id, code) for user_id, code, _resumed in seen}) == len(people)
    assert sum(not resumed for _user, _code, resumed in seen) == len(people)


def test_one_credential_an_attempt(course: str) -> None:
    """A lease that lapsed while its holder was at work: one event is received twice at once."""
    for user_id in make_people(20):
        sitting = begin(course, user_id)
        for job in saves(sitting, times=2):
            job()
        sitting.submit()
    passed = Delivery.objects.filter(event_name=AttemptPassed.name)
    keys = list(passed.values_list("pk", flat=True))
    assert len(keys) == 20
    lapsed = [timezone.now() + timedelta(minutes=2 * n) for n in range(THREADS)]

    def take(pk: int, now: datetime) -> Callable[[], bool]:
        return lambda: deliver(pk, now)

    at_once(take(pk, now) for pk in keys for now in lapsed[:4])
    Delivery.objects.filter(state=Delivery.State.DEAD).update(
        state=Delivery.State.QUEUED, attempts=0
    )
    at_once([lambda: deliver_due(timezone.now() + timedelta(hours=1))] * THREADS)
    assert Credential.objects.count() == 20
    assert Credential.objects.values("source").distinct().count() == 20
    assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def test_one_company_a_person(course: str) -> None:
    partners.make_rules()
    companies = [partners.make_partner(slug) for slug in ("baltwerk", "ostrand")]
    people = [partners.make_recipient(f"person-{n}@example.org", None) for n in range(20)]

    def link(partner_id: int, recipient_id: int, since: date) -> Callable[[], bool]:
        def job() -> bool:
            try:
                partners.make_link(
                    partner_id, recipient_id, since=since, until=since + timedelta(days=60)
                )
            except LinkRefused:
                return False
            return True

        return job

    starts = [date(2026, 1, 1), date(2026, 2, 1)]  # of two months each: they overlap
    linked = at_once(
        link(company, person, since)
        for person in people
        for since in starts
        for company in companies
        for _again in range(2)
    )
    assert Membership.objects.count() == len(people)
    assert Membership.objects.values("recipient").distinct().count() == len(people)
    # The same link asked for twice is granted twice and made once.
    assert sum(linked) == 2 * len(people)


def test_one_certificate_a_row_of_lists_at_once() -> None:
    """The same people in another order: whoever comes later waits, and issues nothing."""
    badges.make_issuer()
    badges.make_achievement()
    prepare_keys(now=badges.NOW)
    rows = [f"p{n}@x.example,Person {n},{SLUG},2024-03-05,,,en" for n in range(20)]
    lists = [rows, rows[::-1], random.Random(SEED).sample(rows, 20), rows[5:]]  # noqa: S311

    def bring_in(some: list[str], keep_going: bool) -> Callable[[], int]:
        roster = roster_of(*some)
        return lambda: len(
            import_credentials(roster, keep_going=keep_going, actor=None, now=badges.NOW).issued
        )

    issued = at_once(bring_in(some, going) for going in (False, True) for some in lists)
    assert sum(issued) == Credential.objects.count() == Recipient.objects.count() == 20
