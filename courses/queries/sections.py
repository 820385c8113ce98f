"""The sections of a running attempt, as its pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.domain.policy import AssessmentPolicy
from courses.domain.sections import Progress, next_due, stretch
from courses.models import Attempt
from courses.models.localised import pick


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A section: not begun, open or closed. ``minutes`` are this person's, ``due`` says that it
    may be entered now."""

    number: int
    title: str
    questions: int
    minutes: int | None
    one_way: bool
    begun: bool
    is_open: bool
    due: bool
    deadline: datetime | None


def list_sections(
    attempt: Attempt, numbers: Sequence[int], language: str, now: datetime
) -> tuple[SectionView, ...]:
    """Return the sections of an attempt; ``numbers`` are those of its places."""
    if not any(numbers):
        return ()
    policy = AssessmentPolicy.model_validate(attempt.policy)
    rows, counts = list(attempt.sections.all()), Counter(numbers)
    rules = {row.number: policy.sections[row.number - 1] for row in rows}
    due = next_due(
        [
            Progress(
                number=row.number,
                one_way=rules[row.number].one_way,
                opened=row.opened_at is not None,
                closed=row.is_closed(now),
            )
            for row in rows
        ]
    )
    lasts = attempt.deadline - attempt.lasts(timedelta())
    return tuple(
        SectionView(
            number=row.number,
            title=pick(rules[row.number].title, language),
            questions=counts[row.number],
            minutes=_minutes(rules[row.number].minutes, policy, lasts),
            one_way=rules[row.number].one_way,
            begun=row.opened_at is not None,
            is_open=row.is_open(now),
            due=row.number == due,
            deadline=row.deadline,
        )
        for row in rows
    )


def _minutes(minutes: int | None, policy: AssessmentPolicy, lasts: timedelta) -> int | None:
    if minutes is None:
        return None
    return int(stretch(minutes, test=policy.minutes, lasts=lasts).total_seconds()) // 60
