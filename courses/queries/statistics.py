"""Figures of a test and of the items in it, from every attempt that was scored."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from courses.domain.items import ItemBody, credit_of, normalise
from courses.domain.regrade import CREDIT, DROP, rekey
from courses.domain.statistics import (
    Answer,
    AssessmentStatistics,
    ItemStatistics,
    describe_assessment,
    describe_item,
)
from courses.models import (
    Assessment,
    Attempt,
    AttemptItem,
    ItemGroupVersion,
    ItemVersion,
    Response,
    StoredFigures,
)
from courses.queries.scoring import find_corrections

COLUMNS = (
    "code", "version", "topic", "answers", "facility", "discrimination", "flags", "text", "case",
    "questions",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """How one version of an item did in a test."""

    code: str
    version: int
    topic: str
    text: str
    statistics: ItemStatistics
    case: str = ""  # the code of the case it last stood in


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """How one version of a case did as one unit: ``facility`` is the mean share of its points."""

    code: str
    version: int
    topic: str
    text: str
    questions: int
    statistics: ItemStatistics

    @property
    def mean(self) -> float | None:
        """The mean of its points."""
        facility = self.statistics.facility
        return None if facility is None else facility * self.questions


@dataclass(frozen=True, kw_only=True)
class AssessmentFigures:
    """How a test did, and each version of an item and of a case that it showed."""

    assessment: AssessmentStatistics
    items: tuple[ItemFigures, ...]
    cases: tuple[CaseFigures, ...]


_FIGURES = TypeAdapter(AssessmentFigures)


@dataclass(frozen=True, kw_only=True)
class _Judge:
    """How a version counts for a whole test, with the correction in force."""

    body: ItemBody
    kind: str

    def credit(self, value: Any, language: str) -> float:
        """The share of the point that an answer gets."""
        return 1.0 if self.kind == CREDIT else float(credit_of(self.body, value, language))


@dataclass(frozen=True)
class _Shown:
    version: int
    item: int
    credit: float
    counts: bool
    chosen: tuple[str, ...]
    case: int | None  # the version of the case it stood in
    judged: float  # the credit as corrections stand

    @property
    def part(self) -> int:
        """What it is a part of, as one number: its case, or itself; the two never meet."""
        return self.item if self.case is None else -self.case


def get_figures(assessment: Assessment) -> AssessmentFigures:
    """Return figures of a test; as many statements, however many attempts there are.

    The test is told as its results stand, with corrections; an item by the key it had, so that a
    wrong one stays in sight.
    """
    versions = _load_versions(assessment)
    attempts = _load_attempts(assessment, versions)
    answers: dict[int, list[Answer]] = defaultdict(list)
    for shown in attempts:
        for one in shown:
            rest = _rest(shown, one.part)
            answers[one.version].append(Answer(credit=one.credit, rest=rest, chosen=one.chosen))
    cases = _load_cases(attempts)
    homes = {one.version: one.case for shown in attempts for one in shown if one.case}
    credits = [{one.item: one.judged for one in shown if one.counts} for shown in attempts]
    return AssessmentFigures(
        assessment=describe_assessment(
            credits, cut=assessment.cut_percent / 100, parts=[_parts(shown) for shown in attempts]
        ),
        items=tuple(
            ItemFigures(
                code=version.item.code,
                version=version.number,
                topic=version.item.topic.slug,
                text=version.item.excerpt,
                statistics=describe_item(answers[version.pk], _name_options(body)),
                case=cases[homes[version.pk]].group.code if version.pk in homes else "",
            )
            for version, body in sorted(versions.values(), key=lambda one: str(one[0]))
        ),
        cases=tuple(_describe_case(case, attempts) for case in sorted(cases.values(), key=str)),
    )


def _rest(shown: list[_Shown], part: int) -> float:
    """The share of an attempt's points outside a part of it."""
    others = [one.judged for one in shown if one.counts and one.part != part]
    return sum(others) / len(others) if others else 0.0


def _parts(shown: list[_Shown]) -> dict[int, float]:
    """The points of an attempt by item, those of a case in one."""
    points: dict[int, float] = defaultdict(float)
    for one in shown:
        if one.counts:
            points[one.part] += one.judged
    return points


