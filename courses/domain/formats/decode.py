"""From the bytes of a text file to its text."""

import re

from courses.domain.formats.question import showable
from courses.domain.formats.reading import Remark, Unreadable

MAX_BYTES = 20 * 1024 * 1024

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# In Russian, letters beyond ASCII stand side by side; in western texts they are single.
_CYRILLIC_WORD = re.compile(r"[А-Яа-яЁё]{3}")
_WESTERN_WORD = re.compile(r"[A-Za-z]{3}")
# What Polish letters look like when they are taken for western ones.
_POLISH = re.compile(r"\w[¹³¿][a-z]|³[a-z]")
_NAMES = {"cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252"}


def decode(body: bytes, *, most: int = MAX_BYTES) -> tuple[str, tuple[Remark, ...]]:
    """Return the text, and what there is to say about how it was read."""
    if len(body) > most:
        raise Unreadable("the file is larger than %(most)s MB: split it", most=str(most >> 20))
    text, guess = _decode(body)
    shown = showable(text)
    left_out = Remark("characters that cannot be shown were left out")
    bare = len(text) - text.count("\r\n")
    return shown, tuple(filter(None, (guess, left_out if len(shown) < bare else None)))


def _decode(body: bytes) -> tuple[str, Remark | None]:
    if body.startswith(_UTF_16):
        return _decode_utf16(body), None
    if b"\x00" in body:
        raise Unreadable("this is not a text file: save it as text in UTF-8")
    try:
        return body.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        encoding = _guess(body)
    remark = Remark(
        "the file is not UTF-8; it was read as %(encoding)s, so look at its letters",
        encoding=_NAMES[encoding],
    )
    return body.decode(encoding, errors="replace"), remark


def _decode_utf16(body: bytes) -> str:
    try:
        return body.decode("utf-16")
    except UnicodeDecodeError:
        raise Unreadable("the file is damaged UTF-16: save it as text in UTF-8") from None


def _guess(body: bytes) -> str:
    cyrillic = body.decode("cp1251", errors="replace")
    if len(_CYRILLIC_WORD.findall(cyrillic)) * 3 > len(_WESTERN_WORD.findall(cyrillic)):
        return "cp1251"
    western = body.decode("cp1252", errors="replace")
    return "cp1250" if _POLISH.search(western) else "cp1252"
