"""From responses to an outcome: points, score by topic, passed or not, what to read again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from courses.domain.items import ItemBody, is_correct


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
    points: int
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended. ``return_to`` are lesson slugs, most missed first."""

    points: int
    maximum: int
    passed: bool
    topics: tuple[TopicScore, ...]
    return_to: tuple[str, ...]


def score(places: Sequence[Sat], *, cut_percent: int, language: str) -> Outcome:
    """Score an attempt. The cut is met when 100 × points ≥ cut_percent × maximum, in integers."""
    results = [(place, is_correct(place.body, place.value, language)) for place in places]
    points, maximum = sum(right for _, right in results), len(results)
    missed = [place.lesson_slug for place, right in results if not right and place.lesson_slug]
    return Outcome(
        points=points,
        maximum=maximum,
        passed=maximum > 0 and 100 * points >= cut_percent * maximum,
        topics=tuple(_by_topic(results)),
        return_to=_most_frequent(missed),
    )


def _by_topic(results: Iterable[tuple[Sat, bool]]) -> list[TopicScore]:
    rows: dict[str, list[bool]] = {}
    for place, right in results:
        rows.setdefault(place.topic, []).append(right)
    return [
        TopicScore(topic=topic, points=sum(rights), maximum=len(rights))
        for topic, rights in sorted(rows.items())
    ]


def _most_frequent(slugs: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(slugs), key=lambda slug: (-slugs.count(slug), slug)))
