"""What happened in trainings, for whoever wants to know, and what trainings ask."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from lms.events.ask import Question
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


@dataclass(frozen=True, kw_only=True)
class AttemptRescored(Event):
    """A later scoring run changed the result; who passes by it is told by ``AttemptPassed`` too."""

    name: ClassVar[str] = "courses.attempt.rescored.v1"
    attempt_id: int
    user_id: int
    run_id: int
    passed_before: bool
    passed: bool
    in_question: bool  # a credential rests on it and waits for somebody's decision


@dataclass(frozen=True, kw_only=True)
class CredentialKept(Event):
    """A credential in question is kept, although its test is not passed any more."""

    name: ClassVar[str] = "courses.credential.kept.v1"
    decision_id: int
    attempt_id: int
    user_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class ContestOpened(Event):
    """Somebody says that a result is wrong; what they say is in the admin."""

    name: ClassVar[str] = "courses.contest.opened.v1"
    contest_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ContestAnswered(Event):
    name: ClassVar[str] = "courses.contest.answered.v1"
    contest_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TierShift:
    """A company whose status would change: by what is gained, and if what is lost went too.

    ``recipient_ids`` are its people that were asked about.
    """

    company: str
    before: str
    gained: str
    lost: str
    recipient_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TiersAfter(Question[tuple[TierShift, ...]]):
    """Which statuses would change if people gained achievements and lost credentials.

    ``gained`` are recipients with achievements, ``lost`` recipients with codes of credentials.
    """

    gained: tuple[tuple[int, str], ...]
    lost: tuple[tuple[int, str], ...]
    on: date
    language: str


@dataclass(frozen=True, kw_only=True)
class GroupLink:
    """A person belongs to a group, such as a company; ``until`` is the first day no longer."""

    user_id: int
    group_id: int
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class GroupLinksOf(Question[tuple[GroupLink, ...]]):
    """Who belonged together when; attempts of people of one group are compared."""

    user_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class NamesOfGroups(Question[dict[int, str]]):
    """What groups are called, for those who look at a comparison."""

    group_ids: tuple[int, ...]
