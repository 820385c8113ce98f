"""The guarded statement: ownership, state and clock are checked in the statement that writes.

The save locks the attempt's row shared, submit takes it exclusively, and the clock is read after
the lock is held, so an acknowledged answer is a scored answer and none is accepted late. The row
of the log is written with it.

Whoever begins or leaves a section or a pause takes the attempt's row exclusively too, so the same
holds for them. The section's row is locked after the attempt's: a statement that waited would
otherwise see it as it was before.
"""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction

from courses.actions.clock import (
    POSTGRESQL_NOW,
    SQLITE_NOW,
    database_now,
    from_database,
    to_database,
)
from courses.actions.log import NOWHERE, Kind, Mark, seconds_left
from courses.models import Attempt, AttemptEvent, AttemptItem, AttemptSection, Response

_SQLITE_CLOCK = f"COALESCE(%(at)s, {SQLITE_NOW.replace('%', '%%')})"
_SQLITE_LIST = "SELECT value FROM json_each(%(follows)s)"
_POSTGRESQL_CLOCK = f"COALESCE(%(at)s::timestamptz, {POSTGRESQL_NOW})"
_POSTGRESQL_LIST = "SELECT unnest(%(follows)s::text[])"

MOST_LATE = 500  # rows of answers that came when the test was over: a page may send without end


class AnswerRefused(Exception):
    """The answer was not stored."""


class AttemptClosed(AnswerRefused):
    """The attempt is finished or its time is over."""


class AttemptPaused(AnswerRefused):
    """The clock stands still: nothing is taken until the person goes on."""


class SectionClosed(AnswerRefused):
    """The question's section is not open: not ``begun`` yet, left, or its own time is over."""

    def __init__(self, number: int, *, begun: bool) -> None:
        super().__init__("the section is closed" if begun else "the section has not begun")
        self.number, self.begun = number, begun


class StaleAnswer(AnswerRefused):
    """Another tab or device answered meanwhile; ``stored`` is what stands, ``unsent`` what not."""

    def __init__(self, stored: "StoredAnswer", unsent: Any) -> None:
        super().__init__("another answer was saved here meanwhile")
        self.stored, self.unsent = stored, unsent


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """What the server holds for a slot; ``seconds_left`` counts to the deadline."""

    value: Any
    revision: int
    seconds_left: int


@dataclass(frozen=True, kw_only=True)
class Save:
    """A save's own id, the revision it is based on, and the saves sent before it.

    A browser whose save was acknowledged in vain, because the line broke, names it among
    ``follows`` with the next one: it does not contradict itself.
    """

    id: str
    base: int
    follows: tuple[str, ...] = ()


# A repeat of the same save is acknowledged again; a save based on an old revision changes nothing.
UPSERT = """
ON CONFLICT (attempt_id, slot) DO UPDATE SET
    value = CASE WHEN {response}.save_id = excluded.save_id
        THEN {response}.value ELSE excluded.value END,
    revision = CASE WHEN {response}.save_id = excluded.save_id
        THEN {response}.revision ELSE {response}.revision + 1 END,
    saved_at = CASE WHEN {response}.save_id = excluded.save_id
        THEN {response}.saved_at ELSE excluded.saved_at END,
    save_id = excluded.save_id
WHERE {response}.revision = %(base)s OR {response}.save_id = excluded.save_id
    OR {response}.save_id IN ({follows})
RETURNING revision, saved_at, {clock} AS now
"""

# No pause runs, and the place's section, if there are sections, is open.
RUNNING = """
(held.paused_until IS NULL OR {clock} >= held.paused_until)
AND (place.section = 0 OR (part.opened_at IS NOT NULL AND part.left_at IS NULL
     AND (part.closes_at IS NULL OR {clock} <= part.closes_at)))
"""

# The log's row is part of the statement: an acknowledged answer is a told answer. Its constraint
# lets one row a revision in, so a repeat adds none.
LOG = """
INSERT INTO {event} (attempt_id, kind, slot, at, seconds_left, address, device, once, detail)
"""

