"""The files a vendor keeps in git: what they may say, and what they say when they are wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from courses.domain.blueprint import Blueprint, Cases, Count, Exposure, Level
from courses.domain.editing import Answers, TypedWrongly, join_answers, read_answers
from courses.domain.feedback import FeedbackPolicy
from courses.domain.items import ItemBody, KindName, Option, RuleName
from courses.domain.policy import AssessmentPolicy, Percent
from courses.domain.retakes import Days, RetakePolicy
from courses.domain.sections import Section, check_sections

Names = dict[str, str]


class FileError(Exception):
    """A file says something that cannot be: names file, place and the cure."""

    def __init__(self, file: str, place: str, problem: str) -> None:
        super().__init__(f"{file}, {place}: {problem}" if place else f"{file}: {problem}")
        self.file, self.place, self.problem = file, place, problem


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TrainingTexts(_Strict):
    """What a training says of itself in one language."""

    title: str
    summary: str
    audience: str = ""
    outcomes: tuple[str, ...] = ()


class AchievementTexts(_Strict):
    """What a certificate says in one language."""

    name: str
    description: str
    criteria: str


class AchievementFile(_Strict):
    """A certificate a training awards."""

    slug: str
    type: Literal["Certification", "Badge"]
    valid_months: int | None = None
    level: Literal["", "basic", "professional", "expert"] = ""
    # What the validity counts from; a fixed end needs ``ends_on``, a release ``released_on``.
    valid_from: Literal["pass", "release", "date"] = "pass"
    released_on: date | None = None
    ends_on: date | None = None
    renew_days: int = Field(default=90, ge=0, le=366)
    extends: tuple[str, ...] = ()  # slugs of achievements that passing this one renews
    texts: dict[str, AchievementTexts]


class AssessmentFile(_Strict):
    """The test of a training."""

    minutes: int = Field(ge=1, le=600)
    cut_percent: int = Field(ge=1, le=100)
    minimums: dict[str, Percent] = Field(default_factory=dict)
    # The blueprint: counts by topic, or by topic and level; and cases.
    draw: dict[str, Count | dict[Level, Count]]
    cases: dict[str, Cases] = Field(default_factory=dict)
    pilots: int = Field(default=0, ge=0, le=50)
    order: Literal["random", "fixed"] = "random"
    exposure: Exposure | None = None
    retake_wait_days: tuple[Days, ...] = (1, 7, 14)
    tries_in_year: int | None = Field(default=None, ge=1, le=100)
    revisit_lessons: bool = False
    once_passed: Days | Literal["window"] | None = None
    feedback: FeedbackPolicy = FeedbackPolicy()
    calculator: bool = False
    sections: tuple[Section, ...] = ()  # in the order in which they are taken

    @model_validator(mode="after")
    def _sections_fit(self) -> "AssessmentFile":
        try:
            check_sections(self.sections, self.policy.blueprint, self.minutes)
        except TypedWrongly as error:
            raise ValueError(f"sections: {error}") from error
        return self

    @property
    def policy(self) -> AssessmentPolicy:
        """What the file says, as the site keeps it."""
        return AssessmentPolicy(
            minutes=self.minutes,
            cut_percent=self.cut_percent,
            minimums=self.minimums,
            blueprint=Blueprint(
                draw=self.draw,
                cases=self.cases,
                pilots=self.pilots,
                order=self.order,
                exposure=self.exposure,
            ),
            retakes=RetakePolicy(
                wait_days=self.retake_wait_days,
                most_in_year=self.tries_in_year,
                revisit=self.revisit_lessons,
                once_passed=self.once_passed,
            ),
            feedback=self.feedback,
            calculator=self.calculator,
            sections=self.sections,
        )


class TrainingFile(_Strict):
    """``training.yaml``."""

    slug: str
    track: str
    product: str
    order: int = 0
    achievement: str
    texts: dict[str, TrainingTexts]
    topics: dict[str, Names]
    achievements: tuple[AchievementFile, ...]
    assessment: AssessmentFile
    lessons: tuple[str, ...]

    @model_validator(mode="after")
    def _names_agree(self) -> "TrainingFile":
        drawn = {*self.assessment.draw, *self.assessment.cases}
        if strange := sorted(drawn - set(self.topics)):
            raise ValueError(f"the test draws from {', '.join(strange)}, which is not in topics")
        if strange := sorted(set(self.assessment.minimums) - drawn):
            raise ValueError(f"minimums: the test draws nothing from {', '.join(strange)}")
        if self.achievement not in {achievement.slug for achievement in self.achievements}:
            raise ValueError(f"achievement {self.achievement!r} is not among achievements")
        return self


class ItemEntry(_Strict):
    """One entry of ``items.yaml``: ``options`` and ``key``, or ``answers`` as editors type."""

    code: str
    topic: str
    type: KindName
    stem: str
    key: Any = ()
    answers: str = ""
    scoring: RuleName = "all_or_nothing"
    difficulty: int = 2
    pilot: bool = False  # on trial: drawn only beside those that count
    lesson: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    tolerance: float | int | str = 0
    unit: str = ""
    rationale: str = ""


class ItemTranslation(_Strict):
    """One entry of ``items.<language>.yaml``."""

    stem: str
    options: dict[str, str] = Field(default_factory=dict)
    unit: str = ""
    rationale: str = ""
    key: tuple[str, ...] = ()
    answers: str = ""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A piece of a lesson: its kind, the words after the directive, its text."""

    kind: str
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LessonFile:
    """A lesson in one language."""

    slug: str
    title: str
    summary: str
    segments: tuple[Segment, ...]


