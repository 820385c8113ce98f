"""The inputs of a draw as they are kept, and the draw done again from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from pydantic import Field

from courses.domain.blueprint import Blueprint, Frozen
from courses.domain.drawing import Candidate, Draw, Past, draw


class Pool(Frozen):
    """Ids of the versions of one topic that could be drawn."""

    topic: str
    live: tuple[int, ...] = ()
    pilots: tuple[int, ...] = ()


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
        return tuple(one for pool in self.pools for one in (*pool.live, *pool.pilots))


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
    return Pool(
        topic=topic,
        live=tuple(one.version_id for one in found if not one.pilot),
        pilots=tuple(one.version_id for one in found if one.pilot),
    )


def draw_again(
    blueprint: Blueprint, inputs: DrawInputs, versions: Iterable[Candidate], seed: str
) -> Redrawn:
    """Repeat a draw; ``versions`` are the kept versions, whatever topic their items have now."""
    known = {version.version_id: version for version in versions}
    if gone := tuple(one for one in inputs.version_ids if one not in known):
        return Redrawn(draw=None, gone=gone)
    candidates = [
        replace(known[version_id], topic=pool.topic, place=place, pilot=version_id in pool.pilots)
        for place, pool in enumerate(inputs.pools)
        for version_id in (*pool.live, *pool.pilots)
    ]
    return Redrawn(draw=draw(blueprint, candidates, past=inputs.past, seed=seed))
