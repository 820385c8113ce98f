"""What counts: each sentence of the guide's page has a test by its name."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from partners.domain.counting import leaves_window, read_metric
from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts, Pause, Person, Reading
from partners.domain.results import Decision, LineResult
from partners.domain.rules import parse_rules
from partners.domain.rules.document import Metric
from tests.factories.partners import RECOVERY, SALES, document, facts, holding, line, person, tier

ON = date(2026, 3, 2)
DAY = timedelta(days=1)


def decide(*people: Person, on: date = ON, **changes: Any) -> Decision:
    plain = document(tiers=[tier("base", 0), tier("silver", 1, line("sales", 1, SALES))])
    return evaluate(parse_rules(plain | changes), facts(*people), on)


def sales_line(decision: Decision) -> LineResult:
    silver = decision.find("silver")
    assert silver is not None
    return silver.lines[0]


def test_it_counts_from_the_day_of_the_pass_to_the_day_before_valid_until() -> None:
    one = person(1, holding(SALES, valid_from=ON, valid_until=ON + 2 * DAY))
    days = [ON - DAY, ON, ON + DAY, ON + 2 * DAY]
    assert [decide(one, on=day).tier for day in days] == ["base", "silver", "silver", "base"]


def test_a_revoked_credential_stops_counting_on_the_day_of_revocation() -> None:
    one = person(1, holding(SALES, revoked_on=ON))
    assert [decide(one, on=day).tier for day in (ON - DAY, ON)] == ["silver", "base"]


def test_a_suspended_credential_does_not_count_unless_the_programme_says_so() -> None:
    pause = Pause(why="suspended", since=ON, until=ON + DAY)
    one = person(1, holding(SALES, pauses=(pause,)))
    assert [decide(one, on=day).tier for day in (ON - DAY, ON, ON + DAY)] == [
        "silver",
        "base",
        "silver",
    ]
    assert decide(one, counting={"suspended": True}).tier == "silver"
    assert decide(one, on=ON - DAY).next_change_on == ON
    assert [each.reason for each in sales_line(decide(one)).standby] == ["suspended"]


def test_a_credential_under_review_counts_unless_the_programme_says_otherwise() -> None:
    one = person(1, holding(SALES, pauses=(Pause(why="under_review", since=ON),)))
    assert decide(one).tier == "silver"
    strict = decide(one, counting={"under_review": False})
    assert strict.tier == "base"
    assert [each.reason for each in sales_line(strict).standby] == ["under_review"]


def test_a_renewal_without_a_gap_is_one_unbroken_holding() -> None:
    first = holding(SALES, code="a", valid_until=date(2026, 6, 1))
    second = holding(SALES, code="b", valid_from=date(2026, 6, 1), valid_until=date(2028, 6, 1))
    counted = sales_line(decide(person(1, first, second))).people[0]
    assert (counted.codes, counted.valid_until) == (("a",), date(2028, 6, 1))


def test_a_renewal_after_a_gap_is_another_holding() -> None:
    first = holding(SALES, code="a", valid_until=date(2026, 6, 1))
    second = holding(SALES, code="b", valid_from=date(2026, 6, 2), valid_until=date(2028, 6, 1))
    one = person(1, first, second)
    assert sales_line(decide(one)).people[0].valid_until == date(2026, 6, 1)
    assert decide(one, on=date(2026, 6, 1)).tier == "base"


def test_what_was_earned_at_a_former_employer_counts_where_the_person_works_now() -> None:
    one = person(1, holding(SALES, valid_from=date(2024, 1, 1)))
    assert decide(one).tier == "silver"
    strict = decide(one, counting={"former_employer": False})
    assert strict.tier == "base"
    assert [each.reason for each in sales_line(strict).standby] == ["former_employer"]


def test_who_has_left_counts_no_more_from_the_day_of_leaving() -> None:
    one = person(1, SALES, until=ON + DAY)
    assert [decide(one, on=day).tier for day in (ON, ON + DAY)] == ["silver", "base"]


def test_an_engineers_sales_certificate_fills_a_sales_line_only_if_the_rule_allows_it() -> None:
    engineer = person(1, SALES, job="engineer")
    assert decide(engineer).tier == "silver"
    strict = [tier("base", 0), tier("silver", 1, line("sales", 1, SALES, jobs=["sales"]))]
    refused = decide(engineer, tiers=strict)
    assert refused.tier == "base"
    assert [each.reason for each in sales_line(refused).standby] == ["job"]
    assert decide(person(1, SALES, job="sales"), tiers=strict).tier == "silver"


def test_a_higher_achievement_covers_a_lower_and_what_that_covers() -> None:
    covers = {"expert": [RECOVERY], RECOVERY: [SALES]}
    assert decide(person(1, "expert"), covers=covers).tier == "silver"
    assert decide(person(1, "expert")).tier == "base"


def test_an_equivalent_counts_until_the_day_before_its_end() -> None:
    equal = [{"holds": "old-sales", "counts_as": SALES, "until": "2026-03-03"}]
    one = person(1, "old-sales")
    assert [decide(one, on=day, equivalents=equal).tier for day in (ON, ON + DAY)] == [
        "silver",
        "base",
    ]
    assert decide(one, equivalents=equal).next_change_on == ON + DAY


def test_the_newest_of_a_series_are_those_released_by_the_day() -> None:
    series = {
        "sales": [
            {"achievement": "sales-1", "released_on": "2024-01-01"},
            {"achievement": "sales-2", "released_on": "2025-01-01"},
            {"achievement": "sales-3", "released_on": "2026-03-03"},
        ]
    }
    asked = line("sales", 1, latest={"of": "sales", "count": 2})
    del asked["any_of"]
    tiers = [tier("base", 0), tier("silver", 1, asked)]
    one = person(1, "sales-1")
    days = (ON, ON + DAY)
    assert [decide(one, on=day, series=series, tiers=tiers).tier for day in days] == [
        "silver",
        "base",
    ]
    rules = parse_rules(document(series=series, tiers=tiers))
    assert rules.achievements == {"sales-1", "sales-2", "sales-3"}


def test_achievements_that_stand_for_others_are_read_too() -> None:
    plain = document(
        covers={"expert": [SALES]}, equivalents=[{"holds": "old", "counts_as": "expert"}]
    )
    assert {"expert", "old"} <= parse_rules(plain).achievements


def reading(day: date, value: int, **place: str) -> Reading:
    return Reading(metric="revenue", on=day, value=Decimal(value), **place)


def metric(**window: Any) -> Metric:
    return Metric.model_validate({"text": {"en": "Revenue"}, **window})


def test_a_sum_adds_up_what_lies_in_the_window() -> None:
    year = metric(read="sum", months=12)
    values = [reading(date(2025, 3, 2), 1), reading(date(2025, 3, 3), 2), reading(ON, 4)]
    assert read_metric(year, [*values, reading(ON + DAY, 8)], ON) == 6


def test_the_latest_value_is_that_of_the_last_day_known_added_up_over_places() -> None:
    values = [reading(ON - DAY, 9), reading(ON, 1, country="PL"), reading(ON, 2, country="DE")]
    assert read_metric(metric(), values, ON) == 3
    assert read_metric(metric(), values, ON, kind="country", place="PL") == 1
    assert read_metric(metric(read="highest"), values, ON) == 9


def test_a_metric_without_a_value_in_its_window_is_unknown_and_not_nought() -> None:
    assert read_metric(metric(read="sum", days=1), [reading(ON - DAY, 5)], ON) is None


def test_a_value_leaves_its_window_on_the_first_day_it_does_not_count() -> None:
    for months, day in ((12, ON), (6, date(2025, 8, 31)), (1, date(2026, 1, 31))):
        rule, value = metric(read="sum", months=months), reading(day, 1)
        left = leaves_window(rule, value)
        assert left is not None
        assert read_metric(rule, [value], left) is None
        assert read_metric(rule, [value], left - DAY) == 1


def test_facts_survive_being_kept() -> None:
    kept = Facts(
        people=(person(1, holding(SALES, pauses=(Pause(why="suspended", since=ON),))),),
        metrics=(reading(ON, 3, country="PL"),),
        joined_on=ON,
    )
    assert Facts.from_json(kept.to_json()) == kept
