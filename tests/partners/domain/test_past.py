"""The plan of a simulated past, and the steps that follow from it."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from partners.domain.files import FaultyFiles
from partners.domain.past import (
    Arrives,
    ClosesRound,
    Convenes,
    Decides,
    Joins,
    Leaves,
    Rates,
    Step,
    Tries,
    WritesItem,
    list_steps,
)
from partners.domain.simulated import PastPlan, read_plan
from tests.factories.past import document, plan

ZONE = ZoneInfo("Europe/Warsaw")
END = date(2026, 11, 21)


def steps(given: PastPlan | None = None) -> list[Step]:
    return list_steps(given or plan(), ends_on=END, zone=ZONE)


def test_the_same_plan_makes_the_same_steps_and_another_seed_others() -> None:
    assert steps() == steps()
    assert steps() != steps(plan(seed="small-2"))


def test_everything_happens_in_order_and_within_the_years() -> None:
    moments = [step.at for step in steps()]
    assert moments == sorted(moments)
    assert date(2023, 11, 21) <= moments[0].date()
    assert moments[-1].date() <= END


def test_nobody_is_somewhere_before_they_came_or_after_they_left() -> None:
    joined = {step.company.slug: step.at for step in steps() if isinstance(step, Joins)}
    came = {step.person.email: step.at for step in steps() if isinstance(step, Arrives)}
    gone = {s.person.email: s.at for s in steps() if isinstance(s, Leaves) and not s.to}
    tries = [step for step in steps() if isinstance(step, Tries)]
    for step in tries:
        email = step.person.email
        assert joined[step.person.company] <= came[email] < step.at
        assert email not in gone or step.at < gone[email]
    assert len(joined) == 3
    assert len(came) == 18
    assert gone


def test_a_mover_goes_to_another_company_of_the_country() -> None:
    moves = [
        step
        for seed in range(6)
        for step in steps(plan(seed=str(seed)))
        if isinstance(step, Leaves) and step.to
    ]
    assert moves
    assert {(step.person.company, step.to) for step in moves} <= {
        ("narwia", "jantaris"),
        ("jantaris", "narwia"),
    }


def test_tries_of_a_round_keep_the_waits_between_them() -> None:
    rounds: dict[Any, list[Tries]] = {}
    for step in steps():
        if isinstance(step, Tries):
            rounds.setdefault((step.person.email, step.training, step.round_at), []).append(step)
    assert max(map(len, rounds.values())) > 2
    for tries in rounds.values():
        for (one, other), days in zip(pairwise(tries), (1, 7, 14), strict=False):
            assert other.at.date() - one.at.date() >= timedelta(days=days)


def test_plants_begin_on_their_day() -> None:
    written = [(step.wrong, step.at.date()) for step in steps() if isinstance(step, WritesItem)]
    assert written == [(True, date(2023, 12, 21)), (False, date(2026, 5, 21))]
    tries = [step for step in steps() if isinstance(step, Tries)]
    told = [step.at.date() for step in tries if step.told]
    assert min(told) >= date(2025, 7, 21)
    assert {step.person.company for step in tries if step.copies} == {"tamandale"}


def test_a_panel_meets_twice_and_decides() -> None:
    kinds = (Convenes, Rates, ClosesRound, Decides)
    panel = [step for step in steps() if isinstance(step, kinds)]
    names = [type(step).__name__ for step in panel]
    assert names == ["Convenes", *(["Rates"] * 3 + ["ClosesRound"]) * 2, "Decides"]
    assert [step.last for step in panel if isinstance(step, ClosesRound)] == [False, True]
    without = list_steps(plan(panel=None), ends_on=END, zone=ZONE)
    assert not any(isinstance(step, kinds) for step in without)


def test_addresses_are_spelt_plainly_and_stand_once() -> None:
    people = [step.person for step in steps() if isinstance(step, Arrives)]
    emails = [person.email for person in people]
    assert len(set(emails)) == len(emails)
    assert all(email.isascii() and email.endswith(".example") for email in emails)
    cyrillic = [person for person in people if person.company == "tamandale"]
    assert cyrillic[0].name == "Алма Сапар"
    assert cyrillic[0].email == "alma.sapar@tamandale.example"
    assert {person.language for person in cyrillic} == {"ru"}


def test_years_are_counted_back_from_the_last_day_of_february_too() -> None:
    assert plan().starts_on(date(2028, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"years": 0}, "years"),
        ({"names": {"pl": {"given": ["Ewa"], "family": ["Lis"]}}}, "no names called kz"),
        ({"companies": document()["companies"][:2]}, "colluding.company"),
        ({"companies": document()["companies"] * 2}, "the same slug"),
        ({"trainings": {"recovery": {"shares": {}, "again_months": 3}}}, "plants name selling"),
        (
            {
                "plants": {
                    **document()["plants"],
                    "wrong_key": {**document()["plants"]["wrong_key"], "corrected": 1},
                }
            },
            "it is corrected after it was written",
        ),
    ],
)
def test_a_plan_that_cannot_be_says_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FaultyFiles, match=r"simulation\.yaml") as caught:
        read_plan(yaml.safe_dump(document(**changes), allow_unicode=True))
    assert said in str(caught.value)
