"""Scoring, retakes, progress and prose: plain values in, plain values out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.blueprint import Blueprint
from courses.domain.policy import AssessmentPolicy
from courses.domain.progress import CourseState, LessonState, count_solved, summarise
from courses.domain.prose import to_html, to_inline_html
from courses.domain.retakes import next_try_at
from courses.domain.scoring import Cut, Sat, TopicScore, score
from tests.factories.courses import body

NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)


def sat(*, right: bool, topic: str = "wal", lesson: str = "wal-and-checkpoints") -> Sat:
    value = ["b"] if right else ["a"]
    return Sat(body=body(), topic=topic, lesson_slug=lesson, value=value)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 100))
def test_the_cut_is_met_in_whole_numbers(rights: list[bool], cut: int) -> None:
    outcome = score([sat(right=right) for right in rights], cut=Cut(percent=cut), language="en")
    assert (outcome.points, outcome.maximum) == (sum(rights), len(rights))
    assert outcome.passed is (100 * sum(rights) >= cut * len(rights))


@pytest.mark.parametrize(("right", "passed"), [(6, False), (7, True)])
def test_seventy_percent_of_ten_is_seven(right: int, passed: bool) -> None:
    places = [sat(right=number < right) for number in range(10)]
    assert score(places, cut=Cut(percent=70), language="en").passed is passed


def test_an_empty_test_is_not_passed() -> None:
    assert not score([], cut=Cut(percent=1), language="en").passed


def test_points_are_told_by_topic_and_lessons_by_how_much_was_missed() -> None:
    places = [
        sat(right=True, topic="wal"),
        sat(right=False, topic="wal", lesson="b-lesson"),
        sat(right=False, topic="pitr", lesson="a-lesson"),
        sat(right=False, topic="pitr", lesson="b-lesson"),
        sat(right=False, topic="pitr", lesson=""),
    ]
    outcome = score(places, cut=Cut(percent=70), language="en")
    assert outcome.topics == (
        TopicScore(topic="pitr", points=0, maximum=3),
        TopicScore(topic="wal", points=1, maximum=2),
    )
    assert outcome.return_to == ("b-lesson", "a-lesson")


@pytest.mark.parametrize(
    ("failures", "days"), [(0, None), (1, 1), (2, 7), (3, 14), (4, 14), (9, 14)]
)
def test_the_wait_grows_and_its_last_number_repeats(failures: int, days: int | None) -> None:
    moments = [NOON - timedelta(days=n) for n in range(failures)]
    expected = NOON + timedelta(days=days) if days else None
    assert next_try_at(moments, (1, 7, 14)) == expected


def test_without_waits_one_may_try_at_once() -> None:
    assert next_try_at([NOON], ()) is None
    assert next_try_at([NOON], (0,)) == NOON


def test_a_policy_knows_its_length() -> None:
    blueprint = Blueprint(draw={"a": 2, "b": {"easy": 1, "hard": 2}}, pilots=2)
    policy = AssessmentPolicy(minutes=5, cut_percent=70, blueprint=blueprint)
    assert (policy.length, policy.blueprint.counted) == (7, 5)


def state(slug: str, *, read: bool, exercises: int = 0, solved: int = 0) -> LessonState:
    return LessonState(
        lesson_id=1, slug=slug, opened=True, read=read, exercises=exercises, solved=solved
    )


def test_progress_counts_what_was_done() -> None:
    lessons = [
        state("one", read=True),
        state("two", read=True, exercises=2, solved=1),
        state("three", read=False),
    ]
    assert summarise(lessons) == CourseState(done=1, total=3, resume="two")
    assert summarise(lessons[:1]) == CourseState(done=1, total=1, resume=None)
    assert summarise([]) == CourseState(done=0, total=0, resume=None)


def test_a_removed_exercise_no_longer_counts() -> None:
    assert count_solved(["a", "b"], {"b", "gone"}) == 1


def test_raw_html_is_shown_never_passed_through() -> None:
    assert "<script>" not in to_html("<script>alert(1)</script>")
    assert to_html("| a |\n|---|\n| b |").startswith("<table>")
    assert to_inline_html("`x` and *y* <b>") == "<code>x</code> and <em>y</em> &lt;b&gt;"
    assert "javascript:" not in to_html("[x](javascript:alert(1))").replace("[x](javascript", "")
