"""What badges tells the world, and the one thing it asks."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lms.events.ask import Question
from lms.events.event import Event


@dataclass(frozen=True, kw_only=True)
class CredentialIssued(Event):
    name: ClassVar[str] = "badges.credential.issued.v1"
    credential_id: int
    code: str
    achievement: str
    recipient_id: int
    user_id: int | None
    edition: int


@dataclass(frozen=True, kw_only=True)
class CredentialRevoked(Event):
    name: ClassVar[str] = "badges.credential.revoked.v1"
    credential_id: int
    code: str
    achievement: str
    recipient_id: int
    user_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CredentialExpired(Event):
    name: ClassVar[str] = "badges.credential.expired.v1"
    credential_id: int
    code: str
    achievement: str
    recipient_id: int
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class CompanyOf(Question[str | None]):
    """Which company a recipient works for on a day, by the name that is printed."""

    recipient_id: int
    on: date
