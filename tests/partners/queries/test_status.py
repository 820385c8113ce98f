"""What the company's page shows, in how many statements, and to whom."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from badges.actions.withdrawal import revoke
from lms.events.publish import deliver_due
from partners import queries
from partners.domain.links import LinkEmpty, LinkOverlaps, Span
from partners.domain.rules import parse_rules
from partners.models import Decision, Partner
from tests.factories.partners import (
    DAY,
    NOW,
    PLATFORM,
    RECOVERY,
    SALES,
    Company,
    award,
    document,
    line,
    make_achievements,
    make_company,
    make_link,
    make_partner,
    make_recipient,
    make_rules,
    make_user,
    tier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    make_rules()
    make_achievements()
    return make_company()


def get(partner_id: int, on: date = DAY, language: str = "en") -> queries.PartnerStatus:
    status = queries.get_status(partner_id, on, language)
    assert status is not None
    return status


def test_status_of_a_company_on_its_way(company: Company) -> None:
    award(company.bo, SALES)
    status = get(company.id)
    assert (status.tier_id, status.tier_name, status.since) == ("registered", "Registered", DAY)
    assert status.programme_name == "Halden Partner Programme"
    assert status.margins == (
        queries.Margin(
            product="halden-platform", product_name="Halden Platform", percent=Decimal(10)
        ),
    )
    assert status.next_change_on == date(2028, 3, 2)
    assert status.next_tier is not None
    assert (status.next_tier.name, status.next_tier.missing) == ("Silver", 1)
    assert [line.id for line in status.next_tier.short_lines] == ["engineers"]
    assert status.next_tier.margins[0].percent == Decimal(18)
    silver = status.tiers[1]
    sales = silver.lines[0]
    assert (sales.counted, sales.needed, sales.missing, sales.met) == (1, 1, 0, True)
    assert sales.recipient_ids == status.recipient_ids == (company.bo,)
    assert sales.people[0].valid_until == date(2028, 3, 2)
    assert silver.lines[1].achievements == (RECOVERY, PLATFORM)
    assert [tier.held for tier in status.tiers] == [True, False, False]


def test_who_waits_is_told_where_they_count(company: Company) -> None:
    award(company.bo, SALES)
    award(company.bo, RECOVERY)
    award(company.ana, SALES)
    sales = get(company.id).tiers[1].lines[0]
    assert [(who.recipient_id, who.reason, who.line_text) for who in sales.waiting] == [
        (company.bo, "other_line", "Certified in engineers")
    ]


def test_texts_come_in_the_reader_s_language(company: Company) -> None:
    status = get(company.id, language="ru")
    assert status.tier_name == "Статус registered"
    assert status.tiers[1].lines[0].text == "Сертифицированы: sales"
    assert get(company.id, language="pl").programme_name == "Program partnerski Halden"


def test_a_past_day_shows_what_was_decided_by_then(company: Company) -> None:
    award(company.ana, RECOVERY)
    given = award(company.bo, SALES, NOW + timedelta(days=1))
    revoke(code=given.code, reason="Mistake", actor=None, now=NOW + timedelta(days=9))
    deliver_due(NOW + timedelta(days=9))
    days = [DAY + timedelta(days=n) for n in (0, 1, 8, 9, 400)]
    assert [get(company.id, day).tier_id for day in days] == [
        "registered",
        "silver",
        "silver",
        "registered",
        "registered",
    ]
    assert get(company.id, days[2]).since == days[1]
    assert get(company.id, days[2]).next_change_on == date(2028, 3, 2)
    assert get(company.id, days[4]).since == days[3]
    assert queries.get_status(company.id, DAY - timedelta(days=1)) is None


def test_since_does_not_restart_when_only_people_change(company: Company) -> None:
    award(company.bo, SALES, NOW + timedelta(days=5))
    assert get(company.id, DAY + timedelta(days=5)).since == DAY


def test_a_decision_opens_its_proof_only_under_its_company(company: Company) -> None:
    other = make_partner("odrana")
    decision = Decision.objects.get(partner_id=company.id)
    status = queries.get_decision_status(company.id, decision.pk)
    assert status is not None
    assert status.decision_id == decision.pk
    assert queries.get_decision_status(other, decision.pk) is None


def staff(company: Company, number: int) -> None:
    for n in range(number):
        who = make_recipient(f"p{n}@baltwerk.example")
        make_link(company.id, who)
        award(who, RECOVERY)


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow(
    company: Company, number: int, django_assert_num_queries: Any
) -> None:
    staff(company, number)
    for n in range(number - 1):
        make_partner(f"other-{n}")
    with django_assert_num_queries(3):
        get(company.id)
    with django_assert_num_queries(3):
        assert len(queries.list_people(company.id, DAY)) == number + 2
    with django_assert_num_queries(2):
        assert len(queries.list_decisions(company.id)) >= number
    with django_assert_num_queries(2):
        assert len(queries.list_partners(on=DAY)) == number
    with django_assert_num_queries(5):
        assert queries.compute_decision(company.id, DAY) is not None


def test_facts_are_read_whole_in_pages(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for achievement in (RECOVERY, SALES, PLATFORM):
        award(company.ana, achievement)
    monkeypatch.setattr("partners.queries.facts.PAGE", 2)
    partner = Partner.objects.get(pk=company.id)
    asked = [line("both", 1, RECOVERY, SALES)]
    rules = parse_rules(document(tiers=[tier("silver", 1, *asked)]))
    (ana, _) = queries.load_facts(partner, rules, DAY).people
    assert {held.achievement for held in ana.holdings} == {RECOVERY, SALES}


def test_benefits_other_than_margins_are_told_in_words() -> None:
    leads = {"id": "leads", "text": {"en": "Leads from us", "pl": "Kontakty od nas"}}
    make_rules(tiers=[{**tier("basic", 5), "benefits": [leads]}])
    status = get(make_partner(), language="pl")
    assert (status.benefits, status.margins, status.next_tier) == (("Kontakty od nas",), (), None)


def test_without_a_name_a_product_is_called_by_its_slug() -> None:
    make_rules(products={})
    assert get(make_partner()).margins[0].product_name == "halden-platform"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LinkEmpty("x"), "A link ends after the day it starts."),
        (LinkOverlaps(Span(DAY, None)), "linked to a company from March 2, 2026 already"),
        (LinkOverlaps(Span(DAY, date(2026, 5, 1))), "from March 2, 2026 to May 1, 2026 already"),
        (ValidationError("No."), "No."),
        (ValueError("Otherwise."), "Otherwise."),
    ],
)
def test_refusals_are_told_in_words(error: Exception, words: str) -> None:
    assert words in queries.describe_refusal(error)[0]


def test_decisions_are_listed_newest_first_in_words(company: Company) -> None:
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    cards = queries.list_decisions(company.id, limit=2)
    assert [(card.tier_name, card.from_tier_name) for card in cards] == [
        ("Silver", "Registered"),
        ("Registered", "Registered"),
    ]
    assert cards[0].cause_text == "A certificate was issued."
    (first,) = queries.list_decisions(company.id, limit=2, after=cards[-1].sequence)
    assert (first.cause_text, first.from_tier, first.rules_version) == (
        "The company joined the programme.",
        "",
        "2026.1",
    )


def test_people_are_listed_in_pages_with_their_names(company: Company) -> None:
    (first,) = queries.list_people(company.id, DAY, limit=1)
    assert (first.name, first.job, first.user_id) == ("Ana", "engineer", company.ana_user)
    (second,) = queries.list_people(company.id, DAY, limit=5, after=first.membership_id)
    assert (second.email, second.role) == ("bo@baltwerk.example", "manager")


def test_companies_are_searched_filtered_and_paged(company: Company) -> None:
    make_partner("odrana", country="DE", city="Rostock")
    make_partner("zeta", name="Baltwerk")

    def slugs(**given: Any) -> list[str]:
        return [card.slug for card in queries.list_partners(on=DAY, **given)]

    assert slugs() == ["baltwerk", "zeta", "odrana"]
    assert slugs(search="rost") == ["odrana"]
    assert slugs(country="de") == ["odrana"]
    assert slugs(tier="silver") == []
    assert slugs(programme="halden-partner-programme", limit=1) == ["baltwerk"]
    assert slugs(after=company.id) == ["zeta", "odrana"]
    card = queries.find_partner("baltwerk", DAY)
    assert card is not None
    assert (card.people, card.tier_name) == (2, "Registered")
    assert queries.find_partner("unknown", DAY) is None


def test_a_seat_is_where_one_is_linked_that_day(company: Company) -> None:
    seat = queries.get_partner_of_user(company.bo_user, DAY)
    assert seat is not None
    assert (seat.partner_slug, seat.role, seat.is_manager) == ("baltwerk", "manager", True)
    assert queries.get_partner_of_user(company.bo_user, date(2020, 1, 1)) is None
    assert queries.get_partner_of_user(make_user("cy@x.example"), DAY) is None


def test_only_its_manager_and_the_channel_read_and_change_a_company(company: Company) -> None:
    other = make_company("odrana")
    viewer = make_user("vi@halden.example", "view_partner")
    editor = make_user("eli@halden.example", "change_membership")
    people = [company.bo_user, other.bo_user, company.ana_user, viewer, editor, 0]
    views = [queries.may_view(who, company.id, DAY) for who in people]
    manages = [queries.may_manage(who, company.id, DAY) for who in people]
    assert views == [True, False, False, True, False, False]
    assert manages == [True, False, False, False, True, False]
