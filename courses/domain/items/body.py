"""What an item says and which answer is right: data alone, the same for every kind."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from courses.domain.items.kinds import KINDS
from courses.domain.items.refusals import NotAnItem
from courses.domain.items.rules import WEIGHTS

KindName = Literal[
    "single", "multiple", "series", "matching", "ordering", "numeric", "text", "dropdown", "hotspot"
]
RuleName = Literal[
    "all_or_nothing",
    "every_decision",
    "right_minus_wrong",
    "weights",
    "per_pair",
    "adjacent_pairs",
]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts = dict[str, Filled]  # language code to text
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Weight = Annotated[Decimal, Field(ge=-1, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Area(_Frozen):
    """A place in a picture, in percent of its width and height, from its upper left corner."""

    x: Percent
    y: Percent
    width: Percent
    height: Percent


class Option(_Frozen):
    """An answer to choose, or a row to decide on.

    ``gap`` names the gap a choice belongs to, ``area`` where it lies in the item's picture,
    ``rationale`` why it is right or wrong.
    """

    id: Filled
    text: Texts
    rationale: dict[str, str] = Field(default_factory=dict)
    gap: str = ""
    area: Area | None = None


class ItemBody(_Frozen):
    """Everything one version of an item says, in all its languages, with its key.

    ``options`` are what is chosen from, or the rows of a kind decided row by row; ``choices`` what
    rows are paired with, and ``pairs`` how. ``key`` holds the right options, or the accepted
    numbers or wordings. ``weights`` say what an option or wording is worth, from -1 to 1.
    """

    kind: KindName
    stem: Texts
    options: tuple[Option, ...] = ()
    choices: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    pairs: dict[str, str] = Field(default_factory=dict)
    # Accepted wordings of a language, where they differ from ``key`` (short text only).
    local_key: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tolerance: str = "0"
    unit: dict[str, str] = Field(default_factory=dict)
    picture: str = ""  # the name of a picture by its content
    picture_text: dict[str, str] = Field(default_factory=dict)  # for who does not see it
    rationale: dict[str, str] = Field(default_factory=dict)
    difficulty: int = Field(default=2, ge=1, le=3)
    scoring: RuleName = "all_or_nothing"
    weights: dict[str, Weight] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ItemBody":
        kind = KINDS[self.kind]
        if not self.key and not self.pairs:
            raise NotAnItem("the key is empty: say which answer is right")
        if self.scoring not in kind.rules:
            raise NotAnItem(
                "this kind is scored by %(rules)s, not by %(rule)s",
                rules=", ".join(kind.rules),
                rule=self.scoring,
            )
        kind.check(self)
        self._check_weights()
        return self

    def _check_weights(self) -> None:
        known = {option.id for option in self.options} | {*self.key}
        known.update(word for words in self.local_key.values() for word in words)
        if strange := sorted(set(self.weights) - known):
            raise NotAnItem("there is no answer %(answers)s to weigh", answers=", ".join(strange))
        if self.scoring == WEIGHTS and not any(weight > 0 for weight in self.weights.values()):
            raise NotAnItem("say what each answer is worth")


def read_response(body: ItemBody, raw: Any) -> Any:
    """Turn what a browser sent into a stored response, or raise ``UnreadableResponse``.

    Choices become a sorted list of option ids, rows a mapping to what they are paired with,
    everything else a string. Empty is a response: it clears the slot.
    """
    return KINDS[body.kind].read(body, raw)


def credit_of(body: ItemBody, value: Any, language: str) -> Fraction:
    """Return what a stored response is worth, from 0 to 1: a pure function of both."""
    return KINDS[body.kind].credit(body, value, language)


def is_correct(body: ItemBody, value: Any, language: str) -> bool:
    """Whether a stored response is worth all of the item."""
    return credit_of(body, value, language) == 1
