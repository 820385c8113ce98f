"""What the page before a test says: its rules for this person, and all that stands in the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.domain.policy import AssessmentPolicy
from courses.domain.retakes import YEAR, AttemptRefused, LessonsToRevisit, YearIsFull
from courses.domain.sections import Section, stretch
from courses.models import Accommodation, Assessment, Lesson, Topic
from courses.models.localised import pick
from courses.queries.pages import PageLink, link_lessons
from courses.queries.retakes import find_waiver, list_obstacles


@dataclass(frozen=True, kw_only=True)
class ObstacleView:
    """One thing in the way: its kind, the moment it ends, and what it is about."""

    kind: str
    opens_at: datetime | None
    lessons: tuple[PageLink, ...] = ()
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class TopicMinimum:
    """A topic by its name, and the percentage to reach in it."""

    name: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class SectionRule:
    """A section before the test; ``questions`` is unknown where some on trial stand beside."""

    title: str
    questions: int | None
    minutes: int | None
    one_way: bool


@dataclass(frozen=True, kw_only=True)
class TestRules:
    """The rules as they hold for one person; ``minutes`` are theirs, ``left`` tries of a year."""

    policy: AssessmentPolicy
    minutes: int
    minimums: tuple[TopicMinimum, ...]
    obstacles: tuple[ObstacleView, ...]
    waived: bool
    left: int | None
    sections: tuple[SectionRule, ...] = ()
    break_minutes: int = 0

    __test__ = False  # pytest would collect a class of this name

    @property
    def is_one_way(self) -> bool:
        return any(section.one_way for section in self.sections)

    @property
    def may_start(self) -> bool:
        return self.waived or not self.obstacles

    @property
    def waits(self) -> str:
        """The waits after the first, the second, … failed try, as they are read."""
        days = [str(one) for one in self.policy.retakes.wait_days]
        return ", ".join(days) + (" …" if len(days) > 1 else "")

    @property
    def has_more_time(self) -> bool:
        return self.minutes > self.policy.minutes


def describe_rules(assessment: Assessment, user_id: int, language: str, now: datetime) -> TestRules:
    """Return the rules of a test for a person, obstacles with their lessons and moments."""
    policy = assessment.policy
    given = Accommodation.objects.filter(user_id=user_id).first()
    time = given.rule.extend(policy.minutes) if given else policy.time
    found = list_obstacles(assessment, user_id, now)
    return TestRules(
        policy=policy,
        minutes=int(time.total_seconds()) // 60,
        minimums=_minimums(assessment, policy, language),
        obstacles=tuple(_show(one, assessment, language) for one in found),
        waived=bool(found and assessment.accepting and find_waiver(assessment, user_id)),
        left=_count_left(assessment, policy, user_id, now),
        sections=tuple(_section(one, policy, language, time) for one in policy.sections),
        break_minutes=given.break_minutes if given else 0,
    )


def _section(
    section: Section, policy: AssessmentPolicy, language: str, time: timedelta
) -> SectionRule:
    own = stretch(section.minutes or 0, test=policy.minutes, lasts=time)
    return SectionRule(
        title=pick(section.title, language),
        questions=None if policy.blueprint.pilots else section.count(policy.blueprint),
        minutes=int(own.total_seconds()) // 60 if section.minutes else None,
        one_way=section.one_way,
    )


def _show(obstacle: AttemptRefused, assessment: Assessment, language: str) -> ObstacleView:
    slugs = obstacle.slugs if isinstance(obstacle, LessonsToRevisit) else ()
    lessons = Lesson.objects.filter(course=assessment.course_id, slug__in=slugs)
    ids = dict(lessons.values_list("slug", "pk"))
    links = link_lessons(ids.values(), language) if ids else {}
    return ObstacleView(
        kind=obstacle.kind,
        opens_at=obstacle.opens_at,
        lessons=tuple(links[ids[slug]] for slug in slugs if ids.get(slug) in links),
        most=obstacle.most if isinstance(obstacle, YearIsFull) else 0,
    )


def _minimums(
    assessment: Assessment, policy: AssessmentPolicy, language: str
) -> tuple[TopicMinimum, ...]:
    topics = Topic.objects.filter(bank=assessment.bank_id, slug__in=list(policy.minimums))
    return tuple(
        TopicMinimum(
            name=pick(topic.names, language) or topic.slug, percent=policy.minimums[topic.slug]
        )
        for topic in topics
    )


def _count_left(
    assessment: Assessment, policy: AssessmentPolicy, user_id: int, now: datetime
) -> int | None:
    most = policy.retakes.most_in_year
    if most is None:
        return None
    used = assessment.attempts.filter(user_id=user_id, started_at__gt=now - YEAR).count()
    return max(0, most - used)
