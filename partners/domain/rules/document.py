"""A programme's rules as a document: what is counted, what each tier asks and gives, and when."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from partners.domain.rules.lines import (
    CompetenciesLine,
    GroupLine,
    Line,
    PointsLine,
    Who,
    metrics_of,
    walk,
    whos,
)
from partners.domain.rules.parts import (
    Count,
    Filled,
    Part,
    Percent,
    Slug,
    Slugs,
    Texts,
    TimeZone,
    check_distinct,
)

Unit = Literal["company", "best-office", "best-region", "best-country"]


class Benefit(Part):
    """What a tier gives: ``margin`` on a product in per cent, or anything else in words.

    ``until`` is the first day it is no longer given.
    """

    id: Slug
    product: Slug | None = None
    percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    text: Texts | None = None
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.id == "margin" and (self.product is None or self.percent is None):
            raise ValueError("a margin names its product and its percent")
        if self.id != "margin" and self.text is None:
            raise ValueError("a benefit other than margin needs a text")
        if self.since and self.until and self.until <= self.since:
            raise ValueError("until must lie after since: it is the first day without it")
        return self

    def is_given(self, on: date) -> bool:
        """Say whether it is given on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class Tier(Part):
    """A status a company can hold. ``different_people``: so many at the least over its lines."""

    id: Annotated[Slug, StringConstraints(max_length=50)]
    name: Texts
    benefits: tuple[Benefit, ...] = ()
    lines: tuple[Line, ...] = ()
    different_people: Count | None = None

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        check_distinct(line.id for line in walk(self.lines))
        return self


class Competency(Part):
    """Something a company is able to do, proven by its own lines; tiers ask for so many of them."""

    name: Texts
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_lines(self) -> Self:
        check_distinct(line.id for line in walk(self.lines))
        if any(isinstance(line, CompetenciesLine) for line in walk(self.lines)):
            raise ValueError("a competency cannot ask for competencies")
        return self


class Sharing(Part):
    """How many lines one person may fill, and groups of lines no person fills two of.

    Lines in no group may be filled by anybody beside those of one group.
    """

    lines: Count = 1
    groups: dict[Slug, Slugs] = {}

    @model_validator(mode="after")
    def _check_groups(self) -> Self:
        check_distinct(line for lines in self.groups.values() for line in lines)
        return self


def _is_whole(given: Any) -> str:
    return "=whole" if isinstance(given, Mapping | Sharing) else "=word"


AnySharing = Annotated[
    Annotated[Literal["none", "allowed"], Tag("=word")] | Annotated[Sharing, Tag("=whole")],
    Discriminator(_is_whole),
]


class Counting(Part):
    """Which credentials count; what is silent here is said in the guide's list of what counts."""

    suspended: bool = False
    under_review: bool = True
    former_employer: bool = True


class Equivalent(Part):
    """Who holds the one counts as holding the other, in this programme, until a day.

    ``until`` is the first day it no longer does so.
    """

    holds: Slug
    counts_as: Slug
    until: date | None = None


class Release(Part):
    """A version of a series, and the day it came out."""

    achievement: Slug
    released_on: date


class Metric(Part):
    """A number from outside. ``read`` says what several values in the window come to."""

    text: Texts
    unit: str = ""
    read: Literal["latest", "sum", "highest"] = "latest"
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    days: Annotated[int, Field(ge=1, le=3_660)] | None = None

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.months and self.days:
            raise ValueError("a window is so many months or so many days, not both")
        return self


class NewPartners(Part):
    """What is easier for so many months after joining.

    Thresholds of metrics shrink to ``metrics_percent`` of themselves; ``tier`` is held whatever
    is missing.
    """

    months: Annotated[int, Field(ge=1, le=60)]
    metrics_percent: Percent = 100
    tier: Slug | None = None


