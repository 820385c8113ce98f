"""The decision: rules and facts in, the tier and its whole reason out. Pure and deterministic."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from partners.domain.facts import Facts, Holding, Person
from partners.domain.matching import Claim, Claims, assign
from partners.domain.rules import Line, RulesDocument, Tier


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Somebody who fills a line, and the credentials that count there."""

    person: int
    codes: tuple[str, ...]
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class Standby:
    """Somebody certified for a line but not counted there: fills ``line``, or is one to spare."""

    person: int
    codes: tuple[str, ...]
    reason: Literal["other_line", "spare"]
    line: str | None = None


@dataclass(frozen=True, kw_only=True)
class LineResult:
    """One line: how many it needs, who counts, how many more people it takes."""

    id: str
    needed: int
    counted: int
    missing: int
    people: tuple[Counted, ...]
    standby: tuple[Standby, ...]


@dataclass(frozen=True, kw_only=True)
class TierResult:
    """One tier: met if nobody is missing."""

    id: str
    met: bool
    missing: int
    lines: tuple[LineResult, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The tier on a day and everything it rested on; ``tier`` is empty if not even one is met."""

    on: date
    tier: str
    next_tier: str | None
    next_change_on: date | None
    tiers: tuple[TierResult, ...]

    def find(self, tier_id: str | None) -> TierResult | None:
        """Return one tier's result."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    @property
    def missing(self) -> dict[str, int]:
        """What the next tier lacks: line id to the least number of further people."""
        following = self.find(self.next_tier)
        lines = following.lines if following else ()
        return {line.id: line.missing for line in lines if line.missing}

    @property
    def fingerprint(self) -> str:
        """Equal exactly when tier, lines, people and credentials are equal, whatever the day."""
        outcome = {"tier": self.tier, "tiers": self.to_json()["tiers"]}
        return hashlib.sha256(json.dumps(outcome, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the decision as JSON values, ids only."""
        plain: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Decision":
        """Rebuild a decision from ``to_json``."""
        return _ADAPTER.validate_python(data)


HeldBy = Mapping[str, Mapping[int, Holding]]  # achievement -> person -> holding


def evaluate(rules: RulesDocument, facts: Facts, on: date) -> Decision:
    """Decide the tier on a day: the highest whose lines one assignment of people fills at once."""
    held_by = _index(facts.linked(on), on)
    results = tuple(_judge(tier, held_by, rules) for tier in rules.tiers)
    held = max((index for index, tier in enumerate(results) if tier.met), default=-1)
    return Decision(
        on=on,
        tier=results[held].id if held >= 0 else "",
        next_tier=results[held + 1].id if held + 1 < len(results) else None,
        next_change_on=facts.next_change_on(on),
        tiers=results,
    )


def _judge(tier: Tier, held_by: HeldBy, rules: RulesDocument) -> TierResult:
    claims = [_claims(line, held_by) for line in tier.lines]
    filled = assign(claims, [line.people for line in tier.lines], rules.sharing)
    place = _places(tier, filled) if rules.sharing == "none" else {}
    lines = tuple(
        _describe(line, claim, chosen, place)
        for line, claim, chosen in zip(tier.lines, claims, filled, strict=True)
    )
    missing = sum(line.missing for line in lines)
    return TierResult(id=tier.id, met=not missing, missing=missing, lines=lines)


def _places(tier: Tier, filled: Sequence[tuple[int, ...]]) -> dict[int, str]:
    pairs = zip(tier.lines, filled, strict=True)
    return {who: line.id for line, chosen in pairs for who in chosen}


def _describe(
    line: Line, claims: Claims, chosen: tuple[int, ...], place: Mapping[int, str]
) -> LineResult:
    return LineResult(
        id=line.id,
        needed=line.people,
        counted=len(chosen),
        missing=line.people - len(chosen),
        people=tuple(
            Counted(person=who, codes=claims[who].codes, valid_until=claims[who].valid_until)
            for who in chosen
        ),
        standby=tuple(
            Standby(
                person=who,
                codes=claims[who].codes,
                reason="other_line" if who in place else "spare",
                line=place.get(who),
            )
            for who in sorted(set(claims) - set(chosen))
        ),
    )


def _index(people: Iterable[Person], on: date) -> HeldBy:
    """Return for each achievement who holds it that day, by the holding that lasts longest."""
    held_by: dict[str, dict[int, Holding]] = {}
    for person in people:
        for holding in person.holdings:
            if holding.is_valid(on):
                best = held_by.setdefault(holding.achievement, {})
                known = best.get(person.id)
                if known is None or _lasts(known) < _lasts(holding):
                    best[person.id] = holding
    return held_by


def _claims(line: Line, held_by: HeldBy) -> dict[int, Claim]:
    holders = [held_by.get(slug, {}) for slug in line.achievements]
    if line.all_of is not None:
        everyone = set(holders[0]).intersection(*holders[1:])
        return {who: _claim_all([held[who] for held in holders]) for who in everyone}
    best: dict[int, Holding] = {}
    for held in holders:
        for who, holding in held.items():
            if who not in best or _lasts(best[who]) < _lasts(holding):
                best[who] = holding
    return {who: Claim(codes=(one.code,), valid_until=one.valid_until) for who, one in best.items()}


def _claim_all(held: Iterable[Holding]) -> Claim:
    used = sorted(held, key=lambda holding: holding.code)
    ends = min(holding.valid_until or date.max for holding in used)
    codes = tuple(holding.code for holding in used)
    return Claim(codes=codes, valid_until=None if ends == date.max else ends)


def _lasts(holding: Holding) -> tuple[date, str]:
    return holding.valid_until or date.max, holding.code


_ADAPTER: TypeAdapter[Decision] = TypeAdapter(Decision)
