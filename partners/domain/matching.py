"""Who fills which line: exact, and the same for the same claims.

People who could fill the same lines are alike, so the integer programme counts them by class and
stays small however many people there are. It finds the placing that leaves the fewest people
missing; if any placing fills a tier, it is found. Among equally full ones those people are taken
whose claims last longest; ties go to the lower id.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from partners.domain.counting import Claims, lasts
from partners.domain.solving import IntegerProgramme

ELSEWHERE = ""  # the group of whoever stands in lines of no group


@dataclass(frozen=True, kw_only=True)
class Demand:
    """So many people wanted of those who have a claim, so many of them out of ``including``.

    With ``places`` (person to office, region or country) they all come from one place.
    """

    id: str
    needed: int
    claims: Claims
    including: tuple[tuple[int, Collection[int]], ...] = ()
    places: Mapping[int, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """Something that is met or not, whoever stands where."""

    met: bool


@dataclass(frozen=True, kw_only=True)
class Several:
    """So many of the parts must be met. ``id`` names it in the solution."""

    id: str
    wanted: int
    parts: tuple["Node", ...]


Node = Demand | Given | Several


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How many lines a person may fill (``None``: any number), and the group of a line.

    Nobody fills lines of two groups.
    """

    lines: int | None = 1
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Filling:
    """Who fills a line, longest first; how many more it takes; whether it was asked at all."""

    people: tuple[int, ...] = ()
    missing: int = 0
    asked: bool = True


Fillings = Mapping[str, Filling]  # by the demand's id


def match(parts: Sequence[Node], terms: Terms) -> Fillings:
    """Place people so that as few as possible are missing."""
    demands = list(_demands(parts))
    if any(isinstance(part, Several) for part in parts):
        return _Problem(parts, demands, terms).solve()
    fillings: dict[str, Filling] = {}
    for together in _split(demands, terms):
        if len(together) == 1 and not together[0].including and together[0].places is None:
            fillings[together[0].id] = _take_longest(together[0])
        else:
            fillings |= _Problem(together, together, terms).solve()
    return {demand.id: fillings[demand.id] for demand in demands}


def _demands(parts: Iterable[Node]) -> Iterator[Demand]:
    for part in parts:
        if isinstance(part, Demand):
            yield part
        elif isinstance(part, Several):
            yield from _demands(part.parts)


def _split(demands: Sequence[Demand], terms: Terms) -> list[list[Demand]]:
    """Lines that have nobody in common have nothing to do with one another."""
    if terms.lines is None and not terms.groups:
        return [[demand] for demand in demands]
    found: list[tuple[set[int], list[Demand]]] = []
    for demand in demands:
        apart = [each for each in found if each[0].isdisjoint(demand.claims)]
        touched = [each for each in found if not each[0].isdisjoint(demand.claims)]
        people = set(demand.claims).union(*(each[0] for each in touched))
        found = [*apart, (people, [*(one for each in touched for one in each[1]), demand])]
    return [together for _, together in found]


def _take_longest(demand: Demand) -> Filling:
    best = _longest_first(demand.claims)[: demand.needed]
    return Filling(people=best, missing=demand.needed - len(best))


def _longest_first(claims: Claims, among: Iterable[int] | None = None) -> tuple[int, ...]:
    people = claims if among is None else among
    return tuple(sorted(people, key=lambda who: (-lasts(claims[who]).toordinal(), who)))


@dataclass(frozen=True, kw_only=True)
class _Class:
    """People who could fill the same lines in the same way, longest first."""

    people: tuple[int, ...]
    lines: tuple[int, ...]  # numbers of demands


