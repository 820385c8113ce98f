"""The signed texts as their addresses serve them: one statement, written out.

Verifiers ask for these most, and an answer should cost little more than Django's own middleware:
composing the statement anew by the ORM would take longer than everything else together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.db import connection

from badges.models import Credential, Edition, Recipient

Form = Literal["ob3", "jwt", "jws"]

_STATEMENT = """
SELECT edition.{form}, CASE WHEN recipient.erased_at IS NULL THEN 0 ELSE 1 END
FROM {edition} edition
JOIN {credential} credential ON credential.id = edition.credential_id
JOIN {recipient} recipient ON recipient.id = credential.recipient_id
WHERE credential.code = %s {only}
ORDER BY edition.number DESC LIMIT 1
"""


@dataclass(frozen=True)
class Served:
    """A text word for word as it was signed; empty once its holder is erased."""

    text: str
    erased: bool


def get_served(form: Form, code: str, edition: int | None = None) -> Served | None:
    """Return one form of a credential's latest edition, or of a given one."""
    parameters = (code,) if edition is None else (code, edition)
    with connection.cursor() as cursor:
        cursor.execute(_statement(form, only_one=edition is not None), parameters)
        row = cursor.fetchone()
    return Served(text=row[0], erased=bool(row[1])) if row else None


@lru_cache(maxsize=8)
def _statement(form: Form, *, only_one: bool) -> str:
    return _STATEMENT.format(
        form=form,
        only="AND edition.number = %s" if only_one else "",
        edition=Edition._meta.db_table,
        credential=Credential._meta.db_table,
        recipient=Recipient._meta.db_table,
    )
