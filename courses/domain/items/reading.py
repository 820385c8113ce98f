"""Numbers and words as people type them, and how they are compared."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_TEXT = 200


def read_number(text: str) -> Decimal | None:
    """Read a number as people type it: spaces between thousands, comma or point for decimals."""
    compact = re.sub(r"[\s\u00a0\u202f']", "", text).replace("−", "-")
    if compact.count(",") == 1 and "." not in compact:
        # 4,608 is a grouped thousand where three digits follow; 4,5 is a decimal comma.
        head, tail = compact.split(",")
        grouped = len(tail) == 3 and head.lstrip("-") not in {"", "0"}
        compact = head + tail if grouped else f"{head}.{tail}"
    else:
        compact = compact.replace(",", "")
    try:
        number = Decimal(compact)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_close(answer: str, key: str, tolerance: str) -> bool:
    """Whether a typed number lies within ``tolerance`` of the key, bounds included."""
    given, wanted, margin = read_number(answer), read_number(key), read_number(tolerance)
    if given is None or wanted is None:
        return False
    return abs(given - wanted) <= (margin or Decimal(0))


def normalise(text: str) -> str:
    """Return short text as it is compared: composed, case folded, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_like(answer: str, wording: str) -> bool:
    """Whether a typed text is an accepted wording; ``*`` in it stands for anything, ``\\*`` for *.

    Linear in the answer's length: the pieces between the stars are looked for from left to right.
    """
    pieces = [piece.replace("\\*", "*") for piece in re.split(r"(?<!\\)\*", normalise(wording))]
    said = normalise(answer)
    if len(pieces) == 1:
        return said == pieces[0]
    first, *middle, last = pieces
    if not said.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        found = said.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(said) - len(last) >= at and said.endswith(last)


def is_answered(value: Any) -> bool:
    """Whether a stored response says anything."""
    return value not in (None, "", [], {})


def in_language(texts: Mapping[str, str], language: str, fallback: str = "en") -> str:
    """Return a text in the language, else in the fallback, else in any."""
    return texts.get(language) or texts.get(fallback) or next(iter(texts.values()), "")
