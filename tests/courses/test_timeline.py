"""What staff read of an attempt: everything, in order, and no key."""

import csv
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.allowances import extend_attempt, set_accommodation
from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.actions.log import Origin, log_shown, log_told
from courses.actions.saving import StaleAnswer
from courses.domain.accommodations import Accommodation as Rule
from courses.domain.items import KINDS
from courses.models import Attempt
from courses.queries.timelines import get_timeline
from courses.viewsets.attempts import AttemptViewSet
from lms.accounts.models import User
from tests.courses.test_kinds_on_page import sit
from tests.factories.courses import SECRET, Training, answers, body

pytestmark = pytest.mark.django_db
OFFICE = Origin(address="192.0.2.1", device="Firefox")
PHONE = Origin(address="198.51.100.9", device="Safari")


def begin(user: User, now: datetime) -> Attempt:
    started = start_attempt(
        course="recovery", user_id=user.pk, language="en", now=now, origin=OFFICE
    )
    return Attempt.objects.get(code=started.code)


def save(attempt: Attempt, slot: int, *, right: bool = True, origin: Origin = OFFICE) -> None:
    save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=slot,
        raw=answers(attempt.code, right=right)[slot],
        base_revision=0,
        save_id=f"{slot}-{right}",
        origin=origin,
    )


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    """Two answers, one of them from a second device and refused."""
    attempt = begin(ana, now)
    who: dict[str, Any] = {"code": attempt.code, "user_id": ana.pk}
    log_shown(**who, slot=1, origin=OFFICE, now=now)
    save(attempt, 1)
    with pytest.raises(StaleAnswer):
        save(attempt, 1, right=False, origin=PHONE)
    log_told(**who, kind="focus_back", slot=1, seconds=40, origin=OFFICE, now=now)
    save(attempt, 2)
    return attempt


@pytest.fixture
def staff(eli: User) -> Client:
    eli.user_permissions.add(Permission.objects.get(codename="view_attempt"))
    client = Client()
    client.force_login(eli)
    return client


def url(attempt: Attempt, name: str = "timeline") -> str:
    return reverse(f"lms_attempts:{name}", args=[attempt.pk])


def test_everything_is_told_in_order(attempt: Attempt) -> None:
    entries = get_timeline(attempt.pk).entries
    assert [entry.kind for entry in entries] == [
        "started", "shown", "answered", "address", "device", "refused", "address", "device",
        "focus_back", "answered",
    ]  # fmt: skip
    answered, refused = entries[2], entries[5]
    place = attempt.items.select_related("version__item").get(slot=1)
    assert answered.place == f"1: {place.version.item.code}, version 1"
    assert answered.came_from == "address 1, device 1"
    assert refused.came_from == "address 2, device 2"
    assert answered.text in refused.text
    assert refused.text.startswith("Not saved: ")
    assert entries[8].text == "after 40 s"
    assert answered.time_left in ("29:59", "29:58", "29:57")
    assert [entry.is_notable for entry in entries[2:6]] == [False, True, True, True]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_key_is_shown(
    kind: str, training: Training, ana: User, staff: Client, now: datetime
) -> None:
    attempt = sit(kind, ana, training, now)
    raw = KINDS[kind].answer(body(kind), right=False)
    save_answer(code=attempt.code, user_id=ana.pk, slot=1, raw=raw, base_revision=0, save_id="a")
    for name in ("timeline", "timeline_csv"):
        response = staff.get(url(attempt, name))
        told = b"".join(response).decode()
        for never in (SECRET, "pg_rewind", "tolerance", "rationale"):
            assert never not in told


def test_it_costs_the_same_for_any_length(
    attempt: Attempt, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(3):
        get_timeline(attempt.pk)
    for slot in (3, 4):
        save(attempt, slot)
    with django_assert_num_queries(3):
        get_timeline(attempt.pk)


class TestAdmin:
    def test_the_list_is_searched_and_filtered(
        self, attempt: Attempt, staff: Client, bo: User, now: datetime
    ) -> None:
        other = begin(bo, now)
        submit_attempt(code=other.code, user_id=bo.pk, now=now)
        index = reverse("lms_attempts:index")
        page = staff.get(index).content.decode()
        assert "ana@baltwerk.example" in page
        assert "bo@baltwerk.example" in page
        assert url(attempt) in page
        found = staff.get(index, {"q": "ana@"}).content.decode()
        assert "ana@baltwerk.example" in found
        assert "bo@baltwerk.example" not in found
        finished = staff.get(index, {"state": "scored"}).content.decode()
        assert "bo@baltwerk.example" in finished
        assert "ana@baltwerk.example" not in finished
        assert "bo@" in staff.get(index, {"q": "recovery"}).content.decode()

    def test_its_statements_do_not_grow(
        self, attempt: Attempt, staff: Client, bo: User, cy: User, now: datetime
    ) -> None:
        index = reverse("lms_attempts:index")
        staff.get(index)
        with CaptureQueriesContext(connection) as one:
            staff.get(index)
        begin(bo, now)
        begin(cy, now)
        with CaptureQueriesContext(connection) as three:
            staff.get(index)
        assert len(one) == len(three)

    def test_nobody_writes(self, attempt: Attempt, staff: Client) -> None:
        for name in ("edit", "delete"):
            address = reverse(f"lms_attempts:{name}", args=[attempt.pk])
            assert staff.post(address).status_code == 302
        assert staff.post(reverse("lms_attempts:add")).status_code == 302
        assert AttemptViewSet.form_fields == []
        assert Attempt.objects.get() == attempt

    def test_only_who_may_look(self, attempt: Attempt, as_eli: Client) -> None:
        for name in ("timeline", "timeline_csv"):
            assert as_eli.get(url(attempt, name)).status_code == 302
        page = as_eli.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("lms_attempts:index") not in page

    def test_an_attempt_that_is_not_there(self, attempt: Attempt, staff: Client) -> None:
        assert staff.get(reverse("lms_attempts:timeline", args=[attempt.pk + 1])).status_code == 404

    def test_the_page_and_the_file_say_the_same(self, attempt: Attempt, staff: Client) -> None:
        page = staff.get(url(attempt)).content.decode()
        response = staff.get(url(attempt, "timeline_csv"))
        assert attempt.code in response["Content-Disposition"]
        text = b"".join(response).decode("utf-8-sig")
        rows = list(csv.reader(text.splitlines()))
        entries = get_timeline(attempt.pk).entries
        assert len(rows) == 1 + len(entries)
        for row, entry in zip(rows[1:], entries, strict=True):
            assert datetime.fromisoformat(row[1]).utcoffset() is not None
            assert row[3] == entry.title
            assert entry.title in page
        assert "Ana Kowalska" in page


def test_time_that_was_given_is_told(attempt: Attempt, now: datetime) -> None:
    rule = Rule(extra_minutes=20)
    set_accommodation(user_id=attempt.user_id, rule=rule, reason="Agreed", actor=None, now=now)
    extend_attempt(attempt_id=attempt.pk, actor=None, now=now)
    last = get_timeline(attempt.pk).entries[-1]
    assert (last.title, last.text) == ("More time given", "20 minutes more")
