"""People of known ability who answer by themselves, and what may be planted among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.sheet import Sheet

OPTIONS = 4  # the first is right


@dataclass(frozen=True, kw_only=True)
class World:
    """A sheet, and attempts by company."""

    sheet: Sheet
    groups: dict[int, list[int]]
    people: Sequence[int]


def simulate(
    seed: int,
    *,
    people: int = 300,
    bank: int = 36,
    draw: int = 18,
    size: int = 8,
    copying: tuple[int, int, float] | None = None,
    sharing: int | None = None,
    known_since: tuple[int, int] | None = None,
    wrong_key: int | None = None,
) -> World:
    """Draw answers. ``copying`` is who, from whom, and which share of wrong answers; ``sharing`` a
    company with a sheet of answers; ``known_since`` an item and an attempt."""
    random = np.random.default_rng(seed)
    ability, hardness = random.normal(0.7, 1, people), random.normal(0, 1, bank)
    if known_since:
        hardness[known_since[0]] = 0.8
    chance = 1 / (1 + np.exp(hardness[None, :] - ability[:, None]))
    pull = random.dirichlet(np.full(OPTIONS - 1, 2.0), bank)
    wrong = np.stack([random.choice(OPTIONS - 1, people, p=one) + 1 for one in pull], axis=1)
    said = np.where(random.random(chance.shape) < chance, 0, wrong)
    drawn = np.argsort(random.random(chance.shape), axis=1)[:, :draw]
    groups = {one: list(range(one * size, (one + 1) * size)) for one in range(people // size)}
    if sharing is not None:
        obeyed = (random.random(bank) < 0.4) & (random.random((size, bank)) < 0.8)
        same = random.integers(1, OPTIONS, bank)
        said[groups[sharing]] = np.where(obeyed, same, said[groups[sharing]])
    if copying:
        one, other, share = copying
        copied = (said[other] > 0) & (random.random(bank) < share)
        said[one] = np.where(copied, said[other], said[one])
    if known_since:
        said[known_since[1] :, known_since[0]] = 0
    attempt, item = np.repeat(np.arange(people), draw), drawn.ravel()
    answer, key = said[attempt, item], np.zeros(bank, dtype=np.int64)
    if wrong_key is not None:
        key[wrong_key] = 1
    sheet = Sheet(
        attempt=attempt,
        item=item,
        said=item * OPTIONS + answer,
        right=answer == key[item],
        attempts=people,
        items=bank,
    )
    return World(sheet=sheet, groups=groups, people=range(people))
