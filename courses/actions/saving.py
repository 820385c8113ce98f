"""The guarded statement: ownership, state and clock are checked in the statement that writes.

The save locks the attempt's row shared, submit takes it exclusively, and the clock is read after
the lock is held, so an acknowledged answer is a scored answer and none is accepted late.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from courses.models import Attempt, AttemptItem, Response


class AnswerRefused(Exception):
    """The answer was not stored."""


class AttemptClosed(AnswerRefused):
    """The attempt is finished or its time is over."""


class StaleAnswer(AnswerRefused):
    """Another tab or device answered meanwhile; ``stored`` is what stands."""

    def __init__(self, stored: "StoredAnswer") -> None:
        super().__init__("another answer was saved here meanwhile")
        self.stored = stored


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """What the server holds for a slot; ``seconds_left`` counts to the deadline."""

    value: Any
    revision: int
    seconds_left: int


# A repeat of the same save is acknowledged again; a save based on an old revision changes nothing.
UPSERT = """
ON CONFLICT (attempt_id, slot) DO UPDATE SET
    value = CASE WHEN {response}.save_id = excluded.save_id
        THEN {response}.value ELSE excluded.value END,
    revision = CASE WHEN {response}.save_id = excluded.save_id
        THEN {response}.revision ELSE {response}.revision + 1 END,
    save_id = excluded.save_id,
    saved_at = excluded.saved_at
WHERE {response}.revision = %(base)s OR {response}.save_id = excluded.save_id
RETURNING revision, saved_at
"""

POSTGRESQL = """
WITH held AS (
    SELECT id, closes_at FROM {attempt}
    WHERE id = %(attempt)s AND user_id = %(user)s AND state = 'open'
    FOR SHARE
)
INSERT INTO {response} (attempt_id, slot, value, revision, save_id, saved_at)
SELECT held.id, place.slot, %(value)s::jsonb, 1, %(save_id)s,
       COALESCE(%(at)s::timestamptz, clock_timestamp())
FROM held JOIN {place} place ON place.attempt_id = held.id AND place.slot = %(slot)s
WHERE COALESCE(%(at)s::timestamptz, clock_timestamp()) <= held.closes_at
"""

SQLITE = """
INSERT INTO {response} (attempt_id, slot, value, revision, save_id, saved_at)
SELECT held.id, place.slot, %(value)s, 1, %(save_id)s,
       COALESCE(%(at)s, strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now'))
FROM {attempt} held JOIN {place} place
    ON place.attempt_id = held.id AND place.slot = %(slot)s
WHERE held.id = %(attempt)s AND held.user_id = %(user)s AND held.state = 'open'
  AND COALESCE(%(at)s, strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')) <= held.closes_at
"""


def write_answer(
    *,
    attempt: Attempt,
    slot: int,
    value: Any,
    base_revision: int,
    save_id: str,
    at: datetime | None,
) -> StoredAnswer:
    """Run the statement; raise ``AttemptClosed`` or ``StaleAnswer`` if it wrote nothing."""
    parameters: dict[str, Any] = {
        "attempt": attempt.pk,
        "user": attempt.user_id,
        "slot": slot,
        "value": json.dumps(value, ensure_ascii=False),
        "base": base_revision,
        "save_id": save_id,
        "at": _to_database(at),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement(), parameters)
        row = cursor.fetchone()
    if row is None:
        raise _find_reason(attempt, slot)
    revision, saved_at = row
    left = attempt.deadline - _from_database(saved_at)
    return StoredAnswer(
        value=value, revision=revision, seconds_left=max(0, int(left.total_seconds()))
    )


def _statement() -> str:
    insert = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    return (insert + UPSERT).format(
        attempt=Attempt._meta.db_table,
        place=AttemptItem._meta.db_table,
        response=Response._meta.db_table,
    )


def _find_reason(attempt: Attempt, slot: int) -> AnswerRefused:
    attempt.refresh_from_db()
    stored = Response.objects.filter(attempt=attempt, slot=slot).first()
    # The stored answer is told only to an open attempt whose clock still runs.
    if attempt.state == Attempt.State.OPEN and stored and not _is_over(attempt):
        return StaleAnswer(
            StoredAnswer(value=stored.value, revision=stored.revision, seconds_left=0)
        )
    return AttemptClosed("the time is over" if _is_over(attempt) else "the test is finished")


def _is_over(attempt: Attempt) -> bool:
    with connection.cursor() as cursor:
        clock = "clock_timestamp()" if connection.vendor == "postgresql" else _SQLITE_NOW
        cursor.execute(f"SELECT {clock}")
        return bool(_from_database(cursor.fetchone()[0]) > attempt.closes_at)


_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def _to_database(moment: datetime | None) -> datetime | str | None:
    if moment is None or connection.vendor == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _from_database(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