class RulesDocument(Part):
    """One version of a programme's rules. ``sharing: none`` means one person fills one line."""

    slug: Slug
    name: Texts
    time_zone: TimeZone
    version: Annotated[Filled, StringConstraints(max_length=40)]
    announced_on: date
    valid_from: date
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    sharing: AnySharing = "none"
    products: dict[Slug, Texts] = {}
    unit: Unit = "company"
    counting: Counting = Counting()
    covers: dict[Slug, Slugs] = {}
    equivalents: tuple[Equivalent, ...] = ()
    series: dict[Slug, Annotated[tuple[Release, ...], Field(min_length=1)]] = {}
    metrics: dict[Slug, Metric] = {}
    competencies: dict[Slug, Competency] = {}
    new_partners: NewPartners | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        check_distinct(tier.id for tier in self.tiers)
        if self.valid_from < self.announced_on:
            raise ValueError("valid_from cannot lie before announced_on")
        if faults := sorted(set(self._find_strangers())):
            raise ValueError("; ".join(faults))
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose midnight moves states."""
        return ZoneInfo(self.time_zone)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of tiers and competencies, those within groups too."""
        tops = [tier.lines for tier in self.tiers]
        tops += [competency.lines for competency in self.competencies.values()]
        return tuple(line for top in tops for line in walk(top))

    @property
    def achievements(self) -> frozenset[str]:
        """Every achievement that can count for a line: named, covering it, equal to it."""
        named = {slug for who in self._whos() for slug in self.list_achievements(who)}
        while more := self._standing_for(named) - named:
            named |= more
        return frozenset(named)

    def list_achievements(self, who: Who) -> tuple[str, ...]:
        """Return what a choice of people names; of a series, every version."""
        if who.latest is None:
            return who.achievements
        return tuple(release.achievement for release in self.series.get(who.latest.of, ()))

    def find_tier(self, tier_id: str) -> Tier | None:
        """Return a tier by id."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def texts(self) -> dict[str, dict[str, str]]:
        """Return everything a person may read, by language and by place."""
        found: dict[str, dict[str, str]] = {}
        for place, texts in self._places():
            for language, text in texts.items():
                found.setdefault(language, {})[place] = text
        return found

    def _whos(self) -> Iterator[Who]:
        return (who for line in self.lines for who in whos(line))

    def _standing_for(self, named: set[str]) -> set[str]:
        found = {higher for higher, lower in self.covers.items() if named & set(lower)}
        return found | {each.holds for each in self.equivalents if each.counts_as in named}

    def _places(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield "name", self.name
        yield from ((f"products.{slug}", texts) for slug, texts in self.products.items())
        yield from ((f"metrics.{slug}.text", each.text) for slug, each in self.metrics.items())
        for slug, competency in self.competencies.items():
            yield f"competencies.{slug}.name", competency.name
            yield from _line_places(f"competencies.{slug}", competency.lines)
        for tier in self.tiers:
            here = f"tiers[{tier.id}]"
            yield f"{here}.name", tier.name
            for benefit in tier.benefits:
                yield f"{here}.benefits[{benefit.id}].text", benefit.text or {}
            yield from _line_places(here, tier.lines)

    def _find_strangers(self) -> Iterator[str]:
        """Name what the document speaks of and does not have."""
        for line in self.lines:
            yield from _strangers("metric", metrics_of(line), self.metrics)
            if isinstance(line, CompetenciesLine):
                yield from _strangers("competency", line.among, self.competencies)
        latest = [who.latest.of for who in self._whos() if who.latest]
        yield from _strangers("series", latest, self.series)
        if self.new_partners and self.new_partners.tier:
            tiers = [tier.id for tier in self.tiers]
            yield from _strangers("tier", [self.new_partners.tier], tiers)
        if isinstance(self.sharing, Sharing):
            named = [line for lines in self.sharing.groups.values() for line in lines]
            yield from _strangers("line", named, {line.id for line in self.lines})


def _strangers(what: str, named: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    there = set(known)
    return (f"there is no {what} called {name}" for name in named if name not in there)


def _line_places(here: str, lines: tuple[Line, ...]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for line in lines:
        place = f"{here}.lines[{line.id}]"
        yield f"{place}.text", line.text
        if isinstance(line, PointsLine):
            yield from ((f"{place}.sources[{one.id}].text", one.text) for one in line.sources)
        if isinstance(line, GroupLine):
            yield from _line_places(place, line.lines)