class _Problem:
    """The integer programme of some lines, and who stands where in its solution."""

    def __init__(self, parts: Sequence[Node], demands: Sequence[Demand], terms: Terms) -> None:
        self._demands, self._terms = demands, terms
        self._numbers = {demand.id: number for number, demand in enumerate(demands)}
        self._groups = [terms.groups.get(demand.id, ELSEWHERE) for demand in demands]
        self._classes = _classify(demands)
        self._model = IntegerProgramme()
        self._missing: dict[int, float] = {}  # variable -> what one of it costs
        # (class, line, group its people are in) -> how many stand there
        self._placed: dict[tuple[int, int, str], int] = {}
        self._teams: dict[tuple[int, str], int] = {}  # how many people of a class, by group
        self._used: list[int] = []
        self._short = [self._want(self._model.add(demand.needed)) for demand in demands]
        self._asked: dict[int, int] = {}
        self._share()
        self._ask(parts)
        for number in range(len(demands)):
            self._fill(number)

    def solve(self) -> dict[str, Filling]:
        """Return the placing with the fewest missing, and of those the longest lasting."""
        best = self._model.solve(self._missing)
        self._model.bound(self._missing, high=self._cost(best) + 0.5)
        values = self._model.solve(self._prefer())
        placed = self._place(values)
        return {
            demand.id: Filling(
                people=_longest_first(demand.claims, placed[number]),
                missing=values[self._short[number]],
                asked=number not in self._asked or bool(values[self._asked[number]]),
            )
            for number, demand in enumerate(self._demands)
        }

    def _cost(self, values: Sequence[int]) -> float:
        return sum(values[variable] * cost for variable, cost in self._missing.items())

    def _want(self, variable: int, cost: float = 1) -> int:
        self._missing[variable] = cost
        return variable

    def _ask(self, parts: Iterable[Node], above: int | None = None) -> dict[int, float]:
        """Add what asks for each part; return the variables that say that it is asked."""
        asked: dict[int, float] = {}
        for part in parts:
            if above is None and not isinstance(part, Several):
                continue  # always asked
            variable = self._model.add(1)
            asked[variable] = 1
            if isinstance(part, Demand):
                self._asked[self._numbers[part.id]] = variable
            elif isinstance(part, Given) and not part.met:
                # Nobody who is found can mend that: another way is taken while there is one.
                self._want(variable, 1 + sum(demand.needed for demand in self._demands))
            elif isinstance(part, Several):
                inner = self._ask(part.parts, variable)
                self._model.bound({**inner, variable: -part.wanted}, low=0)
                if above is None:
                    self._model.bound({variable: 1}, low=1)
        return asked

    def _fill(self, number: int) -> None:
        """Who stands in a line and who is missing make up what it needs, if it is asked."""
        demand, short = self._demands[number], self._short[number]
        standing = {var: 1.0 for (_, line, _g), var in self._placed.items() if line == number}
        self._need({**standing, short: 1}, number, demand.needed, exactly=True)
        for needed, among in demand.including:
            inside = self._standing_of(number, among)
            self._need({**inside, short: 1}, number, needed, exactly=False)
        if demand.places is not None:
            self._keep_together(number, demand.places)

    def _need(self, terms: dict[int, float], number: int, needed: int, *, exactly: bool) -> None:
        low: float = needed
        if number in self._asked:
            terms, low = {**terms, self._asked[number]: -needed}, 0
        self._model.bound(terms, low=low, high=low if exactly else float("inf"))

    def _standing_of(self, number: int, among: Collection[int]) -> dict[int, float]:
        return {
            variable: 1.0
            for (each, line, _), variable in self._placed.items()
            if line == number and self._classes[each].people[0] in among
        }

    def _keep_together(self, number: int, places: Mapping[int, str]) -> None:
        chosen = {place: self._model.add(1) for place in sorted(set(places.values()))}
        self._model.bound(dict.fromkeys(chosen.values(), 1.0), high=1)
        for (each, line, _), variable in self._placed.items():
            if line == number:
                one = self._classes[each]
                place = chosen[places[one.people[0]]]
                self._model.bound({variable: 1, place: -len(one.people)}, high=0)

    def _share(self) -> None:
        """Nobody fills more lines than allowed, nor lines of two groups."""
        for number, one in enumerate(self._classes):
            groups = sorted({self._groups[line] for line in one.lines} - {ELSEWHERE}) or [ELSEWHERE]
            size, used = len(one.people), self._model.add(len(one.people))
            self._used.append(used)
            teams = {group: self._model.add(size) for group in groups}
            self._model.bound({**dict.fromkeys(teams.values(), 1.0), used: -1}, high=0, low=0)
            for group, team in teams.items():
                self._teams[number, group] = team
                self._share_group(number, group, team)

    def _share_group(self, number: int, group: str, team: int) -> None:
        """So many people of a class stand in lines of one group, each in one line at the least."""
        one, placed = self._classes[number], dict[int, float]()
        for line in one.lines:
            if self._groups[line] in (group, ELSEWHERE):
                variable = self._placed[number, line, group] = self._model.add(len(one.people))
                placed[variable] = 1.0
                self._model.bound({variable: 1, team: -1}, high=0)
        if self._terms.lines is not None:
            self._model.bound({**placed, team: -self._terms.lines}, high=0)
        self._model.bound({team: 1, **dict.fromkeys(placed, -1.0)}, high=0)

    def _prefer(self) -> dict[int, float]:
        """Costs that rise with the place in the order of people, then with that of the line."""
        order = _order(self._demands)
        costs: dict[int, float] = {var: line for (_, line, _g), var in self._placed.items()}
        step = 1 + len(self._demands) * sum(demand.needed for demand in self._demands)
        for one, used in zip(self._classes, self._used, strict=True):
            steps = {self._model.add(1, whole=False): step * order[who] for who in one.people}
            self._model.bound({**dict.fromkeys(steps, 1.0), used: -1}, low=0, high=0)
            costs |= steps
        return costs

    def _place(self, values: Sequence[int]) -> list[set[int]]:
        """Give the counts of classes to single people: the least busy first, then the longest."""
        found: list[set[int]] = [set() for _ in self._demands]
        rest = [list(one.people) for one in self._classes]
        for (number, group), variable in self._teams.items():
            team, rest[number] = rest[number][: values[variable]], rest[number][values[variable] :]
            load = dict.fromkeys(team, 0)
            for line in self._classes[number].lines:
                placed = self._placed.get((number, line, group))
                count = values[placed] if placed is not None else 0
                for who in sorted(team, key=load.__getitem__)[:count]:
                    load[who] += 1
                    found[line].add(who)
        return found


def _classify(demands: Sequence[Demand]) -> list[_Class]:
    found: dict[tuple[tuple[int, tuple[bool, ...], str], ...], list[int]] = {}
    order = _order(demands)
    for who in sorted(order, key=lambda each: order[each]):
        alike = tuple(
            (
                number,
                tuple(who in among for _, among in demand.including),
                demand.places[who] if demand.places is not None else "",
            )
            for number, demand in enumerate(demands)
            if who in demand.claims
        )
        found.setdefault(alike, []).append(who)
    return [
        _Class(people=tuple(people), lines=tuple(number for number, _, _ in alike))
        for alike, people in found.items()
    ]


def _order(demands: Sequence[Demand]) -> dict[int, int]:
    """Everybody's place by how long the first of their claims lasts, 0 the longest."""
    ends: dict[int, date] = {}
    for demand in demands:
        for who, claim in demand.claims.items():
            ends[who] = min(ends.get(who, date.max), lasts(claim))
    ranked = sorted(ends, key=lambda who: (-ends[who].toordinal(), who))
    return {who: place for place, who in enumerate(ranked)}


__all__ = ["Demand", "Filling", "Fillings", "Given", "Several", "Terms", "match"]
