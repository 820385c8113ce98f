"""Inter as shipped by lms.ui: where its files are, and which characters it can print."""

import struct
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from badges.domain.identity import NotPrintable, clean_line

FOLDER = Path(str(files("lms"))) / "ui" / "fonts"
WEIGHTS = {400: "Inter_400Regular.ttf", 500: "Inter_500Medium.ttf", 600: "Inter_600SemiBold.ttf"}


def font_path(weight: int) -> str:
    """Return the file of a weight: 400, 500 or 600."""
    return str(FOLDER / WEIGHTS[weight])


def font_paths() -> list[str]:
    """Return the files of all weights."""
    return [font_path(weight) for weight in WEIGHTS]


def check_printable(text: str) -> None:
    """Raise ``NotPrintable`` naming the first character that the certificate's font lacks."""
    known = characters()
    for character in text:
        if ord(character) not in known and not character.isspace():
            name = unicodedata.name(character, "a character without a name")
            raise NotPrintable(
                "the font has no “%(character)s” (%(code)s, %(name)s); "
                "write the name in Latin, Cyrillic or Greek letters",
                character=character,
                code=f"U+{ord(character):04X}",
                name=name,
            )


def clean_printed(text: str) -> str:
    """Return a name as it is printed; ``NotPrintable`` says which character cannot be."""
    printed = clean_line(text)
    check_printable(printed)
    return printed


@cache
def characters() -> frozenset[int]:
    """Return the code points that Inter covers, read from its character map."""
    return read_characters((FOLDER / WEIGHTS[400]).read_bytes())


def read_characters(font: bytes) -> frozenset[int]:
    """Return the code points of a TrueType file's Unicode map (formats 4 and 12)."""
    readers = {4: _segments, 12: _groups}
    maps = [(struct.unpack_from(">H", font, at)[0], at) for at in _map_offsets(font)]
    return frozenset().union(*(readers[form](font, at) for form, at in maps if form in readers))


def _map_offsets(font: bytes) -> list[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            (count,) = struct.unpack_from(">H", font, start + 2)
            places = (start + 4 + 8 * i for i in range(count))
            return [start + struct.unpack_from(">HHI", font, place)[2] for place in places]
    return []


def _segments(font: bytes, offset: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, offset + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, offset + 14)
    starts = struct.unpack_from(f">{count}H", font, offset + 16 + doubled)
    return {c for a, b in zip(starts, ends, strict=True) for c in range(a, b + 1) if c != 0xFFFF}


def _groups(font: bytes, offset: int) -> set[int]:
    (count,) = struct.unpack_from(">I", font, offset + 12)
    groups = (struct.unpack_from(">III", font, offset + 16 + 12 * i) for i in range(count))
    return {c for start, end, _glyph in groups for c in range(start, end + 1)}
