"""Cases in ``items.yaml``: an entry with the text that its ``questions`` share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from courses.domain.cases import CaseBody, NotACase, check_members
from courses.domain.files import FileError, parse


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_NOT_HERE = {
    "topic": "its questions have the topic of the case",
    "pilot": "a case is drawn whole, and all of it counts",
}


class CaseEntry(_Strict):
    """One case of ``items.yaml``. Its questions are items; the topic of all is the case's."""

    case: str
    topic: str
    stem: str
    questions: tuple[dict[str, Any], ...] = Field(min_length=1)


class CaseTranslation(_Strict):
    """A case in ``items.<language>.yaml``, where it stands under its code, as items do."""

    stem: str


@dataclass(frozen=True, kw_only=True)
class CaseSource:
    """A case as its files say it; ``members`` are codes of items."""

    code: str
    topic: str
    body: CaseBody
    members: tuple[str, ...]


def unfold(file: str, entries: Any) -> tuple[Any, tuple[CaseEntry, ...]]:
    """Return the entries with those of cases as items among the others, and the cases."""
    if not isinstance(entries, list):
        return entries, ()
    flat: list[Any] = []
    cases: list[CaseEntry] = []
    for number, raw in enumerate(entries, start=1):
        if not isinstance(raw, dict) or "case" not in raw:
            flat.append(raw)
            continue
        entry: CaseEntry = parse(CaseEntry, file, raw, str(raw["case"] or f"entry {number}"))
        if entry.case in {known.case for known in cases}:
            raise FileError(file, entry.case, "this case stands twice; codes are unique in a bank")
        cases.append(entry)
        flat += [_question(file, entry, question) for question in entry.questions]
    return flat, tuple(cases)


def _question(file: str, entry: CaseEntry, question: dict[str, Any]) -> dict[str, Any]:
    for name, reason in _NOT_HERE.items():
        if name in question:
            place = f"{entry.case}.{question.get('code', 'questions')}.{name}"
            raise FileError(file, place, f"leave it out: {reason}")
    return {**question, "topic": entry.topic}


def read_cases(
    file: str, entries: tuple[CaseEntry, ...], translations: Mapping[str, Mapping[str, Any]]
) -> Iterator[CaseSource]:
    """Yield every case with its text in each language; ``translations`` maps code to entry."""
    for entry in entries:
        stem = {"en": entry.stem}
        for language, found in translations.items():
            if raw := found.get(entry.case):
                name = f"items.{language}.yaml"
                other: CaseTranslation = parse(CaseTranslation, name, raw, entry.case)
                stem[language] = other.stem
        members = tuple(str(question.get("code", "")) for question in entry.questions)
        try:
            check_members(members)
        except NotACase as fault:
            raise FileError(file, f"{entry.case}.questions", str(fault)) from fault
        body: CaseBody = parse(CaseBody, file, {"stem": stem}, entry.case)
        yield CaseSource(code=entry.case, topic=entry.topic, body=body, members=members)
