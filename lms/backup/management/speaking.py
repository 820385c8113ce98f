"""What the two commands have in common: where the passphrase comes from, signs of progress."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

VARIABLE = "LMS_BACKUP_PASSPHRASE"
SHORTEST = 12


def add_passphrase(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="PATH",
        help=f"its first line is the passphrase; without it {VARIABLE} is",
    )


def read_passphrase(options: dict[str, Any], *, new: bool) -> str:
    """Return the passphrase; never from the command line, which every user of a machine can see."""
    path: Path | None = options["passphrase_file"]
    try:
        found = path.read_text(encoding="utf-8") if path else os.environ.get(VARIABLE, "")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    passphrase = (found.splitlines() or [""])[0].strip()
    if not passphrase:
        raise CommandError(f"No passphrase: set {VARIABLE} or name a file by --passphrase-file.")
    if new and len(passphrase) < SHORTEST:
        raise CommandError(
            f"The passphrase is too short: {SHORTEST} characters or more keep the keys safe."
        )
    return passphrase


class Bar:
    """One line on a terminal that fills up; nothing anywhere else."""

    def __init__(self, stream: OutputWrapper, *, shown: bool) -> None:
        self._stream, self._last = stream, -1
        self._shown = shown and stream.isatty()

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if self._shown and percent != self._last:
            self._last = percent
            filled = "█" * (percent // 5)
            self._stream.write(f"\r{filled:<20} {percent:3} %", ending="")
            if percent == 100:
                self._stream.write("")

    def say(self, text: str) -> None:
        if self._shown:
            self._stream.write(text)
