"""Bits of a Bitstring Status List: bit 0 is the highest bit of byte 0."""

import base64
import gzip
import zlib
from collections.abc import Iterable

SIZE = 131_072  # the standard's minimum; a holder hides among this many


def encode(indexes: Iterable[int]) -> str:
    """Return ``u`` + base64url(gzip(bits)) with the bits at ``indexes`` set."""
    bits = bytearray(SIZE // 8)
    for index in indexes:
        if not 0 <= index < SIZE:
            raise ValueError(f"{index} does not fit into a list of {SIZE}")
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def is_set(encoded: str, index: int) -> bool:
    """Read one bit of an encoded list; ``ValueError`` if it is no list of our size."""
    raw = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
    try:
        bits = zlib.decompressobj(wbits=31).decompress(raw, SIZE // 8 + 1)
    except zlib.error:
        bits = b""
    if not encoded.startswith("u") or len(bits) != SIZE // 8:
        raise ValueError("not a status list of ours")
    return bool(bits[index // 8] & 0x80 >> index % 8)
