"""When somebody may try again, as data, and everything that stands in the way of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from courses.domain.blueprint import Frozen

YEAR = timedelta(days=365)
Days = Annotated[int, Field(ge=0, le=3650)]


class RetakePolicy(Frozen):
    """The rules of trying again.

    ``wait_days`` are the days after the first, the second, … failed try; the last one repeats.
    ``most_in_year`` limits the tries begun within 365 days. With ``revisit`` the lessons that the
    last result pointed to are read again first. ``once_passed`` is when somebody who passed may
    try again: after so many days, within the renewal window of what was earned, or at any time.
    """

    wait_days: tuple[Days, ...] = (1, 7, 14)
    most_in_year: int | None = Field(default=None, ge=1, le=100)
    revisit: bool = False
    once_passed: Days | Literal["window"] | None = None


@dataclass(frozen=True, kw_only=True)
class Try:
    """An earlier attempt of a person; one that runs is not ended and neither passed nor failed."""

    started_at: datetime
    ended_at: datetime | None = None
    passed: bool | None = None
    return_to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What else counts: lessons with the moment each was last read, and what the pass earned.

    While ``holds``, a renewal opens at ``renewal_at``, or never if that is ``None``.
    """

    read_at: Mapping[str, datetime | None]
    holds: bool = False
    renewal_at: datetime | None = None


class AttemptRefused(Exception):
    """A new try cannot start; ``opens_at`` is the moment this obstacle ends, if one is known."""

    kind = "other"

    def __init__(self, message: str, opens_at: datetime | None = None) -> None:
        super().__init__(message)
        self.opens_at = opens_at


class AssessmentClosed(AttemptRefused):
    """The test takes no new tries at present."""

    kind = "closed"


class RetakeTooEarly(AttemptRefused):
    """The wait after a failed try is not over."""

    kind = "wait"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(f"the next try opens at {opens_at:%Y-%m-%d %H:%M}", opens_at)


class YearIsFull(AttemptRefused):
    """All tries of 365 days are used."""

    kind = "year"

    def __init__(self, most: int, opens_at: datetime) -> None:
        super().__init__(f"all {most} tries of 365 days are used", opens_at)
        self.most = most


class LessonsToRevisit(AttemptRefused):
    """Lessons that the last result pointed to were not read again since."""

    kind = "lessons"

    def __init__(self, slugs: tuple[str, ...]) -> None:
        super().__init__(f"read again first: {', '.join(slugs)}")
        self.slugs = slugs


class PassedAlready(AttemptRefused):
    """Somebody who passed need not try again yet, or at all while the certificate holds."""

    kind = "passed"

    def __init__(self, opens_at: datetime | None) -> None:
        super().__init__("this test is passed", opens_at)


def find_obstacles(
    policy: RetakePolicy, tries: Sequence[Try], standing: Standing, now: datetime
) -> tuple[AttemptRefused, ...]:
    """Return everything that keeps a person from starting now, in the order it is told."""
    return tuple(_find(policy, sorted(tries, key=lambda one: one.started_at), standing, now))


def next_opening(policy: RetakePolicy, tries: Sequence[Try], now: datetime) -> datetime | None:
    """Return when waits and the year's limit are over; ``None`` if they are."""
    found = find_obstacles(policy, tries, Standing(read_at={}), now)
    return max((one.opens_at for one in found if one.opens_at), default=None)


def _find(
    policy: RetakePolicy, tries: Sequence[Try], standing: Standing, now: datetime
) -> Iterator[AttemptRefused]:
    passes = [one.ended_at for one in tries if one.passed and one.ended_at]
    passed_at = max(passes, default=None)
    failed = [
        one
        for one in tries
        if one.passed is False and one.ended_at and (not passed_at or one.ended_at > passed_at)
    ]
    if passed_at:
        yield from _after_pass(policy, passed_at, standing, now)
    yield from _waits(policy, failed, now)
    yield from _year(policy, tries, now)
    if policy.revisit and failed:
        yield from _lessons(failed[-1], standing)


def _after_pass(
    policy: RetakePolicy, passed_at: datetime, standing: Standing, now: datetime
) -> Iterator[AttemptRefused]:
    if policy.once_passed is None:
        return
    if policy.once_passed != "window":
        opens_at = passed_at + timedelta(days=policy.once_passed)
        if opens_at > now:
            yield PassedAlready(opens_at)
    elif standing.holds and (standing.renewal_at is None or standing.renewal_at > now):
        yield PassedAlready(standing.renewal_at)


def _waits(policy: RetakePolicy, failed: Sequence[Try], now: datetime) -> Iterator[AttemptRefused]:
    opens_at = next_try_at([one.ended_at for one in failed if one.ended_at], policy.wait_days)
    if opens_at and opens_at > now:
        yield RetakeTooEarly(opens_at)


def _year(policy: RetakePolicy, tries: Sequence[Try], now: datetime) -> Iterator[AttemptRefused]:
    recent = [one.started_at for one in tries if one.started_at > now - YEAR]
    if policy.most_in_year and len(recent) >= policy.most_in_year:
        yield YearIsFull(policy.most_in_year, recent[-policy.most_in_year] + YEAR)


def _lessons(last: Try, standing: Standing) -> Iterator[AttemptRefused]:
    known = [slug for slug in last.return_to if slug in standing.read_at]
    unread = [slug for slug in known if not _is_later(standing.read_at[slug], last.ended_at)]
    if unread:
        yield LessonsToRevisit(tuple(unread))


def _is_later(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment > than


def next_try_at(failed_at: Sequence[datetime], waits: Sequence[int]) -> datetime | None:
    """Return when a person who failed at these moments may try again; ``None`` means now.

    The wait after the n-th failure is the n-th number of days; the last number repeats.
    """
    if not failed_at or not waits:
        return None
    wait = waits[min(len(failed_at), len(waits)) - 1]
    return max(failed_at) + timedelta(days=wait)
