"""What every part of a rules document shares: names, texts, values that are checked once."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

DEFAULT_LANGUAGE = "en"
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
Count = Annotated[int, Field(ge=1, le=10_000)]


def _check_language(texts: dict[str, str]) -> dict[str, str]:
    if DEFAULT_LANGUAGE not in texts:
        raise ValueError(f"needs a text in English ({DEFAULT_LANGUAGE}: …)")
    return texts


def _check_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone's name, such as Europe/Warsaw") from None


def check_distinct(values: Iterable[str]) -> None:
    """Raise ``ValueError`` naming every value that stands there more than once."""
    given = tuple(values)
    if repeated := sorted({value for value in given if given.count(value) > 1}):
        raise ValueError(f"{', '.join(repeated)} stands there twice")


def _refuse_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    check_distinct(values)
    return values


Texts = Annotated[dict[str, Filled], AfterValidator(_check_language)]
TimeZone = Annotated[str, AfterValidator(_check_zone)]
Slugs = Annotated[tuple[Slug, ...], Field(min_length=1), AfterValidator(_refuse_repeats)]


class Part(BaseModel):
    """Data that is checked once and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def pick_text(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language (``pt-br``, then ``pt``), else in English."""
    short = language.split("-")[0]
    return texts.get(language) or texts.get(short) or texts[DEFAULT_LANGUAGE]
