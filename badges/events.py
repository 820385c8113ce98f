"""What badges tells the world, and what it asks."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lms.events.ask import Question
from lms.events.event import Event


@dataclass(frozen=True, kw_only=True)
class _OfCredential(Event):
    """What every event of a credential names."""

    credential_id: int
    code: str
    achievement: str
    recipient_id: int
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class CredentialIssued(_OfCredential):
    name: ClassVar[str] = "badges.credential.issued.v1"
    edition: int


@dataclass(frozen=True, kw_only=True)
class EditionAdded(_OfCredential):
    """A later edition: ``kind`` is name, correction or renewal."""

    name: ClassVar[str] = "badges.credential.edition_added.v1"
    edition: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class CredentialRevoked(_OfCredential):
    name: ClassVar[str] = "badges.credential.revoked.v1"
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialSuspended(_OfCredential):
    name: ClassVar[str] = "badges.credential.suspended.v1"
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialReinstated(_OfCredential):
    name: ClassVar[str] = "badges.credential.reinstated.v1"
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialExpiring(_OfCredential):
    """It holds for at most ``days`` more: told once a threshold."""

    name: ClassVar[str] = "badges.credential.expiring.v1"
    valid_until: date
    days: int


@dataclass(frozen=True, kw_only=True)
class CredentialExpired(_OfCredential):
    name: ClassVar[str] = "badges.credential.expired.v1"


@dataclass(frozen=True, kw_only=True)
class NameRequested(Event):
    """A holder asks for another printed name, or changes the wish; the name is in the admin."""

    name: ClassVar[str] = "badges.name.requested.v1"
    request_id: int
    recipient_id: int


@dataclass(frozen=True, kw_only=True)
class NameDecided(Event):
    """The vendor has decided on another printed name that the holder asked for."""

    name: ClassVar[str] = "badges.name.decided.v1"
    request_id: int
    recipient_id: int
    user_id: int | None
    approved: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecipientErased(Event):
    """A person is to be forgotten: whoever keeps something personal of them drops it."""

    name: ClassVar[str] = "badges.recipient.erased.v1"
    recipient_id: int
    user_id: int | None
    credential_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MisuseReported(Event):
    """A stranger saw a certificate misused; what was said is in the admin."""

    name: ClassVar[str] = "badges.misuse.reported.v1"
    report_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What a test asks of people; ``exercises`` are the practical part."""

    topics: tuple[str, ...]
    items: int
    minutes: int
    pass_percent: int
    exercises: int


@dataclass(frozen=True, kw_only=True)
class EffortFor(Question[Effort | None]):
    """What it takes to earn an achievement, by its code."""

    achievement: str
    language: str


@dataclass(frozen=True, kw_only=True)
class FrameFor(Question[str]):
    """What else of the site's stands on a stranger's page: another answer makes another page."""

    language: str


@dataclass(frozen=True, kw_only=True)
class CompanyOf(Question[str | None]):
    """Which company a recipient works for on a day, by the name that is printed."""

    recipient_id: int
    on: date
