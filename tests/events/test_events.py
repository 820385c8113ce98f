"""Publishing, delivering, sweeping, asking: at least once, never before the commit."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django_q.models import OrmQ, Schedule

from lms.conf import get_conf
from lms.events import ask as asking
from lms.events import subscribe as subscribing
from lms.events import sweep as sweeping
from lms.events.ask import Question, answers, ask
from lms.events.event import Event
from lms.events.models import Delivery, Heartbeat
from lms.events.publish import deliver, deliver_due, prune, publish
from lms.events.queue import hurry, unhurried
from lms.events.subscribe import find_receiver, receivers_of, subscribe
from lms.events.sweep import sweep, sweeps
from tests.factories.badges import NOW


@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    name: ClassVar[str] = "tests.happened.v1"
    number: int
    on: date | None = None
    people: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Followed(Event):
    name: ClassVar[str] = "tests.followed.v1"
    number: int


heard: list[Event] = []


def hear(event: Happened) -> None:
    heard.append(event)


def stumble(event: Happened) -> None:
    Delivery.objects.filter(event_name="tests.noise").create(
        event_id=uuid.uuid4(),
        event_name="tests.noise",
        payload={},
        receiver="nobody",
        due_at=NOW + timedelta(days=999),
        created_at=NOW,
    )
    raise ValueError("no such luck")


def listen(event: Followed) -> None:
    heard.append(event)


def follow(event: Happened) -> None:
    publish(Followed(occurred_at=event.occurred_at, number=event.number + 1))


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """Each test subscribes for itself."""
    heard.clear()
    kept = [
        {key: dict(value) for key, value in subscribing._receivers.items()},
        dict(subscribing._event_types),
        dict(sweeping._sweepers),
        {key: list(value) for key, value in asking._answerers.items()},
    ]
    yield
    held = subscribing._receivers, subscribing._event_types, sweeping._sweepers, asking._answerers
    for registry, before in zip(held, kept, strict=True):
        registry.clear()  # type: ignore[attr-defined]
        registry.update(before)  # type: ignore[attr-defined]


def tell(number: int = 1, at: datetime = NOW) -> None:
    with transaction.atomic():
        publish(Happened(occurred_at=at, number=number, on=date(2026, 1, 2), people=(1, 2)))


def the_delivery() -> Delivery:
    return Delivery.objects.get(event_name=Happened.name)


def test_an_event_survives_json() -> None:
    event = Happened(occurred_at=NOW, number=3, on=date(2026, 1, 2), people=(4, 5))
    assert Happened.from_json(event.to_json()) == event
    empty = Happened(occurred_at=NOW, number=3)
    assert Happened.from_json(empty.to_json()) == empty


def test_a_field_of_another_version_is_dropped() -> None:
    data = {**Followed(occurred_at=NOW, number=1).to_json(), "gone": "x"}
    assert Followed.from_json(data) == Followed(occurred_at=NOW, number=1)


def test_an_event_holds_primitives_only() -> None:
    with pytest.raises(TypeError, match="cannot hold object"):
        Followed(occurred_at=NOW, number=object()).to_json()  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_publishing_needs_a_transaction() -> None:
    subscribe(Happened)(hear)
    with pytest.raises(RuntimeError, match=r"tests\.happened\.v1 must be published inside"):
        publish(Happened(occurred_at=NOW, number=1))
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_nothing_in_outbox_or_queue(settings: LazySettings) -> None:
    settings.LMS_QUEUE = True
    subscribe(Happened)(hear)
    with transaction.atomic():
        publish(Happened(occurred_at=NOW, number=1))
        assert OrmQ.objects.count() == 1
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()
    tell()
    assert OrmQ.objects.count() == Delivery.objects.count() == 1


@pytest.mark.django_db
def test_each_receiver_hears_once() -> None:
    subscribe(Happened)(hear)
    subscribe(Happened)(follow)
    tell()
    assert {row.receiver for row in Delivery.objects.all()} == {
        "tests.events.test_events.hear",
        "tests.events.test_events.follow",
    }
    assert deliver_due(NOW) == 2
    assert deliver_due(NOW) == 0
    assert heard == [Happened(occurred_at=NOW, number=1, on=date(2026, 1, 2), people=(1, 2))]
    assert set(Delivery.objects.values_list("state", "done_at")) == {("done", NOW)}


@pytest.mark.django_db
def test_what_receivers_publish_is_delivered_in_the_same_go() -> None:
    subscribe(Happened)(follow)
    subscribe(Followed)(listen)
    tell(number=7)
    assert deliver_due(NOW) == 2
    assert [event.number for event in heard] == [8]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_failing_receiver_delays_itself_then_dies() -> None:
    subscribe(Happened)(stumble)
    subscribe(Happened)(hear)
    tell()
    assert deliver_due(NOW) == 2
    assert len(heard) == 1
    row = Delivery.objects.get(receiver__endswith="stumble")
    assert (row.state, row.attempts, row.error) == ("queued", 1, "ValueError: no such luck")
    assert row.due_at == NOW + timedelta(seconds=10)
    assert not Delivery.objects.filter(event_name="tests.noise").exists()  # rolled back
    moment = NOW
    for attempts in range(2, get_conf().delivery_attempts + 1):
        moment += timedelta(hours=1)
        assert deliver_due(moment) == 1
        row.refresh_from_db()
        assert row.attempts == attempts
    assert row.state == "dead"
    assert deliver_due(moment + timedelta(days=1)) == 0
    assert len(heard) == 1


@pytest.mark.django_db
def test_it_is_not_delivered_before_it_is_due() -> None:
    subscribe(Happened)(hear)
    tell()
    assert deliver_due(NOW - timedelta(seconds=1)) == 0
    assert not heard


@pytest.mark.django_db
def test_a_running_delivery_is_left_alone_until_its_lease_lapses() -> None:
    subscribe(Happened)(hear)
    tell()
    lease = NOW + timedelta(seconds=get_conf().delivery_lease_seconds)
    Delivery.objects.update(state="running", lease_until=lease, attempts=1)
    assert not deliver(the_delivery().pk, NOW)
    assert deliver_due(lease - timedelta(seconds=1)) == 0
    assert deliver_due(lease) == 1
    assert len(heard) == 1
    assert (the_delivery().state, the_delivery().attempts) == ("done", 2)


@pytest.mark.django_db
def test_what_kills_its_worker_each_time_dies_too() -> None:
    subscribe(Happened)(hear)
    tell()
    attempts = get_conf().delivery_attempts
    Delivery.objects.update(state="running", lease_until=NOW, attempts=attempts)
    assert deliver_due(NOW) == 0
    assert the_delivery().state == "dead"
    assert not heard


@pytest.mark.django_db
def test_two_workers_take_it_once() -> None:
    subscribe(Happened)(hear)
    tell()
    pk = the_delivery().pk
    assert deliver(pk, NOW)
    assert not deliver(pk, NOW)
    assert not deliver(pk + 999, NOW)
    assert len(heard) == 1


@pytest.mark.django_db
def test_a_receiver_that_was_removed_is_an_error_of_its_own() -> None:
    subscribe(Happened)(hear)
    tell()
    subscribing._receivers.pop(Happened.name)
    deliver_due(NOW)
    assert "nobody called tests.events.test_events.hear listens" in the_delivery().error
    with pytest.raises(LookupError):
        find_receiver(Happened.name, "tests.events.test_events.hear")
    assert receivers_of("nothing") == ()


@pytest.mark.django_db
def test_finished_rows_go_after_a_month_and_dead_ones_stay() -> None:
    subscribe(Happened)(hear)
    subscribe(Happened)(follow)
    tell()
    Delivery.objects.filter(receiver__endswith="follow").update(state="dead")
    deliver_due(NOW)
    assert prune(NOW + timedelta(days=30)) == 0
    assert prune(NOW + timedelta(days=31)) == 1
    assert Delivery.objects.get().state == "dead"
    assert str(Delivery.objects.get()).endswith("follow (dead)")


def fail_to_sweep(now: datetime) -> int:
    raise ValueError("dust")


def sweep_one(now: datetime) -> int:
    with transaction.atomic():
        publish(Happened(occurred_at=now, number=1))
    return 1


@pytest.mark.django_db
def test_the_sweep_does_everything_and_one_failing_delays_no_other() -> None:
    subscribe(Happened)(hear)
    sweeps(fail_to_sweep)
    sweeps(sweep_one)
    moved = sweep(NOW)
    assert moved["tests.events.test_events.fail_to_sweep"] == -1
    assert moved["tests.events.test_events.sweep_one"] == 1
    assert moved["deliveries"] == 1
    assert len(heard) == 1
    assert Heartbeat.objects.get().beat_at == NOW
    assert str(Heartbeat.objects.get()) == "sweep 2026-11-12 09:30:00"


@pytest.mark.django_db
def test_the_command_tells_what_it_did_and_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep", "--json")
    assert '"deliveries": 0' in capsys.readouterr().out
    sweeps(fail_to_sweep)
    with pytest.raises(CommandError, match=r"fail_to_sweep\. The log has the reason"):
        call_command("sweep")
    assert "deliveries: 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_one_schedule_sweeps_every_minute() -> None:
    schedule = Schedule.objects.get(name="lms sweep")
    assert (schedule.func, schedule.minutes) == ("lms.events.sweep.sweep", 1)


@dataclass(frozen=True)
class HowMany(Question[int]):
    of: str


def one(question: HowMany) -> int:
    return len(question.of)


def two(question: HowMany) -> int:
    return 2 * len(question.of)


def test_a_question_collects_answers_and_none_is_legal() -> None:
    assert ask(HowMany("abc")) == ()
    for answerer in (one, two, one):
        answers(HowMany)(answerer)
    assert ask(HowMany("abc")) == (3, 6)


@pytest.mark.django_db
def test_whoever_replays_history_asks_no_worker(settings: LazySettings) -> None:
    settings.LMS_QUEUE = True
    with unhurried():
        hurry("lms.events.publish.deliver", [1])
    assert not OrmQ.objects.exists()
    hurry("lms.events.publish.deliver", [1])
    assert OrmQ.objects.count() == 1
