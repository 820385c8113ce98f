"""Pictures that somebody brings, opened within limits and stripped of all but what is seen."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

MOST_PIXELS = 40_000_000


class NotAPicture(Exception):
    """The bytes are no picture that can be read."""


class TooLarge(NotAPicture):
    """It would take too much memory to open."""


@dataclass(frozen=True)
class Picture:
    """A picture in RGB, or RGBA where it can be seen through, and what its file was."""

    image: Image.Image
    form: str

    @property
    def see_through(self) -> bool:
        return self.image.mode == "RGBA"


def read_picture(body: bytes, width: int, height: int) -> Picture:
    """Return a picture made to fit; comments, places and profiles of its file stay behind."""
    try:
        with Image.open(BytesIO(body), formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge("the picture has more than 40 million pixels: make it smaller")
            image = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            form = str(picture.format)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAPicture("this is no PNG, JPEG, WebP or GIF that can be read") from None
    image.info = {}  # it would be written again
    image.thumbnail((width, height), Image.Resampling.LANCZOS)
    return Picture(image, form)