def _load_cases(attempts: list[list[_Shown]]) -> dict[int, ItemGroupVersion]:
    shown = {one.case for attempt in attempts for one in attempt if one.case}
    if not shown:
        return {}
    return ItemGroupVersion.objects.select_related("group__topic").in_bulk(shown)


def _describe_case(version: ItemGroupVersion, attempts: list[list[_Shown]]) -> CaseFigures:
    answers, questions = [], 0
    for shown in attempts:
        if members := [one.credit for one in shown if one.case == version.pk]:
            rest, questions = _rest(shown, -version.pk), len(members)
            answers.append(Answer(credit=sum(members) / questions, rest=rest))
    return CaseFigures(
        code=version.group.code,
        version=version.number,
        topic=version.group.topic.slug,
        text=version.group.excerpt,
        questions=questions,
        statistics=describe_item(answers, {}),
    )


def read_figures(assessment: Assessment) -> tuple[AssessmentFigures, datetime | None]:
    """Return the stored figures and when they were computed; computes what was never stored."""
    stored = StoredFigures.objects.filter(assessment=assessment).first()
    if stored is None:
        return get_figures(assessment), None
    return _FIGURES.validate_python(stored.figures), stored.computed_at


def _load_versions(assessment: Assessment) -> dict[int, tuple[ItemVersion, ItemBody]]:
    shown = AttemptItem.objects.filter(attempt__assessment=assessment).values("version")
    versions = ItemVersion.objects.filter(pk__in=shown).select_related("item__topic")
    return {version.pk: (version, version.parsed) for version in versions}


def _load_attempts(
    assessment: Assessment, versions: dict[int, tuple[ItemVersion, ItemBody]]
) -> list[list[_Shown]]:
    scored = {"attempt__assessment": assessment, "attempt__state": Attempt.State.SCORED}
    answered = Response.objects.filter(**scored).values_list("attempt_id", "slot", "value")
    values = {(attempt, slot): value for attempt, slot, value in answered.iterator(2000)}
    rows = AttemptItem.objects.filter(**scored).order_by("attempt_id", "slot")
    attempts: dict[int, list[_Shown]] = defaultdict(list)
    judges = _load_judges(versions)
    fields = (
        "attempt_id", "slot", "version_id", "attempt__language", "pilot", "group_version_id"
    )  # fmt: skip
    for attempt, slot, pk, language, pilot, case in rows.values_list(*fields).iterator(2000):
        version, body = versions[pk]
        value = values.get((attempt, slot))
        credit, judge = float(credit_of(body, value, language)), judges.get(pk)
        judged = judge.credit(value, language) if judge else credit
        counts = not pilot and (judge is None or judge.kind != DROP)
        chosen = tuple(_name_choices(value))
        shown = _Shown(pk, version.item_id, credit, counts, chosen, case, judged)
        attempts[attempt].append(shown)
    return list(attempts.values())


def _load_judges(versions: dict[int, tuple[ItemVersion, ItemBody]]) -> dict[int, _Judge]:
    corrections = find_corrections(versions)
    keys = ItemVersion.objects.in_bulk({one.by for one in corrections.values() if one.by})
    return {
        pk: _Judge(
            body=rekey(versions[pk][1], keys[one.by].parsed) if one.by else versions[pk][1],
            kind=one.kind,
        )
        for pk, one in corrections.items()
    }


def _name_choices(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from (f"{row}={choice}" for row, choice in value.items())
    elif value:
        yield normalise(str(value))


def _name_options(body: ItemBody) -> dict[str, bool]:
    """Name what could be chosen, and which of it is right; of rows, only what is right."""
    if body.pairs:
        return {f"{row}={choice}": True for row, choice in body.pairs.items()}
    return {option.id: option.id in body.key for option in body.options}


def list_rows(figures: AssessmentFigures) -> list[tuple[object, ...]]:
    """Return a row an item, then a row a case, as ``COLUMNS`` names their cells."""
    items = [(*_cells(one), one.case, 1) for one in figures.items]
    return [*items, *((*_cells(one), one.code, one.questions) for one in figures.cases)]


def _cells(one: ItemFigures | CaseFigures) -> tuple[object, ...]:
    return (
        one.code,
        one.version,
        one.topic,
        one.statistics.answers,
        _tell(one.statistics.facility),
        _tell(one.statistics.discrimination),
        " ".join(one.statistics.flags),
        one.text,
    )


def _tell(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"
