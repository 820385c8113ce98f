"""Facts move the status, decisions keep why, and nothing is decided twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from badges.actions.withdrawal import revoke
from lms.events.models import Delivery
from lms.events.publish import deliver_due
from lms.events.sweep import sweep
from partners.actions.evaluation import evaluate_due, evaluate_linked, evaluate_partner
from partners.actions.links import end_link
from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts
from partners.domain.results import Decision as Outcome
from partners.events import TierChanged
from partners.models import Decision, Partner, RulesVersion
from tests.factories.partners import (
    DAY,
    NOW,
    PROGRAMME,
    RECOVERY,
    SALES,
    award,
    line,
    make_achievements,
    make_company,
    make_link,
    make_partner,
    make_rules,
    tier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _programme() -> None:
    make_rules()
    make_achievements()


def tier_of(partner_id: int) -> str:
    return Partner.objects.get(pk=partner_id).tier


def history(partner_id: int) -> list[tuple[str, str]]:
    rows = Decision.objects.filter(partner_id=partner_id).order_by("sequence")
    return [(row.tier, row.cause.split(":")[0]) for row in rows]


def test_joining_brings_the_first_decision() -> None:
    partner = Partner.objects.get(pk=make_partner())
    assert (partner.tier, partner.held_since, partner.next_change_on) == ("registered", DAY, None)
    assert history(partner.pk) == [("registered", "joined")]


def test_certificates_raise_the_tier_and_revoking_lowers_it() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    given = award(company.bo, SALES)
    assert tier_of(company.id) == "silver"
    revoke(code=given.code, reason="Identity not confirmed", actor=None, now=NOW)
    deliver_due(NOW)
    assert tier_of(company.id) == "registered"
    assert history(company.id) == [
        ("registered", "joined"),
        ("registered", "credential.issued"),
        ("silver", "credential.issued"),
        ("registered", "credential.revoked"),
    ]


def test_a_certificate_expires_at_midnight_with_nobody_looking() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    before = datetime(2028, 3, 1, 22, 59, tzinfo=UTC)  # 23:59 of the last day in Warsaw
    sweep(before)
    assert tier_of(company.id) == "silver"
    sweep(before + timedelta(minutes=1))
    partner = Partner.objects.get(pk=company.id)
    assert (partner.tier, partner.held_since) == ("registered", date(2028, 3, 2))
    assert history(company.id)[-1] == ("registered", "credential.expired")


def test_evaluate_due_alone_moves_what_a_date_moves_and_says_which() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    later = datetime(2028, 3, 2, 12, tzinfo=UTC)
    assert evaluate_due(later) == 1
    assert history(company.id)[-1] == ("registered", "credential.expired")
    assert evaluate_due(later) == 0


def test_a_leaver_counts_to_the_last_day() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    end_link(membership_id=company.ana_link, until=date(2026, 3, 9), actor=None, now=NOW)
    deliver_due(NOW)
    assert Partner.objects.get(pk=company.id).next_change_on == date(2026, 3, 9)
    sweep(NOW + timedelta(days=6))
    assert tier_of(company.id) == "silver"
    sweep(NOW + timedelta(days=7))
    assert tier_of(company.id) == "registered"
    assert history(company.id)[-1] == ("registered", "link.ended")


def test_only_an_outcome_that_differs_is_kept() -> None:
    company = make_company()
    first = evaluate_partner(partner_id=company.id, cause="manual", now=NOW)
    again = evaluate_partner(partner_id=company.id, cause="manual", now=NOW + timedelta(days=1))
    assert first == again
    assert len(history(company.id)) == 1
    assert Partner.objects.get(pk=company.id).evaluated_on == date(2026, 3, 3)


def test_other_people_on_the_same_tier_are_a_new_decision_without_an_event() -> None:
    company = make_company()
    award(company.ana, SALES)
    changes = Delivery.objects.filter(event_name=TierChanged.name).count()
    assert history(company.id) == [("registered", "joined"), ("registered", "credential.issued")]
    assert Delivery.objects.filter(event_name=TierChanged.name).count() == changes


def test_coming_back_to_an_earlier_outcome_is_a_decision_of_its_own() -> None:
    company = make_company()
    given = award(company.ana, SALES)
    revoke(code=given.code, reason="Mistake", actor=None, now=NOW)
    deliver_due(NOW)
    assert len(history(company.id)) == 3


def test_a_late_call_does_not_go_back_in_time() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    end_link(membership_id=company.ana_link, until=date(2026, 3, 9), actor=None, now=NOW)
    sweep(NOW + timedelta(days=8))
    evaluate_partner(partner_id=company.id, cause="manual", now=NOW)
    assert tier_of(company.id) == "registered"


def test_a_decision_is_proved_by_its_own_facts_and_rules() -> None:
    company = make_company()
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    row = Decision.objects.filter(partner_id=company.id).latest("sequence")
    proved = evaluate(row.rules_version.rules, Facts.from_json(row.facts), row.on)
    assert proved == Outcome.from_json(row.result)
    assert proved.to_json() == row.result
    assert row.fingerprint == proved.fingerprint
    assert "example" not in str(row.facts) + str(row.result)  # ids only, no address


def test_new_rules_take_effect_on_their_day() -> None:
    company = make_company()
    top = [{"id": "basic", "name": {"en": "Basic"}}]
    make_rules(version="2026.2", valid_from="2026-04-01", tiers=top)
    assert Partner.objects.get(pk=company.id).next_change_on == date(2026, 4, 1)
    evaluate_due(datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    assert tier_of(company.id) == "registered"
    assert evaluate_due(datetime(2026, 3, 31, 22, 0, tzinfo=UTC)) == 1
    assert history(company.id)[-1] == ("basic", "rules")


def test_without_rules_in_force_nothing_is_decided_until_they_are() -> None:
    early = datetime(2025, 9, 15, 12, tzinfo=UTC)
    partner_id = make_partner(now=early)
    assert evaluate_partner(partner_id=partner_id, cause="manual", now=early) is None
    partner = Partner.objects.get(pk=partner_id)
    assert (partner.tier, partner.next_change_on) == ("", date(2025, 10, 1))
    assert evaluate_due(NOW) == 1
    assert history(partner_id) == [("registered", "rules")]


def test_a_tier_lost_altogether_is_told() -> None:
    company = make_company()
    strict = [
        {
            "id": "gold",
            "name": {"en": "Gold"},
            "lines": [{"id": "s", "text": {"en": "Certified"}, "people": 1, "any_of": [SALES]}],
        }
    ]
    make_rules(version="2026.2", valid_from="2026-04-01", tiers=strict)
    evaluate_due(NOW + timedelta(days=60))
    assert tier_of(company.id) == ""
    award(company.ana, SALES, NOW + timedelta(days=61))
    assert tier_of(company.id) == "gold"


def test_one_company_that_fails_delays_no_other() -> None:
    make_rules(slug="broken-programme")
    broken, sound = make_partner("broken", programme="broken-programme"), make_partner("sound")
    Partner.objects.update(next_change_on=DAY)
    RulesVersion.objects.filter(programme__slug="broken-programme").update(document={})
    assert evaluate_due(NOW) == 1
    due = Partner.objects.filter(next_change_on=DAY)
    assert list(due.values_list("pk", flat=True)) == [broken]
    assert sound != broken


def test_a_company_that_holds_no_tier_at_first_is_told_nothing() -> None:
    strict = [{**tier("gold", 25, line("sales", 1, SALES))}]
    make_rules(slug="strict-programme", tiers=strict)
    partner = Partner.objects.get(pk=make_partner(programme="strict-programme"))
    assert (partner.tier, partner.held_since) == ("", DAY)
    assert not Delivery.objects.filter(event_name=TierChanged.name).exists()


def test_a_person_between_two_companies_moves_both() -> None:
    company, other = make_company(), make_partner("odrana")
    end_link(membership_id=company.ana_link, until=date(2026, 4, 1), actor=None, now=NOW)
    make_link(other, company.ana, since=date(2026, 4, 1))
    deliver_due(NOW)
    assert evaluate_linked(recipient_id=company.ana, cause="manual", now=NOW) == 2


def test_an_unknown_company_is_an_error() -> None:
    with pytest.raises(Partner.DoesNotExist):
        evaluate_partner(partner_id=0, cause="manual", now=NOW)
    assert Partner.objects.filter(programme__slug=PROGRAMME).count() == 0
