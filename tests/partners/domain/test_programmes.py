"""Real programmes, written down as the samples have them, at their edges."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts, Person, Reading, Standing
from partners.domain.results import Decision
from partners.domain.roster import read_rules
from partners.domain.rules import RulesDocument
from tests.factories.partners import holding, person

SAMPLES = Path(__file__).parents[3] / "samples" / "programmes"
ON = date(2024, 1, 2)


def read(name: str) -> RulesDocument:
    return read_rules((SAMPLES / name).read_text(encoding="utf-8"), name)


def decide(
    rules: RulesDocument, *people: Person, on: date = ON, **numbers: float | str
) -> Decision:
    metrics = tuple(
        Reading(metric=name.replace("_", "-"), on=on, value=Decimal(str(value)))
        for name, value in numbers.items()
    )
    return evaluate(rules, Facts(people=people, metrics=metrics), on)


def engineers(count: int, achievement: str) -> list[Person]:
    held = holding(achievement, valid_from=date(2023, 1, 1), valid_until=None)
    return [person(number, held, since=date(2020, 1, 1)) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("users", "certified", "retention", "expected"),
    [
        (0, 0, 0, "learning"),
        (9, 1, 90, "learning"),
        (10, 0, 90, "learning"),
        (10, 1, 0, "ready"),
        (75, 3, 69.9, "ready"),
        (75, 3, 70, "silver"),
        (300, 5, 80, "silver"),
        (299, 6, 80, "silver"),
        (300, 6, 80, "gold"),
    ],
)
def test_odoo_asks_for_users_certified_people_and_retention(
    users: int, certified: int, retention: float, expected: str
) -> None:
    people = engineers(certified, "odoo-17-functional")
    decision = decide(read("odoo.yaml"), *people, new_users=users, retention=retention)
    assert decision.tier == expected


def test_odoo_counts_the_three_newest_versions() -> None:
    rules = read("odoo.yaml")
    fourth = engineers(1, "odoo-14-functional")
    before, after = date(2023, 10, 31), date(2023, 11, 1)
    assert decide(rules, *fourth, on=before, new_users=10).tier == "ready"
    assert decide(rules, *fourth, on=after, new_users=10).tier == "learning"
    assert decide(rules, *fourth, on=before, new_users=10).next_change_on == after


def test_sophos_counts_from_the_release_of_the_course_not_from_the_pass() -> None:
    rules = read("sophos.yaml")
    # Passed on 3 November 2020; the course came out on 11 February 2020.
    julia = person(
        1,
        holding(
            "sophos-firewall-engineer", valid_from=date(2020, 11, 3), valid_until=date(2022, 2, 11)
        ),
        since=date(2020, 1, 1),
    )
    tiers = {
        day: decide(rules, julia, on=day, revenue=60_000).tier
        for day in (date(2022, 2, 10), date(2022, 2, 11))
    }
    assert list(tiers.values()) == ["gold", "authorized"]


def test_sophos_asks_for_an_architect_who_is_an_engineer_too() -> None:
    rules = read("sophos.yaml")
    architect = engineers(1, "sophos-firewall-architect")
    assert decide(rules, *architect, revenue=200_000).tier == "platinum"
    assert decide(rules, *engineers(1, "sophos-firewall-engineer"), revenue=200_000).tier == "gold"
    assert decide(rules, *architect, revenue=9_999).tier == "authorized"


SPENT: dict[str, Any] = {"spend": 10_000, "score": 70}


@pytest.mark.parametrize(
    ("strategists", "certified", "expected"),
    [(3, 1, "member"), (3, 2, "partner"), (199, 99, "member"), (400, 100, "partner")],
)
def test_google_asks_for_half_of_the_strategists_and_at_most_a_hundred(
    strategists: int, certified: int, expected: str
) -> None:
    people = engineers(certified, "google-ads-search")
    decision = decide(read("google-ads.yaml"), *people, strategists=strategists, **SPENT)
    assert decision.tier == expected


def test_google_asks_for_each_product_area_in_which_money_was_spent() -> None:
    rules = read("google-ads.yaml")
    people = engineers(2, "google-ads-search")
    numbers = {**SPENT, "strategists": 2}
    assert decide(rules, *people, **numbers, spend_video=499).tier == "partner"
    assert decide(rules, *people, **numbers, spend_video=500).tier == "member"
    film = person(9, holding("google-ads-video", valid_from=ON), since=ON)
    assert decide(rules, *people, film, **numbers, spend_video=500).tier == "partner"


def test_google_premier_are_the_best_three_per_cent_of_the_country() -> None:
    rules = read("google-ads.yaml")
    numbers = {**SPENT, "strategists": 1}
    metrics = tuple(
        Reading(metric=name, on=ON, value=Decimal(value)) for name, value in numbers.items()
    )
    people = tuple(engineers(1, "google-ads-search"))

    def tier_at(position: int) -> str:
        rank = Standing(metric="growth", among="country", position=position, of=100)
        return evaluate(rules, Facts(people=people, metrics=metrics, standings=(rank,)), ON).tier

    assert [tier_at(position) for position in (1, 3, 4)] == ["premier", "premier", "partner"]
