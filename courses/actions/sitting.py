"""What a save must know of its place: one statement, written out, and no answer key read twice.

The ORM would compose it for longer than a database answers it, and a test sends one a few seconds.
What is told here decides nothing: whose attempt, whether open and in time is asked again by the
statement that writes.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache

from django.db import connection

from courses.actions.clock import from_database
from courses.actions.log import Mark
from courses.domain.items import ItemBody
from courses.models import Attempt, AttemptEvent, AttemptItem, ItemVersion

MOST_BODIES = 1000  # a few kB each
_READ = ("id", "user_id", "state", "seed", "deadline", "closes_at", "paused_until")
MOMENTS = 3  # the last of them

STATEMENT = """
SELECT {columns}, place.section, version.body, last.address, last.device
FROM {place} place
JOIN {attempt} attempt ON attempt.id = place.attempt_id
JOIN {version} version ON version.id = place.version_id
LEFT JOIN {event} last ON last.id = (
    SELECT max(id) FROM {event} WHERE attempt_id = attempt.id AND device <> ''
)
WHERE attempt.code = %s AND attempt.user_id = %s AND place.slot = %s
"""


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """The attempt, of which only some columns were read, and the item at the place.

    ``before`` is the origin of the last row of the log that has one.
    """

    attempt: Attempt
    section: int
    body: ItemBody
    before: Mark | None


def find_sitting(*, code: str, user_id: int, slot: int) -> Sitting:
    """Return a place of somebody's attempt, or raise ``AttemptItem.DoesNotExist``."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), (code, user_id, slot))
        row = cursor.fetchone()
    if row is None:
        raise AttemptItem.DoesNotExist
    *values, section, body, address, device = row
    moments = [moment and from_database(moment) for moment in values[-MOMENTS:]]
    return Sitting(
        attempt=Attempt.from_db(connection.alias, _READ, [*values[:-MOMENTS], *moments]),
        section=section,
        body=_parse(body),
        before=None if device is None else Mark(address=address, device=device),
    )


@lru_cache(MOST_BODIES)
def _parse(body: str) -> ItemBody:
    """Known by its text, so that nothing can take one version for another."""
    return ItemBody.model_validate(json.loads(body))


@cache
def _statement() -> str:
    return STATEMENT.format(
        columns=", ".join(f"attempt.{name}" for name in _READ),
        place=AttemptItem._meta.db_table,
        attempt=Attempt._meta.db_table,
        version=ItemVersion._meta.db_table,
        event=AttemptEvent._meta.db_table,
    )
