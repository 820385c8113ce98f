"""The log of an attempt: what happened when, and how much time was left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac

from courses.actions.clock import database_now
from courses.models import Attempt, AttemptEvent

Kind = AttemptEvent.Kind

# How many rows pages and their scripts may write; answers are told without limit.
MOST_SHOWN, MOST_TOLD = 2000, 500
TOLD_BY_PAGE = (Kind.FOCUS_LOST, Kind.FOCUS_BACK, Kind.RECONNECTED)
LONGEST = 24 * 60 * 60
LONGEST_ID = 40
ROUNDED = timedelta(seconds=1)  # a page tells whole seconds


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request came from; only ``mark_of`` it is kept."""

    address: str
    device: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Tells origins of one attempt apart; nobody can tell from it which they are."""

    address: str = ""
    device: str = ""


NOWHERE = Mark()


class NotAnEvent(Exception):
    """The page told something that is no event."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a page that told something learns: whether it was kept, and the time."""

    kept: bool
    seconds_left: int


def mark_of(attempt: Attempt, origin: Origin | None) -> Mark:
    """Return the marks of an origin within an attempt: another attempt has others."""
    if origin is None:
        return NOWHERE
    return Mark(
        address=_mark(attempt, "address", origin.address),
        device=_mark(attempt, "device", origin.device),
    )


def log(
    attempt: Attempt,
    kind: AttemptEvent.Kind,
    *,
    now: datetime,
    mark: Mark = NOWHERE,
    slot: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a row; a change of address or device since the row before is told first."""
    follow(attempt, mark, now)
    event = _row(attempt, kind, now, mark)
    event.slot, event.detail = slot, detail or {}
    event.save()


def follow(attempt: Attempt, mark: Mark, now: datetime) -> None:
    """Tell when address or device differ from those of the row before."""
    if mark == NOWHERE:
        return
    rows = AttemptEvent.objects.filter(attempt=attempt).exclude(device="")
    row = rows.order_by("-pk").values_list("address", "device").first()
    before = Mark(address=row[0], device=row[1]) if row else None
    tell_change(attempt, before, mark, now)


def tell_change(
    attempt: Attempt, before: Mark | None, mark: Mark, now: datetime | None = None
) -> None:
    """Add a row for an address or device that is not the one before.

    Without ``now`` it is told by the database's clock, as answers are.
    """
    if before is None or before == mark:
        return
    changed = [Kind.ADDRESS] if before.address != mark.address else []
    changed += [Kind.DEVICE] if before.device != mark.device else []
    moment = now or database_now()
    AttemptEvent.objects.bulk_create(_row(attempt, kind, moment, mark) for kind in changed)


def _row(attempt: Attempt, kind: AttemptEvent.Kind, now: datetime, mark: Mark) -> AttemptEvent:
    return AttemptEvent(
        attempt=attempt,
        kind=kind,
        at=now,
        seconds_left=seconds_left(attempt, now),
        address=mark.address,
        device=mark.device,
    )


def log_shown(*, code: str, user_id: int, slot: int, origin: Origin, now: datetime) -> None:
    """Tell that a place was shown to the person."""
    attempt = Attempt.objects.get(code=code, user_id=user_id)
    if _has_room(attempt, [Kind.SHOWN], MOST_SHOWN, now):
        log(attempt, Kind.SHOWN, now=now, mark=mark_of(attempt, origin), slot=slot)


def log_told(
    *,
    code: str,
    user_id: int,
    kind: Any,
    slot: Any,
    seconds: Any,
    once: Any = "",
    origin: Origin,
    now: datetime,
) -> Told:
    """Add what the page noticed, where there is room for it, and say how much time is left.

    A place that was shown without a line is told later: so many ``seconds`` ago, with an id
    ``once``, because a browser repeats what was not acknowledged.
    Raises ``NotAnEvent`` or ``Attempt.DoesNotExist``.
    """
    attempt = Attempt.objects.get(code=code, user_id=user_id)
    left = seconds_left(attempt, now) if attempt.state == Attempt.State.OPEN else 0
    if kind not in (*TOLD_BY_PAGE, Kind.SHOWN):
        raise NotAnEvent("there is no such event")
    if type(seconds) is not int or not 0 <= seconds <= LONGEST:
        raise NotAnEvent("this is no number of seconds")
    if slot is not None and (type(slot) is not int or not _has_place(attempt, slot)):
        raise NotAnEvent("there is no such place")
    mark, detail = mark_of(attempt, origin), {"seconds": seconds}
    if kind == Kind.SHOWN:
        row = _shown_before(attempt, slot, seconds, once, mark, now)
        kept = _has_room(attempt, [Kind.SHOWN], MOST_SHOWN, now)
        if kept:
            follow(attempt, mark, now)
            AttemptEvent.objects.bulk_create([row], ignore_conflicts=True)
        return Told(kept=kept, seconds_left=left)
    kept = _has_room(attempt, TOLD_BY_PAGE, MOST_TOLD, now)
    if kept:
        log(attempt, Kind(kind), now=now, mark=mark, slot=slot, detail=detail)
    return Told(kept=kept, seconds_left=left)


def _shown_before(
    attempt: Attempt, slot: Any, seconds: int, once: Any, mark: Mark, now: datetime
) -> AttemptEvent:
    """Return the row of a place shown without a line, at the moment when it was."""
    if slot is None:
        raise NotAnEvent("a place is shown, so say which")
    if not isinstance(once, str) or not 0 < len(once) <= LONGEST_ID:
        raise NotAnEvent("what is told later has an id")
    moment = now - timedelta(seconds=seconds)
    if moment < attempt.started_at - ROUNDED:
        raise NotAnEvent("this was before the attempt began")
    row = _row(attempt, Kind.SHOWN, max(moment, attempt.started_at), mark)
    row.slot, row.once, row.detail = slot, once, {"seconds": seconds}
    return row


def seconds_left(attempt: Attempt, now: datetime) -> int:
    """Return whole seconds to the deadline; a pause that runs takes none of them."""
    runs_from = max(now, attempt.paused_until) if attempt.paused_until else now
    return max(0, int((attempt.deadline - runs_from).total_seconds()))


def _mark(attempt: Attempt, what: str, value: str) -> str:
    salt = f"courses.log.{what}.{attempt.seed}"
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()[:16]


def _has_place(attempt: Attempt, slot: int) -> bool:
    return 0 < slot < 2**15 and attempt.items.filter(slot=slot).exists()


def _has_room(attempt: Attempt, kinds: Any, most: int, now: datetime) -> bool:
    """Whether the attempt runs and has fewer such rows; a page may be opened without end."""
    if attempt.state != Attempt.State.OPEN or now > attempt.closes_at:
        return False
    return not attempt.events.filter(kind__in=kinds)[most - 1 : most].exists()
