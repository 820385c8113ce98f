"""What another site would find in our pictures, read by the standard library alone."""

import struct
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def read_png(body: bytes) -> str:
    """Return the credential in a PNG: one uncompressed iTXt chunk."""
    chunks = list(_chunks(body))
    assert [chunks[0][0], chunks[-1]] == [b"IHDR", (b"IEND", b"")]
    texts = [data.split(b"\0", 1) for kind, data in chunks if kind == b"iTXt"]
    (rest,) = [rest for keyword, rest in texts if keyword == b"openbadgecredential"]
    assert rest[:2] == b"\0\0", "neither compressed nor by a method"
    _language, _translated, text = rest[2:].split(b"\0", 2)
    return text.decode("utf-8")


def read_svg(body: bytes) -> str:
    """Return the credential in an SVG: one element, its JSON as text, no ``verify``."""
    root = ElementTree.fromstring(body)  # noqa: S314 - our own picture
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    (element,) = root.iter(f"{{{NAMESPACE}}}credential")
    assert element in list(root)
    assert not element.attrib
    assert not list(element)
    return element.text or ""


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert body.startswith(SIGNATURE)
    place = len(SIGNATURE)
    while place < len(body):
        length, kind = struct.unpack_from(">I4s", body, place)
        data = body[place + 8 : place + 8 + length]
        (told,) = struct.unpack_from(">I", body, place + 8 + length)
        assert told == zlib.crc32(kind + data), kind
        yield kind, data
        place += 12 + length
