"""The database's clock: what decides whether an answer came in time."""

from datetime import UTC, datetime

from django.db import connection

POSTGRESQL_NOW = "clock_timestamp()"
SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def database_now() -> datetime:
    """Return the present moment by the database, whatever transaction runs."""
    with connection.cursor() as cursor:
        now = POSTGRESQL_NOW if connection.vendor == "postgresql" else SQLITE_NOW
        cursor.execute(f"SELECT {now}")
        return from_database(cursor.fetchone()[0])


def to_database(moment: datetime | None) -> datetime | str | None:
    """Return a moment as a statement takes it."""
    if moment is None or connection.vendor == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def from_database(value: datetime | str) -> datetime:
    """Return a moment from a row that no model read."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
