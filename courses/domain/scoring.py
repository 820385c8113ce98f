"""From responses to an outcome: points, score by topic, passed or not, what to read again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from courses.domain.items import ItemBody, credit_of

Points = int | float  # whole where it is whole, else to four decimals: for people, not for deciding
_Result = tuple["Sat", Fraction]


@dataclass(frozen=True, kw_only=True)
class Sat:
    """One place of an attempt as it was left."""

    body: ItemBody
    topic: str
    lesson_slug: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class TopicScore:
    """Points of one topic."""

    topic: str
    points: Points
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended. ``return_to`` are lesson slugs, most missed first."""

    points: Points
    maximum: int
    passed: bool
    topics: tuple[TopicScore, ...]
    return_to: tuple[str, ...]


def score(places: Sequence[Sat], *, cut_percent: int, language: str) -> Outcome:
    """Score an attempt, a point an item or a part of it by the item's rule.

    The cut is met when 100 × points ≥ cut_percent × maximum, in exact fractions.
    """
    results = [(place, credit_of(place.body, place.value, language)) for place in places]
    points, maximum = _total(results), len(results)
    missed = [place.lesson_slug for place, credit in results if credit < 1 and place.lesson_slug]
    return Outcome(
        points=_tell(points),
        maximum=maximum,
        passed=maximum > 0 and 100 * points >= cut_percent * maximum,
        topics=tuple(_by_topic(results)),
        return_to=_most_frequent(missed),
    )


def _total(results: Iterable[_Result]) -> Fraction:
    return sum((credit for _place, credit in results), Fraction(0))


def _tell(points: Fraction) -> Points:
    return int(points) if points.denominator == 1 else round(float(points), 4)


def _by_topic(results: Iterable[_Result]) -> list[TopicScore]:
    rows: dict[str, list[_Result]] = {}
    for result in results:
        rows.setdefault(result[0].topic, []).append(result)
    return [
        TopicScore(topic=topic, points=_tell(_total(found)), maximum=len(found))
        for topic, found in sorted(rows.items())
    ]


def _most_frequent(slugs: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(slugs), key=lambda slug: (-slugs.count(slug), slug)))
