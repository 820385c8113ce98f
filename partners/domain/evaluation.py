"""The decision: rules and facts in, the tier and its whole reason out. Pure and deterministic."""

from collections.abc import Iterator
from datetime import date

from partners.domain.amounts import Numbers, protects_until
from partners.domain.counting import Staff, leaves_window
from partners.domain.facts import Facts
from partners.domain.judging import judge
from partners.domain.results import Decision, TierResult
from partners.domain.rules.document import RulesDocument


def evaluate(rules: RulesDocument, facts: Facts, on: date) -> Decision:
    """Decide the tier on a day: the highest whose lines one placing of people fills at once.

    Where the rules' unit is the best office, region or country, each is judged by itself.
    """
    kind = rules.unit.removeprefix("best-") if rules.unit != "company" else ""
    places = _places(facts, kind, on) if kind else [""]
    judged = [(_judge_place(rules, facts, on, kind, place), place) for place in places]
    results, place = max(judged, key=lambda one: _rank(one[0]))
    held = _held(results)
    floor = _floor(rules, facts, on)
    protected = floor > held
    held = max(held, floor)
    return Decision(
        on=on,
        tier=results[held].id if held >= 0 else "",
        next_tier=results[held + 1].id if held + 1 < len(results) else None,
        next_change_on=min((day for day in _turns(rules, facts, on) if day > on), default=None),
        tiers=results,
        place=place,
        protected=protected,
    )


def _places(facts: Facts, kind: str, on: date) -> list[str]:
    found = {person.place(kind) for person in facts.linked(on)}
    found |= {str(getattr(each, kind)) for each in facts.metrics}
    return sorted(found - {""}) or [""]


def _judge_place(
    rules: RulesDocument, facts: Facts, on: date, kind: str, place: str
) -> tuple[TierResult, ...]:
    people = facts.linked(on)
    if place:
        people = tuple(person for person in people if person.place(kind) == place)
    staff = Staff(rules, people, on)
    numbers = Numbers(rules, facts, on, kind=kind if place else "", place=place)
    return tuple(judge(tier, rules, staff, numbers) for tier in rules.tiers)


def _held(results: tuple[TierResult, ...]) -> int:
    return max((index for index, tier in enumerate(results) if tier.met), default=-1)


def _rank(results: tuple[TierResult, ...]) -> tuple[int, int]:
    held = _held(results)
    following = results[held + 1].missing if held + 1 < len(results) else 0
    return held, -following


def _floor(rules: RulesDocument, facts: Facts, on: date) -> int:
    """The tier a new partner holds whatever is missing."""
    if protects_until(rules, facts, on) is None or rules.new_partners is None:
        return -1
    names = [tier.id for tier in rules.tiers]
    return names.index(rules.new_partners.tier) if rules.new_partners.tier else -1


def _turns(rules: RulesDocument, facts: Facts, on: date) -> Iterator[date]:
    """Days on which something that counts is different, as far as they are known."""
    yield facts.next_change_on(on) or date.min
    yield protects_until(rules, facts, on) or date.min
    for releases in rules.series.values():
        yield from (release.released_on for release in releases)
    for each in rules.equivalents:
        yield each.until or date.min
    for tier in rules.tiers:
        for benefit in tier.benefits:
            yield benefit.since or date.min
            yield benefit.until or date.min
    for reading in facts.metrics:
        if reading.metric in rules.metrics:
            yield leaves_window(rules.metrics[reading.metric], reading) or date.min
