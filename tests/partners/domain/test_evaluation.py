"""What counts, who counts, and what a decision says about it."""

from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts, Person
from partners.domain.results import Decision
from partners.domain.rules import RulesDocument, parse_rules
from tests.factories.partners import (
    PLATFORM,
    RECOVERY,
    SALES,
    document,
    facts,
    holding,
    line,
    person,
    tier,
)

ON = date(2026, 3, 2)
RULES = parse_rules(document())


def decide(*people: Person, on: date = ON, rules: RulesDocument = RULES) -> Decision:
    return evaluate(rules, facts(*people), on)


def test_an_empty_company_holds_the_tier_that_asks_for_nothing() -> None:
    decision = decide()
    assert (decision.tier, decision.next_tier) == ("registered", "silver")
    assert decision.missing == {"sales": 1, "engineers": 1}


def test_no_tier_is_held_if_even_the_lowest_asks_for_more() -> None:
    rules = parse_rules(document(tiers=[tier("silver", 18, line("sales", 1, SALES))]))
    decision = decide(rules=rules)
    assert (decision.tier, decision.next_tier) == ("", "silver")


def test_the_highest_tier_has_no_next() -> None:
    decision = decide(person(1, SALES), person(2, SALES), person(3, RECOVERY), person(4, PLATFORM))
    assert (decision.tier, decision.next_tier, decision.missing) == ("gold", None, {})


def test_one_person_with_both_certificates_fills_one_line() -> None:
    decision = decide(person(1, SALES, RECOVERY))
    assert decision.tier == "registered"
    silver = decision.find("silver")
    assert silver is not None
    assert silver.missing == 1


def test_one_person_fills_both_lines_where_sharing_is_allowed() -> None:
    rules = parse_rules(document(sharing="allowed"))
    assert decide(person(1, SALES, RECOVERY), rules=rules).tier == "silver"


def test_whoever_fits_two_lines_is_put_where_the_tier_is_reached() -> None:
    assert decide(person(1, SALES, RECOVERY), person(2, SALES)).tier == "silver"
    assert decide(person(1, SALES, RECOVERY), person(2, RECOVERY)).tier == "silver"


def test_top_tier_of_four_in_sales_and_six_other_engineers() -> None:
    top = tier("platinum", 32, line("sales", 4, SALES), line("engineers", 6, RECOVERY))
    rules = parse_rules(document(tiers=[tier("registered", 10), top]))
    both = [person(n, SALES, RECOVERY) for n in range(1, 10)]
    assert decide(*both, rules=rules).tier == "registered"
    assert decide(*both, person(10, RECOVERY), rules=rules).tier == "platinum"


def test_a_certificate_counts_from_the_day_of_the_pass_to_the_day_before_valid_until() -> None:
    card = holding(SALES, valid_from=ON, valid_until=date(2026, 6, 1))
    staff = (person(1, card), person(2, RECOVERY))
    days = [ON - timedelta(days=1), ON, date(2026, 5, 31), date(2026, 6, 1)]
    assert [decide(*staff, on=day).tier for day in days] == [
        "registered",
        "silver",
        "silver",
        "registered",
    ]


def test_a_revoked_certificate_stops_counting_on_that_day() -> None:
    staff = (person(1, holding(SALES, revoked_on=ON)), person(2, RECOVERY))
    assert decide(*staff, on=ON - timedelta(days=1)).tier == "silver"
    assert decide(*staff).tier == "registered"


def test_a_person_counts_from_since_to_the_day_before_until() -> None:
    leaver = person(1, SALES, since=ON, until=date(2026, 6, 1))
    days = [ON - timedelta(days=1), ON, date(2026, 5, 31), date(2026, 6, 1)]
    tiers = [decide(leaver, person(2, RECOVERY), on=day).tier for day in days]
    assert tiers == ["registered", "silver", "silver", "registered"]


