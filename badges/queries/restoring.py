"""What a restored copy is without, and where the private keys lie that belong into a copy."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from badges.keystore import FolderStore, get_store
from badges.models import LedgerLine, Restoration


@dataclass(frozen=True, kw_only=True)
class RestorationCard:
    """The last restore of this database; ``findings`` as ``badges.actions.restoring`` wrote it."""

    copied_at: datetime
    restored_at: datetime
    acknowledged_at: datetime | None
    findings: dict[str, Any]


def get_restoration() -> RestorationCard | None:
    """Return the last restore, or the last one nobody has acknowledged."""
    rows = Restoration.objects.order_by("-pk")
    row = rows.filter(acknowledged_at__isnull=True).first() or rows.first()
    if row is None:
        return None
    return RestorationCard(
        copied_at=row.copied_at,
        restored_at=row.restored_at,
        acknowledged_at=row.acknowledged_at,
        findings=row.findings,
    )


def count_due_lines() -> int:
    """Return how many lines wait for the ledger."""
    return LedgerLine.objects.filter(written=False).count()


def key_folder() -> Path | None:
    """Return the folder of the private keys; ``None`` if another store keeps them."""
    store = get_store()
    return store.folder if isinstance(store, FolderStore) else None
