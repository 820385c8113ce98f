"""Every kind of line: what it asks for, when it is met, what it says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts, Person, Reading, Standing
from partners.domain.judging import DIFFERENT
from partners.domain.results import Decision, TierResult
from partners.domain.rules import RulesInvalid, parse_rules
from tests.factories.partners import PLATFORM, RECOVERY, SALES, document, line, person, tier

ON = date(2026, 3, 2)
METRICS: dict[str, Any] = {
    "revenue": {"text": {"en": "Revenue"}, "unit": "EUR", "read": "sum", "months": 12},
    "staff": {"text": {"en": "Declared staff"}},
}


def silver(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    asked = {**tier("silver", 1, *lines), **changes.pop("tier", {})}
    return document(tiers=[tier("base", 0), asked], metrics=METRICS, **changes)


def decide(plain: dict[str, Any], *people: Person, **numbers: int) -> Decision:
    metrics = tuple(
        Reading(metric=name, on=ON, value=Decimal(value)) for name, value in numbers.items()
    )
    return evaluate(parse_rules(plain), Facts(people=people, metrics=metrics), ON)


def judged(decision: Decision) -> TierResult:
    found = decision.find("silver")
    assert found is not None
    return found


def other(line_id: str, **keys: Any) -> dict[str, Any]:
    return {"id": line_id, "text": {"en": f"Line {line_id}"}, **keys}


def test_so_many_of_a_lines_people_are_of_the_higher_kind() -> None:
    asked = line("engineers", 2, RECOVERY, including=[{"people": 1, "any_of": [PLATFORM]}])
    both = person(2, RECOVERY, PLATFORM)
    assert decide(silver(asked), person(1, RECOVERY), both).tier == "silver"
    short = judged(decide(silver(asked), person(1, RECOVERY), person(3, RECOVERY))).lines[0]
    assert (short.counted, short.missing) == (1, 1)
    assert (short.including[0].counted, short.including[0].needed) == (0, 1)


def test_a_share_of_declared_staff_is_rounded_up_and_capped() -> None:
    share = {"percent": 50, "of": "staff", "at_most": 3}
    asked = silver(other("sales", people=share, any_of=[SALES]))
    needed = [judged(decide(asked, staff=staff)).lines[0].needed for staff in (1, 3, 4, 40)]
    assert needed == [1, 2, 2, 3]
    unknown = judged(decide(asked, person(1, SALES)))
    assert (unknown.met, unknown.lines[0].state) == (False, "unknown")


def test_credentials_are_counted_instead_of_people() -> None:
    asked = silver(other("all", credentials=3, any_of=[SALES, RECOVERY, PLATFORM]))
    assert decide(asked, person(1, SALES, RECOVERY, PLATFORM)).tier == "silver"
    capped = silver(other("all", credentials=3, any_of=[SALES, RECOVERY], per_person=1))
    two = judged(decide(capped, person(1, SALES, RECOVERY), person(2, SALES)))
    assert (two.lines[0].counted, two.missing) == (2, 1)


@pytest.mark.parametrize(
    ("value", "state"), [(9, "short"), (10, "met"), (20, "met"), (21, "short")]
)
def test_a_number_lies_within_bounds_that_both_count(value: int, state: str) -> None:
    asked = silver(other("revenue", metric="revenue", at_least=10, at_most=20))
    decision = decide(asked, revenue=value)
    assert judged(decision).lines[0].state == state
    assert judged(decision).missing == 0  # no person is missing for a number


def test_a_number_on_record_nowhere_is_not_met() -> None:
    found = judged(decide(silver(other("revenue", metric="revenue", at_least=0))))
    assert (found.met, found.lines[0].state) == (False, "unknown")


def test_a_line_with_a_condition_is_asked_only_while_it_holds() -> None:
    asked = silver(line("sales", 1, SALES, when={"metric": "revenue", "at_least": 500}))
    assert decide(asked, revenue=499).tier == "silver"
    assert judged(decide(asked, revenue=499)).lines[0].state == "not_asked"
    assert decide(asked, revenue=500).tier == "base"


def test_nothing_counts_in_a_line_before_its_gate_is_open() -> None:
    asked = silver(line("sales", 1, SALES, gate={"any_of": [PLATFORM]}))
    closed = judged(decide(asked, person(1, SALES))).lines[0]
    assert (closed.state, closed.counted, closed.missing) == ("closed", 0, 1)
    assert decide(asked, person(1, SALES, PLATFORM)).tier == "silver"


def test_any_all_or_so_many_of_several_lines() -> None:
    both = [line("sales", 1, SALES), line("engineers", 1, RECOVERY)]
    either = silver(other("one", lines=both, at_least=1))
    every = silver(other("every", lines=both))
    one = person(1, SALES)
    assert decide(either, one).tier == "silver"
    assert [part.state for part in judged(decide(either, one)).lines[0].parts] == [
        "met",
        "not_needed",
    ]
    assert decide(every, one).tier == "base"
    assert decide(every, one, person(2, RECOVERY)).tier == "silver"


def test_the_best_of_several_tracks_is_the_one_with_the_fewest_missing() -> None:
    tracks = [
        other("grow", lines=[line("sales", 3, SALES)]),
        other("build", lines=[line("engineers", 2, RECOVERY)]),
    ]
    decision = decide(silver(other("track", lines=tracks, at_least=1)), person(1, SALES, RECOVERY))
    assert decision.missing == {"engineers": 1}


def test_points_add_up_within_caps_and_minimums() -> None:
    people = {"id": "certified", "text": {"en": "Certified"}, "count": "people", "points": 10}
    money = {"id": "sold", "text": {"en": "Sold"}, "count": "metric", "points": 1}
    sources = [
        {**people, "any_of": [SALES], "at_most": 20},
        {**money, "metric": "revenue", "per": 1000, "at_most": 50, "at_least": 5},
    ]
    asked = silver(other("score", points=30, sources=sources))
    three = [person(number, SALES) for number in (1, 2, 3)]
    assert decide(asked, *three, revenue=10_000).tier == "silver"  # 20 of 30, and 10
    assert decide(asked, *three, revenue=9_999).tier == "base"
    found = judged(decide(asked, *three, revenue=2_500)).lines[0]
    assert found.amount is not None
    assert (found.amount.value, found.sources[1].state) == (Decimal("22.5"), "short")


def test_whole_points_and_points_from_a_number_on() -> None:
    source: dict[str, Any] = {
        "id": "sold",
        "text": {"en": "Sold"},
        "count": "metric",
        "metric": "revenue",
    }
    source |= {"points": 2, "per": 10, "whole": True, "counts_from": 20}
    asked = silver(other("score", points=4, sources=[source]))
    values = [judged(decide(asked, revenue=sold)).lines[0].amount for sold in (19, 20, 29, 30)]
    assert [each and each.value for each in values] == [0, 4, 4, 6]


def test_competencies_roll_people_up_and_share_them_as_the_rules_say() -> None:
    competencies = {
        "network": {"name": {"en": "Network"}, "lines": [line("people", 1, SALES)]},
        "storage": {"name": {"en": "Storage"}, "lines": [line("people", 1, SALES)]},
    }
    asked = other("skills", competencies=2, among=["network", "storage"])
    one = person(1, SALES)
    shared = decide(silver(asked, competencies=competencies, sharing="allowed"), one)
    assert shared.tier == "silver"
    strict = decide(silver(asked, competencies=competencies), one)
    assert strict.missing == {"storage/people": 1}
    assert judged(strict).lines[0].counted == 1


def test_people_of_one_office_are_counted_and_the_best_office_is_told() -> None:
    asked = silver(line("sales", 2, SALES, within="office"))
    apart = [person(1, SALES, office="riga"), person(2, SALES, office="oslo")]
    assert decide(asked, *apart).tier == "base"
    decision = decide(asked, *apart, person(3, SALES, office="oslo"))
    assert (decision.tier, judged(decision).lines[0].place) == ("silver", "oslo")


def test_the_best_country_decides_where_that_is_the_unit() -> None:
    asked = silver(line("sales", 2, SALES), unit="best-country")
    apart = [person(1, SALES, country="LV"), person(2, SALES, country="PL")]
    assert decide(asked, *apart).tier == "base"
    decision = decide(asked, *apart, person(3, SALES, country="PL"))
    assert (decision.tier, decision.place) == ("silver", "PL")


def test_different_people_over_all_lines() -> None:
    lines = [line("sales", 1, SALES), line("engineers", 1, RECOVERY)]
    asked = silver(*lines, sharing="allowed", tier={"different_people": 2})
    alone = judged(decide(asked, person(1, SALES, RECOVERY)))
    assert (alone.lines[-1].id, alone.lines[-1].missing) == (DIFFERENT, 1)
    assert decide(asked, person(1, SALES, RECOVERY), person(2, SALES)).tier == "silver"


def test_whoever_is_missing_in_a_line_is_somebody_different() -> None:
    asked = silver(line("sales", 2, SALES), tier={"different_people": 2})
    found = judged(decide(asked, person(1, SALES)))
    assert found.missing == 1


def test_the_best_so_many_per_cent_of_a_ranking() -> None:
    asked = parse_rules(silver(other("best", top_percent=3, metric="revenue", among="country")))

    def tier_at(position: int) -> str:
        rank = Standing(metric="revenue", among="country", position=position, of=40)
        return evaluate(asked, Facts(standings=(rank,)), ON).tier

    assert [tier_at(position) for position in (1, 2, 3)] == ["silver", "silver", "base"]
    assert evaluate(asked, Facts(), ON).tier == "base"


def test_a_new_partner_has_lower_thresholds_and_may_hold_a_tier_at_once() -> None:
    asked = silver(
        other("revenue", metric="revenue", at_least=100),
        new_partners={"months": 12, "metrics_percent": 34},
    )
    joined: dict[str, Any] = {
        "joined_on": date(2026, 1, 1),
        "metrics": (Reading(metric="revenue", on=ON, value=Decimal(34)),),
    }
    rules = parse_rules(asked)
    assert evaluate(rules, Facts(**joined), ON).tier == "silver"
    assert evaluate(rules, Facts(**joined | {"joined_on": date(2025, 3, 2)}), ON).tier == "base"
    given = parse_rules(asked | {"new_partners": {"months": 12, "tier": "silver"}})
    held = evaluate(given, Facts(joined_on=ON), ON)
    assert (held.tier, held.protected, held.next_change_on) == ("silver", True, date(2027, 3, 2))


def test_a_decision_survives_being_kept() -> None:
    asked = silver(
        line("sales", 1, SALES),
        other("revenue", metric="revenue", at_least=10),
        other("either", lines=[line("engineers", 1, RECOVERY)], at_least=1),
    )
    decision = decide(asked, person(1, SALES), revenue=3)
    assert Decision.from_json(decision.to_json()) == decision


def test_a_gate_on_a_group_is_refused_because_nothing_would_wait_for_it() -> None:
    inside = [line("sales", 1, SALES)]
    asked = silver(other("all", lines=inside, gate={"any_of": [PLATFORM]}))
    with pytest.raises(RulesInvalid, match="a gate stands on the lines inside"):
        parse_rules(asked)
