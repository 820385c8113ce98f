"""Chunks of a PNG: reading the badge texts and splicing ours in (openbadges-bakery knows only 2.0).

Uploads come here: every length is checked before it is believed, nothing is inflated.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

SIGNATURE = b"\x89PNG\r\n\x1a\n"
OB2_KEYWORD, OB3_KEYWORD = "openbadges", "openbadgecredential"
MAX_CHUNKS = 4096


class NotPng(Exception):
    """The bytes are no PNG that a badge could be in; the message says where they break."""


@dataclass(frozen=True)
class Chunk:
    kind: bytes
    data: bytes

    @cached_property
    def checksum(self) -> bytes:
        """Four bytes over kind and data: of a large picture they are computed once."""
        return struct.pack(">I", zlib.crc32(self.data, zlib.crc32(self.kind)))

    def parts(self) -> tuple[bytes, ...]:
        """Return what is written one after the other; joined at once, nothing is copied twice."""
        return struct.pack(">I", len(self.data)), self.kind, self.data, self.checksum

    def to_bytes(self) -> bytes:
        """Return the chunk with its length and checksum."""
        return b"".join(self.parts())


def read_chunks(png: bytes) -> Iterator[Chunk]:
    """Yield the chunks up to IEND; ``NotPng`` on a cut, a wrong checksum or too many of them."""
    if not png.startswith(SIGNATURE):
        raise NotPng("it does not begin as a PNG does")
    place = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        chunk = _read_chunk(png, place)
        yield chunk
        if chunk.kind == b"IEND":
            return
        place += 12 + len(chunk.data)
    raise NotPng("it has more than 4096 chunks")  # a literal, so that it can be translated


def find_texts(png: bytes, keyword: str) -> list[str]:
    """Return the uncompressed iTXt texts under a badge keyword, in order."""
    head = keyword.encode("ascii") + b"\0"
    return [
        _text_of(chunk.data[len(head) :])
        for chunk in read_chunks(png)
        if chunk.kind == b"iTXt" and chunk.data.startswith(head)
    ]


def splice_text(png: bytes, keyword: str, text: str) -> bytes:
    """Return the PNG with one uncompressed iTXt chunk of that keyword, after IHDR."""
    head = keyword.encode("ascii") + b"\0"
    ours = Chunk(b"iTXt", head + b"\0\0\0\0" + text.encode())
    kept = [c for c in read_chunks(png) if not (c.kind == b"iTXt" and c.data.startswith(head))]
    if kept[0].kind != b"IHDR":
        raise NotPng("its header is not the first chunk")
    written = [kept[0], ours, *kept[1:]]
    return b"".join([SIGNATURE, *(part for chunk in written for part in chunk.parts())])


def _read_chunk(png: bytes, place: int) -> Chunk:
    if len(png) < place + 12:
        raise NotPng("it ends before its end chunk")
    (length,) = struct.unpack_from(">I", png, place)
    if length > len(png) - place - 12:
        raise NotPng("a chunk is longer than the file")
    chunk = Chunk(png[place + 4 : place + 8], png[place + 8 : place + 8 + length])
    if chunk.checksum != png[place + 8 + length : place + 12 + length]:
        raise NotPng("a checksum does not fit")
    return chunk


def _text_of(rest: bytes) -> str:
    """What follows the keyword: flag, method, language, translated keyword, text."""
    if rest[:2] != b"\0\0":
        raise NotPng("its badge is compressed, which the standard forbids")
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise NotPng("its badge chunk is broken")
    try:
        return parts[2].decode()
    except UnicodeDecodeError:
        raise NotPng("its badge is not UTF-8") from None
