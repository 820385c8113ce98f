"""What an import did, in words and in the keys that ``--json`` documents."""

from typing import Any, Protocol

from courses.domain.formats.reading import Note
from lms.tables import FORMATS
from lms.wording.retold import retell


class _Told(Protocol):
    """What an action of an import reports."""

    accepted: list[Any]
    rejected: list[Any]
    duplicates: list[Any]
    lost: list[Note]
    topics: list[str]
    cases: list[tuple[str, str]]
    written: bool


def describe_import(report: _Told, form: str) -> dict[str, Any]:
    """Return a report as plain values, its sentences in the reader's language."""
    return {
        "accepted": len(report.accepted),
        "items": [
            {
                "ref": name_place(one.where, form),
                "code": one.code,
                "topic": one.topic,
                "text": one.text,
                "outcome": one.outcome,
            }
            for one in report.accepted
        ],
        "rejected": [
            {"ref": name_place(one.where, form), "text": one.text, "reason": say(one.reason)}
            for one in report.rejected
        ],
        "duplicates": [
            {
                "ref": name_place(one.where, form),
                "text": one.text,
                "of": one.code or name_place(one.other, form),
            }
            for one in report.duplicates
        ],
        "lost": [
            {"ref": name_place(one.where, form), "what": retell(_Sentence(one))}
            for one in sorted(report.lost, key=lambda note: note.where)
        ],
        "topics": list(report.topics),
        "cases": [{"code": code, "outcome": outcome} for code, outcome in report.cases],
        "written": report.written,
    }


def name_place(where: int, form: str) -> str:
    """Name a place as people find it: a row of a table, a line of a text."""
    if not where:
        return "file"
    return f"{'row' if form in FORMATS else 'line'} {where}"


def say(reason: Exception) -> str:
    """Return why something is rejected; the wording policy has several sentences."""
    messages: list[str] = getattr(reason, "messages", [])
    return " ".join(messages) or retell(reason)


class _Sentence(Exception):
    """A remark, told like a refusal."""

    def __init__(self, note: Note) -> None:
        super().__init__(str(note.what))
        self.text, self.values = note.what.text, note.what.values
