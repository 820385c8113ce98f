"""The fields that questions of every type share in Moodle's XML."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from decimal import Decimal

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.moodle.tree import Element
from courses.domain.formats.question import (
    NONE,
    File,
    Format,
    Option,
    Text,
    one_line,
    read_decimal,
)
from courses.domain.formats.reading import Remark

FORMATS: dict[str, Format] = {
    "html": "html",
    "markdown": "markdown",
    "plain_text": "plain",
    "moodle_auto_format": "moodle",
}
# What Moodle writes with every question and that says nothing, where it is as here.
_USUAL = {
    "answernumbering": ("abc",),
    "correctfeedback": ("Your answer is correct.",),
    "hidden": ("0",),
    "incorrectfeedback": ("Your answer is incorrect.",),
    "partiallycorrectfeedback": ("Your answer is partially correct.",),
    "showstandardinstruction": ("0", "1"),
    "showunits": ("0", "3"),
    "single": ("true", "1"),
    "unitgradingtype": ("0",),
    "unitpenalty": ("0.1", "0.1000000"),
    "unitsleft": ("0",),
}


def read_text(element: Element | None, remarks: list[Remark]) -> Text:
    """Return a text with its format and the files it shows."""
    if element is None:
        return Text("", "html")
    inner = element.get("text")
    files = (_read_file(each, remarks) for each in element.all("file"))
    return Text(
        inner.text() if inner else element.text(),
        FORMATS.get(element.attributes.get("format", ""), "html"),
        tuple(file for file in files if file),
    )


def read_feedback(element: Element | None, remarks: list[Remark]) -> Text | None:
    """Return a text that may be missing."""
    text = read_text(element, remarks)
    return text if text.text or text.files else None


def _read_file(element: Element, remarks: list[Remark]) -> File | None:
    name = one_line(element.attributes.get("name", ""))
    try:
        if element.attributes.get("encoding", "base64") != "base64" or not name:
            raise ValueError
        body = b64decode("".join(element.pieces).strip())
    except (ValueError, binascii.Error):
        remarks.append(Remark("the file “%(name)s” is damaged and not kept", name=name))
        return None
    return File(name, body, one_line(element.attributes.get("path", "")) or "/")


def read_option(answer: Element, remarks: list[Remark]) -> Option:
    """Return an answer with its percent."""
    feedback = read_feedback(answer.get("feedback"), remarks)
    return Option(read_text(answer, remarks), read_credit(answer), feedback)


def read_wording(answer: Element, remarks: list[Remark]) -> Option:
    """Return an accepted wording: it is compared as it stands, so it has no markup."""
    option = read_option(answer, remarks)
    return Option(Text(option.text.text, "plain"), option.credit, option.feedback)


def read_credit(answer: Element) -> Decimal:
    """Return the percent of an answer, exactly as it is written."""
    written = answer.attributes.get("fraction") or answer.text("fraction")
    credit = read_decimal(written) if written.strip() else NONE
    if credit is None:
        raise NotAQuestion(
            "“%(fraction)s” is not a percent: write a number such as 50 or 33.33333",
            fraction=written[:40],
        )
    return credit


def read_points(element: Element, tag: str, remarks: list[Remark]) -> Decimal | None:
    """Return a number of points, if there is one."""
    written = element.text(tag)
    points = read_decimal(written)
    if written and points is None:
        remarks.append(Remark("“%(points)s” is no number and is not kept", points=written[:40]))
    return points


def read_flag(element: Element, tag: str) -> bool | None:
    """Return a switch, None where there is none."""
    written = element.text(tag).lower()
    return written in {"1", "true", "yes"} if written else None


def name_unread(elements: Iterable[Element]) -> str:
    """Return the names of the parts that nobody read, without those that say nothing."""
    found = (each for each in elements if _said(each) not in _USUAL.get(each.tag, ()))
    return ", ".join(dict.fromkeys(each.tag[:40] for each in found))


def _said(element: Element) -> str:
    return element.text() or element.text("text")
