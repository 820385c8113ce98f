"""A small tree of an XML file that knows its lines, and which of its parts somebody read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from courses.domain.formats.question import clean
from courses.domain.formats.reading import Unreadable

MAX_BYTES = 50 * 1024 * 1024
MAX_ELEMENTS = 500_000
MAX_DEPTH = 50


@dataclass
class Element:
    """An element; what was asked of it counts as read."""

    tag: str
    line: int
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)
    is_read: bool = False

    def all(self, tag: str) -> list["Element"]:
        """Return the children of that name."""
        found = [child for child in self.children if child.tag == tag]
        for child in found:
            child.is_read = True
        return found

    def get(self, *path: str) -> "Element | None":
        """Return the first element at the path."""
        found: Element | None = self
        for tag in path:
            found = next(iter(found.all(tag)), None) if found else None
        return found

    def text(self, *path: str) -> str:
        """Return the text at the path, clean; empty if there is none."""
        found = self.get(*path)
        return clean("".join(found.pieces)) if found else ""

    def unread(self) -> Iterator["Element"]:
        """Yield what nobody asked for and that says something."""
        for child in self.children:
            if child.is_read:
                yield from child.unread()
            elif child.says_something():
                yield child

    def says_something(self) -> bool:
        """Whether there is any text in it."""
        return any(map(str.strip, self.pieces)) or any(
            child.says_something() for child in self.children
        )


def read_tree(body: bytes) -> Element:
    """Return the root of an XML file; ``Unreadable`` says what is wrong with it."""
    if len(body) > MAX_BYTES:
        raise Unreadable("the file is larger than %(most)s MB: split it", most=str(MAX_BYTES >> 20))
    builder = _Builder()
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(builder)
    try:
        parser.parse(BytesIO(body))
    except Unreadable:
        raise
    except DefusedXmlException:
        raise Unreadable("the file declares entities or a document type: leave them out") from None
    except SAXParseException as error:
        raise Unreadable(
            "the file is not well-formed XML (line %(line)s): export it anew, or write & as &amp; "
            "and < as &lt; within texts",
            line=str(error.getLineNumber()),
        ) from None
    except (SAXException, ValueError, LookupError):
        raise Unreadable("the file is no XML in an encoding known here: save it as UTF-8") from None
    return builder.root.children[0]


class _Builder(ContentHandler):
    """Builds the tree within bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", 0, {})
        self._open = [self.root]
        self._count = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            raise Unreadable("the file has too many or too deeply nested elements: split it")
        line = self._locator.getLineNumber() if self._locator else 0
        element = Element(name, line or 0, dict(attrs.items()))
        self._open[-1].children.append(element)
        self._open.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].pieces.append(content)
