"""SVG to a small PNG: resvg draws with our fonts alone, Pillow brings it under ten kilobytes."""

from io import BytesIO

from PIL import Image, ImageStat
from resvg_py import svg_to_bytes

from badges.domain.fonts import font_paths

COLOURS = 96  # of the opaque picture
EDGES = 16  # further palette entries for the half-transparent pixels of round corners
DPI = 96  # Outlook scales and re-encodes anything else


def rasterize(svg: str) -> Image.Image:
    """Draw an SVG of ours; the same pixels on every machine, whatever fonts it has."""
    drawn = svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=font_paths())
    return Image.open(BytesIO(drawn)).convert("RGBA")


def encode(picture: Image.Image, colours: int = COLOURS) -> bytes:
    """Return an 8-bit PNG: opaque colours by median cut, soft corners by their own entries."""
    alpha = picture.getchannel("A")
    white = Image.new("RGBA", picture.size, "white")
    flat = Image.alpha_composite(white, picture).convert("RGB")
    small = flat.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = (small.getpalette() or [])[: 3 * colours]
    palette += [255] * (3 * colours - len(palette))
    clear = bytearray(b"\xff" * colours)
    for level in range(EDGES):
        mask = alpha.point([255 if a < 255 and a // 16 == level else 0 for a in range(256)])
        colour = _mean(picture, mask)
        small.paste(colours + level, mask=mask)
        palette += colour if level else [255, 255, 255]
        clear.append(0 if level == 0 else level * 16 + 8)
    small.putpalette(palette)
    output = BytesIO()
    small.save(output, "PNG", optimize=True, transparency=bytes(clear), dpi=(DPI, DPI))
    return output.getvalue()


def _mean(picture: Image.Image, mask: Image.Image) -> list[int]:
    if mask.getbbox() is None:
        return [255, 255, 255]
    return [round(value) for value in ImageStat.Stat(picture.convert("RGB"), mask).mean]
