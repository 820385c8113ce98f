"""The same wrong answers: found where they were copied, and at the nominal rate elsewhere."""

from dataclasses import replace

import numpy as np
import pytest

from courses.domain.integrity.crowds import judge_crowd
from courses.domain.integrity.pairs import compare_pairs
from courses.domain.integrity.same_answers import find_same_answers
from courses.domain.integrity.sheet import expect, expect_from_rest
from courses.domain.integrity.tables import describe_spread, lay_out
from tests.courses.domain.integrity.simulated import World, simulate


def find(world: World) -> dict[int, set[frozenset[int]]]:
    found = find_same_answers(world.sheet, groups=world.groups, people=world.people).found
    return {one.group: {frozenset((p.one, p.other)) for p in one.pairs} for one in found}


@pytest.mark.parametrize("seed", range(5))
def test_who_answers_alone_is_never_found(seed: int) -> None:
    assert find(simulate(seed)) == {}


def test_false_alarms_stay_at_the_nominal_rate() -> None:
    pairs, crowds = list[float](), list[float]()
    for seed in range(4):
        world = simulate(100 + seed, bank=30, draw=24)
        chance, spread = expect(world.sheet).chance, describe_spread(world.sheet)
        owners = np.arange(world.sheet.attempts)
        for name, attempts in world.groups.items():
            table = lay_out(world.sheet, chance, spread, attempts=attempts, owners=owners)
            pairs += [float(p) for batch in compare_pairs(table) for p in batch.chance]
            crowds.append(judge_crowd(table, name, among=10).chance)
    assert len(pairs) == 4 * 37 * 28
    for rate in (0.1, 0.05, 0.01, 0.001):
        assert np.mean(np.array(pairs) <= rate) <= rate
        assert np.mean(np.array(crowds) <= rate) <= rate + 2 * (rate / len(crowds)) ** 0.5


@pytest.mark.parametrize("seed", range(4))
def test_one_who_copies_another_is_found(seed: int) -> None:
    """Six wrong answers in ten, in a fixed test of eighty questions."""
    world = simulate(seed, bank=80, draw=80, size=4, copying=(12, 13, 0.6))
    slow = int(np.argmin(np.bincount(world.sheet.attempt, world.sheet.right)[:40]))
    one = slow + 1 if slow % 4 < 3 else slow - 1
    world = simulate(seed, bank=80, draw=80, size=4, copying=(one, slow, 0.6))
    assert find(world) == {slow // 4: {frozenset((one, slow))}}


@pytest.mark.parametrize("seed", range(4))
def test_a_company_with_a_sheet_of_answers_is_found(seed: int) -> None:
    world = simulate(seed, draw=24, sharing=5)
    found = find(world)
    assert set(found) == {5}
    people = set().union(*found[5])
    assert people <= set(world.groups[5])
    assert len(people) >= 4


def test_a_topic_that_nobody_in_a_company_knows_is_no_finding() -> None:
    """They are wrong together, each in their own way."""
    world = simulate(3)
    sheet, random = world.sheet, np.random.default_rng(5)
    lost = np.isin(sheet.attempt, world.groups[2]) & (sheet.item < 14)
    shares = np.where(lost, sheet.item * 4 + random.integers(1, 4, len(lost)), sheet.said)
    changed = replace(sheet, said=shares, right=sheet.right & ~lost)
    assert find(replace(world, sheet=changed)) == {}


def test_what_somebody_says_again_is_no_new_evidence() -> None:
    world = simulate(4)
    found = find_same_answers(
        world.sheet, groups={0: world.groups[0]}, people=[one // 8 for one in world.people]
    )
    assert (found.groups, found.pairs) == (0, 0)


def test_few_attempts_are_not_looked_at() -> None:
    world = simulate(5, people=96)
    found = find_same_answers(world.sheet, groups=world.groups, people=world.people)
    assert (found.groups, found.pairs, found.found) == (0, 0, ())


def test_expected_is_what_happens_on_average() -> None:
    sheet = simulate(6, people=400).sheet
    for fitted in (expect(sheet), expect_from_rest(sheet)):
        assert fitted.chance.mean() == pytest.approx(sheet.right.mean(), abs=0.01)
        knows = fitted.ability > np.median(fitted.ability)
        for half in (knows, ~knows):
            assert fitted.chance[half].mean() == pytest.approx(sheet.right[half].mean(), abs=0.03)
