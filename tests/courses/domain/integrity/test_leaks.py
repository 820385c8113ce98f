"""Items that jump, items that do not, and those that were keyed wrong."""

import pytest

from courses.domain.integrity.leaks import find_jumps
from tests.courses.domain.integrity.simulated import simulate


@pytest.mark.parametrize("seed", range(6))
def test_nothing_jumps_where_nothing_leaked(seed: int) -> None:
    world = simulate(200 + seed, wrong_key=7)
    found = find_jumps(world.sheet, people=world.people)
    assert found.found == ()
    assert found.items >= 34  # a wrong key is looked at elsewhere


@pytest.mark.parametrize("seed", range(4))
def test_an_item_known_from_a_day_on_is_found(seed: int) -> None:
    world = simulate(300 + seed, known_since=(5, 180), wrong_key=7)
    (jump,) = find_jumps(world.sheet, people=world.people).found
    assert jump.item == 5
    assert 150 <= jump.since <= 200
    assert jump.right_after > jump.expected_after > jump.right_before
    assert jump.jump > 0.2
    assert sum(step.answers for step in jump.steps) == jump.before + jump.after
    assert [step.first for step in jump.steps] == sorted(step.first for step in jump.steps)


def test_a_second_meeting_is_left_out() -> None:
    """Everybody comes twice; who comes again remembers the item."""
    world = simulate(310, bank=18, known_since=(5, 150))
    again = [one % 150 for one in world.people]
    found = find_jumps(world.sheet, people=again).found
    assert [one.item for one in found] == []


def test_few_attempts_are_not_looked_at() -> None:
    world = simulate(1, people=96)
    assert find_jumps(world.sheet, people=world.people).items == 0
