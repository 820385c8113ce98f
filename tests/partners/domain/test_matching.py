"""The matching is exact, lasting longest and the same every time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from partners.domain.counting import Claim
from partners.domain.matching import Demand, Fillings, Given, Node, Several, Terms, match

LONG, SHORT = date(2030, 1, 1), date(2027, 1, 1)


def claims(**until: date | None) -> dict[int, Claim]:
    return {int(key[1:]): Claim(codes=(key,), valid_until=day) for key, day in until.items()}


def demand(name: str, needed: int, held: Mapping[int, Claim], **more: object) -> Demand:
    return Demand(id=name, needed=needed, claims=held, **more)  # type: ignore[arg-type]


def people(fillings: Fillings) -> tuple[tuple[int, ...], ...]:
    return tuple(filling.people for filling in fillings.values())


def demands_in(parts: Sequence[Node]) -> Iterator[Demand]:
    for part in parts:
        if isinstance(part, Demand):
            yield part
        elif isinstance(part, Several):
            yield from demands_in(part.parts)


def fewest_missing(parts: Sequence[Node], terms: Terms) -> int:
    """What the best of all placings leaves missing, by trying every place of every person."""
    demands = list(demands_in(parts))
    everybody = sorted({who for one in demands for who in one.claims})
    ways = [list(_ways(who, demands, terms)) for who in everybody]
    return min(
        _cost(parts, demands, lambda one, chosen=chosen: _short(  # type: ignore[misc]
            demands[one], [who for who, way in zip(everybody, chosen, strict=True) if one in way]
        ))
        for chosen in product(*ways)
    )  # fmt: skip


def _ways(who: int, demands: Sequence[Demand], terms: Terms) -> Iterator[tuple[int, ...]]:
    can = [number for number, one in enumerate(demands) if who in one.claims]
    for size in range(min(len(can), terms.lines or len(can)) + 1):
        for way in combinations(can, size):
            if len({terms.groups.get(demands[one].id) for one in way} - {None}) <= 1:
                yield way


def _short(one: Demand, standing: Sequence[int]) -> int:
    """The fewest new people, each of whom may be whatever is asked, that make the line whole."""
    places: Sequence[str | None] = [None]
    if one.places is not None:
        places = sorted(set(one.places.values())) or ["nowhere"]
    return min(
        new
        for new in range(one.needed + 1)
        for place in places
        for team in combinations(
            [who for who in standing if place is None or (one.places or {})[who] == place],
            one.needed - new,
        )
        if all(sum(who in among for who in team) + new >= least for least, among in one.including)
    )


def _cost(parts: Sequence[Node], demands: Sequence[Demand], short: Callable[[int], int]) -> int:
    impossible = 1 + sum(one.needed for one in demands)
    numbers = {one.id: number for number, one in enumerate(demands)}

    def cost(part: Node) -> int:
        if isinstance(part, Demand):
            return short(numbers[part.id])
        if isinstance(part, Given):
            return 0 if part.met else impossible
        return sum(sorted(map(cost, part.parts))[: part.wanted])

    return sum(cost(part) for part in parts if not isinstance(part, Given))


def found_missing(parts: Sequence[Node], fillings: Fillings) -> int:
    """What a solution leaves missing, counted by the same rule."""
    impossible = 1 + sum(one.needed for one in demands_in(parts))

    def cost(part: Node) -> int:
        if isinstance(part, Demand):
            filling = fillings[part.id]
            return filling.missing if filling.asked else impossible
        if isinstance(part, Given):
            return 0 if part.met else impossible
        return sum(sorted(map(cost, part.parts))[: part.wanted])

    return sum(cost(part) for part in parts if not isinstance(part, Given))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Node], Terms]:
    who = list(range(1, draw(st.integers(1, 5)) + 1))
    demands = [draw(_a_demand(f"line{number}", who)) for number in range(draw(st.integers(1, 3)))]
    parts: list[Node] = list(demands)
    if draw(st.booleans()):
        inner: list[Node] = [
            *demands[1:],
            *draw(st.lists(st.builds(Given, met=st.booleans()), max_size=1)),
        ]
        if inner:
            wanted = draw(st.integers(1, len(inner)))
            parts = [demands[0], Several(id="any", wanted=wanted, parts=tuple(inner))]
    grouped = draw(st.sets(st.sampled_from([one.id for one in demands])))
    groups = {name: draw(st.sampled_from("ab")) for name in sorted(grouped)}
    lines = draw(st.sampled_from([1, 1, 2, None]))
    return parts, Terms(lines=lines, groups=groups if draw(st.booleans()) else {})


@st.composite
def _a_demand(draw: st.DrawFn, name: str, who: list[int]) -> Demand:
    days = st.sampled_from([None, LONG, SHORT])
    held = {
        each: Claim(codes=(), valid_until=draw(days))
        for each in sorted(draw(st.sets(st.sampled_from(who))))
    }
    needed = draw(st.integers(1, 3))
    least = st.tuples(st.integers(1, needed), st.frozensets(st.sampled_from(who)))
    places = {each: draw(st.sampled_from("xy")) for each in who} if draw(st.booleans()) else None
    return Demand(
        id=name,
        needed=needed,
        claims=held,
        including=tuple(draw(st.lists(least, max_size=2))),
        places=places,
    )


@given(cases())
@settings(max_examples=400, deadline=None)
def test_no_placing_of_people_leaves_fewer_missing(case: tuple[list[Node], Terms]) -> None:
    parts, terms = case
    fillings = match(parts, terms)
    assert found_missing(parts, fillings) == fewest_missing(parts, terms)
    lines: dict[int, list[str]] = {}
    for one in demands_in(parts):
        filling = fillings[one.id]
        assert set(filling.people) <= set(one.claims)
        assert len(filling.people) + filling.missing == (one.needed if filling.asked else 0)
        for who in filling.people:
            lines.setdefault(who, []).append(one.id)
    for filled in lines.values():
        assert terms.lines is None or len(filled) <= terms.lines
        assert len({terms.groups[name] for name in filled if name in terms.groups}) <= 1


@given(st.permutations([1, 2, 3, 4, 5]))
def test_the_order_facts_come_in_does_not_matter(order: list[int]) -> None:
    line = {who: Claim(codes=(), valid_until=LONG) for who in order}
    other = {who: line[who] for who in order if who > 2}
    shuffled = match([demand("a", 2, line), demand("b", 2, other)], Terms())
    ordered = [
        demand("a", 2, dict(sorted(line.items()))),
        demand("b", 2, dict(sorted(other.items()))),
    ]
    assert shuffled == match(ordered, Terms())


def test_a_person_who_fits_two_lines_goes_where_nobody_else_can() -> None:
    sales, engineers = claims(p1=LONG, p2=SHORT), claims(p1=LONG)
    assert people(match([demand("a", 1, sales), demand("b", 1, engineers)], Terms())) == (
        (2,),
        (1,),
    )


def test_the_longest_remaining_validity_is_taken_first_then_the_lower_id() -> None:
    line = claims(p1=SHORT, p2=LONG, p3=None, p4=LONG)
    assert people(match([demand("a", 3, line)], Terms())) == ((3, 2, 4),)


def test_the_longest_lasting_are_taken_across_lines_too() -> None:
    sales = claims(p1=SHORT, p2=LONG)
    both = [demand("a", 1, sales), demand("b", 1, claims(p3=LONG, p2=LONG))]
    assert people(match(both, Terms())) == ((2,), (3,))


def test_one_person_fills_several_lines_where_sharing_is_allowed() -> None:
    line = claims(p1=LONG)
    both = [demand("a", 1, line), demand("b", 1, line)]
    assert people(match(both, Terms(lines=None))) == ((1,), (1,))
    assert people(match(both, Terms())) == ((1,), ())


def test_a_person_fills_as_many_lines_as_allowed_and_no_more() -> None:
    line = claims(p1=LONG)
    three = [demand(name, 1, line) for name in "abc"]
    assert people(match(three, Terms(lines=2))) == ((1,), (1,), ())


def test_nobody_crosses_groups_however_many_lines_are_allowed() -> None:
    line = claims(p1=LONG)
    both = [demand("sales", 1, line), demand("tech", 1, line)]
    terms = Terms(lines=None, groups={"sales": "s", "tech": "t"})
    assert sum(filling.missing for filling in match(both, terms).values()) == 1


def test_of_a_line_so_many_are_of_the_higher_kind() -> None:
    line = claims(p1=None, p2=None, p3=SHORT)
    filled = match([demand("a", 2, line, including=((1, {3}),))], Terms())["a"]
    assert filled.people == (1, 3)
    short = match([demand("a", 3, line, including=((2, {3}),))], Terms())["a"]
    assert (len(short.people), short.missing) == (2, 1)


def test_people_of_one_place_are_counted_together_only() -> None:
    line = claims(p1=None, p2=None, p3=SHORT)
    places = {1: "riga", 2: "oslo", 3: "oslo"}
    assert match([demand("a", 2, line, places=places)], Terms())["a"].people == (2, 3)


def test_another_way_is_taken_while_there_is_one() -> None:
    either = Several(id="any", wanted=1, parts=(Given(met=False), demand("a", 2, claims(p1=LONG))))
    filled = match([either], Terms())["a"]
    assert (filled.asked, filled.missing) == (True, 1)
    met = Several(id="any", wanted=1, parts=(Given(met=True), demand("a", 2, claims(p1=LONG))))
    assert not match([met], Terms())["a"].asked


def test_sharing_allows_nobody_to_count_twice_in_one_line() -> None:
    both = claims(p1=LONG, p2=SHORT)
    assert people(match([demand("a", 3, both)], Terms(lines=None))) == ((1, 2),)


def test_no_lines_and_lines_without_people() -> None:
    assert match([], Terms()) == {}
    assert match([demand("a", 2, {})], Terms())["a"].missing == 2
