"""Judging one tier: what each line asks for, one placing of people for all, and what came of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil

from partners.domain.amounts import Numbers
from partners.domain.counting import Claims, Staff
from partners.domain.matching import (
    Demand,
    Filling,
    Fillings,
    Given,
    Node,
    Several,
    Terms,
    match,
)
from partners.domain.results import (
    Counted,
    IncludingResult,
    Kind,
    LineResult,
    Standby,
    State,
    TierResult,
)
from partners.domain.rules.document import RulesDocument, Sharing, Tier
from partners.domain.rules.lines import (
    CompetenciesLine,
    CredentialsLine,
    GroupLine,
    Line,
    PeopleLine,
    PointsLine,
    Share,
)

DIFFERENT = "different-people"  # the id of what a tier asks of all its lines together


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A line on its way: what is known before people are placed, and what they must fill."""

    result: LineResult
    node: Node | None = None  # None: not asked
    line: PeopleLine | None = None
    claims: Claims | None = None
    parts: tuple["_Asked", ...] = ()


def judge(tier: Tier, rules: RulesDocument, staff: Staff, numbers: Numbers) -> TierResult:
    """Say whether a tier is met, who fills its lines and what is short."""
    asker = _Asker(rules, staff, numbers)
    asked = [asker.ask(line) for line in tier.lines]
    nodes = [one.node for one in asked if one.node is not None]
    terms = read_terms(rules)
    told = _Teller(staff, match(nodes, terms), terms)
    lines = tuple(told.tell(one) for one in asked)
    missing = sum(line.missing for line in lines)
    if tier.different_people:
        extra = _count_different(tier.different_people, asked, missing)
        lines, missing = (*lines, extra), missing + extra.missing
    met = all(line.is_fulfilled for line in lines)
    return TierResult(id=tier.id, met=met, missing=missing, lines=lines)


def read_terms(rules: RulesDocument) -> Terms:
    """Return how many lines a person may fill, and groups nobody crosses."""
    if not isinstance(rules.sharing, Sharing):
        return Terms(lines=1 if rules.sharing == "none" else None)
    groups = rules.sharing.groups.items()
    return Terms(
        lines=rules.sharing.lines, groups={line: name for name, lines in groups for line in lines}
    )


class _Asker:
    """Turns lines into what must be filled."""

    def __init__(
        self, rules: RulesDocument, staff: Staff, numbers: Numbers, prefix: str = ""
    ) -> None:
        self._rules, self._staff, self._numbers = rules, staff, numbers
        self._prefix = prefix

    def ask(self, line: Line) -> _Asked:
        """Return a line's part of the whole."""
        name = self._prefix + line.id
        if line.when is not None and not self._numbers.holds(line.when):
            return _Asked(result=LineResult(id=name, kind=_kind(line), state="not_asked"))
        if isinstance(line, PeopleLine):
            return self._ask_people(line, name)
        if isinstance(line, GroupLine):
            parts = tuple(self.ask(one) for one in line.lines)
            return _several(LineResult(id=name, kind="group"), parts, line.wanted)
        if isinstance(line, CompetenciesLine):
            parts = tuple(self._ask_competency(slug) for slug in line.among)
            result = LineResult(id=name, kind="competencies", needed=line.competencies)
            return _several(result, parts, line.competencies)
        if isinstance(line, CredentialsLine):
            result = self._count(line, name)
        elif not self._staff.passes(line.gate):
            result = LineResult(id=name, kind=_kind(line), state="closed")
        elif isinstance(line, PointsLine):
            result = self._numbers.add_points(line, name, self._staff)
        else:
            result = self._numbers.measure(line, name)
        return _Asked(result=result, node=Given(met=result.is_fulfilled))

    def _ask_competency(self, slug: str) -> _Asked:
        inner = _Asker(self._rules, self._staff, self._numbers, f"{slug}/")
        parts = tuple(inner.ask(line) for line in self._rules.competencies[slug].lines)
        return _several(LineResult(id=slug, kind="competency"), parts, len(parts))

    def _ask_people(self, line: PeopleLine, name: str) -> _Asked:
        needed = self._needed(line)
        if needed is None:
            result = LineResult(id=name, state="unknown")
            return _Asked(result=result, node=Given(met=False), line=line)
        is_open = self._staff.passes(line.gate)
        claims = self._staff.claims(line) if is_open else {}
        places = None
        if line.within:
            places = {who: self._staff.people[who].place(line.within) for who in claims}
            claims = {who: claim for who, claim in claims.items() if places[who]}
        including = [(part.people, self._staff.claims(part)) for part in line.including]
        node = Demand(
            id=name,
            needed=needed,
            claims=claims,
            including=tuple((min(people, needed), who) for people, who in including),
            places=places,
        )
        state = LineResult(id=name, state="met" if is_open else "closed", needed=needed)
        return _Asked(result=state, node=node, line=line, claims=claims)

    def _needed(self, line: PeopleLine) -> int | None:
        if not isinstance(line.people, Share):
            return line.people
        share, declared = line.people, self._numbers.read(line.people.of)
        if declared is None:
            return None
        wanted = ceil(declared * share.percent / Decimal(100))
        return min(max(wanted, share.at_least or 0), share.at_most or wanted)

    def _count(self, line: CredentialsLine, name: str) -> LineResult:
        if not self._staff.passes(line.gate):
            needed = line.credentials
            return LineResult(
                id=name, kind="credentials", state="closed", needed=needed, missing=needed
            )
        counted, _ = self._staff.count_credentials(line, line.per_person)
        missing = max(0, line.credentials - counted)
        claims = self._staff.claims(line)
        return LineResult(
            id=name,
            kind="credentials",
            state="short" if missing else "met",
            needed=line.credentials,
            counted=min(counted, line.credentials),
            missing=missing,
            people=tuple(_counted(claims, sorted(claims))),
        )


