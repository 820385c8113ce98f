"""People who never were: what somebody of known ability answers, and how long it takes them.

Whether an answer is right follows Rasch's model, with a floor where guessing helps. Who does not
know picks among an item's slips, some of which pull more than others and pull the weak more than
the strong. Everything is drawn from seeds, so the same people answer the same again.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

from courses.domain.items import KINDS, ItemBody

HARDNESS = {1: -2.1, 2: -1.4, 3: -0.4}  # by level, on the scale of ability
SPREAD = 0.5  # of items of one level
STEEPNESS = 1.4  # of every item: so clearly do its answers tell the able from the others
GUESSED = {"single": 0.8, "hotspot": 0.5}  # share of blind luck that is left to who guesses
BLANK = 0.02  # of those who do not know, who leave it
BELIEVED = 0.8  # of them, where there is a common wrong belief
SECONDS, ITEM_PACE, MOOD = 62.0, 0.3, 0.35  # median, and how far items and moments differ from it
REMEMBERED = 0.97  # who was told an answer gives it so often, in a third of the time


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Somebody who takes tests; ``ability`` is on the scale of items, 0 the average of people.

    ``told`` are codes of items whose answer they were told. ``copies`` is how often they give what
    stands in a sheet that goes round: the answers of one ``source``, right and wrong ones.
    """

    ability: float
    pace: float = 0.0
    told: frozenset[str] = frozenset()
    copies: float = 0.0
    source: str = ""
    source_ability: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An item as somebody meets it: its code, what it truly says, what many wrongly believe."""

    code: str
    body: ItemBody
    belief: Any = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer and the seconds it took."""

    value: Any
    seconds: float


def sit_through(asked: Sequence[Asked], taker: Taker, *, seed: str, mood: str) -> list[Given]:
    """Return what somebody answers to each item; ``seed`` makes the items, ``mood`` the day."""
    chance = random.Random(f"{seed}:{mood}")  # noqa: S311 - replayable on purpose
    return [
        Given(
            value=respond(one, taker, chance, seed=seed),
            seconds=take_time(one.code, taker, chance, seed=seed),
        )
        for one in asked
    ]


def respond(asked: Asked, taker: Taker, chance: random.Random, *, seed: str) -> Any:
    """Return a response, right or wrong, as the taker would give it."""
    kind = KINDS[asked.body.kind]
    if chance.random() < taker.copies:
        source = Taker(ability=taker.source_ability)
        sheet = random.Random(f"{seed}:{taker.source}:{asked.code}")  # noqa: S311 - as above
        return respond(asked, source, sheet, seed=seed)
    if asked.code in taker.told and chance.random() < REMEMBERED:
        return kind.answer(asked.body, right=True)
    if chance.random() < find_chance(asked, taker.ability, seed=seed):
        return kind.answer(asked.body, right=True)
    return _slip(asked, taker.ability, chance, seed)


def find_chance(asked: Asked, ability: float, *, seed: str) -> float:
    """Return how likely somebody of an ability answers an item right."""
    luck = GUESSED.get(asked.body.kind, 0.0) / max(1, len(asked.body.options))
    hardness = HARDNESS[asked.body.difficulty] + SPREAD * _own(seed, asked.code).gauss()
    return luck + (1 - luck) / (1 + exp(STEEPNESS * (hardness - ability)))


def take_time(code: str, taker: Taker, chance: random.Random, *, seed: str) -> float:
    """Return the seconds an answer takes: lognormal, by item, person and moment."""
    own = ITEM_PACE * _own(seed, f"{code}:time").gauss()
    seconds = exp(log(SECONDS) + own + taker.pace + MOOD * chance.gauss())
    return seconds / 3 if code in taker.told else seconds


def _slip(asked: Asked, ability: float, chance: random.Random, seed: str) -> Any:
    slips = KINDS[asked.body.kind].slips(asked.body)
    if chance.random() < BLANK or not slips:
        return None
    if asked.belief is not None and chance.random() < BELIEVED:
        return asked.belief
    own = _own(seed, f"{asked.code}:slips")
    pulls = [exp(0.6 * own.gauss() + 0.2 * own.gauss() * ability) for _slip in slips]
    return chance.choices(slips, pulls)[0]


def _own(seed: str, name: str) -> random.Random:
    return random.Random(f"{seed}:{name}")  # noqa: S311 - replayable on purpose


JUST_QUALIFIED = -0.75  # the ability that a panel has in mind
DOUBT, SECOND_DOUBT = 0.1, 0.03  # how far a judge's ratings scatter, alone and after the others'
YIELDS = 0.55  # how far a judge moves to the others' mean in the second round


def rate_item(
    asked: Asked, severities: Sequence[float], judge: int, *, number: int, seed: str
) -> int:
    """Return the percentage a judge says in a round; in the second they have seen the others'.

    ``severities`` say of each judge how much more of a candidate they expect than others do.
    """
    first = [
        find_chance(asked, JUST_QUALIFIED, seed=seed)
        + severity
        + DOUBT * _own(seed, f"{asked.code}:{name}:1").gauss()
        for name, severity in enumerate(severities)
    ]
    said = first[judge]
    if number > 1:
        mean = sum(first) / len(first)
        doubt = SECOND_DOUBT * _own(seed, f"{asked.code}:{judge}:{number}").gauss()
        said = (1 - YIELDS) * said + YIELDS * mean + doubt
    return 5 * min(19, max(2, round(20 * said)))
