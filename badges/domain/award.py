"""What a credential states, frozen when it is issued: the one source of every document."""

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from badges.domain.design import Design
from badges.domain.phrases import words_in


@dataclass(frozen=True, kw_only=True)
class Issuer:
    name: str
    url: str
    email: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Accomplishment:
    """An achievement in one language."""

    code: str
    kind: str
    name: str
    description: str
    criteria: str
    language: str
    level: str = ""

    @property
    def statement(self) -> str:
        """What a document of it is and confirms: a certificate about a passed test, or a badge."""
        return words_in(self.language).statement(self.kind, self.name)


@dataclass(frozen=True, kw_only=True)
class Award:
    """One edition's content. ``name`` is printed, and never part of a public document."""

    base_url: str
    code: str
    issuer: Issuer
    achievement: Accomplishment
    subject: str
    identity_hash: str
    salt: str
    name: str
    issued_at: datetime
    edition: int
    edition_at: datetime
    valid_from: date
    valid_until: date | None
    expires_at: datetime | None
    status_list: int
    status_index: int
    design: Design = field(default_factory=Design)

    def to_json(self) -> dict[str, Any]:
        """Return the values as JSON holds them."""
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild what ``to_json`` wrote."""
        until, expires = data["valid_until"], data["expires_at"]
        return cls(
            **{
                **data,
                "issuer": Issuer(**data["issuer"]),
                "achievement": Accomplishment(**data["achievement"]),
                "design": Design.from_json(data.get("design", {})),
                "issued_at": datetime.fromisoformat(data["issued_at"]),
                "edition_at": datetime.fromisoformat(data["edition_at"]),
                "valid_from": date.fromisoformat(data["valid_from"]),
                "valid_until": date.fromisoformat(until) if until else None,
                "expires_at": datetime.fromisoformat(expires) if expires else None,
            }
        )

    @property
    def edition_page(self) -> str:
        """The address of this very edition."""
        return f"{self.page}{self.edition}/"

    @property
    def page(self) -> str:
        """The address printed on the certificate and in its QR code."""
        return f"{self.base_url}/c/{self.code}/"
