"""Whether a credential holds on a day, and what its picture shows."""

from calendar import monthrange
from datetime import date, timedelta

SOON = timedelta(days=30)

VALID, EXPIRING, EXPIRED, REVOKED, NOT_YET = "valid", "expiring", "expired", "revoked", "not_yet"


def state_on(day: date, *, valid_from: date, valid_until: date | None, revoked: bool) -> str:
    """Return ``valid``, ``expired``, ``revoked`` or ``not_yet``; ``valid_until`` is exclusive."""
    if revoked:
        return REVOKED
    if valid_until is not None and day >= valid_until:
        return EXPIRED
    return NOT_YET if day < valid_from else VALID


def picture_on(day: date, *, state: str, valid_until: date | None) -> str:
    """Return the state with ``expiring`` for a valid one within its last thirty days."""
    if state == VALID and valid_until is not None and valid_until - day <= SOON:
        return EXPIRING
    return state


def last_day(valid_until: date | None) -> date | None:
    """Return the day people read: the last one on which the credential holds."""
    return valid_until - timedelta(days=1) if valid_until else None


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