POSTGRESQL = """
WITH held AS (
    SELECT id, deadline, closes_at, paused_until FROM {attempt}
    WHERE id = %(attempt)s AND user_id = %(user)s AND state = 'open'
    FOR SHARE
), part AS (
    SELECT section.number, section.opened_at, section.left_at, section.closes_at
    FROM held JOIN {place} place ON place.attempt_id = held.id AND place.slot = %(slot)s
    JOIN {section} section ON section.attempt_id = held.id AND section.number = place.section
    FOR SHARE OF section
), saved AS (
    INSERT INTO {response} (attempt_id, slot, value, revision, save_id, saved_at)
    SELECT held.id, place.slot, %(value)s::jsonb, 1, %(save_id)s, {clock}
    FROM held JOIN {place} place ON place.attempt_id = held.id AND place.slot = %(slot)s
    LEFT JOIN part ON true
    WHERE {clock} <= held.closes_at AND {running}
    {upsert}
), told AS (
    {log}
    SELECT held.id, 'answered', %(slot)s, saved.saved_at,
           GREATEST(0, floor(extract(epoch FROM held.deadline - saved.saved_at)))::int,
           %(address)s, %(device)s, saved.revision::text,
           jsonb_build_object('value', %(value)s::jsonb, 'revision', saved.revision,
                              'late', saved.saved_at > held.deadline)
    FROM held, saved
    ON CONFLICT DO NOTHING
)
SELECT revision, saved_at, now FROM saved
"""

SQLITE = """
INSERT INTO {response} (attempt_id, slot, value, revision, save_id, saved_at)
SELECT held.id, place.slot, %(value)s, 1, %(save_id)s, {clock}
FROM {attempt} held JOIN {place} place
    ON place.attempt_id = held.id AND place.slot = %(slot)s
LEFT JOIN {section} part ON part.attempt_id = held.id AND part.number = place.section
WHERE held.id = %(attempt)s AND held.user_id = %(user)s AND held.state = 'open'
  AND {clock} <= held.closes_at AND {running}
{upsert}
"""

# SQLite has no statement that writes two tables; this one runs in the same transaction.
SQLITE_LOG = """
{log}
SELECT %(attempt)s, 'answered', %(slot)s, %(saved_at)s, %(left)s, %(address)s, %(device)s,
       %(revision)s, %(detail)s
WHERE true
ON CONFLICT DO NOTHING
"""


def write_answer(
    *,
    attempt: Attempt,
    slot: int,
    value: Any,
    save: Save,
    mark: Mark = NOWHERE,
    at: datetime | None,
) -> StoredAnswer:
    """Run the statement; raise what ``AnswerRefused`` it was if it wrote nothing."""
    parameters: dict[str, Any] = {
        "attempt": attempt.pk,
        "user": attempt.user_id,
        "slot": slot,
        "value": json.dumps(value, ensure_ascii=False),
        "base": save.base,
        "save_id": save.id,
        "follows": _list(save.follows),
        "address": mark.address,
        "device": mark.device,
        "at": to_database(at),
    }
    # PostgreSQL's statement writes both rows, and is a transaction of its own.
    together = nullcontext() if connection.vendor == "postgresql" else transaction.atomic()
    with together, connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor), parameters)
        row = cursor.fetchone()
        if row and connection.vendor != "postgresql":
            _log_apart(cursor, parameters, row, attempt, value)
    if row is None:
        return _settle(attempt, slot, value, save, mark)
    return StoredAnswer(
        value=value, revision=row[0], seconds_left=seconds_left(attempt, from_database(row[2]))
    )


@cache
def _statement(vendor: str) -> str:
    postgresql = vendor == "postgresql"
    names = {
        "attempt": Attempt._meta.db_table,
        "place": AttemptItem._meta.db_table,
        "section": AttemptSection._meta.db_table,
        "response": Response._meta.db_table,
        "event": AttemptEvent._meta.db_table,
        "clock": _POSTGRESQL_CLOCK if postgresql else _SQLITE_CLOCK,
        "follows": _POSTGRESQL_LIST if postgresql else _SQLITE_LIST,
    }
    parts = {
        "running": RUNNING.format(**names),
        "upsert": UPSERT.format(**names),
        "log": LOG.format(**names),
    }
    return (POSTGRESQL if postgresql else SQLITE).format(**names, **parts)


