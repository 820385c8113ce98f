"""The inputs of a draw as they are kept, and the draw done again from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from pydantic import Field

from courses.domain.blueprint import Blueprint, Frozen
from courses.domain.drawing import Candidate, Draw, Member, Past, draw, gather


class Case(Frozen):
    """A case that could be drawn: its id, its version's, and its items' versions in order."""

    group: int
    version: int
    items: tuple[int, ...]


class Pool(Frozen):
    """Ids of the versions of one topic that could be drawn; those in cases stand there alone."""

    topic: str
    live: tuple[int, ...] = ()
    pilots: tuple[int, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def version_ids(self) -> tuple[int, ...]:
        inside = (one for case in self.cases for one in case.items)
        return (*self.live, *self.pilots, *inside)

    @property
    def members(self) -> dict[int, Member]:
        """What is known of each version that stands in a case."""
        return {
            one: Member(group_id=case.group, version_id=case.version, place=place)
            for case in self.cases
            for place, one in enumerate(case.items)
        }


class DrawInputs(Frozen):
    """What a draw knew beside blueprint and seed.

    The versions hold the rest, for they never change. ``seen`` and ``shown`` name items.
    """

    pools: tuple[Pool, ...]
    seen: dict[int, datetime] = Field(default_factory=dict)
    shown: dict[int, int] = Field(default_factory=dict)

    @property
    def past(self) -> Past:
        return Past(seen=self.seen, shown=self.shown)

    @property
    def version_ids(self) -> tuple[int, ...]:
        return tuple(one for pool in self.pools for one in pool.version_ids)


@dataclass(frozen=True, kw_only=True)
class Redrawn:
    """A draw done again, or the versions that are no longer there to do it with."""

    draw: Draw | None
    gone: tuple[int, ...] = ()


def keep_inputs(candidates: Iterable[Candidate], past: Past) -> DrawInputs:
    """Return what a draw from these candidates has to keep: of the past, what concerns them."""
    ordered = sorted(candidates, key=lambda one: (one.place, one.topic, one.version_id))
    items = {candidate.item_id for candidate in ordered}
    return DrawInputs(
        pools=tuple(
            _pool(topic, list(found))
            for (_place, topic), found in groupby(ordered, key=lambda one: (one.place, one.topic))
        ),
        seen={item: moment for item, moment in past.seen.items() if item in items},
        shown={item: count for item, count in past.shown.items() if item in items},
    )


def _pool(topic: str, found: Sequence[Candidate]) -> Pool:
    alone = [one for one in found if one.member is None]
    return Pool(
        topic=topic,
        live=tuple(one.version_id for one in alone if not one.pilot),
        pilots=tuple(one.version_id for one in alone if one.pilot),
        cases=tuple(
            Case(
                group=unit[0].member.group_id,
                version=unit[0].member.version_id,
                items=tuple(one.version_id for one in unit),
            )
            for unit in gather(found)
            if unit[0].member
        ),
    )


def _candidates(pool: Pool, place: int, known: Mapping[int, Candidate]) -> Iterator[Candidate]:
    members = pool.members
    for version_id in pool.version_ids:
        yield replace(
            known[version_id],
            topic=pool.topic,
            place=place,
            pilot=version_id in pool.pilots,
            member=members.get(version_id),
        )


def draw_again(
    blueprint: Blueprint, inputs: DrawInputs, versions: Iterable[Candidate], seed: str
) -> Redrawn:
    """Repeat a draw; ``versions`` are the kept versions, whatever topic their items have now."""
    known = {version.version_id: version for version in versions}
    if gone := tuple(one for one in inputs.version_ids if one not in known):
        return Redrawn(draw=None, gone=gone)
    candidates = [
        candidate
        for place, pool in enumerate(inputs.pools)
        for candidate in _candidates(pool, place, known)
    ]
    return Redrawn(draw=draw(blueprint, candidates, past=inputs.past, seed=seed))
