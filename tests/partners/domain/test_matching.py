"""The matching is exact, lasting longest and the same every time."""

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from partners.domain.matching import Claim, assign

LONG, SHORT = date(2030, 1, 1), date(2027, 1, 1)


def claims(**until: date | None) -> dict[int, Claim]:
    return {int(key[1:]): Claim(codes=(key,), valid_until=day) for key, day in until.items()}


def brute_force(lines: list[set[int]], needed: list[int]) -> int:
    """Return the most slots any assignment fills, by trying every place of every person."""
    people = sorted(set().union(*lines)) if lines else []
    places = [[None, *(i for i, line in enumerate(lines) if who in line)] for who in people]
    best = 0
    for choice in product(*places):
        counts = [min(choice.count(i), needed[i]) for i in range(len(lines))]
        best = max(best, sum(counts))
    return best


@given(
    lines=st.lists(st.sets(st.integers(1, 5)), max_size=3),
    needed=st.lists(st.integers(1, 3), min_size=3, max_size=3),
    days=st.lists(st.sampled_from([None, LONG, SHORT]), min_size=15, max_size=15),
)
@settings(max_examples=500, deadline=None)
def test_fills_as_many_slots_as_any_assignment_could(
    lines: list[set[int]], needed: list[int], days: list[date | None]
) -> None:
    held = [
        {who: Claim(codes=(), valid_until=days[i * 5 + who - 1]) for who in line}
        for i, line in enumerate(lines)
    ]
    filled = assign(held, needed, "none")
    chosen = [who for line in filled for who in line]
    assert len(chosen) == len(set(chosen)) == brute_force(lines, needed)
    for i, line in enumerate(filled):
        assert set(line) <= lines[i]
        assert len(line) <= needed[i]


@given(st.permutations([1, 2, 3, 4, 5]))
def test_the_order_facts_come_in_does_not_matter(order: list[int]) -> None:
    line = {who: Claim(codes=(), valid_until=LONG) for who in order}
    both = [line, {who: line[who] for who in order if who > 2}]
    assert assign(both, [2, 2], "none") == assign(
        [dict(sorted(c.items())) for c in both], [2, 2], "none"
    )


def test_a_person_who_fits_two_lines_goes_where_nobody_else_can() -> None:
    sales = claims(p1=LONG, p2=SHORT)
    engineers = claims(p1=LONG)
    assert assign([sales, engineers], [1, 1], "none") == ((2,), (1,))


def test_the_longest_remaining_validity_is_taken_first_then_the_lower_id() -> None:
    line = claims(p1=SHORT, p2=LONG, p3=None, p4=LONG)
    assert assign([line], [3], "none") == ((3, 2, 4),)


def test_one_person_fills_several_lines_where_sharing_is_allowed() -> None:
    line = claims(p1=LONG)
    assert assign([line, line], [1, 1], "allowed") == ((1,), (1,))
    assert assign([line, line], [1, 1], "none") == ((1,), ())


def test_sharing_allows_nobody_to_count_twice_in_one_line() -> None:
    assert assign([claims(p1=LONG, p2=SHORT)], [3], "allowed") == ((1, 2),)


def test_no_lines_and_lines_without_people() -> None:
    assert assign([], [], "none") == ()
    assert assign([{}, {}], [1, 2], "none") == ((), ())
