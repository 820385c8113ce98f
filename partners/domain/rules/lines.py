"""What a tier or a competency asks for. Each kind of line is known by the key that only it has."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from partners.domain.rules.parts import Count, Part, Percent, Slug, Slugs, Texts, check_distinct

Place = Literal["office", "region", "country"]
Number = Annotated[Decimal, Field(ge=0, le=Decimal(10) ** 15)]


class Latest(Part):
    """Any achievement among the newest of a series (``series`` of the document)."""

    of: Slug
    count: Count


class Who(Part):
    """Which people count: by what they hold, and if it says so by their job."""

    any_of: Slugs | None = None
    all_of: Slugs | None = None
    latest: Latest | None = None
    jobs: Slugs | None = None

    @model_validator(mode="after")
    def _check_one_list(self) -> Self:
        if sum(given is not None for given in (self.any_of, self.all_of, self.latest)) != 1:
            raise ValueError("needs one of any_of, all_of and latest, and not more than one")
        return self

    @property
    def achievements(self) -> tuple[str, ...]:
        """The achievements it names; those of a series are not among them."""
        return self.any_of or self.all_of or ()


class Share(Part):
    """So many per cent of a number the company declares, rounded up, within bounds."""

    percent: Percent
    of: Slug
    at_least: Count | None = None
    at_most: Count | None = None


def _is_share(given: Any) -> str:
    return "=share" if isinstance(given, Mapping | Share) else "=number"


Wanted = Annotated[
    Annotated[Count, Tag("=number")] | Annotated[Share, Tag("=share")], Discriminator(_is_share)
]


class Including(Who):
    """So many of a line's people must be these."""

    people: Count


class Condition(Part):
    """Whether a metric lies within bounds; both count as within."""

    metric: Slug
    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


class Gate(Who):
    """So many people must be there before anything else counts."""

    people: Count = 1


class _Line(Part):
    """``when``: otherwise the line is not asked. ``gate``: before it nothing counts here."""

    id: Slug
    text: Texts
    when: Condition | None = None
    gate: Gate | None = None


class PeopleLine(_Line, Who):
    """So many different people. ``within``: all of them from one such place, whichever is best."""

    people: Wanted
    including: tuple[Including, ...] = ()
    within: Place | None = None

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        for part in self.including:
            if isinstance(self.people, int) and part.people > self.people:
                raise ValueError(f"including {part.people} is more than the {self.people} people")
        return self


class CredentialsLine(_Line, Who):
    """So many credentials, whoever holds them; of one person at most ``per_person``."""

    credentials: Count
    per_person: Count | None = None


class MetricLine(_Line):
    """A number from outside within bounds."""

    metric: Slug
    at_least: Number | None = None
    at_most: Number | None = None
    within: Place | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


class RankLine(_Line):
    """Among the best ``top_percent`` of a metric, of all companies or those of one's country."""

    top_percent: Percent
    metric: Slug
    among: Literal["all", "country"] = "all"


class Source(Part):
    """Where points come from: people, credentials or a metric, each worth so many.

    ``points`` are given for each ``per`` of what is counted, for a part of it in proportion unless
    ``whole``; below ``counts_from`` there are none. ``at_most`` caps the points; with fewer than
    ``at_least`` the whole line is not met.
    """

    id: Slug
    text: Texts
    count: Literal["people", "credentials", "metric"]
    points: Number
    per: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    whole: bool = False
    counts_from: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    metric: Slug | None = None
    any_of: Slugs | None = None
    all_of: Slugs | None = None
    latest: Latest | None = None
    jobs: Slugs | None = None
    gate: Gate | None = None

    @model_validator(mode="after")
    def _check_what_is_counted(self) -> Self:
        if (self.count == "metric") != (self.metric is not None):
            raise ValueError("counting a metric names it, counting people or credentials does not")
        if self.count != "metric":
            _ = self.who
        return self

    @property
    def who(self) -> Who:
        """Whose achievements are counted."""
        return Who(any_of=self.any_of, all_of=self.all_of, latest=self.latest, jobs=self.jobs)


class PointsLine(_Line):
    """So many points, added up from its sources; each source may have a minimum of its own."""

    points: Number
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        check_distinct(source.id for source in self.sources)
        return self


class _WithLines(_Line):
    """Its people are those of the lines inside, so a gate stands there."""

    @model_validator(mode="after")
    def _refuse_gate(self) -> Self:
        if self.gate is not None:
            raise ValueError("a gate stands on the lines inside")
        return self


class CompetenciesLine(_WithLines):
    """So many of the document's competencies, each with the lines it asks for."""

    competencies: Count
    among: Slugs

    @model_validator(mode="after")
    def _check_count(self) -> Self:
        if self.competencies > len(self.among):
            raise ValueError(f"{self.competencies} is more than the {len(self.among)} it names")
        return self


class GroupLine(_WithLines):
    """Several lines of which ``at_least`` must be met, or all."""

    lines: Annotated[tuple["Line", ...], Field(min_length=1)]
    at_least: Count | None = None

    @model_validator(mode="after")
    def _check_count(self) -> Self:
        if self.at_least and self.at_least > len(self.lines):
            raise ValueError(f"at_least {self.at_least} is more than its {len(self.lines)} lines")
        return self

    @property
    def wanted(self) -> int:
        """How many of its lines must be met."""
        return self.at_least or len(self.lines)


KINDS: dict[str, type[_Line]] = {
    "people": PeopleLine,
    "credentials": CredentialsLine,
    "top_percent": RankLine,
    "points": PointsLine,
    "competencies": CompetenciesLine,
    "lines": GroupLine,
    "metric": MetricLine,
}


def _find_kind(given: Any) -> str | None:
    """Return the tag of a line: its own key after a sign that no document's key has."""
    if isinstance(given, Mapping):
        return next((f"={key}" for key in KINDS if key in given), None)
    return next((f"={key}" for key, kind in KINDS.items() if type(given) is kind), None)


Line = Annotated[
    Annotated[PeopleLine, Tag("=people")]
    | Annotated[CredentialsLine, Tag("=credentials")]
    | Annotated[RankLine, Tag("=top_percent")]
    | Annotated[PointsLine, Tag("=points")]
    | Annotated[CompetenciesLine, Tag("=competencies")]
    | Annotated[GroupLine, Tag("=lines")]
    | Annotated[MetricLine, Tag("=metric")],
    Discriminator(
        _find_kind,
        custom_error_type="kind_of_line",
        custom_error_message=(
            "needs what it asks for: people, credentials, metric, points, competencies, "
            "top_percent or lines"
        ),
    ),
]

GroupLine.model_rebuild()


def walk(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Every line, those within groups too, each group before its lines."""
    for line in lines:
        yield line
        if isinstance(line, GroupLine):
            yield from walk(line.lines)


def whos(line: Line) -> Iterator[Who]:
    """Every choice of people a line makes, its gate and sub-minimums included."""
    if line.gate:
        yield line.gate
    if isinstance(line, PeopleLine):
        yield line
        yield from line.including
    elif isinstance(line, CredentialsLine):
        yield line
    elif isinstance(line, PointsLine):
        for source in line.sources:
            if source.gate:
                yield source.gate
            if source.count != "metric":
                yield source.who


def metrics_of(line: Line) -> Iterator[str]:
    """Every metric a line reads."""
    if line.when:
        yield line.when.metric
    if isinstance(line, MetricLine | RankLine):
        yield line.metric
    elif isinstance(line, PeopleLine) and isinstance(line.people, Share):
        yield line.people.of
    elif isinstance(line, PointsLine):
        yield from (source.metric for source in line.sources if source.metric)