def test_who_came_back_counts_once() -> None:
    first = person(1, SALES, until=date(2026, 1, 1))
    again = person(1, SALES, since=date(2026, 2, 1))
    decision = decide(first, again, person(2, SALES))
    gold = decision.find("gold")
    assert gold is not None
    assert [one.person for one in gold.lines[0].people] == [1, 2]


def test_a_line_names_who_counts_and_by_which_certificate() -> None:
    late = holding(PLATFORM, code="late", valid_until=date(2029, 1, 1))
    early = holding(RECOVERY, code="early", valid_until=date(2027, 1, 1))
    silver = decide(person(1, SALES), person(2, early, late)).find("silver")
    assert silver is not None
    (counted,) = silver.lines[1].people
    assert (counted.person, counted.codes, counted.valid_until) == (
        2,
        ("late",),
        date(2029, 1, 1),
    )


def test_all_of_takes_every_certificate_and_lasts_as_long_as_the_shortest() -> None:
    asked = line("architects", 1, any_of=None, all_of=[RECOVERY, PLATFORM])
    rules = parse_rules(document(tiers=[tier("expert", 30, asked)]))
    late = holding(PLATFORM, code="b", valid_until=None)
    early = holding(RECOVERY, code="a", valid_until=date(2027, 1, 1))
    assert decide(person(1, late), rules=rules).tier == ""
    expert = decide(person(1, late, early), rules=rules).find("expert")
    assert expert is not None
    assert expert.lines[0].people[0].codes == ("a", "b")
    assert expert.lines[0].people[0].valid_until == date(2027, 1, 1)


def test_a_certified_person_not_counted_is_told_why() -> None:
    decision = decide(person(1, SALES), person(2, SALES), person(3, SALES, RECOVERY))
    silver = decision.find("silver")
    assert silver is not None
    sales, engineers = silver.lines
    assert [one.person for one in engineers.people] == [3]
    reasons = {one.person: (one.reason, one.line) for one in sales.standby}
    assert reasons == {2: ("spare", None), 3: ("other_line", "engineers")}


def test_where_sharing_is_allowed_nobody_is_held_elsewhere() -> None:
    rules = parse_rules(document(sharing="allowed"))
    silver = decide(person(1, SALES), person(2, SALES, RECOVERY), rules=rules).find("silver")
    assert silver is not None
    assert [(one.person, one.reason) for one in silver.lines[0].standby] == [(2, "spare")]


def test_the_next_change_is_the_next_date_in_the_facts() -> None:
    assert decide(person(1)).next_change_on is None
    assert decide(person(1, SALES)).next_change_on == date(2028, 1, 1)
    leaver = person(2, until=date(2026, 5, 4))
    assert decide(person(1, SALES), leaver).next_change_on == date(2026, 5, 4)
    newcomer = person(3, since=date(2026, 4, 1))
    assert decide(person(1, SALES), leaver, newcomer).next_change_on == date(2026, 4, 1)
    coming = person(4, holding(SALES, revoked_on=date(2026, 3, 9)))
    assert decide(coming).next_change_on == date(2026, 3, 9)


def test_what_is_over_for_good_brings_no_change() -> None:
    gone = person(1, SALES, until=ON)
    revoked = person(2, holding(SALES, revoked_on=ON))
    assert decide(gone, revoked).next_change_on is None


def test_the_same_facts_in_another_order_are_the_same_decision() -> None:
    staff = [person(n, SALES, RECOVERY) for n in (3, 1, 2)]
    assert decide(*staff) == decide(*reversed(staff))


def test_a_decision_and_its_facts_survive_json() -> None:
    known = facts(person(1, SALES), person(2, holding(RECOVERY, valid_until=None), until=ON))
    decision = evaluate(RULES, known, ON)
    assert Decision.from_json(decision.to_json()) == decision
    assert Facts.from_json(known.to_json()) == known


def test_the_fingerprint_ignores_the_day_and_sees_people() -> None:
    one, other = decide(person(1, SALES)), decide(person(1, SALES), on=date(2026, 4, 2))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != decide(person(2, SALES)).fingerprint


