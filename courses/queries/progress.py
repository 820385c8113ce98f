"""How far somebody is in a training, a lesson, a test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from courses.domain.policy import AssessmentPolicy
from courses.domain.progress import CourseState, LessonState, count_solved, summarise
from courses.domain.retakes import next_opening
from courses.models import (
    Assessment,
    Attempt,
    Course,
    Enrolment,
    ExerciseAnswer,
    Lesson,
    LessonProgress,
    Waiver,
)
from courses.queries.pages import PageLink, link_courses
from courses.queries.retakes import describe_tries


@dataclass(frozen=True, kw_only=True)
class TestPanel:
    """What a person can do about the test of a training."""

    policy: AssessmentPolicy
    accepting: bool
    open_code: str | None
    passed_code: str | None
    last_code: str | None
    tries: int
    opens_at: datetime | None

    __test__ = False  # pytest would collect a class of this name


@dataclass(frozen=True, kw_only=True)
class LessonRow:
    """A lesson in the list of its training."""

    title: str
    summary: str
    url: str
    state: LessonState


@dataclass(frozen=True, kw_only=True)
class TrainingView:
    """A training as one person sees it."""

    course: Course
    lessons: tuple[LessonRow, ...]
    progress: CourseState
    resume_url: str
    test: TestPanel | None


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """A lesson as one person sees it."""

    lesson: Lesson
    course_page: Any
    state: LessonState
    answers: dict[str, ExerciseAnswer]
    watched_seconds: int
    previous: Any
    following: Any
    number: int
    total: int

    @property
    def left(self) -> int:
        """How many exercises are not solved yet."""
        return self.state.exercises - self.state.solved


@dataclass(frozen=True, kw_only=True)
class EnrolledCourse:
    """A training somebody takes, for their own list."""

    slug: str
    link: PageLink | None
    progress: CourseState
    test: TestPanel | None


def lesson_states(lessons: Sequence[Lesson], user_id: int | None) -> list[LessonState]:
    """Return each lesson's state for a person, in two queries whatever their number."""
    ids = [lesson.pk for lesson in lessons]
    known = {
        row.lesson_id: row for row in LessonProgress.objects.filter(user=user_id, lesson__in=ids)
    }
    solved: dict[int, set[str]] = {}
    answers = ExerciseAnswer.objects.filter(user=user_id, lesson__in=ids, solved_at__isnull=False)
    for lesson_id, code in answers.values_list("lesson_id", "code"):
        solved.setdefault(lesson_id, set()).add(code)
    return [
        _state(lesson, known.get(lesson.pk), solved.get(lesson.pk, set())) for lesson in lessons
    ]


def _state(lesson: Lesson, row: LessonProgress | None, solved: set[str]) -> LessonState:
    return LessonState(
        lesson_id=lesson.pk,
        slug=lesson.slug,
        opened=row is not None,
        read=bool(row and row.read_at),
        exercises=len(lesson.exercises),
        solved=count_solved(lesson.exercises, solved),
    )


def describe_course(
    *, course: Course, lesson_pages: Sequence[Any], user_id: int | None
) -> TrainingView:
    """Return a training with its lessons in page order and what the person did of them."""
    lessons = Lesson.objects.in_bulk([page.lesson_id for page in lesson_pages])
    states = lesson_states([lessons[page.lesson_id] for page in lesson_pages], user_id)
    rows = tuple(
        LessonRow(title=page.title, summary=page.summary, url=page.url or "", state=state)
        for page, state in zip(lesson_pages, states, strict=True)
    )
    return TrainingView(
        course=course,
        lessons=rows,
        progress=summarise(states),
        resume_url=next((row.url for row in rows if not row.state.complete), ""),
        test=get_test_panels([course.pk], user_id).get(course.pk),
    )


def describe_lesson(*, page: Any, user_id: int | None) -> LessonView:
    """Return a lesson with its neighbours and the person's answers."""
    course_page = page.get_parent().specific
    siblings = list(course_page.get_children().live())
    lesson = page.lesson or Lesson(slug=page.slug)  # a page previewed before it is saved
    place = next((n for n, other in enumerate(siblings) if other.pk == page.pk), 0)
    row = LessonProgress.objects.filter(user=user_id, lesson=page.lesson_id).first()
    answers = {
        answer.code: answer
        for answer in ExerciseAnswer.objects.filter(user=user_id, lesson=page.lesson_id)
    }
    solved = {code for code, answer in answers.items() if answer.solved_at}
    return LessonView(
        lesson=lesson,
        course_page=course_page,
        state=_state(lesson, row, solved),
        answers=answers,
        watched_seconds=row.watched_seconds if row else 0,
        previous=siblings[place - 1] if place else None,
        following=siblings[place + 1] if place + 1 < len(siblings) else None,
        number=place + 1,
        total=max(len(siblings), 1),
    )


def get_test_panels(course_ids: Iterable[int], user_id: int | None) -> dict[int, TestPanel]:
    """Return the test of each training that has one, in three queries whatever their number."""
    now = timezone.now()
    assessments = list(Assessment.objects.filter(course__in=list(course_ids)))
    attempts: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(user=user_id, assessment__in=assessments):
        attempts.setdefault(attempt.assessment_id, []).append(attempt)
    panels = {
        assessment.course_id: _panel(assessment, attempts.get(assessment.pk, []), now)
        for assessment in assessments
    }
    if not any(panel.opens_at for panel in panels.values()):
        return panels
    waived = Waiver.objects.filter(user=user_id, assessment__in=assessments, attempt=None)
    for course_id in waived.values_list("assessment__course_id", flat=True):
        panels[course_id] = replace(panels[course_id], opens_at=None)
    return panels


def _panel(assessment: Assessment, attempts: list[Attempt], now: datetime) -> TestPanel:
    attempts = sorted(attempts, key=lambda attempt: attempt.number)
    policy = assessment.policy
    return TestPanel(
        policy=policy,
        accepting=assessment.accepting,
        open_code=next((a.code for a in attempts if a.state == Attempt.State.OPEN), None),
        passed_code=next((a.code for a in reversed(attempts) if a.passed), None),
        last_code=next((a.code for a in reversed(attempts) if a.passed is not None), None),
        tries=len(attempts),
        opens_at=next_opening(policy.retakes, describe_tries(attempts), now),
    )


def list_enrolled(user_id: int, language: str) -> tuple[EnrolledCourse, ...]:
    """Return the trainings a person takes, the newest first, in a constant number of queries."""
    enrolments = Enrolment.objects.filter(user=user_id).order_by("-enrolled_at")
    courses = [row.course for row in enrolments.select_related("course")]
    ids = [course.pk for course in courses]
    links, panels = link_courses(ids, language), get_test_panels(ids, user_id)
    lessons = list(Lesson.objects.filter(course__in=ids))
    states: dict[int, list[LessonState]] = {}
    for lesson, state in zip(lessons, lesson_states(lessons, user_id), strict=True):
        states.setdefault(lesson.course_id, []).append(state)
    return tuple(
        EnrolledCourse(
            slug=course.slug,
            link=links.get(course.pk),
            progress=summarise(states.get(course.pk, [])),
            test=panels.get(course.pk),
        )
        for course in courses
    )


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A test not yet passed, as a notice names it."""

    title: str
    code: str


def describe_failure(attempt_id: int, language: str) -> Failure:
    """Return the training's title and the attempt's code."""
    attempt = Attempt.objects.select_related("assessment__course").get(pk=attempt_id)
    course = attempt.assessment.course
    link = link_courses([course.pk], language).get(course.pk)
    return Failure(title=link.title if link else course.slug, code=attempt.code)
