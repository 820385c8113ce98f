"""What this app tells the world."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lms.events.event import Event


@dataclass(frozen=True, kw_only=True)
class TierChanged(Event):
    """A company holds another tier; ``from_tier`` is empty at its first decision."""

    name: ClassVar[str] = "partners.tier.changed.v1"
    partner_id: int
    decision_id: int
    from_tier: str
    to_tier: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class MetricRecorded(Event):
    """A number of a company was recorded or corrected."""

    name: ClassVar[str] = "partners.metric.recorded.v1"
    partner_id: int
    metric: str


@dataclass(frozen=True, kw_only=True)
class LinkStarted(Event):
    """A person was linked to a company from ``since`` on (which may lie ahead)."""

    name: ClassVar[str] = "partners.link.started.v1"
    membership_id: int
    partner_id: int
    recipient_id: int
    since: date


@dataclass(frozen=True, kw_only=True)
class LinkEnded(Event):
    """A person's link was given an end; ``until`` is the first day without it, may lie ahead."""

    name: ClassVar[str] = "partners.link.ended.v1"
    membership_id: int
    partner_id: int
    recipient_id: int
    until: date
