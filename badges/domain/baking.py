"""One PNG that carries both standards, an SVG for 3.0: 2.0 by openbadges-bakery, 3.0 by us."""

from io import BytesIO

from openbadges_bakery import bake as bake_ob2

from badges.domain.png import OB3_KEYWORD, splice_text
from badges.domain.svg import bake_svg


def bake(png: bytes, *, ob2: str, ob3: str) -> bytes:
    """Return the picture with the hosted assertion and the proven credential inside."""
    output = BytesIO()
    bake_ob2(BytesIO(png), ob2, output)
    return splice_text(output.getvalue(), OB3_KEYWORD, ob3)


__all__ = ["bake", "bake_svg"]
