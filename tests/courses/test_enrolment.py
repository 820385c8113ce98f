"""Reading, watching, solving: progress is what was done. And items get versions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from badges.queries import get_recipient_of_user
from courses.actions.enrolment import (
    ExerciseKey,
    answer_exercise,
    confirm_printed_name,
    enrol,
    finish_reading,
    note_watched,
    open_lesson,
)
from courses.models import Enrolment, ExerciseAnswer, Item, LessonProgress
from courses.queries.progress import describe_course, describe_lesson, list_enrolled
from courses.queries.tools import list_tools
from lms.accounts.models import User
from lms.pages.models import LessonPage
from tests.factories.courses import Training, lesson_row, make_item

pytestmark = pytest.mark.django_db
NUMBER = ExerciseKey(code="segments", kind="numeric", accepted=("16",), tolerance="0")
WORD = ExerciseKey(code="tool", kind="text", accepted=("pg_rewind", "rewind"), tolerance="0")


def test_one_enrols_once(training: Training, ana: User, now: datetime) -> None:
    assert enrol(user_id=ana.pk, course_id=training.course.pk, now=now)
    assert not enrol(user_id=ana.pk, course_id=training.course.pk, now=now)
    assert Enrolment.objects.get().enrolled_at == now


def test_opening_a_lesson_enrols(training: Training, ana: User, now: datetime) -> None:
    lesson = lesson_row(training.lessons[0])
    first = open_lesson(user_id=ana.pk, lesson=lesson, now=now)
    again = open_lesson(user_id=ana.pk, lesson=lesson, now=now + timedelta(days=1))
    assert (again.pk, again.opened_at) == (first.pk, now)
    assert Enrolment.objects.count() == 1


def test_reading_twice_keeps_the_first_time(training: Training, ana: User, now: datetime) -> None:
    lesson = lesson_row(training.lessons[0])
    for days in (0, 1):
        finish_reading(user_id=ana.pk, lesson=lesson, now=now + timedelta(days=days))
    assert LessonProgress.objects.get().read_at == now


@pytest.mark.parametrize(("seconds", "done"), [(89, False), (90, True), (100, True)])
def test_nine_tenths_of_a_video_is_watched(
    training: Training, ana: User, now: datetime, seconds: int, done: bool
) -> None:
    lesson = lesson_row(training.lessons[0])
    note_watched(user_id=ana.pk, lesson=lesson, seconds=seconds, length=100, now=now)
    row = LessonProgress.objects.get()
    assert (row.watched_seconds, row.video_done) == (seconds, done)


def test_a_watched_video_stays_watched(training: Training, ana: User, now: datetime) -> None:
    lesson = lesson_row(training.lessons[0])
    for seconds in (95, 5):
        note_watched(user_id=ana.pk, lesson=lesson, seconds=seconds, length=100, now=now)
    row = LessonProgress.objects.get()
    assert (row.watched_seconds, row.video_done) == (5, True)
    note_watched(user_id=ana.pk, lesson=lesson, seconds=1, length=0, now=now)


def test_an_exercise_once_solved_stays_solved(training: Training, ana: User, now: datetime) -> None:
    lesson = lesson_row(training.lessons[0])

    def give(answer: str, hours: int) -> bool:
        later = now + timedelta(hours=hours)
        return answer_exercise(user_id=ana.pk, lesson=lesson, key=NUMBER, answer=answer, now=later)

    assert [give("15", 0), give("16", 1), give("17", 2)] == [False, True, False]
    row = ExerciseAnswer.objects.get()
    assert (row.answer, row.correct, row.tries) == ("17", False, 3)
    assert row.solved_at == now + timedelta(hours=1)


def test_a_word_is_taken_in_any_case(training: Training, ana: User, now: datetime) -> None:
    lesson = lesson_row(training.lessons[0])
    given: dict[str, Any] = {"key": WORD, "user_id": ana.pk, "lesson": lesson, "now": now}
    assert answer_exercise(answer=" Rewind ", **given)
    assert not answer_exercise(answer="restart", **given)


def test_progress_follows_what_was_done(training: Training, ana: User, now: datetime) -> None:
    view = describe_course(course=training.course, lesson_pages=training.lessons, user_id=ana.pk)
    assert (view.progress.done, view.progress.total) == (0, 2)
    assert view.resume_url == training.lessons[0].url
    first, second = (lesson_row(page) for page in training.lessons)
    finish_reading(user_id=ana.pk, lesson=first, now=now)
    answer_exercise(user_id=ana.pk, lesson=first, key=NUMBER, answer="16", now=now)
    view = describe_course(course=training.course, lesson_pages=training.lessons, user_id=ana.pk)
    assert view.progress.done == 1
    assert view.resume_url == training.lessons[1].url
    finish_reading(user_id=ana.pk, lesson=second, now=now)
    [mine] = list_enrolled(ana.pk, "en")
    assert (mine.slug, mine.progress.done, mine.progress.resume) == ("recovery", 2, None)
    assert mine.link is not None
    assert mine.link.title == "Recovery"
    assert list_tools(ana.pk, "en") == ()


def test_a_lesson_knows_its_neighbours(training: Training, ana: User) -> None:
    first, second = training.lessons
    view = describe_lesson(page=LessonPage.objects.get(pk=first.pk), user_id=ana.pk)
    assert (view.previous, view.following.pk, view.number, view.total) == (None, second.pk, 1, 2)
    assert view.left == 1
    view = describe_lesson(page=second, user_id=ana.pk)
    assert (view.previous.pk, view.following, view.number) == (first.pk, None, 2)


def test_the_name_is_confirmed_as_it_will_be_printed(ana: User, now: datetime) -> None:
    confirm_printed_name(user_id=ana.pk, name="Ана Ковальска", now=now)
    card = get_recipient_of_user(ana.pk)
    assert card is not None
    assert (card.name, card.name_confirmed, card.email) == ("Ана Ковальска", True, ana.email)


def test_a_recipient_of_somebody_else_is_not_renamed(ana: User, cy: User, now: datetime) -> None:
    assert confirm_printed_name(user_id=ana.pk, name="Ana Kowalska", now=now)
    recipient = get_recipient_of_user(ana.pk)
    assert recipient is not None
    cy.email = ana.email  # an account whose address turns out to be another recipient's
    User.objects.filter(pk=ana.pk).update(email="gone@baltwerk.example")
    cy.save()
    with pytest.raises(PermissionDenied):
        confirm_printed_name(user_id=cy.pk, name="Cy Hartmann", now=now)
    card = get_recipient_of_user(ana.pk)
    assert card is not None
    assert (card.id, card.name) == (recipient.id, "Ana Kowalska")


def test_an_unchanged_item_makes_no_version(training: Training) -> None:
    make_item(training.bank, "wal-single")
    assert Item.objects.get(code="wal-single").versions.count() == 1


def test_a_change_is_a_new_version_and_old_ones_never_change(training: Training) -> None:
    item = make_item(training.bank, "wal-single", stem={"en": "Better"})
    assert item.current is not None
    assert item.current.number == 2
    old = item.versions.get(number=1)
    with pytest.raises(TypeError, match="never changes"):
        old.save()
    moved = make_item(training.bank, "wal-single", "restore", stem={"en": "Better"})
    assert (moved.topic.slug, moved.versions.count()) == ("restore", 2)