def _log_apart(
    cursor: Any, parameters: dict[str, Any], row: Any, attempt: Attempt, value: Any
) -> None:
    revision, saved_at = row[0], from_database(row[1])
    detail = {"value": value, "revision": revision, "late": saved_at > attempt.deadline}
    statement = SQLITE_LOG.format(log=LOG.format(event=AttemptEvent._meta.db_table))
    more = {
        "saved_at": row[1],
        "left": seconds_left(attempt, saved_at),
        "revision": str(revision),
        "detail": json.dumps(detail, ensure_ascii=False),
    }
    cursor.execute(statement, {**parameters, **more})


def _settle(attempt: Attempt, slot: int, value: Any, save: Save, mark: Mark) -> StoredAnswer:
    """Nothing was written: say why, unless it says what stands anyway."""
    refusal = _find_reason(attempt, slot, value, save.base)
    if isinstance(refusal, StaleAnswer):
        stored = refusal.stored
        if stored.value == value:
            return stored
        detail = {"stored": stored.value, "revision": stored.revision}
        _log_refused(Kind.REFUSED, attempt, slot, save, mark, {"unsent": value, **detail})
    elif (kind := _late_kind(refusal)) and _has_room(attempt, slot):
        _log_refused(kind, attempt, slot, save, mark, {"unsent": value})
    raise refusal


def _late_kind(refusal: AnswerRefused) -> Kind | None:
    """What tells of an answer that came when its test or its section was over."""
    if isinstance(refusal, AttemptClosed):
        return Kind.LATE
    return Kind.TOO_LATE if isinstance(refusal, SectionClosed) and refusal.begun else None


def _has_room(attempt: Attempt, slot: int) -> bool:
    """Whether the log takes one more: of a place that is there, and not without end."""
    if not attempt.items.filter(slot=slot).exists():
        return False
    late = attempt.events.filter(kind__in=[Kind.LATE, Kind.TOO_LATE])
    return not late[MOST_LATE - 1 : MOST_LATE].exists()


def _log_refused(
    kind: Kind, attempt: Attempt, slot: int, save: Save, mark: Mark, detail: dict[str, Any]
) -> None:
    """Keep what was not saved, and what stood against it. A repeat is told once."""
    moment = database_now()
    event = AttemptEvent(
        attempt=attempt,
        kind=kind,
        slot=slot,
        at=moment,
        seconds_left=seconds_left(attempt, moment),
        address=mark.address,
        device=mark.device,
        once=save.id,
        detail={"base": save.base, **detail},
    )
    AttemptEvent.objects.bulk_create([event], ignore_conflicts=True)


def _find_reason(attempt: Attempt, slot: int, unsent: Any, base: int) -> AnswerRefused:
    attempt.refresh_from_db()
    now = database_now()
    if attempt.state != Attempt.State.OPEN or now > attempt.closes_at:
        over = now > attempt.closes_at
        return AttemptClosed("the time is over" if over else "the test is finished")
    if attempt.is_paused(now):
        return AttemptPaused("the test is paused")
    if refusal := find_closed_section(attempt, slot, now):
        return refusal
    # The stored answer is told only to an open attempt whose clock still runs.
    stored = Response.objects.filter(attempt=attempt, slot=slot).first()
    if (stored is None or stored.revision == base) and _may_stop(attempt):
        # What stopped it went away between the statement and this look: it may be sent again.
        return AttemptPaused("the test was stopped just now")
    if stored is None:
        return AttemptClosed("the test is finished")
    standing = StoredAnswer(
        value=stored.value, revision=stored.revision, seconds_left=seconds_left(attempt, now)
    )
    return StaleAnswer(standing, unsent)


def find_closed_section(attempt: Attempt, slot: int, now: datetime) -> SectionClosed | None:
    """Return why a place takes no answer, where it stands in a section that is not open."""
    numbers = attempt.items.filter(slot=slot).values("section")
    section = attempt.sections.filter(number__in=numbers).first()
    if section is None or section.is_open(now):
        return None
    return SectionClosed(section.number, begun=section.opened_at is not None)


def _may_stop(attempt: Attempt) -> bool:
    return bool(attempt.break_given) or attempt.sections.exists()


def _list(names: tuple[str, ...]) -> Any:
    return list(names) if connection.vendor == "postgresql" else json.dumps(names)
