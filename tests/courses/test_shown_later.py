"""Places that were shown without a line: the log is told when it is back, and of what was true."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions.attempts import start_attempt, submit_attempt
from courses.actions.log import Kind, NotAnEvent, Origin, Told, log_told
from courses.models import Attempt, AttemptEvent
from courses.queries.timelines import get_timeline
from lms.accounts.models import User
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db
OFFICE = Origin(address="192.0.2.1", device="Firefox")


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    started = start_attempt(
        course="recovery", user_id=ana.pk, language="en", now=now, origin=OFFICE
    )
    return Attempt.objects.get(code=started.code)


def tell(attempt: Attempt, now: datetime, **changes: Any) -> Told:
    sent = {"slot": 2, "seconds": 240, "once": "one", **changes}
    return log_told(
        code=attempt.code, user_id=attempt.user_id, kind="shown", origin=OFFICE, now=now, **sent
    )


def rows(attempt: Attempt) -> list[AttemptEvent]:
    return list(attempt.events.filter(kind=Kind.SHOWN))


def test_the_row_says_when_it_was_and_how_late_it_was_told(attempt: Attempt, now: datetime) -> None:
    back = now + timedelta(minutes=5)
    assert tell(attempt, back) == Told(kept=True, seconds_left=1500)
    (row,) = rows(attempt)
    assert (row.slot, row.at, row.seconds_left) == (2, now + timedelta(minutes=1), 1740)
    assert row.detail == {"seconds": 240}
    assert row.address
    entry = get_timeline(attempt.pk).entries[-1]
    assert (entry.title, entry.text) == (
        "Question shown",
        "without a connection, told 240 s later",
    )


def test_what_was_not_acknowledged_is_told_again_and_kept_once(
    attempt: Attempt, now: datetime
) -> None:
    for minutes in (5, 6):
        assert tell(attempt, now + timedelta(minutes=minutes)).kept
    tell(attempt, now + timedelta(minutes=6), once="two")
    assert [row.once for row in rows(attempt)] == ["one", "two"]


def test_whole_seconds_do_not_make_it_too_early(attempt: Attempt, now: datetime) -> None:
    tell(attempt, now + timedelta(seconds=239.6))
    assert rows(attempt)[0].at == now


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seconds": 400}, "before the attempt began"),
        ({"seconds": -1}, "no number of seconds"),
        ({"slot": None}, "say which"),
        ({"slot": 9}, "no such place"),
        ({"once": ""}, "has an id"),
        ({"once": "x" * 41}, "has an id"),
        ({"once": 7}, "has an id"),
    ],
)
def test_what_cannot_be_is_refused(
    changes: dict[str, Any], said: str, attempt: Attempt, now: datetime
) -> None:
    with pytest.raises(NotAnEvent, match=said):
        tell(attempt, now + timedelta(minutes=5), **changes)
    assert rows(attempt) == []


def test_it_has_the_room_of_what_is_shown(
    attempt: Attempt, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courses.actions.log.MOST_SHOWN", 2)
    back = now + timedelta(minutes=5)
    assert [tell(attempt, back, once=str(one)).kept for one in range(3)] == [True, True, False]


def test_after_the_end_nothing_is_told(attempt: Attempt, now: datetime) -> None:
    submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
    assert tell(attempt, now + timedelta(minutes=5)) == Told(kept=False, seconds_left=0)
    assert rows(attempt) == []


def test_the_page_tells_it(attempt: Attempt, as_ana: Client, as_cy: Client) -> None:
    url = reverse("lms_events", args=[attempt.code])
    sent = {"kind": "shown", "slot": 3, "seconds": 0, "id": "abc"}
    for client, status in ((as_cy, 404), (as_ana, 200)):
        response = client.post(url, json.dumps(sent), content_type="application/json")
        assert response.status_code == status
    assert [(row.slot, row.once) for row in rows(attempt)] == [(3, "abc")]
    del sent["id"]
    response = as_ana.post(url, json.dumps(sent), content_type="application/json")
    assert response.status_code == 422