def read_yaml(file: str, text: str) -> Any:
    """Parse YAML or raise ``FileError`` with line and column."""
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise FileError(file, place, error.problem or "is not YAML") from error


def parse(model: type[BaseModel], file: str, data: Any, place: str = "") -> Any:
    """Check data against a model; the first fault is raised as ``FileError`` with its field."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in (*([place] if place else []), *fault["loc"]))
        raise FileError(file, where, fault["msg"].removeprefix("Value error, ")) from error


def parse_items(
    file: str,
    entries: Any,
    translations: Mapping[str, Mapping[str, Any]],
    topics: Mapping[str, Names],
) -> Iterator[tuple[ItemEntry, ItemBody]]:
    """Yield every item with its body; ``translations`` maps language to entries."""
    if not isinstance(entries, list):
        raise FileError(file, "", "must be a list of items, each beginning with “- code:”")
    seen: set[str] = set()
    for number, raw in enumerate(entries, start=1):
        place = (
            str(raw.get("code", f"entry {number}")) if isinstance(raw, dict) else f"entry {number}"
        )
        entry: ItemEntry = parse(ItemEntry, file, raw, place)
        if entry.code in seen:
            raise FileError(file, place, "this code stands twice; codes are unique in a bank")
        if entry.topic not in topics:
            raise FileError(file, f"{place}.topic", f"no such topic; topics: {', '.join(topics)}")
        seen.add(entry.code)
        yield entry, _body(file, entry, _translate(entry, translations))


def _translate(
    entry: ItemEntry, translations: Mapping[str, Mapping[str, Any]]
) -> dict[str, ItemTranslation]:
    return {
        language: parse(ItemTranslation, f"items.{language}.yaml", entries[entry.code], entry.code)
        for language, entries in translations.items()
        if entry.code in entries
    }


def _body(file: str, entry: ItemEntry, others: Mapping[str, ItemTranslation]) -> ItemBody:
    for language, other in others.items():
        if set(other.options) != set(entry.options):
            place = f"{entry.code}.options"
            raise FileError(
                f"items.{language}.yaml", place, "must have the same letters as English"
            )
    data = {
        "kind": entry.type,
        "stem": {"en": entry.stem, **{lang: other.stem for lang, other in others.items()}},
        **asdict(_answers(file, entry, others)),
        "scoring": entry.scoring,
        "local_key": {lang: other.key for lang, other in others.items() if other.key},
        "tolerance": str(entry.tolerance),
        "unit": _filled(
            {"en": entry.unit, **{la: o.unit or entry.unit for la, o in others.items()}}
        ),
        "rationale": _filled(
            {"en": entry.rationale, **{la: o.rationale for la, o in others.items()}}
        ),
        "difficulty": entry.difficulty,
    }
    body: ItemBody = parse(ItemBody, file, data, entry.code)
    return body


def _answers(file: str, entry: ItemEntry, others: Mapping[str, ItemTranslation]) -> Answers:
    if entry.answers:
        try:
            weighted = entry.scoring == "weights"
            main = read_answers(entry.type, entry.answers, "en", weighted=weighted)
            typed = {
                lang: read_answers(entry.type, other.answers, lang, weighted=weighted)
                for lang, other in others.items()
            }
            return join_answers(main, typed, "en")
        except KeyError:
            raise FileError(file, f"{entry.code}.answers", "this type has a key instead") from None
        except TypedWrongly as error:
            raise FileError(file, f"{entry.code}.answers", str(error)) from error
    keys = entry.key if isinstance(entry.key, list | tuple) else [entry.key]
    options = (
        Option(
            id=letter,
            text={"en": text, **{lang: other.options[letter] for lang, other in others.items()}},
        )
        for letter, text in entry.options.items()
    )
    return Answers(options=tuple(options), key=tuple(str(part) for part in keys))


def _filled(texts: Names) -> Names:
    return {language: text for language, text in texts.items() if text}


_ATTRIBUTE = re.compile(r'(\w+)=(?:"([^"]*)"|(\S+))')


def parse_lesson(file: str, slug: str, text: str) -> LessonFile:
    """Split a lesson's Markdown into segments; raise ``FileError`` with the line."""
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise FileError(file, "line 1", "must begin with title and summary between --- lines")
    front, _, body = text[4:].partition("\n---\n")
    head = read_yaml(file, front)
    if not isinstance(head, dict) or not head.get("title"):
        raise FileError(file, "title", "is missing between the --- lines")
    offset = front.count("\n") + 4
    return LessonFile(
        slug=slug,
        title=str(head["title"]),
        summary=str(head.get("summary", "")),
        segments=tuple(_split(file, body, offset)),
    )


