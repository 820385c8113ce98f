"""Pictures of items: drawn anew, so that nothing else of their file stays, and kept for good."""

import hashlib
from io import BytesIO

from PIL import Image

from courses.models import ItemPicture

WIDEST = 1600  # pixels: twice what a page shows
MOST_PIXELS = 40_000_000


class NotAPicture(Exception):
    """The bytes cannot be shown in an item."""


def keep_picture(body: bytes) -> str:
    """Keep a picture and return its name; the same picture twice is one row."""
    drawn, media = _draw(body)
    name = hashlib.sha256(drawn).hexdigest()
    with Image.open(BytesIO(drawn)) as picture:
        width, height = picture.size
    ItemPicture.objects.get_or_create(
        name=name,
        defaults={"media": media, "width": width, "height": height, "body": drawn},
    )
    return name


def _draw(body: bytes) -> tuple[bytes, str]:
    try:
        with Image.open(BytesIO(body), formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPicture("the picture has more than 40 million pixels: make it smaller")
            see_through = picture.has_transparency_data
            form = "JPEG" if picture.format == "JPEG" else "PNG"
            drawn = picture.convert("RGBA" if see_through else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAPicture("this is no PNG, JPEG, WebP or GIF that can be read") from None
    drawn.info = {}
    drawn.thumbnail((WIDEST, WIDEST * 2), Image.Resampling.LANCZOS)
    output = BytesIO()
    drawn.save(output, form, optimize=True)
    return output.getvalue(), f"image/{form.lower()}"
