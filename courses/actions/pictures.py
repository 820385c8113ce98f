"""Pictures of items: drawn anew, so that nothing else of their file stays, and kept for good."""

import hashlib
from io import BytesIO

from courses.models import ItemPicture
from lms.pictures import read_picture

WIDEST = 1600  # pixels: twice what a page shows


def keep_picture(body: bytes) -> str:
    """Keep a picture and return its name; the same picture twice is one row. ``NotAPicture``."""
    picture, output = read_picture(body, WIDEST, WIDEST * 2), BytesIO()
    form = "JPEG" if picture.form == "JPEG" else "PNG"
    picture.image.save(output, form, optimize=True)
    name = hashlib.sha256(output.getvalue()).hexdigest()
    width, height = picture.image.size
    ItemPicture.objects.get_or_create(
        name=name,
        defaults={
            "media": f"image/{form.lower()}",
            "width": width,
            "height": height,
            "body": output.getvalue(),
        },
    )
    return name
