"""The signed texts as their addresses serve them, and what a page shows: one statement each.

Verifiers ask for these most, and an answer should cost little more than Django's own middleware:
composing the statement anew by the ORM would take longer than everything else together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.db import connection

from badges.models import Achievement, Credential, Edition, Recipient

Form = Literal["ob3", "jwt", "jws"]

_STATEMENT = """
SELECT edition.{form}, CASE WHEN recipient.erased_at IS NULL THEN 0 ELSE 1 END
FROM {edition} edition
JOIN {credential} credential ON credential.id = edition.credential_id
JOIN {recipient} recipient ON recipient.id = credential.recipient_id
WHERE credential.code = %s {only}
ORDER BY edition.number DESC LIMIT 1
"""


_SHOWN = """
SELECT edition.id,
    (SELECT MAX(id) FROM {edition} WHERE credential_id = credential.id),
    credential.revoked_at, credential.suspended_at, credential.marked_at,
    recipient.show_name, recipient.show_date, recipient.visibility_decided_at,
    recipient.id, recipient.show_company, recipient.erased_at, achievement.code
FROM {edition} edition
JOIN {credential} credential ON credential.id = edition.credential_id
JOIN {recipient} recipient ON recipient.id = credential.recipient_id
JOIN {achievement} achievement ON achievement.id = credential.achievement_id
WHERE credential.code = %s {only}
ORDER BY edition.number DESC LIMIT 1
"""


@dataclass(frozen=True)
class Served:
    """A text word for word as it was signed; empty once its holder is erased."""

    text: str
    erased: bool


@dataclass(frozen=True)
class Shown:
    """What a stranger's page of a credential follows from: its editions never change."""

    facts: tuple[object, ...]
    recipient_id: int
    show_company: bool
    erased: bool
    achievement: str


def get_served(form: Form, code: str, edition: int | None = None) -> Served | None:
    """Return one form of a credential's latest edition, or of a given one."""
    row = _read(_STATEMENT, code, edition, form)
    return Served(text=row[0], erased=bool(row[1])) if row else None


def get_shown(code: str, edition: int | None = None) -> Shown | None:
    """Return what a page of a credential's latest edition shows, or of a given one."""
    row = _read(_SHOWN, code, edition)
    if row is None:
        return None
    *facts, recipient_id, show_company, erased_at, achievement = row
    return Shown(
        facts=tuple(facts),
        recipient_id=recipient_id,
        show_company=bool(show_company),
        erased=erased_at is not None,
        achievement=achievement,
    )


def _read(statement: str, code: str, edition: int | None, form: str = "") -> tuple[Any, ...] | None:
    parameters = (code,) if edition is None else (code, edition)
    with connection.cursor() as cursor:
        cursor.execute(_written(statement, form, only_one=edition is not None), parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


@lru_cache(maxsize=16)
def _written(statement: str, form: str, *, only_one: bool) -> str:
    return statement.format(
        form=form,
        only="AND edition.number = %s" if only_one else "",
        achievement=Achievement._meta.db_table,
        edition=Edition._meta.db_table,
        credential=Credential._meta.db_table,
        recipient=Recipient._meta.db_table,
    )
