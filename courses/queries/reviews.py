"""Reviews for those who look at them: names of people and companies are joined here alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from courses.events import NamesOfGroups
from courses.models import Attempt, AttemptItem, Response, Review, StoredFigures
from courses.queries.said import say
from lms.events.ask import ask

COLUMNS = ("review", "kind", "test", "company", "item", "people", "found", "outcome", "chance")


@dataclass(frozen=True, kw_only=True)
class SaidTheSame:
    """A question at which two people gave the same wrong answer."""

    question: str
    one: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PairView:
    """Two people side by side; ``figures`` are those of the evidence."""

    one: Attempt
    other: Attempt
    figures: dict[str, Any]
    places: tuple[SaidTheSame, ...]


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Some answers to an item in a row."""

    first: datetime | None
    last: datetime | None
    answers: int
    right: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """A review with what it rests on."""

    review: Review
    company: str
    attempts: tuple[Attempt, ...]
    pairs: tuple[PairView, ...]
    steps: tuple[StepView, ...]
    since: datetime | None


def name_groups(ids: Iterable[int | None]) -> dict[int, str]:
    """Return names of companies; one that nobody knows is called by its number."""
    wanted = tuple(sorted({one for one in ids if one is not None}))
    known = {name: f"#{name}" for name in wanted}
    for answer in ask(NamesOfGroups(group_ids=wanted)) if wanted else ():
        known |= answer
    return known


def get_review(pk: int) -> ReviewView:
    """Return a review or raise ``Review.DoesNotExist``; as many statements for any evidence."""
    review = Review.objects.select_related("assessment__course", "version__item", "closed_by").get(
        pk=pk
    )
    attempts = {one.pk: one for one in review.attempts.select_related("user").order_by("pk")}
    evidence = review.evidence
    return ReviewView(
        review=review,
        company=name_groups([review.group]).get(review.group or 0, ""),
        attempts=tuple(attempts.values()),
        pairs=tuple(_tell_pairs(evidence.get("pairs", ()), attempts)),
        steps=tuple(
            StepView(**{**step, "first": parse_datetime(step["first"]),
                        "last": parse_datetime(step["last"])})
            for step in evidence.get("steps", ())
        ),
        since=parse_datetime(evidence["since"]) if "since" in evidence else None,
    )  # fmt: skip


def list_looked() -> list[StoredFigures]:
    """Return what was looked at, test by test."""
    stored = StoredFigures.objects.select_related("assessment__course")
    return list(stored.order_by("assessment__course__slug"))


def list_review_rows() -> Iterator[tuple[object, ...]]:
    """Yield a header and a row a review, newest first; people by the number of their account."""
    yield COLUMNS
    reviews = Review.objects.select_related("assessment__course", "version__item")
    rows = list(reviews.prefetch_related("attempts"))
    companies = name_groups(review.group for review in rows)
    for review in rows:
        people = sorted({attempt.user_id for attempt in review.attempts.all()})
        yield (
            review.pk,
            review.kind,
            review.assessment.course.slug,
            companies.get(review.group or 0, ""),
            f"{review.version.item.code} v{review.version.number}" if review.version else "",
            " ".join(str(one) for one in people),
            review.found_at.isoformat(timespec="seconds"),
            review.outcome,
            f"{review.evidence['chance']:.2g}",
        )


def _tell_pairs(pairs: Any, attempts: dict[int, Attempt]) -> Iterator[PairView]:
    rows = AttemptItem.objects.filter(attempt__in=attempts).select_related("version")
    places = {(row.attempt_id, row.version_id): row for row in rows} if pairs else {}
    answers = Response.objects.filter(attempt__in=attempts) if pairs else ()
    values = {(row.attempt_id, row.slot): row.value for row in answers}
    for pair in pairs:
        told = []
        for place in pair["places"]:
            one, other = (places[place[side], place["version"]] for side in ("one", "other"))
            told.append(
                SaidTheSame(
                    question=_("Question %(one)s and %(other)s")
                    % {"one": one.slot, "other": other.slot},
                    one=_say(one, attempts, values),
                    other=_say(other, attempts, values),
                )
            )
        first = pair["places"][0]
        yield PairView(
            one=attempts[first["one"]],
            other=attempts[first["other"]],
            figures=pair,
            places=tuple(told),
        )


def _say(
    place: AttemptItem, attempts: dict[int, Attempt], values: dict[tuple[int, int], Any]
) -> tuple[str, ...]:
    value = values.get((place.attempt_id, place.slot))
    language = attempts[place.attempt_id].language
    return say(place.version.parsed, value, language, order=place.option_order)
