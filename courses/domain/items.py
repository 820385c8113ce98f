"""What an item is and how a response to it is read and scored. One class a kind."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal["single", "multiple", "numeric", "text"]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = dict[str, Filled]  # language code to text

MAX_TEXT = 200


class Refused(ValueError):
    """What somebody typed cannot be used; ``values`` are what ``text`` names."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


class NotAnItem(Refused):
    """A body that does not fit its kind."""


class UnreadableResponse(Refused):
    """A response that cannot belong to the item it was given for."""


class Option(BaseModel):
    """One answer to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Filled
    text: Texts


class ItemBody(BaseModel):
    """Everything one version of an item says, in all its languages, with its key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    stem: Texts
    options: tuple[Option, ...] = ()
    key: tuple[str, ...]
    # Accepted wordings of a language, where they differ from ``key`` (short text only).
    local_key: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tolerance: str = "0"
    unit: dict[str, str] = Field(default_factory=dict)
    rationale: dict[str, str] = Field(default_factory=dict)
    difficulty: int = Field(default=2, ge=1, le=3)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ItemBody":
        checks = {"single": _check_choice, "multiple": _check_choice, "numeric": _check_numeric}
        if not self.key:
            raise NotAnItem("the key is empty: say which answer is right")
        if check := checks.get(self.kind):
            check(self)
        elif self.options:
            raise NotAnItem("a short-text item has no options")
        return self


def _check_choice(body: ItemBody) -> None:
    ids = [option.id for option in body.options]
    if len(ids) < 2 or len(set(ids)) < len(ids):
        raise NotAnItem("options must be at least two, each with its own letter")
    if strange := [letter for letter in body.key if letter not in ids]:
        raise NotAnItem(
            "the key names %(strange)s, the options are %(known)s",
            strange=", ".join(strange),
            known=", ".join(ids),
        )
    if body.kind == "single" and len(body.key) != 1:
        raise NotAnItem("a single-choice item has exactly one right option")


def _check_numeric(body: ItemBody) -> None:
    if body.options or len(body.key) != 1:
        raise NotAnItem("a numeric item has one number as its key and no options")
    if read_number(body.key[0]) is None or read_number(body.tolerance) is None:
        raise NotAnItem("key and tolerance must be numbers, such as 16 or 0.5")


def read_number(text: str) -> Decimal | None:
    """Read a number as people type it: spaces between thousands, comma or point for decimals."""
    compact = re.sub(r"[\s\u00a0\u202f']", "", text).replace("−", "-")
    if compact.count(",") == 1 and "." not in compact:
        # 4,608 is a grouped thousand where three digits follow; 4,5 is a decimal comma.
        head, tail = compact.split(",")
        grouped = len(tail) == 3 and head.lstrip("-") not in {"", "0"}
        compact = head + tail if grouped else f"{head}.{tail}"
    else:
        compact = compact.replace(",", "")
    try:
        number = Decimal(compact)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def normalise(text: str) -> str:
    """Return short text as it is compared: composed, case folded, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_response(body: ItemBody, raw: Any) -> list[str] | str:
    """Turn what a browser sent into a stored response, or raise ``UnreadableResponse``.

    Choices become a sorted list of option ids, everything else a string. Empty is a response: it
    clears the slot.
    """
    if body.kind in {"single", "multiple"}:
        return _read_choice(body, raw)
    if not isinstance(raw, str) or len(raw) > MAX_TEXT or "\x00" in raw:
        raise UnreadableResponse(f"an answer is text of at most {MAX_TEXT} characters")
    answer = raw.strip()
    if body.kind == "numeric" and answer and read_number(answer) is None:
        raise UnreadableResponse(
            "“%(answer)s” is not a number; write for example 16 or 0.5", answer=answer
        )
    return answer


def _read_choice(body: ItemBody, raw: Any) -> list[str]:
    chosen = [raw] if isinstance(raw, str) and raw else raw or []
    known = {option.id for option in body.options}
    if not isinstance(chosen, list) or not all(isinstance(letter, str) for letter in chosen):
        raise UnreadableResponse("an answer is a list of options")
    if not set(chosen) <= known or (body.kind == "single" and len(set(chosen)) > 1):
        raise UnreadableResponse("this item has no such option")
    return sorted(set(chosen))


def is_answered(value: Any) -> bool:
    """Whether a stored response says anything."""
    return value not in (None, "", [])


def is_correct(body: ItemBody, value: Any, language: str) -> bool:
    """Whether a stored response is right: all or nothing, a pure function of both."""
    if not is_answered(value):
        return False
    if body.kind in {"single", "multiple"}:
        return set(value) == set(body.key)
    if body.kind == "numeric":
        return is_close(str(value), body.key[0], body.tolerance)
    accepted = (*body.key, *body.local_key.get(language, ()))
    return normalise(str(value)) in {normalise(wording) for wording in accepted}


def is_close(answer: str, key: str, tolerance: str) -> bool:
    """Whether a typed number lies within ``tolerance`` of the key, bounds included."""
    given, wanted, margin = read_number(answer), read_number(key), read_number(tolerance)
    if given is None or wanted is None:
        return False
    return abs(given - wanted) <= (margin or Decimal(0))


def in_language(texts: Mapping[str, str], language: str, fallback: str = "en") -> str:
    """Return a text in the language, else in the fallback, else in any."""
    return texts.get(language) or texts.get(fallback) or next(iter(texts.values()), "")
