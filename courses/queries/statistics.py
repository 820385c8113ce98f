"""Figures of a test and of the items in it, from every attempt that was scored."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courses.domain.items import ItemBody, credit_of, normalise
from courses.domain.statistics import (
    Answer,
    AssessmentStatistics,
    ItemStatistics,
    describe_assessment,
    describe_item,
)
from courses.models import Assessment, Attempt, AttemptItem, ItemVersion, Response

COLUMNS = ("code", "version", "topic", "answers", "facility", "discrimination", "flags", "text")


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """How one version of an item did in a test."""

    code: str
    version: int
    topic: str
    text: str
    statistics: ItemStatistics


@dataclass(frozen=True, kw_only=True)
class AssessmentFigures:
    """How a test did, and each version of an item that it showed."""

    assessment: AssessmentStatistics
    items: tuple[ItemFigures, ...]


@dataclass(frozen=True)
class _Shown:
    version: int
    item: int
    credit: float
    chosen: tuple[str, ...]


def get_figures(assessment: Assessment) -> AssessmentFigures:
    """Return figures of a test; three statements, however many attempts there are."""
    versions = _load_versions(assessment)
    attempts = _load_attempts(assessment, versions)
    answers: dict[int, list[Answer]] = defaultdict(list)
    for shown in attempts:
        whole = sum(one.credit for one in shown)
        for one in shown:
            rest = (whole - one.credit) / (len(shown) - 1) if len(shown) > 1 else 0.0
            answers[one.version].append(Answer(credit=one.credit, rest=rest, chosen=one.chosen))
    credits = [{one.item: one.credit for one in shown} for shown in attempts]
    return AssessmentFigures(
        assessment=describe_assessment(credits, cut=assessment.cut_percent / 100),
        items=tuple(
            ItemFigures(
                code=version.item.code,
                version=version.number,
                topic=version.item.topic.slug,
                text=version.item.excerpt,
                statistics=describe_item(answers[version.pk], _name_options(body)),
            )
            for version, body in sorted(versions.values(), key=lambda one: str(one[0]))
        ),
    )


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
    rows = AttemptItem.objects.filter(**scored).order_by("attempt", "slot")
    attempts: dict[int, list[_Shown]] = defaultdict(list)
    fields = ("attempt_id", "slot", "version_id", "attempt__language")
    for attempt, slot, pk, language in rows.values_list(*fields).iterator(2000):
        version, body = versions[pk]
        value = values.get((attempt, slot))
        credit = float(credit_of(body, value, language))
        attempts[attempt].append(_Shown(pk, version.item_id, credit, tuple(_name_choices(value))))
    return list(attempts.values())


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
    """Return a row an item, as ``COLUMNS`` names its cells."""
    return [
        (
            one.code,
            one.version,
            one.topic,
            one.statistics.answers,
            _tell(one.statistics.facility),
            _tell(one.statistics.discrimination),
            " ".join(one.statistics.flags),
            one.text,
        )
        for one in figures.items
    ]


def _tell(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"
