"""The ledger as a file: appended to, never rewritten, on whatever disk ``LMS["LEDGER"]`` names.

A lock lets one process write at a time. A line counts once it is on the disk.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from badges.domain.ledger import Line, Reading, read_lines
from lms.conf import get_conf


class LedgerMissing(Exception):
    """The ledger is not where it was: perhaps its disk is not mounted; the message says where."""


class Ledger:
    """An open ledger that nobody else writes to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines and wait until the disk has them."""
        body = "".join(line.to_text() for line in lines).encode("ascii")
        if self._is_torn():
            body = b"\n" + body  # what a power cut left stays a line by itself
        while body:
            body = body[os.write(self._descriptor, body) :]
        os.fsync(self._descriptor)

    def _is_torn(self) -> bool:
        size = os.fstat(self._descriptor).st_size
        return size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"


def is_begun() -> bool:
    """Say whether the file is where it should be."""
    return get_conf().ledger.exists()


@contextmanager
def open_ledger(*, create: bool) -> Iterator[Ledger]:
    """Wait for the turn to write; ``LedgerMissing`` if there is no file and none may be made."""
    path = get_conf().ledger
    existed = path.exists()
    if create and path.is_relative_to(get_conf().data_dir):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError as error:
        raise LedgerMissing(f"the ledger {path} is missing") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not existed:
            _keep_name(path.parent)
        yield Ledger(descriptor)
    finally:
        os.close(descriptor)


def read_ledger() -> Reading | None:
    """Return what the ledger says; ``None`` if there is no such file."""
    try:
        with get_conf().ledger.open("rb") as rows:
            return read_lines(rows)
    except FileNotFoundError:
        return None


def _keep_name(folder: Path) -> None:
    """A new file survives a power cut once its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
