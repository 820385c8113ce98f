"""Scoring runs as staff read them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.domain.scoring import Points
from courses.events import TierShift
from courses.models import CredentialDecision, Rescore, ScoringRun
from courses.queries.corrections import CorrectionView, describe_corrections
from courses.queries.people import PersonName, name_people
from courses.queries.regrading import GONE, HELD, ISSUE, QUESTION, Change

SIZE = 50  # rows on a page
DUE = CredentialDecision.State.DUE


@dataclass(frozen=True, kw_only=True)
class Row:
    """A result before and after, with who it is of."""

    attempt_id: int
    person: PersonName
    course: str
    number: int
    passed_before: bool
    passed_after: bool
    points_before: Points
    maximum_before: int
    points_after: Points
    maximum_after: int
    certificate: str = ""
    status: str = ""

    @property
    def turned(self) -> bool:
        return self.passed_before != self.passed_after


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """A credential to decide on, or decided on."""

    id: int
    attempt_id: int
    person: PersonName
    code: str
    state: str
    said: str
    reason: str
    decided_by: str
    decided_at: datetime | None

    @property
    def is_due(self) -> bool:
        return self.state == DUE


def list_runs() -> QuerySet[ScoringRun]:
    """Return runs, the newest first, each with the number of its ``due`` decisions."""
    due = Count("rescores__decision", filter=Q(rescores__decision__state=DUE))
    return ScoringRun.objects.select_related("created_by").annotate(due=due).order_by("-pk")


def describe_run(run: ScoringRun) -> tuple[CorrectionView, ...]:
    """Return what a run corrected."""
    return describe_corrections([row.rule for row in run.corrections.all()])


def list_decisions(run: ScoringRun) -> tuple[DecisionView, ...]:
    """Return the credentials a run put in question, those to decide on first."""
    rows = CredentialDecision.objects.filter(rescore__run=run)
    found = list(rows.select_related("rescore__attempt", "decided_by").order_by("pk"))
    people = name_people(row.rescore.attempt.user_id for row in found)
    return tuple(
        DecisionView(
            id=row.pk,
            attempt_id=row.rescore.attempt_id,
            person=people[row.rescore.attempt.user_id],
            code=row.code,
            state=row.state,
            said=row.get_state_display(),
            reason=row.reason,
            decided_by=row.decided_by.get_full_name() if row.decided_by else "",
            decided_at=row.decided_at,
        )
        for row in sorted(found, key=lambda one: (one.state != DUE, one.pk))
    )


def get_page(run: ScoringRun, number: str) -> tuple[Page[Rescore], tuple[Row, ...]]:
    """Return a page of a run's results."""
    rows = run.rescores.select_related("attempt__assessment__course")
    page = Paginator(rows.order_by("passed_after", "pk"), SIZE).get_page(number)
    return page, tuple(_name_rescores(list(page.object_list)))


def list_all(run: ScoringRun) -> Iterator[Row]:
    """Yield every result of a run, a batch of names at a time."""
    rows = run.rescores.select_related("attempt__assessment__course").order_by("pk")
    paginator = Paginator(rows, 500)
    for page in paginator:
        yield from _name_rescores(list(page.object_list))


def _name_rescores(rows: Sequence[Rescore]) -> Iterator[Row]:
    people = name_people(row.attempt.user_id for row in rows)
    for row in rows:
        yield Row(
            attempt_id=row.attempt_id,
            person=people[row.attempt.user_id],
            course=row.attempt.assessment.course.slug,
            number=row.attempt.number,
            passed_before=row.passed_before,
            passed_after=row.passed_after,
            points_before=row.before["points"],
            maximum_before=row.before["maximum"],
            points_after=row.after["points"],
            maximum_after=row.after["maximum"],
        )


def name_changes(changes: Sequence[Change], shifts: Iterable[TierShift]) -> Iterator[Row]:
    """Yield a preview's changes as rows, with certificate and company's status in words."""
    people = name_people(change.user_id for change in changes)
    statuses = {person: shift for shift in shifts for person in shift.recipient_ids}
    for change in changes:
        shift = statuses.get(change.recipient.id) if change.recipient else None
        concerned = change.effect in (ISSUE, QUESTION)
        yield Row(
            attempt_id=change.attempt_id,
            person=people[change.user_id],
            course=change.course,
            number=change.number,
            passed_before=change.before["passed"],
            passed_after=change.after.passed,
            points_before=change.before["points"],
            maximum_before=change.before["maximum"],
            points_after=change.after.points,
            maximum_after=change.after.maximum,
            certificate=say_effect(change),
            status=say_shift(shift) if shift and concerned else "",
        )


def say_effect(change: Change) -> str:
    """Say what becomes of the certificate."""
    if change.effect == QUESTION and change.renewed:
        said = _("%(code)s, renewed by this test: to decide")
    else:
        said = {
            ISSUE: _("one follows"),
            HELD: _("has one by a later try"),
            QUESTION: _("%(code)s: to decide"),
            GONE: _("%(code)s was revoked: issue one by hand if it is due"),
        }.get(change.effect, "")
    return said % {"code": change.code} if said else ""


def say_shift(shift: TierShift) -> str:
    """Say how a company's status would change."""
    if shift.lost == shift.gained:
        return f"{shift.company}: {shift.before} → {shift.gained}"
    return _("%(company)s: %(before)s → %(gained)s; %(lost)s if revoked") % {
        "company": shift.company,
        "before": shift.before,
        "gained": shift.gained,
        "lost": shift.lost,
    }


def list_cells(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Yield a header and a row a result, for a file."""
    yield (
        _("Person"), _("E-mail"), pgettext("attempt", "Training"), _("Attempt"), _("Passed before"),
        _("Points before"), _("Of"), _("Passed after"), _("Points after"), _("Of"),
        _("Certificate"), _("Status of the company"),
    )  # fmt: skip
    for row in rows:
        yield (
            row.person.name, row.person.email, row.course, row.number,
            _yes_no(row.passed_before), row.points_before, row.maximum_before,
            _yes_no(row.passed_after), row.points_after, row.maximum_after,
            row.certificate, row.status,
        )  # fmt: skip


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
