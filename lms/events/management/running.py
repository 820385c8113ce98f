"""Whether the site runs on this data folder: a lock that ends with its process, however hard.

Sites share the lock, a restore has it alone. The file's time is the last sign of life of ``up``:
a heartbeat that is newer comes from workers somebody runs in another way.
"""

import fcntl
import os
from datetime import UTC, datetime
from typing import Self

from lms.conf import get_conf

NAME = "running.lock"


class Busy(Exception):
    """Somebody else has the data folder; the message says who."""


class Running:
    """The lock, held."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def claim(cls, *, alone: bool = False) -> Self:
        """Take the lock, or raise ``Busy`` at once."""
        path = get_conf().data_dir / NAME
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            other = "manage.py up is running" if alone else "a restore is under way"
            raise Busy(f"{path.parent}: {other}.") from None
        held = cls(descriptor)
        if not alone:
            held.touch()
        elif is_new:
            os.utime(descriptor, (0, 0))  # `up` never ran here
        return held

    def touch(self) -> None:
        """Leave a sign of life."""
        os.utime(self._descriptor)

    def release(self) -> None:
        os.close(self._descriptor)


def last_seen() -> datetime | None:
    """Return the last sign of life of ``up``, or ``None`` if it never ran here."""
    try:
        seen = (get_conf().data_dir / NAME).stat().st_mtime
    except FileNotFoundError:
        return None
    return datetime.fromtimestamp(seen, UTC)
