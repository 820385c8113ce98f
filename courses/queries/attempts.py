"""Reads of attempts, always of one person: somebody else's code finds nothing."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from courses.domain.feedback import What, includes
from courses.domain.items import is_answered
from courses.domain.policy import AssessmentPolicy
from courses.domain.scoring import Points
from courses.models import Assessment, Attempt, Course, Lesson, Topic
from courses.models.localised import pick
from courses.queries.contests import (
    ContestView,
    RescoreView,
    list_contests,
    list_rescores,
    may_contest,
)
from courses.queries.feedback import QuestionView, list_questions
from courses.queries.pages import PageLink, link_courses, link_lessons
from courses.queries.sections import SectionView, list_sections


@dataclass(frozen=True, kw_only=True)
class PlaceMark:
    """A place in the overview: answered or not, and whether to be looked at again."""

    slot: int
    answered: bool
    flagged: bool = False
    section: int = 0


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """A running or finished attempt, or what of it lies ``inside`` one section.

    ``size`` is the number of all its places. ``paused_until`` is set only while a pause runs.
    """

    id: int
    code: str
    course: str
    title: str
    is_open: bool
    deadline: datetime
    closes_at: datetime
    marks: tuple[PlaceMark, ...]
    size: int
    calculator: bool = False
    sections: tuple[SectionView, ...] = ()
    current: SectionView | None = None
    paused_until: datetime | None = None
    break_left: timedelta = timedelta()

    def inside(self, number: int) -> "AttemptView":
        """Return the attempt as its pages show it while one is in a section."""
        return replace(
            self,
            current=self.section(number),
            marks=tuple(mark for mark in self.marks if mark.section == number),
        )

    def section(self, number: int) -> SectionView | None:
        return next((one for one in self.sections if one.number == number), None)

    def at(self, slot: int) -> "AttemptView":
        """Return what a place's page shows: all of it, or the section the place is in."""
        number = next((mark.section for mark in self.marks if mark.slot == slot), 0)
        return self.inside(number) if number else self

    @property
    def may_pause(self) -> bool:
        return self.break_left > timedelta()

    @property
    def break_minutes(self) -> int:
        """Minutes left for breaks, rounded up."""
        return -int(-self.break_left.total_seconds() // 60)

    @property
    def elsewhere(self) -> tuple[SectionView, ...]:
        """Other sections that are open: one may go back to them."""
        return tuple(one for one in self.sections if one.is_open and one != self.current)

    @property
    def following(self) -> SectionView | None:
        """The section after the current one."""
        after = (one for one in self.sections if self.current and one.number > self.current.number)
        return next(after, None)

    @property
    def unanswered(self) -> int:
        return self.total - self.answered

    @property
    def answered(self) -> int:
        return sum(mark.answered for mark in self.marks)

    @property
    def total(self) -> int:
        return len(self.marks)

    @property
    def flagged(self) -> int:
        return sum(mark.flagged for mark in self.marks)

    @property
    def first_open_slot(self) -> int | None:
        return next((mark.slot for mark in self.marks if not mark.answered), None)


@dataclass(frozen=True, kw_only=True)
class TopicResult:
    """Points of one topic by the name people know it by, and the percentage it asks for."""

    name: str
    points: Points
    maximum: int
    minimum: int | None = None
    missed: bool = False


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """How an attempt ended, as much of it as may be told; keys are not in it.

    Points are ``None`` and topics empty unless they are told; ``later`` is the day more is.
    """

    attempt_id: int
    code: str
    course: str
    title: str
    course_url: str
    achievement: str
    passed: bool
    told: What
    later: date | None
    has_pilots: bool
    points: Points | None
    maximum: int | None
    percent: int | None
    cut_percent: int
    missed_topic: bool
    finished_at: datetime
    minutes: int
    topics: tuple[TopicResult, ...]
    return_to: tuple[PageLink, ...]
    rescores: tuple[RescoreView, ...]
    contests: tuple[ContestView, ...]
    contestable: bool

    @property
    def tells_all(self) -> bool:
        """Whether the questions may be shown with their right answers."""
        return self.told == "full"


def _own(code: str, user_id: int) -> Attempt:
    return Attempt.objects.select_related("assessment__course__achievement").get(
        code=code, user_id=user_id
    )


def get_attempt(code: str, user_id: int, language: str, now: datetime | None = None) -> AttemptView:
    """Return an attempt of this person or raise ``Attempt.DoesNotExist``."""
    attempt, now = _own(code, user_id), now or timezone.now()
    places = list(attempt.items.values_list("slot", "flagged", "section"))
    answers = dict(attempt.responses.values_list("slot", "value"))
    course = attempt.assessment.course
    link = link_courses([course.pk], language).get(course.pk)
    return AttemptView(
        id=attempt.pk,
        code=attempt.code,
        course=course.slug,
        title=link.title if link else course.slug,
        is_open=attempt.state == Attempt.State.OPEN,
        deadline=attempt.deadline,
        closes_at=attempt.closes_at,
        marks=tuple(
            PlaceMark(
                slot=slot,
                answered=is_answered(answers.get(slot)),
                flagged=flagged,
                section=section,
            )
            for slot, flagged, section in places
        ),
        calculator=_policy(attempt).calculator,
        size=len(places),
        sections=list_sections(attempt, [section for *_, section in places], language, now),
        paused_until=attempt.paused_until if attempt.is_paused(now) else None,
        break_left=attempt.break_left,
    )


def get_result(
    code: str, user_id: int, language: str, today: date | None = None
) -> ResultView | None:
    """Return how an attempt ended, as far as its policy tells; ``None`` while it runs."""
    attempt = _own(code, user_id)
    if attempt.outcome is None or attempt.finished_at is None:
        return None
    course, outcome = attempt.assessment.course, attempt.outcome
    link = link_courses([course.pk], language).get(course.pk)
    policy, today = _policy(attempt), today or timezone.localdate()
    told = policy.feedback.told_on(today)
    scored, topical = includes(told, "score"), includes(told, "topics")
    points, maximum = outcome["points"], outcome["maximum"]
    contests = list_contests(attempt)
    return ResultView(
        attempt_id=attempt.pk,
        code=code,
        course=course.slug,
        title=link.title if link else course.slug,
        course_url=link.url if link else "",
        achievement=course.achievement.slug if course.achievement else "",
        passed=outcome["passed"],
        told=told,
        later=policy.feedback.later(today),
        has_pilots=policy.blueprint.pilots > 0,
        points=points if scored else None,
        maximum=maximum if scored else None,
        percent=_percent(points, maximum) if scored else None,
        cut_percent=policy.cut_percent,
        missed_topic=scored and bool(outcome["missed"]),
        finished_at=attempt.finished_at,
        minutes=round((attempt.finished_at - attempt.started_at).total_seconds() / 60),
        topics=_topics(attempt.assessment, outcome, policy, language) if topical else (),
        return_to=_lessons(course, outcome["return_to"], language) if topical else (),
        rescores=list_rescores(attempt, with_points=scored),
        contests=contests,
        contestable=may_contest(attempt, contests),
    )


def get_questions(code: str, user_id: int, today: date | None = None) -> tuple[QuestionView, ...]:
    """Return the questions of a finished attempt with their right answers, or nothing.

    This is the one way on which a key leaves the server: the attempt is this person's, it is
    scored, and its policy tells everything by now.
    """
    attempt = _own(code, user_id)
    told = _policy(attempt).feedback.told_on(today or timezone.localdate())
    if attempt.state != Attempt.State.SCORED or not includes(told, "full"):
        return ()
    return list_questions(attempt)


def _policy(attempt: Attempt) -> AssessmentPolicy:
    return AssessmentPolicy.model_validate(attempt.policy)


def _percent(points: Points, maximum: int) -> int:
    return int(100 * points // maximum) if maximum else 0


def _topics(
    assessment: Assessment, outcome: dict[str, Any], policy: AssessmentPolicy, language: str
) -> tuple[TopicResult, ...]:
    names = {
        topic.slug: (topic.position, pick(topic.names, language) or topic.slug)
        for topic in Topic.objects.filter(bank=assessment.bank_id)
    }
    ordered = sorted(outcome["topics"], key=lambda row: names.get(row["topic"], (0, row["topic"])))
    return tuple(
        TopicResult(
            name=names.get(row["topic"], (0, row["topic"]))[1],
            points=row["points"],
            maximum=row["maximum"],
            minimum=policy.minimums.get(row["topic"]),
            missed=row["topic"] in outcome["missed"],
        )
        for row in ordered
    )


def _lessons(course: Course, slugs: list[str], language: str) -> tuple[PageLink, ...]:
    ids = dict(Lesson.objects.filter(course=course, slug__in=slugs).values_list("slug", "pk"))
    links = link_lessons(ids.values(), language)
    return tuple(links[ids[slug]] for slug in slugs if ids.get(slug) in links)


@dataclass(frozen=True, kw_only=True)
class TestResultLine:
    """What a manager may see of a colleague's test: passed or not yet, never the answers."""

    user_id: int
    course: str
    title: str
    passed: bool
    last_try_at: datetime

    __test__ = False  # pytest would collect a class of this name


def list_results(user_ids: list[int], language: str) -> tuple[TestResultLine, ...]:
    """Return, per person and training, whether it is passed; two queries whatever their number."""
    attempts = Attempt.objects.filter(
        user_id__in=user_ids, state=Attempt.State.SCORED
    ).select_related("assessment__course")
    latest: dict[tuple[int, int], tuple[bool, Attempt]] = {}
    for attempt in attempts.order_by("finished_at"):
        key = (attempt.user_id, attempt.assessment.course_id)
        before = latest.get(key)
        latest[key] = (bool(attempt.passed) or bool(before and before[0]), attempt)
    links = link_courses({course for _, course in latest}, language)
    return tuple(
        TestResultLine(
            user_id=user_id,
            course=attempt.assessment.course.slug,
            title=links[course].title if course in links else attempt.assessment.course.slug,
            passed=passed,
            last_try_at=attempt.finished_at or attempt.started_at,
        )
        for (user_id, course), (passed, attempt) in latest.items()
    )
