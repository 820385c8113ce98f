"""From responses to an outcome: points, score by topic, passed or not, what to read again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from courses.domain.items import ItemBody, credit_of

Points = int | float  # whole where it is whole, else to four decimals: for people, not for deciding
_Result = tuple["Sat", Fraction]


@dataclass(frozen=True, kw_only=True)
class Sat:
    """One place of an attempt as it was left; a pilot does not count.

    A ``credited`` place is worth its whole point, whatever was answered.
    """

    body: ItemBody
    topic: str
    lesson_slug: str
    value: Any
    pilot: bool = False
    credited: bool = False

    def credit(self, language: str) -> Fraction:
        """Return what the answer is worth, from 0 to 1."""
        return Fraction(1) if self.credited else credit_of(self.body, self.value, language)


@dataclass(frozen=True, kw_only=True)
class TopicScore:
    """Points of one topic."""

    topic: str
    points: Points
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended. ``return_to`` are lesson slugs, most missed first.

    ``missed_cut`` says that the points in all were too few, ``missed`` in which topics they were.
    """

    points: Points
    maximum: int
    passed: bool
    topics: tuple[TopicScore, ...]
    return_to: tuple[str, ...]
    missed_cut: bool = False
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What passes: a percentage of all points, and of those of single topics."""

    percent: int
    minimums: Mapping[str, int] = field(default_factory=dict)


def score(places: Sequence[Sat], *, cut: Cut, language: str) -> Outcome:
    """Score an attempt, a point an item or a part of it by the item's rule; pilots are left out.

    A cut is met when 100 × points ≥ percent × maximum, in exact fractions. A minimum of a topic
    that gave no item asks for nothing.
    """
    counted = [place for place in places if not place.pilot]
    results = [(place, place.credit(language)) for place in counted]
    points, maximum = _total(results), len(results)
    again = [place.lesson_slug for place, credit in results if credit < 1 and place.lesson_slug]
    short = not maximum or not _meets(points, maximum, cut.percent)
    missed = tuple(_find_missed(results, cut.minimums))
    return Outcome(
        points=_tell(points),
        maximum=maximum,
        passed=not short and not missed,
        topics=tuple(_by_topic(results)),
        return_to=_most_frequent(again),
        missed_cut=short,
        missed=missed,
    )


def _meets(points: Fraction, maximum: int, percent: int) -> bool:
    return 100 * points >= percent * maximum


def _find_missed(results: Sequence[_Result], minimums: Mapping[str, int]) -> Iterator[str]:
    for topic, percent in sorted(minimums.items()):
        found = [result for result in results if result[0].topic == topic]
        if not _meets(_total(found), len(found), percent):
            yield topic


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
