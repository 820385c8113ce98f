"""What an attempt is made of, as data; what a bank can make of it, and how alike two tests are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, prod
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Level = Literal["easy", "normal", "hard"]
LEVELS: dict[str, int] = {"easy": 1, "normal": 2, "hard": 3}
Count = Annotated[int, Field(ge=0, le=500)]
MOST_CASES, MOST_IN_CASE = 50, 20


class Frozen(BaseModel):
    """Data that is checked once and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Exposure(Frozen):
    """How often an item may be shown before others are preferred to it.

    Either in ``percent`` of the ``last`` tries, or in ``most`` tries in all.
    """

    percent: int | None = Field(default=None, ge=1, le=100)
    last: int = Field(default=100, ge=2, le=10_000)
    most: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _says_one(self) -> "Exposure":
        if (self.percent is None) == (self.most is None):
            raise ValueError("say either percent of the last tries, or the most tries in all")
        return self

    @property
    def cap(self) -> int:
        """From this many times on an item is spared."""
        return self.most or max(1, (self.percent or 100) * self.last // 100)


class Cases(Frozen):
    """So many cases of a topic, each of exactly so many questions.

    Cases of another size are not drawn: every attempt is as long as the blueprint says.
    """

    count: int = Field(ge=1, le=MOST_CASES)
    questions: int = Field(ge=1, le=MOST_IN_CASE)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """So many counted items of one topic, of one level or of any; or cases of so many questions."""

    topic: str
    level: str
    count: int
    questions: int = 0  # of a case; 0 for items that stand alone

    @property
    def size(self) -> int:
        """How many questions each of them puts into an attempt."""
        return self.questions or 1

    @property
    def name(self) -> str:
        if self.questions:
            return f"{self.topic} (cases)"
        return f"{self.topic} ({self.level})" if self.level else self.topic

    def holds(self, topic: str, difficulty: int) -> bool:
        """Whether an item of this topic and difficulty may fill it."""
        return topic == self.topic and (not self.level or LEVELS[self.level] == difficulty)


class Blueprint(Frozen):
    """How many items of which topic, of which level within it, and in which order.

    ``cases`` come with all their questions, next to each other and in their own order.

    ``pilots`` are drawn beside them, from items on trial: they look like the others and do not
    count. A fixed order follows the bank's topics; the order of options is always drawn.
    """

    draw: dict[str, Count | dict[Level, Count]] = Field(default_factory=dict)
    cases: dict[str, Cases] = Field(default_factory=dict)
    pilots: int = Field(default=0, ge=0, le=50)
    order: Literal["random", "fixed"] = "random"
    exposure: Exposure | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What is drawn, by topic and level; cases come last."""
        return tuple(self._cells())

    @property
    def topics(self) -> frozenset[str]:
        """What anything is drawn from."""
        return frozenset((*self.draw, *self.cases))

    def _cells(self) -> Iterator[Cell]:
        for topic, wanted in sorted(self.draw.items()):
            if isinstance(wanted, int):
                yield Cell(topic=topic, level="", count=wanted)
            else:
                counts = {str(level): count for level, count in wanted.items()}
                for level in LEVELS:
                    if count := counts.get(level, 0):
                        yield Cell(topic=topic, level=level, count=count)
        for topic, case in sorted(self.cases.items()):
            yield Cell(topic=topic, level="", count=case.count, questions=case.questions)

    @property
    def counted(self) -> int:
        """How many items count for the score."""
        return sum(cell.count * cell.size for cell in self.cells)

    @property
    def length(self) -> int:
        """How many items a candidate sees."""
        return self.counted + self.pilots


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What a bank has, an entry an item: topic, difficulty, whether it is on trial.

    A case is one entry, with the number of its ``questions``.
    """

    topic: str
    difficulty: int = 2
    pilot: bool = False
    questions: int = 0


@dataclass(frozen=True, kw_only=True)
class BlueprintCheck:
    """What a bank makes of a blueprint.

    ``shortages`` and ``cases_missing`` say how many items of a cell, and cases of a topic, the
    bank lacks. ``forms`` counts the different tests, order apart. ``shared`` is how many counted
    items two people's tests have in common on average, ``repeated`` how many a second try shows
    again at the least; a case is shared whole. ``worn`` names cells where the cap on exposure
    cannot hold, with the percentage of tests an item there is in.
    """

    shortages: dict[str, int] = field(default_factory=dict)
    cases_missing: dict[str, int] = field(default_factory=dict)
    pilots_missing: int = 0
    forms: int = 0
    shared: float = 0
    repeated: int = 0
    worn: dict[str, int] = field(default_factory=dict)


def check_blueprint(blueprint: Blueprint, stock: Iterable[Stock]) -> BlueprintCheck:
    """Say whether a bank can fill a blueprint, how many tests that makes and how they overlap."""
    items = list(stock)
    sizes = {cell: sum(_fits(cell, item) for item in items) for cell in blueprint.cells}
    trial = sum(item.pilot and item.topic in blueprint.topics for item in items)
    short = {cell: cell.count - n for cell, n in sizes.items() if cell.count > n}
    missing = max(0, blueprint.pilots - trial)
    if short:
        return BlueprintCheck(
            shortages={cell.name: gap for cell, gap in short.items() if not cell.questions},
            cases_missing={cell.topic: gap for cell, gap in short.items() if cell.questions},
            pilots_missing=missing,
        )
    forms = prod(comb(size, cell.count) for cell, size in sizes.items())
    shared = sum(
        (Fraction(cell.count**2, size or 1) * cell.size for cell, size in sizes.items()),
        Fraction(0),
    )
    return BlueprintCheck(
        pilots_missing=missing,
        forms=forms * comb(trial, min(blueprint.pilots, trial)),
        shared=float(shared),
        repeated=sum(max(0, 2 * cell.count - size) * cell.size for cell, size in sizes.items()),
        worn=_find_worn(blueprint, sizes),
    )


def _fits(cell: Cell, item: Stock) -> bool:
    if item.pilot or item.questions != cell.questions:
        return False
    return cell.holds(item.topic, item.difficulty)


def _find_worn(blueprint: Blueprint, sizes: dict[Cell, int]) -> dict[str, int]:
    percent = blueprint.exposure.percent if blueprint.exposure else None
    if percent is None:
        return {}
    shares = {cell: 100 * cell.count // (size or 1) for cell, size in sizes.items()}
    return {cell.name: share for cell, share in shares.items() if share > percent}
