"""A credential inside an SVG, by the form of Open Badges 3.0 (the bakery writes that of 2.0).

Reading is a stream with no tree behind it: nesting costs nothing, entities are refused.
"""

from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.saxutils import quoteattr
from xml.sax.xmlreader import AttributesNSImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException

OB3_NAMESPACE, OB2_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0", "http://openbadges.org"
_BADGES = {(OB3_NAMESPACE, "credential"), (OB2_NAMESPACE, "assertion")}
_HEAD = 512  # bytes in which the root of an SVG must begin


class NotSvg(Exception):
    """The bytes are no SVG that a badge could be in; the message says why."""


def bake_svg(svg: str, credential: str) -> str:
    """Return an SVG of ours with a signed document inside; its root must start it."""
    start, inside = svg.index("<svg ") + 5, svg.index(">") + 1
    # The same JSON: only the end of a CDATA section must not stand in it.
    body = credential.replace("]]>", "]]\\u003e")
    element = f"<openbadges:credential><![CDATA[{body}]]></openbadges:credential>"
    namespace = f"xmlns:openbadges={quoteattr(OB3_NAMESPACE)} "
    return svg[:start] + namespace + svg[start:inside] + element + svg[inside:]


def looks_like_svg(body: bytes) -> bool:
    """Say whether the bytes begin as an SVG does."""
    return b"<svg" in body[:_HEAD] or b":svg" in body[:_HEAD]


def read_badges(body: bytes) -> list[str]:
    """Return the documents or tokens baked into an SVG, in order; ``NotSvg`` if it is damaged."""
    reader = _Reader()
    parser = defusedxml.sax.make_parser()
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    try:
        parser.parse(BytesIO(body))
    except DefusedXmlException:
        raise NotSvg("it declares entities") from None
    except (SAXException, ValueError, LookupError) as error:
        raise NotSvg(f"it is not well-formed ({type(error).__name__})") from None
    return reader.found


class _Reader(ContentHandler):
    """Keeps the text and the ``verify`` attribute of badge elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0
        self._text: list[str] = []
        self._verify = ""

    def startElementNS(  # noqa: N802
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        if self._depth:
            self._depth += 1
        elif name in _BADGES:
            values: dict[Any, str] = dict(attrs.items())
            self._depth, self._text = 1, []
            self._verify = values.get((None, "verify"), "")

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        self._depth -= bool(self._depth)
        if not self._depth and name in _BADGES:
            self.found.append("".join(self._text).strip() or self._verify)

    def characters(self, content: str) -> None:
        if self._depth:
            self._text.append(content)
