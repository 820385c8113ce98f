"""What crosses this app's border: frozen values of ids and primitives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from partners.domain.results import FULFILLED


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where a signed-in person works today."""

    partner_id: int
    partner_slug: str
    partner_name: str
    membership_id: int
    role: str
    recipient_id: int

    @property
    def is_manager(self) -> bool:
        """Whether the person may change the company's people."""
        return self.role == "manager"


@dataclass(frozen=True, kw_only=True)
class Margin:
    """A margin on one product, in per cent."""

    product: str
    product_name: str
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class Count:
    """Who fills a line: recipient, codes of the credentials that count, first day they do not."""

    recipient_id: int
    codes: tuple[str, ...]
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Certified for the line, not counted there; ``line_text`` names the line filled instead."""

    recipient_id: int
    codes: tuple[str, ...]
    reason: str
    line_id: str | None
    line_text: str


@dataclass(frozen=True, kw_only=True)
class NumberStatus:
    """A number beside its bounds; ``value`` is ``None`` where none is on record."""

    value: Decimal | None
    at_least: Decimal | None
    at_most: Decimal | None
    unit: str
    missing: Decimal


@dataclass(frozen=True, kw_only=True)
class LineStatus:
    """One line with its meter: ``counted`` of ``needed``, or a ``number``; ``parts`` of a group."""

    id: str
    text: str
    kind: str
    state: str
    needed: int
    counted: int
    missing: int
    people: tuple[Count, ...]
    waiting: tuple[Waiting, ...]
    achievements: tuple[str, ...]
    including: tuple[tuple[int, int], ...] = ()
    number: NumberStatus | None = None
    place: str = ""
    parts: tuple["LineStatus", ...] = ()

    @property
    def recipient_ids(self) -> tuple[int, ...]:
        """Who counts here."""
        return tuple(person.recipient_id for person in self.people)

    @property
    def met(self) -> bool:
        """Whether nothing more is asked here."""
        return self.state in FULFILLED

    @property
    def all_parts(self) -> Iterator["LineStatus"]:
        """It, and every line within it."""
        yield self
        for part in self.parts:
            yield from part.all_parts


@dataclass(frozen=True, kw_only=True)
class TierStatus:
    """One tier of the programme as the company stands to it."""

    id: str
    name: str
    held: bool
    met: bool
    missing: int
    margins: tuple[Margin, ...]
    benefits: tuple[str, ...]
    lines: tuple[LineStatus, ...]


@dataclass(frozen=True, kw_only=True)
class NextTier:
    """What the next tier takes and adds: lines still short, its margins, its further benefits."""

    id: str
    name: str
    missing: int
    short_lines: tuple[LineStatus, ...]
    margins: tuple[Margin, ...]
    benefits: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartnerStatus:
    """What the company's page shows; ``tier_id`` is empty while no tier is held."""

    partner_id: int
    slug: str
    name: str
    programme: str
    programme_name: str
    rules_version: str
    decision_id: int
    on: date
    decided_at: datetime
    cause: str
    tier_id: str
    tier_name: str
    since: date | None
    next_change_on: date | None
    margins: tuple[Margin, ...]
    benefits: tuple[str, ...]
    tiers: tuple[TierStatus, ...]
    next_tier: NextTier | None

    @property
    def recipient_ids(self) -> tuple[int, ...]:
        """Everybody the status names, for one look-up of names."""
        lines = [one for tier in self.tiers for line in tier.lines for one in line.all_parts]
        counted = {who for line in lines for who in line.recipient_ids}
        return tuple(sorted(counted | {who.recipient_id for line in lines for who in line.waiting}))


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """A person's link to a company; the name is joined when read."""

    membership_id: int
    partner_id: int
    recipient_id: int
    user_id: int | None
    name: str
    email: str
    job: str
    role: str
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class DecisionCard:
    """One decision in a company's history; ``cause_text`` says in words what brought it."""

    id: int
    partner_id: int
    sequence: int
    on: date
    decided_at: datetime
    rules_version: str
    tier: str
    tier_name: str
    from_tier: str
    from_tier_name: str
    cause: str
    cause_text: str


@dataclass(frozen=True, kw_only=True)
class PartnerCard:
    """A company in a list."""

    id: int
    slug: str
    name: str
    country: str
    city: str
    website: str
    tier: str
    tier_name: str
    held_since: date | None
    next_change_on: date | None
    people: int
