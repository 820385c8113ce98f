"""Breaks: the clock stands still, nothing is shown or saved, and the end is right for everybody."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.actions.allowances import extend_attempt, set_accommodation
from courses.actions.attempts import close_expired, save_answer, submit_attempt
from courses.actions.running import (
    NoBreakLeft,
    enter_section,
    pause_attempt,
    resume_attempt,
)
from courses.actions.saving import AttemptClosed, AttemptPaused, Save, write_answer
from courses.domain.accommodations import Accommodation as Rule
from courses.models import Attempt, AttemptSection, Response
from courses.queries.timelines import get_timeline
from lms.accounts.models import User
from tests.courses.test_views import place_url, post_place, send
from tests.factories.courses import Training, answers
from tests.factories.sections import begin, divide

pytestmark = pytest.mark.django_db
GRACE = timedelta(seconds=5)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    """Thirty minutes, ten more for breaks."""
    give(ana, now, 10)
    return begin(ana.pk, now)


def give(user: User, now: datetime, breaks: int) -> None:
    rule = Rule(break_minutes=breaks)
    set_accommodation(user_id=user.pk, rule=rule, reason="Agreed", actor=None, now=now)


def pause(attempt: Attempt, now: datetime) -> datetime:
    until = pause_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
    attempt.refresh_from_db()
    return until


def go_on(attempt: Attempt, now: datetime) -> None:
    resume_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
    attempt.refresh_from_db()


def save(attempt: Attempt, save_id: str = "s", base: int = 0) -> None:
    save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=1,
        raw=answers(attempt.code)[1],
        base_revision=base,
        save_id=save_id,
    )


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.events.values_list("kind", flat=True))


def test_breaks_are_no_part_of_the_time(attempt: Attempt, now: datetime) -> None:
    assert attempt.deadline == now + minutes(30)
    assert attempt.break_left == minutes(10)


def test_a_pause_moves_the_end_by_its_length(attempt: Attempt, now: datetime) -> None:
    until = pause(attempt, now + minutes(5))
    assert until == now + minutes(15)
    assert attempt.closes_at == now + minutes(40) + GRACE
    go_on(attempt, now + minutes(8))
    assert attempt.deadline == now + minutes(33)
    assert attempt.closes_at == now + minutes(33) + GRACE
    assert attempt.break_left == minutes(7)
    assert pause(attempt, now + minutes(20)) == now + minutes(27)


def test_a_pause_ends_by_itself_when_its_minutes_are_used_up(
    attempt: Attempt, now: datetime
) -> None:
    start = now - minutes(20)
    pause(attempt, start)
    save(attempt)  # ten minutes later the clock runs again, and nobody said so
    attempt.refresh_from_db()
    assert attempt.deadline == now + minutes(40)
    assert (attempt.break_left, attempt.paused_until) == (minutes(0), None)
    assert kinds(attempt) == ["started", "paused", "resumed", "answered"]
    resumed = attempt.events.get(kind="resumed")
    assert (resumed.at, resumed.detail) == (start + minutes(10), {"seconds": 600})
    with pytest.raises(NoBreakLeft):
        pause(attempt, now)


def test_while_it_is_paused_nothing_is_saved(attempt: Attempt, now: datetime) -> None:
    save(attempt)
    pause(attempt, now)
    with pytest.raises(AttemptPaused):
        save(attempt, "two", 1)
    with pytest.raises(AttemptPaused):
        write_answer(attempt=attempt, slot=1, value="x", save=Save(id="t", base=1), at=None)
    with pytest.raises(AttemptPaused):
        submit_attempt(code=attempt.code, user_id=attempt.user_id, now=now)
    go_on(attempt, now)
    save(attempt, "two", 1)
    assert Response.objects.get().revision == 2


def test_twice_paused_is_paused_once(attempt: Attempt, now: datetime) -> None:
    first = pause(attempt, now)
    assert pause(attempt, now + minutes(1)) == first
    go_on(attempt, now + minutes(2))
    go_on(attempt, now + minutes(3))
    assert attempt.deadline == now + minutes(32)
    assert kinds(attempt) == ["started", "paused", "resumed"]


def test_without_minutes_for_breaks_there_is_no_pause(
    training: Training, bo: User, now: datetime
) -> None:
    with pytest.raises(NoBreakLeft):
        pause(begin(bo.pk, now), now)


def test_no_pause_in_the_grace_or_after_the_end(attempt: Attempt, now: datetime) -> None:
    for seconds in (0, 3, 60):
        with pytest.raises(AttemptClosed):
            pause(attempt, now + minutes(30) + timedelta(seconds=seconds))
    assert kinds(attempt) == ["started"]


def test_the_sweep_finds_a_paused_attempt_when_it_is_over_and_not_before(
    attempt: Attempt, now: datetime
) -> None:
    pause(attempt, now + minutes(29))
    assert close_expired(now + minutes(31)) == 0
    assert close_expired(now + minutes(40)) == 0
    assert close_expired(now + minutes(41)) == 1
    attempt.refresh_from_db()
    assert attempt.finished_at == now + minutes(40) + GRACE
    assert kinds(attempt) == ["started", "paused", "resumed", "expired"]


def test_the_clock_in_the_log_stands_still(attempt: Attempt, now: datetime) -> None:
    pause(attempt, now + minutes(10))
    go_on(attempt, now + minutes(14))
    left = dict(attempt.events.values_list("kind", "seconds_left"))
    assert (left["paused"], left["resumed"]) == (1200, 1200)
    texts = {entry.kind: entry.text for entry in get_timeline(attempt.pk).entries}
    assert texts["paused"] == "for 600 s at most"
    assert texts["resumed"] == "after 240 s"


def test_the_clock_of_the_open_section_stands_still_too(
    training: Training, ana: User, now: datetime
) -> None:
    give(ana, now, 10)
    divide(training)
    attempt = begin(ana.pk, now)
    for number in (1, 2):
        enter_section(code=attempt.code, user_id=ana.pk, number=number, now=now)
    pause(attempt, now + minutes(2))
    assert attempt.sections.get(number=2).deadline == now + minutes(20)
    with pytest.raises(AttemptPaused):
        enter_section(code=attempt.code, user_id=ana.pk, number=2, now=now + minutes(3))
    go_on(attempt, now + minutes(5))
    section = attempt.sections.get(number=2)
    assert (section.deadline, section.closes_at) == (
        now + minutes(13),
        now + minutes(13) + GRACE,
    )
    AttemptSection.objects.filter(pk=section.pk).update(deadline=now + minutes(6))
    pause(attempt, now + minutes(7))
    assert attempt.sections.get(number=2).deadline == now + minutes(6)
    go_on(attempt, now + minutes(8))
    assert attempt.sections.get(number=2).deadline == now + minutes(6)


def test_breaks_are_given_live(attempt: Attempt, ana: User, now: datetime) -> None:
    pause(attempt, now + minutes(1))
    give(ana, now, 15)
    extend_attempt(attempt_id=attempt.pk, actor=None, now=now + minutes(2))
    go_on(attempt, now + minutes(4))
    assert attempt.break_left == minutes(12)
    assert attempt.deadline == now + minutes(33)
    assert get_timeline(attempt.pk).entries[2].text == "5 minutes for breaks"


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25
)
@given(gaps=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 400)), max_size=6))
def test_time_to_work_in_is_always_the_same(attempt: Attempt, gaps: list[tuple[int, int]]) -> None:
    """However pauses lie, the clock runs for thirty minutes, and stands still for ten at most."""
    row = Attempt.objects.get(pk=attempt.pk)
    now, worked, rested = row.started_at, timedelta(), timedelta()
    row.deadline, row.closes_at = now + minutes(30), now + minutes(30) + GRACE
    row.break_left, row.paused_at, row.paused_until = minutes(10), None, None
    row.save()
    for work, rest in gaps:
        now += timedelta(seconds=work)
        worked += timedelta(seconds=work)
        try:
            pause(row, now)
        except (NoBreakLeft, AttemptClosed):
            break
        now += timedelta(seconds=rest)
        counted = min(timedelta(seconds=rest), minutes(10) - rested)
        rested += counted
        worked += timedelta(seconds=rest) - counted
        if worked >= minutes(30):
            break
        go_on(row, now)
        assert row.deadline == row.started_at + minutes(30) + rested
        assert row.closes_at == row.deadline + GRACE
        assert row.break_left == minutes(10) - rested
        assert row.deadline - now == minutes(30) - worked


def test_pausing_with_plain_forms(attempt: Attempt, as_ana: Client, as_cy: Client) -> None:
    page = as_ana.get(place_url(attempt)).content.decode()
    assert "(10 minutes left)" in page
    stem = attempt.items.get(slot=1).version.parsed.stem["en"]
    assert stem in page
    given_ = answers(attempt.code)
    url = reverse("lms_pause", args=[attempt.code])
    assert post_place(as_ana, attempt, 1, given_[1], go="pause")["Location"] == url
    assert Response.objects.count() == 1
    paused = as_ana.get(url)
    assert int(paused["Refresh"]) <= 601
    assert "The test is paused" in paused.content.decode()
    for name in ("lms_attempt", "lms_review"):
        assert as_ana.get(reverse(name, args=[attempt.code]))["Location"] == url
    assert as_ana.get(place_url(attempt))["Location"] == url
    assert as_ana.post(reverse("lms_review", args=[attempt.code]))["Location"] == url
    assert send(as_ana, attempt, 2).status_code == 423
    for method in (as_cy.get, as_cy.post):
        assert method(url).status_code == 404
    assert as_ana.post(url, {"go": "on"}, follow=True).status_code == 200
    attempt.refresh_from_db()
    assert attempt.paused_until is None
    assert as_ana.get(url)["Location"] == reverse("lms_attempt", args=[attempt.code])
    assert send(as_ana, attempt, 2).status_code == 200


def test_an_answer_posted_in_a_pause_is_kept_in_the_page(
    attempt: Attempt, as_ana: Client, now: datetime
) -> None:
    pause(attempt, now)
    given_ = answers(attempt.code)
    asked = post_place(as_ana, attempt, 1, given_[1], save_id="mine")
    page = asked.content.decode()
    assert "Your answer to question 1 is not saved yet" in page
    assert 'value="mine"' in page
    assert "Refresh" not in asked
    assert not Response.objects.exists()
    again = post_place(as_ana, attempt, 1, given_[1], save_id="mine", resume="1", go="next")
    assert again["Location"] == place_url(attempt, 2)
    assert Response.objects.get().save_id == "mine"


def test_used_up_minutes_are_said(attempt: Attempt, as_ana: Client) -> None:
    Attempt.objects.update(break_left=minutes(0))
    assert "left)" not in as_ana.get(place_url(attempt)).content.decode()
    url = reverse("lms_pause", args=[attempt.code])
    page = as_ana.post(url, follow=True).content.decode()
    assert "Your minutes for breaks are used up" in page
    Attempt.objects.update(break_left=minutes(5), deadline=attempt.started_at)
    assert as_ana.post(url)["Location"] == reverse("lms_attempt", args=[attempt.code])