def _split(file: str, body: str, offset: int) -> Iterator[Segment]:
    """Walk the lines once: fences and ``:::`` blocks are pieces, what lies between is text."""
    plain: list[str] = []
    lines = iter(enumerate(body.split("\n"), start=offset))
    for number, line in lines:
        opener = re.match(r"^(```+|~~~+|:::)\s*(.*)$", line)
        if not opener:
            plain.append(line)
            continue
        yield from _prose(plain)
        plain = []
        inside = _until(lines, opener[1], file, number)
        yield _piece(opener[1], opener[2].strip(), inside)
    yield from _prose(plain)


def _until(lines: Iterator[tuple[int, str]], closer: str, file: str, opened: int) -> str:
    inside: list[str] = []
    for _, line in lines:
        if line.strip() == closer:
            return "\n".join(inside)
        inside.append(line)
    raise FileError(file, f"line {opened}", f"this block is opened and never closed by {closer}")


def _piece(fence: str, words: str, text: str) -> Segment:
    if fence != ":::":
        name = words.split(" ")[0]
        if name == "exercise":
            return Segment(kind="exercise", text=text)
        return Segment(kind="code", text=text, attributes={"language": name})
    kind, _, rest = words.partition(" ")
    attributes = {name: quoted or bare for name, quoted, bare in _ATTRIBUTE.findall(rest)}
    return Segment(kind=kind, text=text, attributes=attributes)


def _prose(lines: list[str]) -> Iterator[Segment]:
    """Yield text, with each top-level table as a piece of its own."""
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    start = 0
    for token in tokens:
        if token.type == "table_open" and token.level == 0 and token.map:
            yield from _text(lines[start : token.map[0]])
            yield Segment(kind="table", text="\n".join(lines[token.map[0] : token.map[1]]))
            start = token.map[1]
    yield from _text(lines[start:])


def _text(lines: list[str]) -> Iterator[Segment]:
    if text := "\n".join(lines).strip():
        yield Segment(kind="text", text=text)


def parse_table(text: str) -> list[list[str]]:
    """Return the cells of a pipe table, heading row first, as Markdown of one line."""
    rows = []
    for number, line in enumerate(text.strip().split("\n")):
        if number == 1:
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    return rows
