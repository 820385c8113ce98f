"""Whether a credential holds on a day, until when it does, and what its picture shows."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=30)

VALID, EXPIRING, EXPIRED, REVOKED, NOT_YET = "valid", "expiring", "expired", "revoked", "not_yet"
SUSPENDED, SUPERSEDED = "suspended", "superseded"
STATES = (VALID, EXPIRED, REVOKED, SUSPENDED, SUPERSEDED, NOT_YET)  # what ``state_on`` returns
ERASED = "erased"  # the holder was forgotten: nothing is said any more

FROM_PASS, FROM_RELEASE, TO_DATE = "pass", "release", "date"


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What people did to a credential or an edition; time does the rest."""

    revoked: bool = False
    suspended: bool = False
    superseded: bool = False

    @property
    def said(self) -> str:
        """The gravest of them as a state, or an empty text."""
        marks = {REVOKED: self.revoked, SUSPENDED: self.suspended, SUPERSEDED: self.superseded}
        return next((state for state, holds in marks.items() if holds), "")


def state_on(day: date, *, valid_from: date, valid_until: date | None, marks: Marks) -> str:
    """Return the state on a day; ``valid_until`` is exclusive.

    What the issuer said outranks what time did: revoked, suspended, superseded, then expired.
    """
    if marks.said:
        return marks.said
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


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long an achievement lasts, and when it can be renewed.

    ``basis`` says what the months count from: the pass, or the release of the training; or that
    it ends on ``ends_on`` (exclusive) for everybody. ``renew_days`` before the end a renewal opens.
    """

    basis: str = FROM_PASS
    months: int | None = None
    released_on: date | None = None
    ends_on: date | None = None
    renew_days: int = 90

    def until(self, passed_on: date, held_until: date | None = None) -> date | None:
        """Return the first day it no longer holds, ``None`` for ever.

        A renewal counts its months from the end of what is held, so nothing is lost by renewing
        early.
        """
        if self.basis == TO_DATE:
            return self.ends_on
        if self.months is None:
            return None
        start = passed_on if held_until is None else max(held_until, passed_on)
        if self.basis == FROM_RELEASE and self.released_on is not None:
            start = self.released_on
        return add_months(start, self.months)

    def renews(self, day: date, held_until: date | None) -> bool:
        """Say whether a pass on ``day`` renews what is held until then, instead of adding one."""
        return held_until is not None and (
            held_until - timedelta(days=self.renew_days) <= day < held_until
        )


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
