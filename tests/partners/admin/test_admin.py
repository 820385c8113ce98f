"""Eli the channel manager sees companies, their people and the rules, and changes them."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from badges.queries import find_recipient
from partners.domain.files import write_yaml
from partners.models import Decision, Membership, Partner, RulesVersion
from tests.factories.partners import (
    RECOVERY,
    SALES,
    Company,
    award,
    document,
    line,
    make_achievements,
    make_company,
    make_partner,
    make_rules,
    make_user,
    tier,
)

pytestmark = pytest.mark.django_db
ALL = [
    f"{action}_{model}"
    for action in ("add", "change", "delete", "view")
    for model in ("partner", "membership", "rulesversion")
]


@pytest.fixture
def company() -> Company:
    make_rules()
    make_achievements()
    return make_company()


@pytest.fixture
def eli(client: Client) -> Client:
    pk = make_user("eli@halden.example", *ALL, staff=True)
    user = get_user_model().objects.get(pk=pk)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def read(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def send(client: Client, view: str, /, *args: Any, **data: Any) -> str:
    """Post a form; return where it led, or the page that says what is wrong."""
    answer = client.post(reverse(view, args=args), data)
    return str(answer.headers["Location"]) if answer.status_code == 302 else answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(
    company: Company, eli: Client, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number - 1):
        make_company(f"other-{n}")
    read(eli, "lms_partner:index")  # what Wagtail reads once
    with django_assert_num_queries(13):
        assert read(eli, "lms_partner:index").count("/inspect/") >= number
    with django_assert_num_queries(13):
        assert "Ana" in read(eli, "lms_membership:index")
    with django_assert_num_queries(11):
        read(eli, "lms_rules:index")


def test_companies_are_filtered_and_searched(company: Company, eli: Client) -> None:
    make_partner("odrana", country="DE")
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    page = read(eli, "lms_partner:index")
    assert "Silver" in page
    assert "Registered" in page
    for query in ({"tier": "silver"}, {"country": "PL"}, {"q": "balt"}):
        page = read(eli, "lms_partner:index", **query)
        assert "Baltwerk" in page
        assert "Odrana" not in page


def test_a_company_s_decision_is_explained(company: Company, eli: Client) -> None:
    award(company.ana, RECOVERY)
    award(company.bo, SALES)
    award(company.bo, RECOVERY)
    page = " ".join(read(eli, "lms_partner:inspect", company.id).split())
    assert "Silver since 2 March 2026" in page or "Silver since" in page
    assert "Margin on Halden Platform: 18 %" in page
    assert "2 people short" in page
    assert "fills “Certified in sales”" in page
    assert "A certificate was issued." in page
    first = Decision.objects.filter(partner_id=company.id).earliest("sequence")
    earlier = read(eli, "lms_partner:inspect", company.id, decision=str(first.pk))
    assert "Margin on Halden Platform: 10 %" in " ".join(earlier.split())


def test_another_company_s_decision_is_not_shown_under_this_one(
    company: Company, eli: Client
) -> None:
    other = make_partner("odrana")
    foreign = Decision.objects.get(partner_id=other)
    page = read(eli, "lms_partner:inspect", company.id, decision=str(foreign.pk))
    assert "Nothing has been decided yet" in page


def test_a_company_without_people_or_decision_says_so(eli: Client) -> None:
    make_rules(valid_from="2030-01-01")
    partner_id = make_partner()
    page = read(eli, "lms_partner:inspect", partner_id)
    assert "Nothing has been decided yet" in page
    assert "Nobody is linked to this company." in page


def test_eli_adds_and_corrects_a_company(company: Company, eli: Client) -> None:
    known = Partner.objects.get(pk=company.id)
    values = {
        "name": "Odrana",
        "slug": "odrana",
        "programme": known.programme_id,
        "country": "pl",
        "city": "Opole",
        "website": "",
        "joined_on": "2026-03-02",
    }
    send(eli, "lms_partner:add", **values)
    made = Partner.objects.get(slug="odrana")
    assert (made.country, made.tier) == ("PL", "registered")
    send(eli, "lms_partner:edit", made.pk, **{**values, "city": "Brzeg"})
    made.refresh_from_db()
    assert made.city == "Brzeg"
    actions = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert actions == {"lms_partners.join", "lms_partners.change"}
    assert "already exists" in send(eli, "lms_partner:add", **values)


def test_eli_links_a_person_and_ends_the_link(company: Company, eli: Client) -> None:
    values = {
        "partner": company.id,
        "email": "cy@baltwerk.example",
        "name": "Cy Ork",
        "job": "sales",
        "role": "member",
        "since": "2026-03-02",
        "until": "",
    }
    send(eli, "lms_membership:add", **values)
    person = find_recipient("cy@baltwerk.example")
    assert person is not None
    link = Membership.objects.get(recipient_id=person.id)
    page = send(eli, "lms_membership:add", **{**values, "job": "engineer"})
    assert "linked to a company from March 2, 2026" in page
    change = {"job": "engineer", "role": "member", "until": "2026-05-01"}
    send(eli, "lms_membership:edit", link.pk, **change)
    link.refresh_from_db()
    assert (link.job, link.until) == ("engineer", date(2026, 5, 1))
    send(eli, "lms_membership:edit", link.pk, **{**change, "until": ""})
    link.refresh_from_db()
    assert link.until is None
    page = send(eli, "lms_membership:edit", link.pk, **{**change, "until": "2020-01-01"})
    assert "A link ends after the day it starts" in page
    link.refresh_from_db()
    assert link.job == "engineer"


def test_rules_are_checked_when_saved(company: Company, eli: Client) -> None:
    faulty = document(tiers=[tier("gold", 25, line("sales", 0, SALES))])
    page = send(eli, "lms_rules:add", text=write_yaml(faulty))
    assert "tiers[gold].lines[sales].people" in page
    worded = document(tiers=[tier("gold", 25, line("sales", 1, SALES, text={"en": "Education"}))])
    assert "is not used here" in send(eli, "lms_rules:add", text=json.dumps(worded))
    assert "line 1" in send(eli, "lms_rules:add", text="{tiers: [")
    changed = write_yaml(document(sharing="allowed"))
    assert "give the changed rules a new version" in send(eli, "lms_rules:add", text=changed)
    assert RulesVersion.objects.count() == 1


def test_a_new_version_is_made_from_the_one_before(company: Company, eli: Client) -> None:
    row = RulesVersion.objects.get()
    assert "halden-partner-programme" in read(eli, "lms_rules:copy", row.pk)
    assert "halden-partner-programme" in read(eli, "lms_rules:edit", row.pk)
    text = write_yaml(document(version="2027.1", valid_from="2027-01-01"))
    send(eli, "lms_rules:copy", row.pk, text=text)
    assert RulesVersion.objects.filter(version="2027.1").exists()
    send(eli, "lms_rules:edit", row.pk, text=text.replace("2027", "2028"))
    versions = RulesVersion.objects.values_list("version", flat=True)
    assert sorted(versions) == ["2026.1", "2027.1", "2028.1"]


def test_nothing_a_decision_rests_on_is_deleted(company: Company, eli: Client) -> None:
    rows = {
        "lms_partner": company.id,
        "lms_membership": company.ana_link,
        "lms_rules": RulesVersion.objects.get().pk,
    }
    for name, pk in rows.items():
        assert "/delete/" not in read(eli, f"{name}:edit", pk)
        eli.post(reverse(f"{name}:delete", args=[pk]))
    assert Membership.objects.count() == 2


@pytest.mark.parametrize("who", ["bo", "dee"])
def test_who_holds_no_permission_sees_nothing(company: Company, client: Client, who: str) -> None:
    """Bo manages the company, Dee may enter the admin; neither may read partners there."""
    pk = company.bo_user if who == "bo" else make_user("dee@halden.example", staff=True)
    user = get_user_model().objects.get(pk=pk)
    if who == "dee":
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for name, args in [
        ("lms_partner:index", []),
        ("lms_partner:inspect", [company.id]),
        ("lms_membership:edit", [company.ana_link]),
        ("lms_rules:add", []),
    ]:
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 302
        assert "Baltwerk" not in answer.content.decode()
