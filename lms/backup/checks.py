"""System checks: a restored copy is not served before somebody knows what it is without."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from badges.queries.restoring import get_restoration
from lms.backup.restoring import UNFINISHED
from lms.conf import get_conf


@register(Tags.database)
def check_restored(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """`up` refuses to start while either is so."""
    if not databases:
        return []
    if (get_conf().data_dir / UNFINISHED).exists():
        return [
            Error(
                "A restore did not finish.",
                hint="Run manage.py restore FILE again; what it replaced lies beside the data.",
                id="lms_backup.E001",
            )
        ]
    try:
        last = get_restoration()
    except DatabaseError:  # not migrated yet
        return []
    if last is None or last.acknowledged_at:
        return []
    return [
        Error(
            f"This is a copy of {last.copied_at:%Y-%m-%d %H:%M} UTC, and not all that was done "
            "since could be brought back.",
            hint="Read manage.py restore --list, then run manage.py restore --acknowledge.",
            id="lms_backup.E002",
        )
    ]
