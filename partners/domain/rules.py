"""A programme's rules as a document: tiers lowest first, each with its lines and benefits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

DEFAULT_LANGUAGE = "en"
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _check_language(texts: dict[str, str]) -> dict[str, str]:
    if DEFAULT_LANGUAGE not in texts:
        raise ValueError(f"needs a text in English ({DEFAULT_LANGUAGE}: …)")
    return texts


def _check_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone's name, such as Europe/Warsaw") from None


def _check_distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if repeated := sorted({value for value in values if values.count(value) > 1}):
        raise ValueError(f"{', '.join(repeated)} stands there twice")
    return values


Texts = Annotated[dict[str, Filled], AfterValidator(_check_language)]
Achievements = Annotated[tuple[Slug, ...], Field(min_length=1), AfterValidator(_check_distinct)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Benefit(_Part):
    """What a tier gives: ``margin`` on a product in per cent, or anything else in words."""

    id: Slug
    product: Slug | None = None
    percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    text: Texts | None = None

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.id == "margin" and (self.product is None or self.percent is None):
            raise ValueError("a margin names its product and its percent")
        if self.id != "margin" and self.text is None:
            raise ValueError("a benefit other than margin needs a text")
        return self


class Line(_Part):
    """So many people, each holding any (or all) of some achievements."""

    id: Slug
    text: Texts
    people: Annotated[int, Field(ge=1, le=10_000)]
    any_of: Achievements | None = None
    all_of: Achievements | None = None

    @model_validator(mode="after")
    def _check_one_list(self) -> Self:
        if (self.any_of is None) == (self.all_of is None):
            raise ValueError("needs either any_of or all_of, and not both")
        return self

    @property
    def achievements(self) -> tuple[str, ...]:
        """Every achievement the line reads."""
        return self.any_of or self.all_of or ()


class Tier(_Part):
    """A status a company can hold."""

    id: Annotated[Slug, StringConstraints(max_length=50)]
    name: Texts
    benefits: tuple[Benefit, ...] = ()
    lines: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        _check_distinct(tuple(line.id for line in self.lines))
        return self


class RulesDocument(_Part):
    """One version of a programme's rules. ``sharing: none`` means one person fills one line."""

    slug: Slug
    name: Texts
    time_zone: Annotated[str, AfterValidator(_check_zone)]
    version: Annotated[Filled, StringConstraints(max_length=40)]
    announced_on: date
    valid_from: date
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    sharing: Literal["none", "allowed"] = "none"
    products: dict[Slug, Texts] = {}

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        _check_distinct(tuple(tier.id for tier in self.tiers))
        if self.valid_from < self.announced_on:
            raise ValueError("valid_from cannot lie before announced_on")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose midnight moves states."""
        return ZoneInfo(self.time_zone)

    @property
    def achievements(self) -> frozenset[str]:
        """Every achievement any line reads."""
        return frozenset(
            slug for tier in self.tiers for line in tier.lines for slug in line.achievements
        )

    def texts(self) -> dict[str, dict[str, str]]:
        """Return everything a person may read, by language and by place."""
        placed: list[tuple[str, Mapping[str, str]]] = [("name", self.name)]
        placed += [(f"products.{slug}", texts) for slug, texts in self.products.items()]
        for tier in self.tiers:
            here = f"tiers[{tier.id}]"
            placed.append((f"{here}.name", tier.name))
            placed += [
                (f"{here}.benefits[{each.id}].text", each.text or {}) for each in tier.benefits
            ]
            placed += [(f"{here}.lines[{line.id}].text", line.text) for line in tier.lines]
        found: dict[str, dict[str, str]] = {}
        for place, texts in placed:
            for language, text in texts.items():
                found.setdefault(language, {})[place] = text
        return found

    def find_tier(self, tier_id: str) -> Tier | None:
        """Return a tier by id."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: ``tiers[gold].lines[sales].people``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RulesInvalid(ValueError):
    """A rules document that cannot be used; ``problems`` says everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def parse_rules(document: Mapping[str, Any]) -> RulesDocument:
    """Read a rules document; raises ``RulesInvalid`` with the path of every fault."""
    try:
        return RulesDocument.model_validate(document)
    except ValidationError as error:
        raise RulesInvalid(to_problems(error, document)) from None


def to_plain(document: Any) -> dict[str, Any]:
    """Return a document as JSON values (YAML reads dates as dates)."""
    plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return plain


def pick_text(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language (``pt-br``, then ``pt``), else in English."""
    short = language.split("-")[0]
    return texts.get(language) or texts.get(short) or texts[DEFAULT_LANGUAGE]


def to_problems(error: ValidationError, document: Any) -> tuple[Problem, ...]:
    """Turn pydantic's errors into paths that use ids where the document has them."""
    # A list whose every part is at fault is also called too short: that misleads.
    faults = [each for each in error.errors() if each["type"] != "too_short" or not each["input"]]
    return tuple(Problem(_path(document, each["loc"]), _message(dict(each))) for each in faults)


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "date_from_datetime_parsing": "must be a date, YYYY-MM-DD",
    "date_parsing": "must be a date, YYYY-MM-DD",
    "date_type": "must be a date, YYYY-MM-DD",
    "string_type": "must be text (put it in quotes)",
    "string_pattern_mismatch": "must be lower-case letters, digits and hyphens, such as gold-line",
}


def _message(error: dict[str, Any]) -> str:
    words = _WORDS.get(error["type"])
    if words is None:
        words = str(error["msg"]).removeprefix("Value error, ")
        words = words.replace("Input should be", "must be")
    given = error["input"]
    if error["type"] in {"missing", "extra_forbidden", "value_error"} or isinstance(given, dict):
        return words
    return f"{words}; it is {given!r}"


def _path(document: Any, location: tuple[int | str, ...]) -> str:
    path, here = "", document
    for step in location:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list | tuple) and step < len(here) else None
            name = here.get("id") if isinstance(here, Mapping) else None
            path += f"[{name if isinstance(name, str) else step}]"
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            path += f".{step}" if path else step
    return path
