"""Telling the ledger: a row in the transaction of the fact, a line in the file after it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from badges.domain.ledger import ISSUED, KEY
from badges.ledger import is_begun, open_ledger
from badges.models import Edition, LedgerLine, SigningKey
from badges.queries.prepared import prepared

BATCH = 500

_replayed: ContextVar[uuid.UUID | None] = ContextVar("lms_badges_replayed", default=None)


def note_edition(edition: Edition, code: str, *, at: datetime) -> None:
    """Tell under which bit an edition was issued. Call in its transaction."""
    _note(
        kind=ISSUED,
        code=code,
        at=at,
        edition=edition.number,
        edition_kind=edition.kind,
        list_number=edition.status_list_id,
        list_index=edition.status_index,
    )


def note_act(kind: str, code: str, *, reason: str = "", at: datetime) -> None:
    """Tell what was done to a credential. Call in the transaction that does it."""
    _note(kind=kind, code=code, at=at, reason=reason)


def note_key(key: SigningKey) -> None:
    """Tell what is public of a new key. Call in the transaction that makes it."""
    # Never under the id of what is being replayed: that is not what made the key.
    LedgerLine.objects.create(kind=KEY, key=key, at=key.created_at)
    transaction.on_commit(_append_due, robust=True)


def write_due_lines(now: datetime | None = None) -> int:
    """Bring the file what it does not have yet; return how many lines.

    ``LedgerMissing`` if the file was there once and is not: a new one in its place, say on a disk
    below an unmounted one, would hide the old one's lines. ``now`` is the sweep's, and not needed.
    """
    return _append_due() if _due().exists() else 0


def rewrite_ledger() -> int:
    """Write every line the database knows to a file that was lost; return how many.

    Lines that are there already are read once only, so doing it without need does no harm.
    """
    written = 0
    for key in SigningKey.objects.filter(lines=None).order_by("pk"):
        note_key(key)  # made before keys were told
    with open_ledger(create=True) as ledger:
        while batch := list(LedgerLine.objects.order_by("pk")[written : written + BATCH]):
            ledger.append(row.line for row in batch)
            LedgerLine.objects.filter(pk__in=[row.pk for row in batch]).update(written=True)
            written += len(batch)
    return written


@contextmanager
def replaying(uid: uuid.UUID) -> Iterator[None]:
    """What is done meanwhile stands in the ledger already, under this id."""
    token = _replayed.set(uid)
    try:
        yield
    finally:
        _replayed.reset(token)


def _append_due() -> int:
    written = 0
    begun = is_begun() or LedgerLine.objects.filter(written=True).exists()
    with open_ledger(create=not begun) as ledger:
        while batch := _next_due():
            ledger.append(row.line for row in batch)
            LedgerLine.objects.filter(pk__in=[row.pk for row in batch]).update(written=True)
            written += len(batch)
            if len(batch) < BATCH:
                break
    return written


def _due() -> QuerySet[LedgerLine]:
    return LedgerLine.objects.filter(written=False).order_by("pk")


@prepared
def _next_due() -> QuerySet[LedgerLine]:
    return _due()[:BATCH]


def _note(**values: object) -> None:
    if uid := _replayed.get():
        LedgerLine.objects.create(uid=uid, written=True, **values)
        return
    LedgerLine.objects.create(**values)
    # Robust: the fact stands; a disk that is full is told by the sweep and by a check.
    transaction.on_commit(_append_due, robust=True)
