"""Compile the message catalogues that changed, without GNU gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogues(root: Path) -> int:
    """Write a .mo beside each .po that is newer; return how many were written."""
    written = 0
    for source in sorted(root.glob("*/**/locale/*/LC_MESSAGES/*.po")):
        if ".venv" in source.parts or "build" in source.parts:
            continue
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues(ROOT)
    sys.exit(0)
