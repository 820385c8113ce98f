"""Contested results: a person's own, and those that staff answer."""

from dataclasses import dataclass
from datetime import date, datetime

from courses.domain.contests import MOST
from courses.domain.scoring import Points
from courses.models import Attempt, Contest, CredentialDecision, Rescore, ScoringRun
from courses.queries.pages import link_courses


@dataclass(frozen=True, kw_only=True)
class ContestView:
    """A contest as the person who opened it sees it."""

    id: int
    slot: int | None
    reason: str
    opened_at: datetime
    due_on: date
    is_open: bool
    outcome: str
    said: str  # the outcome in words
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RescoreView:
    """A result that was scored again; points are ``None`` unless they are told.

    ``decision`` is that on the certificate it put in question, if it did: due, kept, revoked or
    moot.
    """

    at: datetime
    reason: str
    passed_before: bool
    passed_after: bool
    points_before: Points | None
    maximum_before: int | None
    points_after: Points | None
    maximum_after: int | None
    decision: str


def list_contests(attempt: Attempt) -> tuple[ContestView, ...]:
    """Return what a person contested of an attempt, the newest first."""
    return tuple(
        ContestView(
            id=row.pk,
            slot=row.slot,
            reason=row.reason,
            opened_at=row.opened_at,
            due_on=row.due_on,
            is_open=row.is_open,
            outcome=row.outcome,
            said=row.get_outcome_display(),
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in attempt.contests.all()
    )


def may_contest(attempt: Attempt, contests: tuple[ContestView, ...]) -> bool:
    """Whether anything more of an attempt may be contested."""
    return attempt.state == Attempt.State.SCORED and len(contests) < MOST


def list_rescores(attempt: Attempt, *, with_points: bool) -> tuple[RescoreView, ...]:
    """Return the times a result was scored again, the newest first."""
    rows = Rescore.objects.filter(attempt=attempt).select_related("run", "decision")
    return tuple(
        RescoreView(
            at=row.run.created_at,
            reason=row.run.reason,
            passed_before=row.passed_before,
            passed_after=row.passed_after,
            points_before=row.before["points"] if with_points else None,
            maximum_before=row.before["maximum"] if with_points else None,
            points_after=row.after["points"] if with_points else None,
            maximum_after=row.after["maximum"] if with_points else None,
            decision=row.decision.state if hasattr(row, "decision") else "",
        )
        for row in rows.order_by("-run")
    )


@dataclass(frozen=True, kw_only=True)
class ContestNotice:
    """A contest as a mail names it; what either side wrote stays on the page."""

    title: str
    code: str
    due_on: date
    outcome: str


def describe_contest(contest_id: int, language: str) -> ContestNotice:
    """Return the training's title, the attempt's code, the day and the outcome."""
    rows = Contest.objects.select_related("attempt__assessment__course")
    contest = rows.get(pk=contest_id)
    course = contest.attempt.assessment.course
    link = link_courses([course.pk], language).get(course.pk)
    return ContestNotice(
        title=link.title if link else course.slug,
        code=contest.attempt.code,
        due_on=contest.due_on,
        outcome=contest.outcome,
    )


def get_run_reason(run_id: int) -> str:
    """Return why attempts were scored again, as those concerned read it."""
    return ScoringRun.objects.values_list("reason", flat=True).get(pk=run_id)


def get_decision_reason(decision_id: int) -> str:
    """Return why a credential in question was kept or revoked."""
    return CredentialDecision.objects.values_list("reason", flat=True).get(pk=decision_id)
