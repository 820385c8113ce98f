"""Whether two PNGs look alike: the same pixels, and nothing beside them that would be seen.

One of them is a stranger's: it is decoded only if its header is ours, so its size is known.
"""

from io import BytesIO

from PIL import Image

from badges.domain.png import SIGNATURE, Chunk, NotPng, read_chunks

_DRAWN = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_UNSEEN = {b"iTXt", b"tEXt", b"zTXt", b"tIME", b"pHYs"}
_SIZE = 8  # bytes of the header that hold width and height


def look_alike(theirs: bytes, ours: bytes) -> bool:
    """Say whether a picture is ours to the pixel; colours may be coded otherwise."""
    try:
        one, other = _seen(theirs), _seen(ours)
    except NotPng:
        return False
    if one == other:
        return True
    kinds = {chunk.kind for chunk in one}
    if not kinds <= _DRAWN or one[0].data[:_SIZE] != other[0].data[:_SIZE]:
        return False  # an animation, another gamma, another size
    try:
        return _pixels(one) == _pixels(other)
    except (OSError, SyntaxError, ValueError):
        return False


def _seen(png: bytes) -> list[Chunk]:
    chunks = [chunk for chunk in read_chunks(png) if chunk.kind not in _UNSEEN]
    if chunks[0].kind != b"IHDR":
        raise NotPng("its header is not the first chunk")
    return chunks


def _pixels(chunks: list[Chunk]) -> bytes:
    body = SIGNATURE + b"".join(chunk.to_bytes() for chunk in chunks)
    with Image.open(BytesIO(body), formats=["PNG"]) as picture:
        return picture.convert("RGBA").tobytes()
