"""The answers of a test, and how likely each was to be right.

Ability by the Rasch model with a standard normal prior (maximum a posteriori, items and people in
turn), so that attempts which drew other items stay comparable. How likely an item is answered
right at an ability is then a logistic regression of its own answers: an item whose key is wrong
falls with ability, and is expected to.
"""

from dataclasses import dataclass

import numpy as np

from courses.domain.integrity.rates import Bools, Floats, Ints

ROUNDS = 30
SPREAD = 2.0  # prior standard deviation of difficulties and intercepts
STEEPNESS = 0.5  # prior standard deviation of slopes, around 1


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One entry an answer: its attempt, its item, what was said, whether that was right.

    Attempts and items are numbered from nought; the same number in ``said`` is the same answer to
    the same item. What was left blank is no answer.
    """

    attempt: Ints
    item: Ints
    said: Ints
    right: Bools
    attempts: int
    items: int


@dataclass(frozen=True, kw_only=True)
class Expected:
    """For each answer, what the attempt shows of ability, and the chance that it is right."""

    ability: Floats
    chance: Floats


def expect(sheet: Sheet) -> Expected:
    """Say how likely each answer was right, given all the answers of its attempt."""
    ability = _fit_abilities(sheet)[0][sheet.attempt]
    return Expected(ability=ability, chance=_regress(sheet, ability))


def expect_from_rest(sheet: Sheet) -> Expected:
    """Say how likely each answer was right, given the other answers of its attempt."""
    ability, difficulty = _fit_abilities(sheet)
    chance = _logistic(ability[sheet.attempt] - difficulty[sheet.item])
    weight = chance * (1 - chance)
    whole = 1 + np.bincount(sheet.attempt, weight, sheet.attempts)
    # One step of Newton away from the answer itself: what its attempt would show without it.
    rest = ability[sheet.attempt] - (sheet.right - chance) / (whole[sheet.attempt] - weight)
    return Expected(ability=rest, chance=_regress(sheet, rest))


def _fit_abilities(sheet: Sheet) -> tuple[Floats, Floats]:
    ability, difficulty = np.zeros(sheet.attempts), np.zeros(sheet.items)
    for _round in range(ROUNDS):
        left, weight = _residuals(sheet, ability, difficulty)
        up = np.bincount(sheet.attempt, left, sheet.attempts) - ability
        ability = ability + up / (1 + np.bincount(sheet.attempt, weight, sheet.attempts))
        left, weight = _residuals(sheet, ability, difficulty)
        down = np.bincount(sheet.item, left, sheet.items) + difficulty / SPREAD**2
        harder = SPREAD**-2 + np.bincount(sheet.item, weight, sheet.items)
        difficulty = difficulty - down / harder
    return ability, difficulty


def _residuals(sheet: Sheet, ability: Floats, difficulty: Floats) -> tuple[Floats, Floats]:
    chance = _logistic(ability[sheet.attempt] - difficulty[sheet.item])
    return sheet.right - chance, chance * (1 - chance)


def _regress(sheet: Sheet, ability: Floats) -> Floats:
    """Return chances by a logistic regression of each item, all items at once."""
    slope, height = np.ones(sheet.items), np.zeros(sheet.items)
    for _round in range(ROUNDS):
        chance = _logistic(slope[sheet.item] * ability + height[sheet.item])
        left, weight = sheet.right - chance, chance * (1 - chance)
        up = _sum(sheet, left) - height / SPREAD**2
        across = _sum(sheet, left * ability) - (slope - 1) / STEEPNESS**2
        one = _sum(sheet, weight) + SPREAD**-2
        mixed = _sum(sheet, weight * ability)
        other = _sum(sheet, weight * ability**2) + STEEPNESS**-2
        size = one * other - mixed**2
        height = height + np.clip((other * up - mixed * across) / size, -1, 1)
        slope = slope + np.clip((one * across - mixed * up) / size, -1, 1)
    return np.clip(_logistic(slope[sheet.item] * ability + height[sheet.item]), 1e-4, 1 - 1e-4)


def _sum(sheet: Sheet, values: Floats) -> Floats:
    return np.bincount(sheet.item, values, sheet.items).astype(float)


def _logistic(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))
