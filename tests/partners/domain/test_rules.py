"""A rules document says where it is wrong and what would be right."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partners.domain.rules import RulesInvalid, parse_rules, pick_text, to_plain
from tests.factories.partners import SALES, document, line, tier


def problems(plain: dict[str, Any]) -> list[str]:
    with pytest.raises(RulesInvalid) as caught:
        parse_rules(plain)
    return [str(problem) for problem in caught.value.problems]


def with_line(**changes: Any) -> dict[str, Any]:
    return document(tiers=[tier("gold", 25, {**line("sales", 2, SALES), **changes})])


def test_a_good_document_is_read_whole() -> None:
    rules = parse_rules(document())
    assert [each.id for each in rules.tiers] == ["registered", "silver", "gold"]
    gold = rules.find_tier("gold")
    assert gold is not None
    assert gold.benefits[0].percent == Decimal(25)
    assert rules.valid_from == date(2025, 10, 1)
    assert SALES in rules.achievements
    assert rules.zone.key == "Europe/Warsaw"
    assert rules.find_tier("diamond") is None


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (with_line(people=0), "tiers[gold].lines[sales].people: must be greater than or equal to"),
        (with_line(people="many"), "tiers[gold].lines[sales].people: must be a valid integer"),
        (with_line(text={"ru": "x"}), "tiers[gold].lines[sales].text: needs a text in English"),
        (with_line(any_of=None), "tiers[gold].lines[sales]: needs one of any_of"),
        (with_line(all_of=[SALES]), "tiers[gold].lines[sales]: needs one of any_of"),
        (with_line(any_of=[SALES, SALES]), f"tiers[gold].lines[sales].any_of: {SALES} stands"),
        (with_line(any_of=["Not A Slug"]), "tiers[gold].lines[sales].any_of[0]: must be lower"),
        (with_line(peolpe=1), "tiers[gold].lines[sales].peolpe: is not known here"),
        (document(tiers=[]), "tiers: "),
        (document(tiers=[tier("a", 1), tier("a", 2)]), "a stands there twice"),
        (document(tiers=[tier("a", 1, line("s", 1, SALES), line("s", 1, SALES))]), "tiers[a]: s"),
        (document(sharing="some"), "sharing: must be 'none' or 'allowed'; it is 'some'"),
        (document(time_zone="Warsaw"), "time_zone: must be a time zone's name"),
        (document(time_zone="../etc"), "time_zone: must be a time zone's name"),
        (document(version=2026.1), "version: must be text (put it in quotes); it is 2026.1"),
        (document(valid_from="1 October"), "valid_from: must be a date, YYYY-MM-DD"),
        (document(valid_from="2025-08-01"), "valid_from cannot lie before announced_on"),
        (document(tiers=[{"id": "a", "name": {"en": "A"}, "benefits": [{"id": "margin"}]}]),
         "tiers[a].benefits[margin]: a margin names its product and its percent"),
        (document(tiers=[{"id": "a", "name": {"en": "A"}, "benefits": [{"id": "leads"}]}]),
         "tiers[a].benefits[leads]: a benefit other than margin needs a text"),
        (document(tiers=[{"name": {"en": "A"}}]), "tiers[0].id: is missing"),
        (document(tiers="gold"), "tiers: "),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_path(plain: dict[str, Any], expected: str) -> None:
    assert any(problem.startswith(expected) for problem in problems(plain)), problems(plain)


def test_all_faults_are_told_at_once() -> None:
    assert len(problems({**with_line(people=0, text={}), "sharing": 1})) == 3


def test_texts_are_collected_by_language_and_place() -> None:
    texts = parse_rules(document()).texts()
    assert texts["en"]["tiers[silver].lines[sales].text"] == "Certified in sales"
    assert texts["ru"]["tiers[gold].name"] == "Статус gold"
    assert texts["pl"] == {"name": "Program partnerski Halden"}
    assert texts["en"]["products.halden-platform"] == "Halden Platform"


def test_a_text_falls_back_to_english() -> None:
    texts = {"en": "Gold", "pl": "Złoty"}
    assert [pick_text(texts, each) for each in ("pl", "pl-pl", "de")] == ["Złoty", "Złoty", "Gold"]


def test_dates_of_yaml_become_json() -> None:
    assert to_plain({"valid_from": date(2025, 10, 1)}) == {"valid_from": "2025-10-01"}