def _several(result: LineResult, parts: tuple[_Asked, ...], wanted: int) -> _Asked:
    nodes = tuple(part.node for part in parts if part.node is not None)
    wanted = min(wanted, len(nodes))  # what is not asked of a company is not wanted of it
    node = Several(id=result.id, wanted=wanted, parts=nodes) if nodes else Given(met=True)
    return _Asked(result=replace(result, needed=wanted), node=node, parts=parts)


class _Teller:
    """Says of each line what came of it."""

    def __init__(self, staff: Staff, fillings: Fillings, terms: Terms) -> None:
        self._staff, self._fillings, self._terms = staff, fillings, terms
        self._filled: dict[int, list[str]] = {}
        for name, filling in fillings.items():
            for who in filling.people:
                self._filled.setdefault(who, []).append(name)

    def tell(self, asked: _Asked) -> LineResult:
        """Return a line's result."""
        if asked.parts:
            return self._tell_several(asked)
        filling = self._fillings.get(asked.result.id)
        if asked.line is None or asked.claims is None or filling is None:
            return asked.result
        return self._tell_people(asked.result, asked.line, asked.claims, filling)

    def _tell_several(self, asked: _Asked) -> LineResult:
        parts = [self.tell(part) for part in asked.parts]
        met = [part for part in parts if part.state == "met"]
        short = len(met) < asked.result.needed
        if not short:
            parts = [one if one.is_fulfilled else replace(one, state="not_needed", missing=0)
                     for one in parts]  # fmt: skip
        return replace(
            asked.result,
            state="short" if short else "met",
            counted=min(len(met), asked.result.needed),
            missing=sum(part.missing for part in parts),
            parts=tuple(parts),
        )

    def _tell_people(
        self, result: LineResult, line: PeopleLine, claims: Claims, filling: Filling
    ) -> LineResult:
        if not filling.asked:
            return replace(result, state="not_needed")
        state: State = "met"
        if filling.missing:
            state = "closed" if result.state == "closed" else "short"
        first = next(iter(filling.people), None)
        place = self._staff.people[first].place(line.within) if first and line.within else ""
        return replace(
            result,
            state=state,
            counted=len(filling.people),
            missing=filling.missing,
            people=tuple(_counted(claims, filling.people)),
            standby=tuple(self._stand_by(result.id, line, claims, filling.people)),
            including=tuple(
                IncludingResult(
                    needed=part.people,
                    counted=len(set(self._staff.claims(part)) & set(filling.people)),
                )
                for part in line.including
            ),
            place=place,
        )

    def _stand_by(
        self, name: str, line: PeopleLine, claims: Claims, chosen: Sequence[int]
    ) -> Iterator[Standby]:
        for who in sorted(set(claims) - set(chosen)):
            there = self._bound_to(who, name)
            reason = "other_line" if there else "spare"
            yield Standby(person=who, codes=claims[who].codes, reason=reason, line=there)
        for who, refusal in sorted(self._staff.refusals(line).items()):
            yield Standby(person=who, codes=refusal.codes, reason=refusal.reason)

    def _bound_to(self, who: int, name: str) -> str | None:
        """The line that keeps somebody from filling another one."""
        filled, groups = self._filled.get(who, []), self._terms.groups
        if filled and self._terms.lines is not None and len(filled) >= self._terms.lines:
            return filled[0]
        own = groups.get(name)
        return next((one for one in filled if own and groups.get(one, own) != own), None)


def _counted(claims: Claims, people: Iterable[int]) -> Iterator[Counted]:
    for who in people:
        yield Counted(person=who, codes=claims[who].codes, valid_until=claims[who].valid_until)


def _count_different(needed: int, asked: Sequence[_Asked], missing: int) -> LineResult:
    people = {who for one in _all(asked) for who in one.claims or ()}
    more = max(0, needed - len(people) - missing)  # whoever is missing elsewhere is somebody new
    short = len(people) < needed
    return LineResult(
        id=DIFFERENT,
        kind="different",
        state="short" if short else "met",
        needed=needed,
        counted=min(len(people), needed),
        missing=more,
    )


def _all(asked: Iterable[_Asked]) -> Iterator[_Asked]:
    for one in asked:
        yield one
        yield from _all(one.parts)


_KINDS: Mapping[str, Kind] = {
    "PeopleLine": "people",
    "CredentialsLine": "credentials",
    "MetricLine": "metric",
    "RankLine": "rank",
    "PointsLine": "points",
    "CompetenciesLine": "competencies",
    "GroupLine": "group",
}


def _kind(line: Line) -> Kind:
    return _KINDS[type(line).__name__]