def test_facts_name_the_gravest_of_what_a_span_of_days_brought() -> None:
    leaver = person(1, holding(SALES, valid_until=date(2026, 4, 1)), until=date(2026, 3, 20))
    newcomer = person(2, since=date(2026, 3, 10))
    known = facts(leaver, newcomer)
    assert known.what_changed(ON, date(2026, 3, 9)) == "date"
    assert known.what_changed(ON, date(2026, 3, 10)) == "link.started"
    assert known.what_changed(ON, date(2026, 3, 20)) == "link.ended"
    assert known.what_changed(ON, date(2026, 4, 1)) == "credential.expired"
    revoked = facts(person(1, holding(SALES, valid_until=date(2026, 4, 1), revoked_on=ON)))
    assert revoked.what_changed(ON, date(2026, 4, 1)) == "date"


ACHIEVEMENTS = [SALES, RECOVERY, PLATFORM]
STAFF = st.lists(st.sets(st.sampled_from(ACHIEVEMENTS)), max_size=6)
LINES = st.lists(
    st.tuples(st.integers(1, 3), st.sets(st.sampled_from(ACHIEVEMENTS), min_size=1), st.booleans()),
    max_size=3,
)


def tiers_of(shapes: list[list[tuple[int, set[str], bool]]]) -> RulesDocument:
    return parse_rules(
        document(
            tiers=[
                tier(
                    f"tier-{i}",
                    i,
                    *(
                        line(
                            f"line-{k}",
                            people,
                            any_of=None if every else sorted(slugs),
                            all_of=sorted(slugs) if every else None,
                        )
                        for k, (people, slugs, every) in enumerate(shape)
                    ),
                )
                for i, shape in enumerate(shapes)
            ]
        )
    )


def can_be_met(shape: list[tuple[int, set[str], bool]], staff: list[set[str]]) -> bool:
    """Try every place of every person."""
    fits = [
        [None]
        + [
            k
            for k, (_, slugs, every) in enumerate(shape)
            if (slugs <= held if every else slugs & held)
        ]
        for held in staff
    ]
    return any(
        all(choice.count(k) >= people for k, (people, _, _) in enumerate(shape))
        for choice in product(*fits)
    )


@given(shapes=st.lists(LINES, min_size=1, max_size=3), staff=STAFF)
@settings(max_examples=200, deadline=None)
def test_a_tier_is_found_exactly_when_some_assignment_satisfies_it(
    shapes: list[list[tuple[int, set[str], bool]]], staff: list[set[str]]
) -> None:
    people = [person(n, *sorted(held)) for n, held in enumerate(staff, start=1)]
    decision = decide(*people, rules=tiers_of(shapes))
    met = [can_be_met(shape, staff) for shape in shapes]
    assert [tier.met for tier in decision.tiers] == met
    best = max((i for i, each in enumerate(met) if each), default=None)
    assert decision.tier == ("" if best is None else f"tier-{best}")


@given(shapes=st.lists(LINES, min_size=1, max_size=3), staff=STAFF, extra=st.data())
@settings(max_examples=200, deadline=None)
def test_one_more_certificate_never_lowers_a_tier(
    shapes: list[list[tuple[int, set[str], bool]]], staff: list[set[str]], extra: st.DataObject
) -> None:
    rules = tiers_of(shapes)
    place = {each.id: i for i, each in enumerate(rules.tiers)} | {"": -1}
    more = [set(held) for held in staff] + [set()]
    lucky = extra.draw(st.integers(0, len(more) - 1))
    more[lucky].add(extra.draw(st.sampled_from(ACHIEVEMENTS)))
    before = decide(*(person(n, *sorted(h)) for n, h in enumerate(staff)), rules=rules)
    after = decide(*(person(n, *sorted(h)) for n, h in enumerate(more)), rules=rules)
    assert place[after.tier] >= place[before.tier]
    for low, high in zip(before.tiers, after.tiers, strict=True):
        assert high.missing <= low.missing
