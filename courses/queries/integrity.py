"""What in a test is worth a look, and what was looked at. Ids and figures only, never a name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from courses.domain.integrity.leaks import Jump, find_jumps
from courses.domain.integrity.pace import Fast, Leaves, find_fast, find_leaves
from courses.domain.integrity.same_answers import SameInGroup, SamePair, find_same_answers
from courses.models import Assessment, AttemptEvent, Review
from courses.queries.integrity_inputs import CHUNK, Inputs, load_inputs

Kind = Review.Kind


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Something worth a look. ``keys`` name each piece of it, so that none is told twice.

    ``attempts`` are those it is about; ``group`` a company, ``version`` an item's version.
    ``evidence`` is plain JSON of ids and figures.
    """

    kind: str
    keys: tuple[str, ...]
    attempts: tuple[int, ...] = ()
    group: int | None = None
    version: int | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IntegrityReport:
    """A test looked at: how much of what, and what is worth a look."""

    attempts: int
    looked: dict[str, int]
    found: tuple[Suspicion, ...]


def report_integrity(assessment: Assessment) -> IntegrityReport:
    """Look at every finished attempt of a test; changes nothing.

    As many statements for any number of attempts, and one more an item found.
    """
    inputs = load_inputs(assessment)
    people, sittings = inputs.people, inputs.sittings
    same = find_same_answers(inputs.sheet, groups=inputs.groups, people=people)
    jumps = find_jumps(inputs.sheet, people=people)
    handed_in = [number for number, one in enumerate(sittings) if one.seconds]
    fast = find_fast(
        [sittings[number].seconds for number in handed_in],
        [sittings[number].passed for number in handed_in],
    )
    leaves = find_leaves([one.leaves for one in sittings])
    return IntegrityReport(
        attempts=len(sittings),
        looked={
            "companies": same.groups,
            "pairs": same.pairs,
            "items": jumps.items,
            "passes": fast.attempts,
            "windows": leaves.attempts,
        },
        found=(
            *(_tell_same(inputs, one) for one in same.found),
            *(_tell_jump(inputs, one) for one in jumps.found),
            *(_tell_fast(inputs, handed_in, one) for one in fast.found),
            *(_tell_leaves(inputs, one) for one in leaves.found),
        ),
    )


def _tell_same(inputs: Inputs, found: SameInGroup) -> Suspicion:
    keys = [f"group:{found.group}"] if found.as_whole else []
    keys += [f"pair:{one.one}-{one.other}" for one in found.pairs if one.alone]
    pairs = [_tell_pair(inputs, one) for one in found.pairs]
    places = [place for pair in pairs for place in pair["places"]]
    attempts = {place[side] for place in places for side in ("one", "other")}
    return Suspicion(
        kind=Kind.SAME_ANSWERS,
        keys=tuple(keys),
        attempts=tuple(sorted(attempts)),
        group=found.group,
        evidence={
            "as_whole": found.as_whole,
            "people": found.people,
            "same": found.same,
            "expected": round(found.expected, 2),
            "chance": found.chance,
            "rate": found.rate,
            "pairs": pairs,
        },
    )


def _tell_pair(inputs: Inputs, pair: SamePair) -> dict[str, Any]:
    places = [
        {
            "version": inputs.versions[place.item],
            "one": inputs.sittings[place.one].id,
            "other": inputs.sittings[place.other].id,
        }
        for place in pair.places
    ]
    return {
        "common": pair.common,
        "both_wrong": pair.both_wrong,
        "same": len(places),
        "expected": round(pair.expected, 2),
        "chance": pair.chance,
        "alone": pair.alone,
        "places": places,
    }


def _tell_jump(inputs: Inputs, found: Jump) -> Suspicion:
    version, since = inputs.versions[found.item], inputs.sittings[found.since].started_at
    return Suspicion(
        kind=Kind.LEAKED_ITEM,
        keys=(f"version:{version}",),
        version=version,
        evidence={
            "since": since.isoformat(),
            "before": found.before,
            "after": found.after,
            "right_before": round(found.right_before, 4),
            "right_after": round(found.right_after, 4),
            "expected_before": round(found.expected_before, 4),
            "expected_after": round(found.expected_after, 4),
            "chance": found.chance,
            "rate": found.rate,
            "seconds": _compare_times(version, since),
            "steps": [
                {
                    "first": inputs.sittings[step.first].started_at.isoformat(),
                    "last": inputs.sittings[step.last].started_at.isoformat(),
                    "answers": step.answers,
                    "right": round(step.right, 4),
                    "expected": round(step.expected, 4),
                }
                for step in found.steps
            ],
        },
    )


def _compare_times(version: int, since: datetime) -> dict[str, float]:
    """Return the usual seconds to a first answer before and after, where both are known."""
    before, after = list[float](), list[float]()
    for started_at, seconds in _time_answers(version):
        (after if started_at >= since else before).append(seconds)
    if not before or not after:
        return {}
    return {"before": round(median(before), 1), "after": round(median(after), 1)}


def _time_answers(version: int) -> Iterator[tuple[datetime, float]]:
    """Yield the start of each attempt and its seconds to the first answer at the item's place."""
    shown = AttemptEvent.objects.filter(
        attempt__items__version=version, kind__in=("started", "shown", "answered")
    )
    fields = ("attempt", "kind", "slot", "at", "attempt__started_at", "attempt__items__slot")
    told, last = None, None
    for attempt, kind, slot, at, started_at, place in (
        shown.order_by("attempt_id", "pk").values_list(*fields).iterator(CHUNK)
    ):
        if kind == "answered" and slot == place and told != attempt and last:
            yield started_at, max(0.0, (at - last).total_seconds())
            told = attempt
        last = at


def _tell_fast(inputs: Inputs, handed_in: list[int], found: Fast) -> Suspicion:
    sitting = inputs.sittings[handed_in[found.attempt]]
    return Suspicion(
        kind=Kind.FAST_PASS,
        keys=(f"attempt:{sitting.id}",),
        attempts=(sitting.id,),
        group=sitting.group,
        evidence={
            "seconds": round(found.seconds),
            "usual": round(found.usual),
            "deviations": round(found.deviations, 2),
            "leaves": sitting.leaves,
            "chance": found.chance,
            "rate": found.rate,
        },
    )


def _tell_leaves(inputs: Inputs, found: Leaves) -> Suspicion:
    sitting = inputs.sittings[found.attempt]
    return Suspicion(
        kind=Kind.LEFT_WINDOW,
        keys=(f"attempt:{sitting.id}",),
        attempts=(sitting.id,),
        group=sitting.group,
        evidence={
            "leaves": found.count,
            "usual": found.usual,
            "chance": found.chance,
            "rate": found.rate,
        },
    )
