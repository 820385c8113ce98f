"""Computing a test's figures and reviews, and closing a review.

What is computed opens reviews and changes nothing else: no attempt, certificate or status.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from badges.actions.actors import record, require_permission
from courses.models import Assessment, Finding, Review, StoredFigures
from courses.queries.due import find_due
from courses.queries.integrity import IntegrityReport, Suspicion, report_integrity
from courses.queries.statistics import get_figures

COMPUTE = "lms_courses.change_item"
CLOSE = "lms_courses.change_review"


class ReviewClosed(Exception):
    """Somebody closed the review already; what they wrote stands."""


@dataclass(frozen=True, kw_only=True)
class Computed:
    """What was computed for a test: from how many attempts, and which reviews it opened."""

    attempts: int
    opened: tuple[int, ...]


def compute_test(*, assessment_id: int, actor: int | None, now: datetime) -> Computed:
    """Store the figures of a test as of now, and open a review for what is newly worth a look.

    Twice opens nothing twice; what was closed stays closed. Raises ``PermissionDenied``.
    """
    require_permission(actor, COMPUTE)
    assessment = Assessment.objects.get(pk=assessment_id)
    # Read and computed before anything is locked: it takes seconds on a large test.
    figures, report = get_figures(assessment), report_integrity(assessment)
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment_id)
        StoredFigures.objects.update_or_create(
            assessment=assessment,
            defaults={
                "computed_at": now,
                "attempts": report.attempts,
                "figures": asdict(figures),
                "looked": report.looked,
            },
        )
        opened = tuple(_open_reviews(assessment, report, now))
    return Computed(attempts=report.attempts, opened=opened)


def compute_due(now: datetime) -> int:
    """Compute the test that waited longest, if any changed and was not computed today.

    One at a time: the minute's sweep has more to do, and comes again.
    """
    due = find_due(now)
    if due is None:
        return 0
    compute_test(assessment_id=due, actor=None, now=now)
    return 1


def close_review(
    *, review_id: int, outcome: str, note: str, actor: int | None, now: datetime
) -> Review:
    """Say what came of a review. Raises ``PermissionDenied`` or ``ReviewClosed``."""
    require_permission(actor, CLOSE)
    with transaction.atomic():
        review = Review.objects.select_for_update(of=("self",)).get(pk=review_id)
        if not review.is_open:
            raise ReviewClosed("the review is closed already")
        review.outcome, review.note = Review.Outcome(outcome), note
        review.closed_by_id, review.closed_at = actor, now
        review.save(update_fields=["outcome", "note", "closed_by", "closed_at"])
        record(review, "lms_courses.review_closed", actor, outcome=outcome)
    return review


def forget_reviews(*, user_id: int) -> None:
    """Drop what was written beside the attempts of a person who is to be forgotten."""
    Review.objects.filter(attempts__user=user_id).update(note="")


def _open_reviews(assessment: Assessment, report: IntegrityReport, now: datetime) -> Iterable[int]:
    known: dict[tuple[str, str], Review] = {
        (finding.kind, finding.key): finding.review
        for finding in Finding.objects.filter(assessment=assessment).select_related("review")
    }
    for suspicion in report.found:
        named = [known.get((suspicion.kind, key)) for key in suspicion.keys]
        before = [review for review in named if review]
        running = next((review for review in before if review.is_open), None)
        if running is None and len(before) == len(suspicion.keys):
            continue  # all of it was looked at
        review = running or _open(assessment, suspicion, now)
        _write(review, suspicion)
        if running is None:
            yield review.pk


def _open(assessment: Assessment, suspicion: Suspicion, now: datetime) -> Review:
    return Review.objects.create(
        assessment=assessment,
        kind=suspicion.kind,
        group=suspicion.group,
        version_id=suspicion.version,
        evidence=suspicion.evidence,
        found_at=now,
    )


def _write(review: Review, suspicion: Suspicion) -> None:
    """Bring an open review up to date; a key that another one has stays there."""
    Review.objects.filter(pk=review.pk).update(evidence=suspicion.evidence)
    review.attempts.add(*suspicion.attempts)
    Finding.objects.bulk_create(
        [
            Finding(review=review, assessment_id=review.assessment_id, kind=review.kind, key=key)
            for key in suspicion.keys
        ],
        ignore_conflicts=True,
    )
