"""Reads Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

from courses.domain.formats.checks import NotAQuestion
from courses.domain.formats.moodle.fields import (
    name_unread,
    read_feedback,
    read_points,
    read_text,
)
from courses.domain.formats.moodle.tree import Element, read_tree
from courses.domain.formats.moodle.types import TYPES, Details
from courses.domain.formats.question import Question, one_line
from courses.domain.formats.reading import Collector, Reading, Remark, Unreadable


def read_moodle(body: bytes) -> Reading:
    """Return the questions of a Moodle XML file; ``Unreadable`` where it is none at all."""
    root = read_tree(body)
    if root.tag != "quiz":
        raise Unreadable(
            "this is not Moodle XML: its root is “%(root)s” where quiz was expected",
            root=root.tag[:40],
        )
    collector, category = Collector(), ""
    for element in root.children:
        kind = element.attributes.get("type", "").strip().lower()
        if element.tag != "question":
            unknown = Remark("the element “%(tag)s” is not kept", tag=element.tag[:40])
            collector.note(element.line, unknown)
        elif kind == "category":
            category = one_line(element.text("category", "text"))
            collector.note(element.line, _name_lost(element))
        else:
            _read_question(element, kind, category, collector)
    return collector.finish()


def _read_question(element: Element, kind: str, category: str, collector: Collector) -> None:
    remarks: list[Remark] = []
    try:
        question = _to_question(element, kind, category, remarks)
    except NotAQuestion as reason:
        title = element.text("name", "text") or element.text("questiontext", "text")
        collector.reject(element.line, title, reason)
        return
    if collector.take(question):
        is_known = question.kind != "unsupported"
        collector.note(element.line, *remarks, _name_lost(element) if is_known else None)


def _name_lost(element: Element) -> Remark | None:
    names = name_unread(element.unread())
    if not names:
        return None
    return Remark("these parts of the question are not kept: %(names)s", names=names)


def _to_question(element: Element, kind: str, category: str, remarks: list[Remark]) -> Question:
    details = _read_kind(element, kind, remarks)
    tags = element.get("tags")
    names = [one_line(tag.text("text")) for tag in tags.all("tag")] if tags else []
    return Question(
        title=one_line(element.text("name", "text")),
        code=one_line(element.text("idnumber")),
        category=category,
        tags=tuple(filter(None, names)),
        feedback=read_feedback(element.get("generalfeedback"), remarks),
        grade=read_points(element, "defaultgrade", remarks),
        penalty=read_points(element, "penalty", remarks),
        where=element.line,
        **details,
    )


def _read_kind(element: Element, kind: str, remarks: list[Remark]) -> Details:
    read = TYPES.get(kind)
    details: Details = {"kind": "unsupported", "foreign_kind": kind}
    if read:
        details = read(element, remarks)
    else:
        remark = Remark(
            "questions of type “%(type)s” have no counterpart here: only the text is kept",
            type=kind[:40],
        )
        remarks.append(remark)
    if "stem" not in details:
        details["stem"] = read_text(element.get("questiontext"), remarks)
    return details
