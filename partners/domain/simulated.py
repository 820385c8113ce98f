"""The plan of a simulated past (``simulation.yaml``): who there is, what is planted, how much."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from partners.domain.files import read_value, read_yaml
from partners.domain.rules import Filled, Slug

SIMULATION = "simulation.yaml"

Share = Annotated[float, Field(ge=0, le=1)]
Months = Annotated[int, Field(ge=0, le=120)]
Job = Literal["engineer", "sales", "other"]
# A name, and in another script also how an address spells it: "Айдос/aidos".
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^/@\s]+(/[a-z]+)?$")]


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Plan):
    """Names of a country's people, and the language they read the site in."""

    language: str = "en"
    given: tuple[Name, ...] = Field(min_length=1)
    family: tuple[Name, ...] = Field(min_length=1)


class CompanyPlan(_Plan):
    """A company that never was; ``names`` says whose people work there."""

    slug: Slug
    name: Filled
    country: Filled
    city: str = ""
    names: Filled
    people: int = Field(ge=1, le=200)


class TrainingPlan(_Plan):
    """Who takes a training: the share of each job, and after how many months again."""

    shares: dict[Job, Share]
    again_months: int = Field(ge=1, le=120)


class Rates(_Plan):
    """How often things happen to a person."""

    leaves: Share = 0.12
    moves: Share = 0.05
    again: Share = 0.6
    tries: tuple[float, ...] = (0.15, 0.35, 0.3, 0.2)  # who stops after the first, the second …


class Leaked(_Plan):
    """An item whose answer went round from a month on, and the share of people who were told."""

    training: Slug
    item: Filled
    month: Months
    share: Share


class WrongKey(_Plan):
    """An item that was written with a wrong key, and corrected some months later."""

    training: Slug
    month: Months
    corrected: Months
    key: tuple[Filled, ...]
    item: dict[str, Any]  # as items.yaml says it; ``texts`` holds other languages


class Colluding(_Plan):
    """A company whose people give what stands in one sheet of answers."""

    company: Slug
    copies: Share
    ability: float  # of who filled in the sheet


class Plants(_Plan):
    """What the reports have to find."""

    leaked: Leaked
    wrong_key: WrongKey
    colluding: Colluding


class JudgePlan(_Plan):
    """Somebody at the vendor who sits on the panel, and how much more they expect than others."""

    name: Filled
    email: Filled
    severity: float = 0.0


class PanelPlan(_Plan):
    """A panel of judges that meets in two rounds; the cut that is decided in the end, and why."""

    training: Slug
    month: Months
    cut: Annotated[int, Field(ge=1, le=100)]
    description: Filled
    reason: Filled
    judges: tuple[JudgePlan, ...] = Field(min_length=2, max_length=20)


class PastPlan(_Plan):
    """``simulation.yaml``."""

    seed: Filled
    programme: Slug
    years: int = Field(ge=1, le=10)
    trainings: dict[Slug, TrainingPlan]
    jobs: dict[Job, Share]
    rates: Rates = Rates()
    plants: Plants
    panel: PanelPlan | None = None
    names: dict[str, Names]
    companies: tuple[CompanyPlan, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        slugs = [company.slug for company in self.companies]
        if len(set(slugs)) < len(slugs):
            raise ValueError("two companies have the same slug")
        if strange := sorted({company.names for company in self.companies} - set(self.names)):
            raise ValueError(f"there are no names called {', '.join(strange)}")
        if self.plants.colluding.company not in slugs:
            raise ValueError("plants.colluding.company is not among companies")
        tests = {self.plants.leaked.training, self.plants.wrong_key.training}
        if strange := sorted(tests - set(self.trainings)):
            raise ValueError(f"plants name {', '.join(strange)}, which is not in trainings")
        if self.plants.wrong_key.corrected <= self.plants.wrong_key.month:
            raise ValueError("plants.wrong_key: it is corrected after it was written")
        return self

    def starts_on(self, ends_on: date) -> date:
        """Return the first day of a past that ends on a day."""
        return ends_on.replace(year=ends_on.year - self.years, day=min(ends_on.day, 28))


def read_plan(text: str) -> PastPlan:
    """Return a plan's values; raises ``FaultyFiles`` naming each field at fault."""
    return read_value(PastPlan, read_yaml(text, SIMULATION), SIMULATION)
