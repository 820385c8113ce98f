"""The log of an attempt: every acknowledged answer is in it once, and nothing leaves it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.attempts import close_expired, save_answer, start_attempt, submit_attempt
from courses.actions.history import sit
from courses.actions.log import MOST_TOLD, Kind, NotAnEvent, Origin, log_shown, log_told
from courses.actions.saving import MOST_LATE, AttemptClosed, StaleAnswer
from courses.models import Assessment, Attempt, AttemptEvent
from courses.queries.timelines import get_timeline
from lms.accounts.models import User
from tests.factories.courses import Training, answers

pytestmark = pytest.mark.django_db
OFFICE = Origin(address="192.0.2.1", device="Firefox")
HOME = Origin(address="198.51.100.9", device="Firefox")
PHONE = Origin(address="192.0.2.1", device="Safari")


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    started = start_attempt(
        course="recovery", user_id=ana.pk, language="en", now=now, origin=OFFICE
    )
    return Attempt.objects.get(code=started.code)


def save(attempt: Attempt, *, base: int = 0, save_id: str = "one", **more: Any) -> None:
    right = more.pop("right", True)
    values = {"raw": answers(attempt.code, right=right)[1], "origin": OFFICE, **more}
    save_answer(
        code=attempt.code, user_id=attempt.user_id, slot=1, base_revision=base, save_id=save_id,
        **values,
    )  # fmt: skip


def told(attempt: Attempt) -> list[str]:
    return list(attempt.events.values_list("kind", flat=True))


def test_a_row_never_changes(attempt: Attempt) -> None:
    event = attempt.events.get()
    for change in (event.save, event.delete, AttemptEvent.objects.all().delete):
        with pytest.raises(TypeError, match="never"):
            change()
    with pytest.raises(TypeError, match="never changes"):
        AttemptEvent.objects.update(kind="answered")
    with pytest.raises(ProtectedError):
        attempt.delete()
    assert told(attempt) == ["started"]


def test_a_start_is_told_once(attempt: Attempt, now: datetime) -> None:
    start_attempt(course="recovery", user_id=attempt.user_id, language="en", now=now)
    event = attempt.events.get()
    assert (event.kind, event.at, event.seconds_left) == ("started", now, 1800)


def test_each_acknowledged_answer_is_told_once(attempt: Attempt) -> None:
    save(attempt)
    save(attempt)  # its acknowledgement was lost, so it is sent again
    save(attempt, base=1, save_id="two", right=False)
    rows = list(attempt.events.filter(kind=Kind.ANSWERED))
    assert [row.detail["revision"] for row in rows] == [1, 2]
    stored = attempt.responses.get()
    assert rows[1].detail == {"value": stored.value, "revision": 2, "late": False}
    assert (rows[1].at, rows[1].slot) == (stored.saved_at, 1)
    assert 1790 < rows[1].seconds_left <= 1800


def test_a_repeat_leaves_the_moment_of_the_first(attempt: Attempt) -> None:
    save(attempt)
    before = attempt.responses.get().saved_at
    save(attempt)
    assert attempt.responses.get().saved_at == before == attempt.events.latest("pk").at


def test_within_the_grace_it_is_marked_late(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.started_at - timedelta(minutes=1))
    save(attempt)
    row = attempt.events.latest("pk")
    assert (row.detail["late"], row.seconds_left) == (True, 0)


def test_what_is_not_saved_is_not_told_as_saved(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=attempt.started_at)
    for save_id in ("one", "one", "two"):
        with pytest.raises(AttemptClosed):
            save(attempt, save_id=save_id)
    assert told(attempt) == ["started", "late", "late"]  # once a save, and never as an answer
    row = attempt.events.filter(kind=Kind.LATE).first()
    assert row
    assert row.detail == {"base": 0, "unsent": answers(attempt.code)[1]}
    assert row.address
    assert "Not saved: " in get_timeline(attempt.pk).entries[1].text


def test_late_answers_are_told_up_to_a_limit(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=attempt.started_at)
    AttemptEvent.objects.bulk_create(
        AttemptEvent(attempt=attempt, kind=Kind.LATE, at=attempt.started_at, seconds_left=0)
        for _row in range(MOST_LATE)
    )
    with pytest.raises(AttemptClosed):
        save(attempt)
    assert attempt.events.filter(kind=Kind.LATE).count() == MOST_LATE


def test_a_refused_answer_is_kept_beside_what_stands(attempt: Attempt) -> None:
    save(attempt)
    for _again in range(2):
        with pytest.raises(StaleAnswer):
            save(attempt, save_id="other", right=False)
    row = attempt.events.get(kind=Kind.REFUSED)
    stored = attempt.responses.get()
    assert row.detail["stored"] == stored.value
    assert row.detail["unsent"] not in (stored.value, None)
    assert (row.detail["base"], row.detail["revision"], row.once) == (0, 1, "other")


def test_a_change_of_place_or_device_is_told(attempt: Attempt) -> None:
    save(attempt)
    save(attempt, base=1, save_id="two", origin=HOME, right=False)
    save(attempt, base=2, save_id="three", origin=HOME)
    save(attempt, base=3, save_id="four", origin=PHONE, right=False)
    assert told(attempt) == [
        "started", "answered", "address", "answered", "answered", "address", "device", "answered",
    ]  # fmt: skip
    rows = list(attempt.events.all())
    assert rows[0].address == rows[-1].address != rows[3].address
    assert rows[0].device == rows[4].device != rows[-1].device


def test_who_reads_the_rows_cannot_tell_where_it_was(
    attempt: Attempt, training: Training, bo: User, now: datetime
) -> None:
    other = start_attempt(course="recovery", user_id=bo.pk, language="en", now=now, origin=OFFICE)
    first, second = attempt.events.get(), AttemptEvent.objects.get(attempt__code=other.code)
    assert first.address != second.address, "one address has another mark in each attempt"
    everything = json.dumps(list(AttemptEvent.objects.values()), default=str)
    assert not [text for text in ("192.0.2", "Firefox", bo.email, "ana@") if text in everything]


def test_the_end_is_told(attempt: Attempt, bo: User, now: datetime) -> None:
    for _again in range(2):
        submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now, origin=OFFICE)
    assert told(attempt) == ["started", "submitted"]
    other = start_attempt(course="recovery", user_id=bo.pk, language="en", now=now)
    close_expired(now + timedelta(hours=1))
    last = Attempt.objects.get(code=other.code).events.latest("pk")
    assert (last.kind, last.seconds_left) == ("expired", 0)
    assert last.at == last.attempt.closes_at


def test_history_is_told_with_its_own_moments(training: Training, ana: User, now: datetime) -> None:
    then = now - timedelta(days=90)
    sit(course="recovery", user_id=ana.pk, passing=True, at=then)
    rows = list(Attempt.objects.get().events.all())
    assert [row.kind for row in rows] == ["started", *["answered"] * 4, "submitted"]
    assert all(timedelta(0) <= row.at - then <= timedelta(minutes=30) for row in rows)


class TestShown:
    def show(self, attempt: Attempt, now: datetime) -> None:
        log_shown(code=attempt.code, user_id=attempt.user_id, slot=2, origin=OFFICE, now=now)

    def test_a_place_is_told_when_it_is_opened(self, attempt: Attempt, as_ana: Client) -> None:
        url = reverse("lms_place", args=[attempt.code, 2])
        as_ana.get(url, headers={"user-agent": "Firefox"})
        row = attempt.events.filter(kind=Kind.SHOWN).get()
        assert row.slot == 2
        assert row.address

    def test_a_place_that_is_fetched_ahead_is_not(self, attempt: Attempt, as_ana: Client) -> None:
        url = reverse("lms_place", args=[attempt.code, 2])
        page = as_ana.get(url, headers={"X-LMS-Prefetch": "1"})
        assert "Question 2 of 4" in page.content.decode()
        assert told(attempt) == ["started"]

    def test_the_log_has_an_end(
        self, attempt: Attempt, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("courses.actions.log.MOST_SHOWN", 3)
        for _ in range(5):
            self.show(attempt, now)
        assert attempt.events.filter(kind=Kind.SHOWN).count() == 3
        save(attempt)
        assert told(attempt)[-1] == "answered", "answers have none"

    def test_after_the_end_nothing_is_told(self, attempt: Attempt, now: datetime) -> None:
        self.show(attempt, attempt.closes_at + timedelta(seconds=1))
        submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
        self.show(attempt, now)
        assert told(attempt) == ["started", "submitted"]


class TestTold:
    def post(self, client: Client, attempt: Attempt, body: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        url = reverse("lms_events", args=[attempt.code])
        return client.post(url, raw, content_type="application/json")

    @pytest.mark.parametrize("kind", ["focus_lost", "focus_back", "reconnected"])
    def test_the_page_tells_what_it_noticed(
        self, attempt: Attempt, as_ana: Client, kind: str
    ) -> None:
        response = self.post(as_ana, attempt, {"kind": kind, "slot": 1, "seconds": 12})
        assert response.json()["kept"] is True
        assert 1790 < response.json()["seconds_left"] <= 1800
        row = attempt.events.filter(kind=kind).get()
        assert (row.slot, row.detail) == (1, {"seconds": 12})

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"[]", b"null", b"\xff", b'{"kind": "focus_lost"', b"x" * 2000,
            {}, {"kind": "answered"}, {"kind": "submitted"}, {"kind": []}, {"kind": None},
            {"kind": "focus_lost", "slot": 99}, {"kind": "focus_lost", "slot": "1"},
            {"kind": "focus_lost", "slot": 10**30}, {"kind": "focus_lost", "slot": True},
            {"kind": "focus_lost", "seconds": -1}, {"kind": "focus_lost", "seconds": 1e3},
            {"kind": "focus_lost", "seconds": 10**9}, {"kind": "focus_lost", "seconds": "x"},
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, attempt: Attempt, as_ana: Client, body: Any) -> None:
        assert self.post(as_ana, attempt, body).status_code == 422
        assert told(attempt) == ["started"]

    def test_only_by_whose_attempt_it_is(self, attempt: Attempt, as_cy: Client) -> None:
        assert self.post(as_cy, attempt, {"kind": "focus_lost"}).status_code == 404

    def test_there_is_room_for_so_many(self, attempt: Attempt, now: datetime) -> None:
        AttemptEvent.objects.bulk_create(
            AttemptEvent(attempt=attempt, kind=Kind.FOCUS_LOST, at=now, seconds_left=9)
            for _ in range(MOST_TOLD - 1)
        )
        kept = [
            log_told(
                code=attempt.code, user_id=attempt.user_id, kind="reconnected", slot=None,
                seconds=0, origin=OFFICE, now=now,
            ).kept
            for _ in range(3)
        ]  # fmt: skip
        assert kept == [True, False, False]

    def test_what_is_no_event_is_refused(self, attempt: Attempt, now: datetime) -> None:
        with pytest.raises(NotAnEvent, match="no such event"):
            log_told(
                code=attempt.code, user_id=attempt.user_id, kind="started", slot=None,
                seconds=0, origin=OFFICE, now=now,
            )  # fmt: skip


def test_a_save_costs_the_same_however_long_test_and_log_are(
    attempt: Attempt, bo: User, now: datetime
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as short:
        save(attempt)
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    started = start_attempt(course="recovery", user_id=bo.pk, language="en", now=now, origin=OFFICE)
    longer = Attempt.objects.get(code=started.code)
    for _ in range(30):
        log_shown(code=longer.code, user_id=bo.pk, slot=1, origin=OFFICE, now=now)
    with CaptureQueriesContext(connection) as long:
        save(longer)
    assert len(short) == len(long)
