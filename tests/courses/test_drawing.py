"""Drawing an attempt: so many of each topic and level, replayable, what was met least first."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.blueprint import LEVELS, Blueprint, Exposure
from courses.domain.codes import ALPHABET, new_code
from courses.domain.drawing import BankTooSmall, Candidate, Draw, Past, Relaxed, draw
from courses.domain.replay import DrawInputs, draw_again, keep_inputs

NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)
BANK = tuple(
    Candidate(
        version_id=100 + n,
        item_id=n,
        topic="wal" if n < 12 else "pitr",
        options=("a", "b"),
        difficulty=n % 3 + 1,
        place=0 if n < 12 else 1,
    )
    for n in range(24)
)
TRIAL = tuple(
    Candidate(version_id=200 + n, item_id=100 + n, topic="wal", options=("a",), pilot=True)
    for n in range(3)
)
BY_VERSION = {one.version_id: one for one in (*BANK, *TRIAL)}
ITEMS = st.integers(0, 23)
SEEN = st.dictionaries(ITEMS, st.integers(0, 900).map(lambda n: NOON - timedelta(days=n)))
SHOWN = st.dictionaries(ITEMS, st.integers(0, 9))
COUNTS = st.one_of(
    st.integers(0, 12), st.dictionaries(st.sampled_from(list(LEVELS)), st.integers(0, 4))
)
BLUEPRINTS = st.builds(
    Blueprint,
    draw=st.dictionaries(st.sampled_from(["wal", "pitr"]), COUNTS),
    pilots=st.integers(0, 5),
    order=st.sampled_from(["random", "fixed"]),
    exposure=st.one_of(st.none(), st.builds(Exposure, most=st.integers(1, 9))),
)
PASTS = st.builds(Past, seen=SEEN, shown=SHOWN)


def run(blueprint: Blueprint, seed: str = "x", **past: Any) -> Draw:
    return draw(blueprint, (*BANK, *TRIAL), past=Past(**past), seed=seed)


def items(drawn: Draw) -> list[Candidate]:
    return [BY_VERSION[place.version_id] for place in drawn.places]


def is_worn(blueprint: Blueprint, past: Past, item: Candidate) -> bool:
    cap = blueprint.exposure.cap if blueprint.exposure else None
    return cap is not None and past.shown.get(item.item_id, 0) >= cap


@given(BLUEPRINTS, PASTS, st.text(max_size=8))
def test_each_cell_gives_its_number_and_no_item_twice(
    blueprint: Blueprint, past: Past, seed: str
) -> None:
    drawn = draw(blueprint, (*BANK, *TRIAL), past=past, seed=seed)
    found = items(drawn)
    assert len({one.item_id for one in found}) == len(found)
    counted = [one for one in found if not one.pilot]
    for cell in blueprint.cells:
        assert sum(cell.holds(one.topic, one.difficulty) for one in counted) == cell.count
    assert len(counted) == blueprint.counted
    wanted = min(blueprint.pilots, 3) if "wal" in blueprint.draw else 0
    assert [place.pilot for place in drawn.places].count(True) == wanted


@given(BLUEPRINTS, PASTS, st.text(max_size=8))
def test_a_rule_gives_way_only_where_nothing_better_is_left(
    blueprint: Blueprint, past: Past, seed: str
) -> None:
    drawn = draw(blueprint, (*BANK, *TRIAL), past=past, seed=seed)
    found = [one for one in items(drawn) if not one.pilot]
    for cell in blueprint.cells:
        pool = [one for one in BANK if cell.holds(one.topic, one.difficulty)]
        taken = [one for one in found if cell.holds(one.topic, one.difficulty)]
        left = [one for one in pool if one not in taken]
        told = next((one for one in drawn.relaxed if one.cell == cell.name), Relaxed(cell=""))
        assert told.seen == sum(one.item_id in past.seen for one in taken)
        assert told.exposed == sum(is_worn(blueprint, past, one) for one in taken)
        if any(is_worn(blueprint, past, one) for one in taken):
            assert all(is_worn(blueprint, past, one) for one in left)
        elif seen := [past.seen[one.item_id] for one in taken if one.item_id in past.seen]:
            better = [one for one in left if not is_worn(blueprint, past, one)]
            assert all(past.seen[one.item_id] >= max(seen) for one in better)


@given(BLUEPRINTS, PASTS, st.text(max_size=8), st.randoms())
def test_a_draw_kept_as_json_comes_out_the_same_again(
    blueprint: Blueprint, past: Past, seed: str, chance: Any
) -> None:
    bank = [*BANK, *TRIAL]
    drawn = draw(blueprint, bank, past=past, seed=seed)
    chance.shuffle(bank)
    assert draw(blueprint, bank, past=past, seed=seed) == drawn
    kept = DrawInputs.model_validate_json(keep_inputs(bank, past).model_dump_json())
    plan = Blueprint.model_validate_json(blueprint.model_dump_json())
    assert draw_again(plan, kept, bank, seed).draw == drawn


def test_a_draw_cannot_be_repeated_without_its_versions() -> None:
    kept = keep_inputs(BANK, Past())
    assert draw_again(Blueprint(draw={"wal": 1}), kept, BANK[2:], "x").gone == (100, 101)


def test_other_seeds_draw_other_tests() -> None:
    plan = Blueprint(draw={"wal": 5})
    assert len({run(plan, str(seed)).places for seed in range(20)}) > 15


def test_topics_are_mixed_unless_the_order_is_fixed() -> None:
    plan = Blueprint(draw={"wal": 5, "pitr": 5}, pilots=2)
    orders = {tuple(one.topic for one in items(run(plan, str(seed)))) for seed in range(20)}
    assert len(orders) > 10
    fixed = plan.model_copy(update={"order": "fixed"})
    for seed in range(5):
        found = items(run(fixed, str(seed)))
        assert [one.topic for one in found] == ["wal"] * 7 + ["pitr"] * 5
        assert found == sorted(found, key=lambda one: (one.place, one.item_id))


def test_what_was_seen_longest_ago_comes_before_what_was_shown_too_often() -> None:
    seen = {n: NOON - timedelta(days=n) for n in range(9)}  # item 8 was seen longest ago
    plan = Blueprint(draw={"wal": 6}, exposure=Exposure(most=3))
    drawn = run(plan, seen=seen, shown={9: 5, 10: 4, 11: 2})
    assert {one.item_id for one in items(drawn)} == {11, 8, 7, 6, 5, 4}
    assert drawn.relaxed == (Relaxed(cell="wal", seen=5),)
    drawn = run(plan, seen=dict.fromkeys(range(3), NOON), shown=dict.fromkeys(range(4, 12), 3))
    assert {one.item_id for one in items(drawn)} >= {0, 1, 2, 3}
    assert drawn.relaxed == (Relaxed(cell="wal", seen=3, exposed=2),)


def test_nothing_gave_way_where_nothing_is_said() -> None:
    plan = Blueprint(draw={"wal": {"easy": 2, "hard": 1}}, pilots=3)
    assert run(plan).relaxed == ()
    assert run(plan.model_copy(update={"pilots": 5})).relaxed == (Relaxed(cell="", missing=2),)


def test_a_cap_on_a_share_counts_the_last_tries() -> None:
    assert Exposure(percent=25, last=200).cap == 50
    assert Exposure(percent=1, last=10).cap == 1
    assert Exposure(most=7).cap == 7
    for wrong in ({}, {"percent": 5, "most": 5}):
        with pytest.raises(ValueError, match="say either"):
            Exposure.model_validate(wrong)


def test_options_are_shuffled_and_none_is_lost() -> None:
    bank = [Candidate(version_id=1, item_id=1, topic="t", options=tuple("abcdefgh"))]
    plan = Blueprint(draw={"t": 1})
    orders = {
        draw(plan, bank, past=Past(), seed=str(seed)).places[0].option_order for seed in range(10)
    }
    assert len(orders) > 5
    assert {tuple(sorted(order)) for order in orders} == {tuple("abcdefgh")}


def test_a_bank_too_small_says_where() -> None:
    with pytest.raises(
        BankTooSmall, match=r"topic wal: 13 items are drawn, the bank has 12"
    ) as told:
        run(Blueprint(draw={"wal": 13}))
    assert (told.value.topic, told.value.wanted, told.value.found) == ("wal", 13, 12)
    with pytest.raises(BankTooSmall, match=r"topic wal \(hard\): 5 items"):
        run(Blueprint(draw={"wal": {"hard": 5}}))


def test_topics_of_a_draw_are_counted() -> None:
    found = Counter(one.topic for one in items(run(Blueprint(draw={"wal": 3, "pitr": 4}))))
    assert found == {"wal": 3, "pitr": 4}


def test_codes_have_more_than_eighty_bits() -> None:
    assert len(ALPHABET) ** len(new_code()) > 2**80
    assert len({new_code() for _ in range(500)}) == 500
    assert set("".join(new_code() for _ in range(200))) == set(ALPHABET)
