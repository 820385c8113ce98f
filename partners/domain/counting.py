"""What counts on a day: who holds what, and what a metric comes to.

These are the rules of the guide's list of what counts, in one place; each has a test by its name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from partners.domain.dates import add_months
from partners.domain.facts import Holding, Person, Reading
from partners.domain.rules.document import Counting, Metric, RulesDocument
from partners.domain.rules.lines import Condition, Gate, Who


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Why a person counts: the credentials, and the first day they no longer do."""

    codes: tuple[str, ...]
    valid_until: date | None


Claims = Mapping[int, Claim]  # by person
Reason = Literal["job", "former_employer", "suspended", "under_review"]
K = TypeVar("K")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why somebody who holds what is asked for does not count."""

    codes: tuple[str, ...]
    reason: Reason


class Staff:
    """The people linked on a day, with all that stands for something they hold."""

    def __init__(self, rules: RulesDocument, people: Iterable[Person], on: date) -> None:
        self.on, self._rules = on, rules
        self.people = {person.id: person for person in people}
        self._held: dict[str, dict[int, Claim]] = {}
        self._refused: dict[str, dict[int, Refusal]] = {}
        for person in self.people.values():
            self._take_in(person, rules.counting)

    def _take_in(self, person: Person, counting: Counting) -> None:
        held, refused = _held_by(person, counting, self.on)
        for slug, claim in held.items():
            for name in self._stands_for(slug):
                _keep_longest(self._held.setdefault(name, {}), person.id, claim)
        for slug, refusal in refused.items():
            for name in self._stands_for(slug):
                self._refused.setdefault(name, {}).setdefault(person.id, refusal)

    def claims(self, who: Who) -> dict[int, Claim]:
        """Return who a choice of people finds, and why."""
        found = self._all_of(who.all_of) if who.all_of else self._any_of(self._named(who))
        if who.jobs is None:
            return found
        return {key: claim for key, claim in found.items() if self.people[key].job in who.jobs}

    def refusals(self, who: Who) -> dict[int, Refusal]:
        """Return who holds what is asked for and does not count, and why."""
        counted = self.claims(who)
        found: dict[int, Refusal] = {}
        for name in who.all_of or self._named(who):
            for key, claim in self._held.get(name, {}).items():
                if who.jobs is not None and self.people[key].job not in who.jobs:
                    found.setdefault(key, Refusal(codes=claim.codes, reason="job"))
            for key, refusal in self._refused.get(name, {}).items():
                found.setdefault(key, refusal)
        return {key: refusal for key, refusal in found.items() if key not in counted}

    def count_credentials(self, who: Who, per_person: int | None) -> tuple[int, set[int]]:
        """Return how many credentials a choice of people finds, and whose they are.

        Credentials of one achievement and one person count once: a renewal is no second one.
        """
        names = who.all_of or self._named(who)
        found: dict[int, int] = {}
        for key in self.claims(who):
            found[key] = sum(key in self._held.get(name, {}) for name in names)
        total = sum(min(count, per_person or count) for count in found.values())
        return total, set(found)

    def passes(self, gate: Gate | None) -> bool:
        """Say whether a gate is open; no gate always is."""
        return gate is None or len(self.claims(gate)) >= gate.people

    def _any_of(self, names: Iterable[str]) -> dict[int, Claim]:
        best: dict[int, Claim] = {}
        for name in names:
            for key, claim in self._held.get(name, {}).items():
                _keep_longest(best, key, claim)
        return best

    def _all_of(self, names: Sequence[str]) -> dict[int, Claim]:
        held = [self._held.get(name, {}) for name in names]
        return {key: _join([one[key] for one in held]) for key in set.intersection(*map(set, held))}

    def _named(self, who: Who) -> tuple[str, ...]:
        if who.latest is None:
            return who.achievements
        out = [each for each in self._rules.series[who.latest.of] if each.released_on <= self.on]
        newest = sorted(out, key=lambda each: each.released_on, reverse=True)
        return tuple(each.achievement for each in newest[: who.latest.count])

    def _stands_for(self, slug: str) -> set[str]:
        found, waiting = {slug}, [slug]
        while waiting:
            one = waiting.pop()
            more = set(self._rules.covers.get(one, ())) | set(self._equals(one))
            waiting += more - found
            found |= more
        return found

    def _equals(self, slug: str) -> Iterator[str]:
        for each in self._rules.equivalents:
            if each.holds == slug and (each.until is None or self.on < each.until):
                yield each.counts_as


def _held_by(
    person: Person, counting: Counting, on: date
) -> tuple[dict[str, Claim], dict[str, Refusal]]:
    """What a person holds on a day; renewals without a gap last as long as the last of them."""
    held: dict[str, Claim] = {}
    refused: dict[str, Refusal] = {}
    for holding in person.holdings:
        if not holding.is_valid(on):
            continue
        if reason := _find_refusal(holding, person, counting, on):
            refused[holding.achievement] = Refusal(codes=(holding.code,), reason=reason)
            continue
        end = _unbroken_end(holding, person.holdings)
        _keep_longest(held, holding.achievement, Claim(codes=(holding.code,), valid_until=end))
    return held, refused


def _find_refusal(holding: Holding, person: Person, counting: Counting, on: date) -> Reason | None:
    if not counting.former_employer and holding.valid_from < person.since:
        return "former_employer"
    if not counting.suspended and holding.is_paused("suspended", on):
        return "suspended"
    if not counting.under_review and holding.is_paused("under_review", on):
        return "under_review"
    return None


def _unbroken_end(holding: Holding, holdings: Sequence[Holding]) -> date | None:
    end = holding.revoked_on or holding.valid_until
    same = [each for each in holdings if each.achievement == holding.achievement]
    for later in sorted(same, key=lambda each: each.valid_from):
        if end is None:
            return None
        until = later.revoked_on or later.valid_until
        if later.valid_from <= end and (until is None or until > end):
            end = until
    return end


def lasts(claim: Claim) -> date:
    """The first day a claim no longer holds, far away if it has none."""
    return claim.valid_until or date.max


def _keep_longest(held: dict[K, Claim], key: K, claim: Claim) -> None:
    known = held.get(key)
    if known is None or (lasts(known), known.codes) < (lasts(claim), claim.codes):
        held[key] = claim


def _join(claims: Sequence[Claim]) -> Claim:
    codes = sorted({code for claim in claims for code in claim.codes})
    end = min(map(lasts, claims))
    return Claim(codes=tuple(codes), valid_until=None if end == date.max else end)


def read_metric(
    metric: Metric, readings: Iterable[Reading], on: date, *, kind: str = "", place: str = ""
) -> Decimal | None:
    """Return what a metric comes to on a day, of one place or of all; ``None`` if unknown."""
    start = window_start(metric, on)
    within = [
        each
        for each in readings
        if start < each.on <= on and (not kind or getattr(each, kind) == place)
    ]
    if not within:
        return None
    if metric.read == "sum":
        return sum((each.value for each in within), Decimal(0))
    if metric.read == "highest":
        return max(each.value for each in within)
    newest = max(each.on for each in within)
    return sum((each.value for each in within if each.on == newest), Decimal(0))


def window_start(metric: Metric, on: date) -> date:
    """Return the day before the first that counts."""
    if metric.months:
        return add_months(on, -metric.months)
    return on - timedelta(days=metric.days) if metric.days else date.min


def leaves_window(metric: Metric, reading: Reading) -> date | None:
    """Return the first day on which a reading no longer counts."""
    if metric.months:
        day = add_months(reading.on, metric.months)
        while window_start(metric, day) < reading.on:  # months are of different length
            day += timedelta(days=1)
        return day
    return reading.on + timedelta(days=metric.days) if metric.days else None


def is_within(value: Decimal | None, bounds: Condition) -> bool:
    """Say whether a value lies within bounds; an unknown one does not."""
    if value is None:
        return False
    least, most = bounds.at_least, bounds.at_most
    return (least is None or value >= least) and (most is None or value <= most)
