"""Drawing an attempt: so many of each topic, replayable, what was met least comes first."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.codes import ALPHABET, new_code
from courses.domain.drawing import BankTooSmall, Candidate, draw

BANK = tuple(
    Candidate(version_id=100 + n, item_id=n, topic="wal" if n < 10 else "pitr", options=("a", "b"))
    for n in range(20)
)
TOPIC = {candidate.version_id: candidate.topic for candidate in BANK}


def versions(seed: str, seen: dict[int, int] | None = None, **blueprint: int) -> list[int]:
    drawn = draw(blueprint, BANK, times_seen=seen or {}, seed=seed)
    return [place.version_id for place in drawn]


@given(st.text(max_size=8), st.integers(0, 10), st.integers(0, 10))
def test_each_topic_gives_its_number_and_no_item_twice(seed: str, wal: int, pitr: int) -> None:
    drawn = versions(seed, wal=wal, pitr=pitr)
    assert len(set(drawn)) == len(drawn)
    assert Counter(TOPIC[version] for version in drawn) == Counter(
        {topic: count for topic, count in (("wal", wal), ("pitr", pitr)) if count}
    )


def test_the_same_seed_draws_the_same_test_whatever_order_the_bank_is_read_in() -> None:
    backwards = draw({"wal": 4}, BANK[::-1], times_seen={}, seed="x")
    assert backwards == draw({"wal": 4}, BANK, times_seen={}, seed="x")


def test_other_seeds_draw_other_tests() -> None:
    assert len({tuple(versions(str(seed), wal=5)) for seed in range(20)}) > 15


def test_topics_are_mixed() -> None:
    orders = {tuple(TOPIC[v] for v in versions(str(seed), wal=5, pitr=5)) for seed in range(20)}
    assert len(orders) > 10


def test_what_was_met_least_comes_first() -> None:
    seen = dict.fromkeys(range(7), 1)
    drawn = set(versions("x", seen, wal=3))
    assert drawn == {107, 108, 109}
    assert len(set(versions("x", {**seen, 0: 2}, wal=9)) & {100}) == 0


def test_options_are_shuffled_and_none_is_lost() -> None:
    bank = [Candidate(version_id=1, item_id=1, topic="t", options=tuple("abcdefgh"))]
    orders = {
        draw({"t": 1}, bank, times_seen={}, seed=str(seed))[0].option_order for seed in range(10)
    }
    assert len(orders) > 5
    assert {tuple(sorted(order)) for order in orders} == {tuple("abcdefgh")}


def test_a_bank_too_small_says_where() -> None:
    with pytest.raises(
        BankTooSmall, match="topic wal: 11 items are drawn, the bank has 10"
    ) as told:
        versions("x", wal=11)
    assert (told.value.topic, told.value.wanted, told.value.found) == ("wal", 11, 10)


def test_codes_have_more_than_eighty_bits() -> None:
    assert len(ALPHABET) ** len(new_code()) > 2**80
    assert len({new_code() for _ in range(500)}) == 500
    assert set("".join(new_code() for _ in range(200))) == set(ALPHABET)
