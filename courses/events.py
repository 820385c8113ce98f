"""What happened in trainings, for whoever wants to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from lms.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AttemptScored(Event):
    """Base of both outcomes; ``achievement`` is empty where the training awards nothing."""

    name: ClassVar[str] = "courses.attempt.scored.v1"
    attempt_id: int
    user_id: int
    course: str
    achievement: str
    language: str


@dataclass(frozen=True, kw_only=True)
class AttemptPassed(AttemptScored):
    name: ClassVar[str] = "courses.attempt.passed.v1"


@dataclass(frozen=True, kw_only=True)
class AttemptFailed(AttemptScored):
    """``retry_at`` is when the next try opens; null means at once."""

    name: ClassVar[str] = "courses.attempt.failed.v1"
    retry_at: datetime | None
