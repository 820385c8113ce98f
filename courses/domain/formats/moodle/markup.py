"""Elements of Moodle's XML as text."""

from base64 import b64encode
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from courses.domain.formats.moodle.fields import FORMATS
from courses.domain.formats.question import File, Option, Text, showable, write_decimal

_NAMES = {shown: name for name, shown in FORMATS.items()}


def element(tag: str, *children: str, **attributes: str) -> str:
    """Return an element around others."""
    named = "".join(f" {name}={quoteattr(showable(value))}" for name, value in attributes.items())
    inside = "".join(children)
    return f"<{tag}{named}>{inside}</{tag}>\n" if inside else f"<{tag}{named}/>\n"


def leaf(tag: str, text: str, **attributes: str) -> str:
    """Return an element with a text in it."""
    return element(tag, escape(showable(text)), **attributes)


def name(tag: str, text: str) -> str:
    """Return an element with a text of one line, the way Moodle wraps it."""
    return element(tag, leaf("text", text))


def prose(tag: str, text: Text, *more: str, **attributes: str) -> str:
    """Return an element with a text, its format and its files."""
    inside = [leaf("text", text.text), *map(_write_file, text.files), *more]
    return element(tag, *inside, **attributes, format=_NAMES[text.format])


def feedback(tag: str, text: Text | None) -> str:
    """Return an element with a text that may be missing."""
    return prose(tag, text) if text else ""


def answer(option: Option, *more: str, fraction: str = "") -> str:
    """Return an answer with its percent."""
    percent = fraction or write_decimal(option.credit)
    told = feedback("feedback", option.feedback)
    return prose("answer", option.text, told, *more, fraction=percent)


def flags(tag: str, *, is_on: bool | None) -> Iterable[str]:
    """Yield a switch unless nothing is said about it."""
    if is_on is not None:
        yield leaf(tag, "1" if is_on else "0")


def _write_file(file: File) -> str:
    body = b64encode(file.body).decode()
    return leaf("file", body, name=file.name, path=file.path, encoding="base64")
