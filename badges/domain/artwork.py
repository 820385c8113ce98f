"""Pictures of a certificate's design, each as one self-contained SVG of bounded size.

Raster pictures are drawn anew: whatever else their file carries (places, authors, thumbnails)
stays behind. Vector pictures are taken as they are, if nothing in them runs or points elsewhere.
"""

import hashlib
from base64 import b64encode
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from badges.domain.svg import looks_like_svg
from lms.pictures import NotAPicture, Picture, TooLarge, read_picture

MOST_VECTOR = 300_000  # bytes of an SVG
_RUNNING = {"script", "foreignObject", "animate", "set", "animateTransform", "animateMotion"}
_EMBEDDED = ("#", "data:image/png", "data:image/jpeg")


class NotArtwork(Exception):
    """A picture that cannot be printed; the message says why."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


def draw_artwork(body: bytes, width: int) -> str:
    """Return a picture as SVG, at most ``width`` pixels wide; ``NotArtwork`` says what is wrong."""
    if looks_like_svg(body):
        return _take_vector(body)
    try:
        return _wrap(read_picture(body, width, width * 4))
    except TooLarge as error:
        raise NotArtwork(str(error)) from None
    except NotAPicture:
        raise NotArtwork("this is no PNG, JPEG, WebP or SVG that can be read") from None


def name_artwork(svg: str) -> str:
    """Return the name that editions know a picture by."""
    return hashlib.sha256(svg.encode()).hexdigest()


def _wrap(picture: Picture) -> str:
    drawn, output = picture.image, BytesIO()
    form = "PNG" if picture.see_through or picture.form in {"PNG", "GIF"} else "JPEG"
    options: dict[str, Any] = {"optimize": True} if form == "PNG" else {"quality": 88}
    drawn.save(output, form, **options)
    size = f'width="{drawn.width}" height="{drawn.height}"'
    field = f'{size} viewBox="0 0 {drawn.width} {drawn.height}"'
    data = b64encode(output.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {field}>'
        f'<image {size} href="data:image/{form.lower()};base64,{data}"/></svg>'
    )


def _take_vector(body: bytes) -> str:
    if len(body) > MOST_VECTOR:
        raise NotArtwork("the SVG is larger than 300 kB: make it simpler, or use a PNG")
    try:
        text = body.decode("utf-8-sig")
        parser = defusedxml.sax.make_parser()
        parser.setContentHandler(_Guard())
        parser.parse(BytesIO(text.encode()))
    except DefusedXmlException:
        raise NotArtwork("the SVG declares entities: save it without them") from None
    except (SAXException, ValueError, LookupError):
        raise NotArtwork("the SVG is damaged: it is not well-formed") from None
    return text


class _Guard(ContentHandler):
    """Stops at what runs, or points to another place."""

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        if name.rpartition(":")[2] in _RUNNING:
            raise NotArtwork("the SVG contains “%(name)s”: save it as plain drawing", name=name)
        for attribute, value in attrs.items():
            points = attribute.rpartition(":")[2] == "href"
            if points and not value.startswith(_EMBEDDED):
                raise NotArtwork("the SVG points to “%(value)s”: embed it", value=value[:80])
