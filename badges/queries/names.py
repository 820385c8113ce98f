"""Name changes that wait for a decision."""

from dataclasses import dataclass
from datetime import datetime

from badges.models import NameRequest


@dataclass(frozen=True, kw_only=True)
class NameRequestCard:
    id: int
    name: str
    asked_at: datetime


def get_name_request(recipient_id: int) -> NameRequestCard | None:
    """Return the open request of a person, if there is one."""
    row = NameRequest.objects.filter(recipient_id=recipient_id, decided_at__isnull=True).first()
    return NameRequestCard(id=row.pk, name=row.name, asked_at=row.asked_at) if row else None
