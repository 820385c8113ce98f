"""What happens in a simulated past, step by step: a pure function of the plan and its last day."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import count

from partners.domain.simulated import CompanyPlan, Job, Name, PastPlan, TrainingPlan

MONTH = 30.4  # days
WAITS = ((2, 14), (8, 30), (15, 60))  # days from a try to the next one; the last repeats
SETTLED = 60  # days somebody works before they leave or move


@dataclass(frozen=True, kw_only=True)
class SimulatedPerson:
    """Somebody who never was, at the company where they begin."""

    email: str
    name: str
    language: str
    company: str
    job: Job
    role: str
    since: date
    until: date | None
    ability: float
    pace: float
    told: bool  # whether they hear of the leaked item


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happens at a moment; steps of one moment keep the order they were made in."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class Joins(Step):
    company: CompanyPlan


@dataclass(frozen=True, kw_only=True)
class Arrives(Step):
    person: SimulatedPerson


@dataclass(frozen=True, kw_only=True)
class Leaves(Step):
    """The link ends that day; ``to`` is the company where the next one begins."""

    person: SimulatedPerson
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Tries(Step):
    """A try at a test, unless one since ``round_at`` was passed."""

    person: SimulatedPerson
    training: str
    round_at: datetime
    mood: str
    told: bool
    copies: float


@dataclass(frozen=True, kw_only=True)
class WritesItem(Step):
    """An editor writes the item of the wrong key, or corrects it."""

    wrong: bool


@dataclass(frozen=True, kw_only=True)
class Convenes(Step):
    """The panel is opened."""


@dataclass(frozen=True, kw_only=True)
class Rates(Step):
    """A judge, by their number, rates every item."""

    judge: int


@dataclass(frozen=True, kw_only=True)
class ClosesRound(Step):
    """The round is closed; the second is the last."""

    last: bool


@dataclass(frozen=True, kw_only=True)
class Decides(Step):
    """The cut is decided."""


def list_steps(plan: PastPlan, *, ends_on: date, zone: tzinfo) -> list[Step]:
    """Return every step of a past that ends on a day, in the order of their moments."""
    return sorted(_Past(plan, ends_on, zone).steps(), key=lambda step: step.at)


class _Past:
    def __init__(self, plan: PastPlan, ends_on: date, zone: tzinfo) -> None:
        self.plan, self.zone = plan, zone
        self.starts_on, self.ends_on = plan.starts_on(ends_on), ends_on
        self.joined = {company.slug: self._joined_on(company) for company in plan.companies}
        self.emails: set[str] = set()

    def steps(self) -> Iterator[Step]:
        wrong = self.plan.plants.wrong_key
        yield WritesItem(at=self._at(self._month(wrong.month), 8, 0), wrong=True)
        yield WritesItem(at=self._at(self._month(wrong.corrected), 8, 0), wrong=False)
        yield from self._judge()
        for company in self.plan.companies:
            yield Joins(at=self._at(self.joined[company.slug], 6, 0), company=company)
            for number in range(company.people):
                yield from self._live(company, number)

    def _judge(self) -> Iterator[Step]:
        """Every judge on a day of their own, a day off between the rounds, then the decision."""
        if self.plan.panel is None:
            return
        opened = self._month(self.plan.panel.month)
        days = (self._at(opened + timedelta(days=number), 14, 0) for number in count())
        yield Convenes(at=next(days))
        for last in (False, True):
            for judge in range(len(self.plan.panel.judges)):
                yield Rates(at=next(days), judge=judge)
            yield ClosesRound(at=next(days), last=last)
        yield Decides(at=next(days))

    def _joined_on(self, company: CompanyPlan) -> date:
        """Most companies join in the first year, all within the first half."""
        days = (self.ends_on - self.starts_on).days
        chance = self._chance(company.slug)
        return self.starts_on + timedelta(days=int(days / 2 * chance.random() ** 2))

    def _live(self, company: CompanyPlan, number: int) -> Iterator[Step]:
        chance = self._chance(company.slug, str(number))
        person = self._make(company, number, chance)
        yield Arrives(at=self._at(person.since, 7, 0), person=person)
        last = self.ends_on
        if person.until is not None:
            to = self._find_next(company, person.until, chance)
            last = last if to else person.until - timedelta(days=1)
            yield Leaves(at=self._at(person.until, 7, 0), person=person, to=to)
        for slug, training in self.plan.trainings.items():
            if chance.random() < training.shares.get(person.job, 0):
                for begins in self._list_rounds(person, training, last, chance):
                    yield from self._round(person, slug, begins, last, chance)

    def _make(self, company: CompanyPlan, number: int, chance: random.Random) -> SimulatedPerson:
        joined, rates = self.joined[company.slug], self.plan.rates
        names = self.plan.names[company.names]
        given, family = chance.choice(names.given), chance.choice(names.family)
        [job] = chance.choices(list(self.plan.jobs), list(self.plan.jobs.values()))
        late = chance.random() > 0.6 and number > 0
        room = max(1, (self.ends_on - joined).days - 90)
        since = joined + timedelta(days=chance.randrange(room if late else 60) if number else 0)
        stays = (self.ends_on - since).days
        goes = chance.random() < rates.leaves + rates.moves and stays > 2 * SETTLED and number
        until = since + timedelta(days=chance.randrange(SETTLED, stays)) if goes else None
        return SimulatedPerson(
            email=self._address(given, family, company.slug),
            name=f"{_written(given)} {_written(family)}",
            language=names.language,
            company=company.slug,
            job=job,
            role="manager" if number == 0 else "member",
            since=since,
            until=until,
            ability=chance.gauss(0, 1),
            pace=chance.gauss(0, 0.25),
            told=chance.random() < self.plan.plants.leaked.share,
        )

    def _find_next(self, company: CompanyPlan, on: date, chance: random.Random) -> str:
        rates = self.plan.rates
        if chance.random() >= rates.moves / max(rates.leaves + rates.moves, 1e-9):
            return ""
        own = self.plan.plants.colluding.company
        near = [
            other.slug
            for other in self.plan.companies
            if other.names == company.names
            and other.slug not in {company.slug, own}
            and self.joined[other.slug] < on
        ]
        return chance.choice(near) if near and company.slug != own else ""

    def _list_rounds(
        self, person: SimulatedPerson, training: TrainingPlan, last: date, chance: random.Random
    ) -> Iterator[date]:
        """The first round soon after they came, another one about when the certificate ends."""
        begins = person.since + timedelta(days=chance.randrange(14, 170))
        while begins <= last:
            yield begins
            if chance.random() >= self.plan.rates.again:
                return
            late = chance.randrange(-75, 45)
            begins += timedelta(days=int(training.again_months * MONTH) + late)

    def _round(
        self, person: SimulatedPerson, slug: str, begins: date, last: date, chance: random.Random
    ) -> Iterator[Step]:
        rates, plants, on = self.plan.rates, self.plan.plants, begins
        [most] = chance.choices(range(1, len(rates.tries) + 1), rates.tries)
        copies = plants.colluding.copies if person.company == plants.colluding.company else 0.0
        round_at = self._at(begins, 0, 0)
        for number in range(1, most + 1):
            on = _workday(on)
            if on > last:
                return
            yield Tries(
                at=self._at(on, chance.randrange(8, 17), chance.randrange(60)),
                person=person,
                training=slug,
                round_at=round_at,
                mood=f"{person.email} {slug} {on}",
                told=person.told and on >= self._month(plants.leaked.month),
                copies=copies,
            )
            on += timedelta(days=chance.randrange(*WAITS[min(number, len(WAITS)) - 1]))

    def _address(self, given: Name, family: Name, company: str) -> str:
        local = f"{_spelt(given)}.{_spelt(family)}"
        free, number = f"{local}@{company}.example", 1
        while free in self.emails:
            number += 1
            free = f"{local}{number}@{company}.example"
        self.emails.add(free)
        return free

    def _month(self, number: int) -> date:
        return self.starts_on + timedelta(days=int(number * MONTH))

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def _chance(self, *names: str) -> random.Random:
        return random.Random(":".join((self.plan.seed, *names)))  # noqa: S311 - replayable


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _written(name: Name) -> str:
    return name.partition("/")[0]


def _spelt(name: Name) -> str:
    """Spell a name as an address does: łódź is lodz."""
    written, _, spelt = name.lower().partition("/")
    plain = (spelt or written).replace("ł", "l").replace("ß", "ss")
    folded = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())
