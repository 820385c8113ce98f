"""Sections: which question stands where, what is open when, and what the save statement says."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.actions.allowances import extend_attempt, set_accommodation
from courses.actions.attempts import save_answer
from courses.actions.history import sit
from courses.actions.running import SectionNotDue, enter_section, leave_section
from courses.actions.saving import AnswerRefused, AttemptClosed, Save, SectionClosed, write_answer
from courses.domain.accommodations import Accommodation as Rule
from courses.domain.sections import Progress, next_due, stretch
from courses.models import Assessment, Attempt, AttemptSection, Response
from courses.queries.draws import replay_draw
from courses.queries.timelines import get_timeline
from lms.accounts.models import User
from tests.factories.courses import Training, answers
from tests.factories.sections import PRACTICE, THEORY, begin, divide

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(training: Training, ana: User, now: datetime) -> Attempt:
    """Two questions of a section one may come back to, two of a one-way one of ten minutes."""
    divide(training)
    return begin(ana.pk, now)


def save(attempt: Attempt, slot: int, raw: Any = None, **more: Any) -> None:
    save_answer(
        code=attempt.code,
        user_id=attempt.user_id,
        slot=slot,
        raw=answers(attempt.code)[slot] if raw is None else raw,
        base_revision=more.pop("base", 0),
        save_id=more.pop("save_id", f"s{slot}"),
        **more,
    )


def enter(attempt: Attempt, number: int, now: datetime) -> AttemptSection:
    enter_section(code=attempt.code, user_id=attempt.user_id, number=number, now=now)
    return attempt.sections.get(number=number)


def leave(attempt: Attempt, number: int, now: datetime) -> AttemptSection:
    leave_section(code=attempt.code, user_id=attempt.user_id, number=number, now=now)
    return attempt.sections.get(number=number)


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.events.values_list("kind", flat=True))


def test_without_sections_nothing_is_numbered(training: Training, ana: User, now: datetime) -> None:
    attempt = begin(ana.pk, now)
    assert set(attempt.items.values_list("section", flat=True)) == {0}
    assert not attempt.sections.exists()


def test_places_are_ordered_by_section_and_the_draw_stays(attempt: Attempt) -> None:
    places = attempt.items.values_list("section", "version__item__topic__slug")
    assert list(places) == [(1, "wal"), (1, "wal"), (2, "restore"), (2, "restore")]
    assert replay_draw(attempt.code).same


def test_a_topic_no_section_knows_is_asked_in_the_last(
    training: Training, ana: User, now: datetime
) -> None:
    divide(training, THEORY)
    assert set(begin(ana.pk, now).items.values_list("section", flat=True)) == {1}


def test_a_section_begins_when_it_is_entered(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(SectionClosed, match="has not begun"):
        save(attempt, 1)
    opened = enter(attempt, 1, now)
    assert (opened.opened_at, opened.deadline) == (now, None)
    save(attempt, 1)
    with pytest.raises(SectionClosed) as told:
        save(attempt, 3)
    assert (told.value.number, told.value.begun) == (2, False)
    assert list(Response.objects.values_list("slot", flat=True)) == [1]
    assert "too_late" not in kinds(attempt)


def test_a_question_not_open_tells_nothing_of_its_kind(attempt: Attempt) -> None:
    for raw in ("", "about ten", ["a"], {"a": "b"}, 7):
        with pytest.raises(SectionClosed):
            save(attempt, 3, raw)


def test_the_statement_itself_checks_the_section(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(SectionClosed):
        write_answer(attempt=attempt, slot=1, value="x", save=Save(id="s", base=0), at=None)
    enter(attempt, 1, now)
    write_answer(attempt=attempt, slot=1, value="x", save=Save(id="s", base=0), at=None)


def test_sections_are_entered_in_order_and_once(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(SectionNotDue):
        enter(attempt, 2, now)
    enter(attempt, 1, now)
    later = now + timedelta(minutes=1)
    assert enter(attempt, 1, later).opened_at == now
    second = enter(attempt, 2, later)
    assert second.deadline == later + timedelta(minutes=10)
    assert second.closes_at == second.deadline + timedelta(seconds=5)
    for number in (0, 3):
        with pytest.raises(SectionNotDue):
            enter_section(code=attempt.code, user_id=attempt.user_id, number=number, now=later)
    assert kinds(attempt) == ["started", "entered", "entered"]


def test_one_comes_back_to_a_section_that_is_not_one_way(attempt: Attempt, now: datetime) -> None:
    enter(attempt, 1, now)
    assert leave(attempt, 1, now).left_at is None
    enter(attempt, 2, now)
    save(attempt, 1)
    save(attempt, 3)


def test_a_one_way_section_takes_nothing_once_left(attempt: Attempt, now: datetime) -> None:
    enter(attempt, 1, now)
    enter(attempt, 2, now)
    save(attempt, 3)
    assert leave(attempt, 2, now).left_at == now
    assert leave(attempt, 2, now + timedelta(minutes=1)).left_at == now
    for save_id in ("late", "late", "later"):
        with pytest.raises(SectionClosed, match="is closed"):
            save(attempt, 3, base=1, save_id=save_id)
    assert Response.objects.get().revision == 1
    assert kinds(attempt).count("too_late") == 2
    last = get_timeline(attempt.pk).entries[-1]
    assert last.text.startswith("Not saved: ")
    assert last.is_notable
    with pytest.raises(SectionNotDue):
        enter(attempt, 2, now)
    save(attempt, 1)


def test_a_one_way_section_is_left_before_the_next(
    training: Training, ana: User, now: datetime
) -> None:
    divide(training, {**PRACTICE, "minutes": None}, THEORY)
    attempt = begin(ana.pk, now)
    enter(attempt, 1, now)
    with pytest.raises(SectionNotDue):
        enter(attempt, 2, now)
    leave(attempt, 1, now)
    enter(attempt, 2, now)


def test_a_section_ends_with_its_own_minutes(attempt: Attempt, now: datetime) -> None:
    enter(attempt, 1, now)
    section = enter(attempt, 2, now)
    AttemptSection.objects.filter(pk=section.pk).update(deadline=now - timedelta(seconds=1))
    save(attempt, 3)  # within the grace
    AttemptSection.objects.filter(pk=section.pk).update(closes_at=now - timedelta(seconds=1))
    with pytest.raises(SectionClosed):
        save(attempt, 4)
    save(attempt, 1)
    gone = leave(attempt, 2, now)
    assert gone.left_at == gone.closes_at
    told = get_timeline(attempt.pk).entries
    assert [entry.text for entry in told if entry.kind == "left"] == ["Practice: its time was over"]


def test_who_comes_late_finds_the_section_left(
    training: Training, ana: User, now: datetime
) -> None:
    divide(training, PRACTICE, THEORY)
    attempt = begin(ana.pk, now)
    enter(attempt, 1, now)
    enter(attempt, 2, now + timedelta(minutes=11))
    first = attempt.sections.get(number=1)
    assert first.left_at == now + timedelta(minutes=10, seconds=5)
    assert kinds(attempt) == ["started", "entered", "left", "entered"]


def test_replayed_history_brings_its_own_clock(attempt: Attempt, now: datetime) -> None:
    enter(attempt, 1, now)
    section = enter(attempt, 2, now)
    assert section.closes_at
    with pytest.raises(AnswerRefused):
        write_answer(
            attempt=attempt,
            slot=3,
            value="x",
            save=Save(id="late", base=0),
            at=section.closes_at + timedelta(milliseconds=1),
        )
    save(attempt, 3, at=section.closes_at)


def test_a_finished_test_has_no_sections_to_enter(attempt: Attempt, now: datetime) -> None:
    for act in (enter, leave):
        with pytest.raises(AttemptClosed):
            act(attempt, 1, now + timedelta(hours=1))


def test_more_time_stretches_the_clocks_of_sections(
    training: Training, ana: User, now: datetime
) -> None:
    divide(training)
    rule = Rule(time_factor=Decimal(2), break_minutes=10)
    set_accommodation(user_id=ana.pk, rule=rule, reason="x", actor=None, now=now)
    attempt = begin(ana.pk, now)
    enter(attempt, 1, now)
    assert enter(attempt, 2, now).deadline == now + timedelta(minutes=20)
    rule = Rule(time_factor=Decimal(2), extra_minutes=15, break_minutes=20)
    set_accommodation(user_id=ana.pk, rule=rule, reason="x", actor=None, now=now)
    extend_attempt(attempt_id=attempt.pk, actor=None, now=now)
    attempt.refresh_from_db()
    assert attempt.deadline == now + timedelta(minutes=75)
    assert attempt.break_left == timedelta(minutes=20)
    assert attempt.sections.get(number=2).deadline == now + timedelta(minutes=25)
    assert get_timeline(attempt.pk).entries[-1].text == "15 minutes more, 10 minutes for breaks"


def test_history_goes_through_the_sections(training: Training, ana: User, now: datetime) -> None:
    divide(training, PRACTICE, THEORY)
    assert sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(days=9))
    attempt = Attempt.objects.get()
    assert attempt.responses.count() == 4
    assert [kind for kind in kinds(attempt) if kind in ("entered", "left")] == [
        "entered", "left", "entered"
    ]  # fmt: skip


def test_the_rules_are_frozen(attempt: Attempt, now: datetime) -> None:
    Assessment.objects.update(sections=[])
    enter(attempt, 1, now)
    enter(attempt, 2, now)
    assert leave(attempt, 2, now).left_at == now


progress = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=6
).map(
    lambda rows: [
        Progress(number=n, one_way=one_way, opened=opened, closed=opened and closed)
        for n, (one_way, opened, closed) in enumerate(rows, start=1)
    ]
)


@given(progress)
def test_the_next_section_is_the_first_unopened_and_nothing_one_way_is_open_before_it(
    rows: list[Progress],
) -> None:
    due = next_due(rows)
    held = [one.number for one in rows if one.one_way and one.opened and not one.closed]
    ahead = [one.number for one in rows if not one.opened]
    if due is None:
        assert not ahead or (held and held[0] < ahead[0])
    else:
        assert due == ahead[0]
        assert all(number > due for number in held)


@pytest.mark.parametrize("order", list(permutations(["save", "leave", "save"])))
def test_in_any_order_what_was_acknowledged_stands(
    order: tuple[str, ...], attempt: Attempt, now: datetime
) -> None:
    """A save before the end of its section is in; none after it is."""
    enter(attempt, 1, now)
    enter(attempt, 2, now)
    taken, closed = 0, False
    for n, step in enumerate(order):
        if step == "leave":
            leave(attempt, 2, now)
            closed = True
            continue
        try:
            save(attempt, 3, base=taken, save_id=f"n{n}")
            taken += 1
            assert not closed
        except SectionClosed:
            assert closed
    assert Response.objects.filter(slot=3).values_list("revision", flat=True).first() == (
        taken or None
    )


def test_minutes_stretch_as_the_test_does() -> None:
    assert stretch(10, test=40, lasts=timedelta(minutes=40)) == timedelta(minutes=10)
    assert stretch(10, test=40, lasts=timedelta(minutes=70)) == timedelta(minutes=17.5)
