"""What does baking cost beside openbadges-bakery?

The bakery writes Open Badges 2.0 alone; a PNG of ours carries both generations, an SVG the 3.0
document. No database, pictures small and large, all in memory.
"""

import json
import os
import random
import struct
import sys
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO

from temporary import ROOT, show_costs, take_turns

ROUNDS, EACH = 7, 12
BAKERY = "openbadges-bakery, 2.0"


def measure() -> None:
    """Bake into each picture by each way, turn by turn."""
    from badges.domain.baking import bake
    from badges.domain.picture import draw_picture, render_picture
    from badges.domain.png import OB3_KEYWORD, splice_text

    ob2, ob3 = _document(900), _document(2100)
    for png in (render_picture(title="Certified", issuer="Bench", language="en"), _noise()):
        _show(f"a PNG of {len(png):,} bytes", {
            "ours, 2.0 and 3.0": partial(bake, png, ob2=ob2, ob3=ob3),
            "ours, 3.0 alone": partial(splice_text, png, OB3_KEYWORD, ob3),
            BAKERY: partial(_bake_by_bakery, png, ob2),
        })  # fmt: skip
    svg = draw_picture(title="Certified", issuer="Bench", language="en", state="valid")
    for drawn in (svg, _grow(svg)):
        _show(f"an SVG of {len(drawn.encode()):,} bytes", {
            "ours, 3.0": partial(_bake_svg, drawn, ob3),
            BAKERY: partial(_bake_by_bakery, drawn.encode(), ob2),
        })  # fmt: skip


def _bake_svg(drawn: str, ob3: str) -> bytes:
    from badges.domain.baking import bake_svg

    return bake_svg(drawn, ob3).encode()


def _bake_by_bakery(picture: bytes, ob2: str) -> bytes:
    """As its own documentation calls it, but in memory: a file for each would cost it more."""
    from openbadges_bakery import bake

    output = BytesIO()
    bake(BytesIO(picture), ob2, output)
    return output.getvalue()


def _show(title: str, calls: dict[str, Callable[[], bytes]]) -> None:
    print(f"\n  {title}")
    show_costs(take_turns(calls, ROUNDS, EACH), EACH, BAKERY)


def _document(size: int) -> str:
    document = {"@context": "https://w3id.org/openbadges/v2", "id": "https://bench.example/c/1"}
    return json.dumps({**document, "type": "Assertion", "narrative": "n" * size})


def _noise() -> bytes:
    """A PNG that does not compress: the same for every run."""
    side = 520
    rows = b"".join(b"\0" + random.Random(row).randbytes(3 * side) for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    )


def _grow(svg: str) -> str:
    """The same drawing with a few hundred shapes more."""
    shapes = "".join(f'<circle cx="{n % 512}" cy="{n // 2}" r="3"/>' for n in range(1600))
    return svg.replace("</svg>", f"{shapes}</svg>")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(f"\nNo database   ({os.cpu_count()} processors, load {os.getloadavg()[0]:.1f})")
    measure()
