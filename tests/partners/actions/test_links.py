"""On any day a person is linked to one company, and only its own manager changes that."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from lms.events.models import Delivery
from partners.actions.links import change_link, end_link, link_person, reopen_link
from partners.domain.links import LinkOverlaps, LinkRefused
from partners.events import LinkEnded, LinkStarted
from partners.models import Membership
from tests.factories.partners import (
    NOW,
    Company,
    make_company,
    make_link,
    make_partner,
    make_recipient,
    make_rules,
    make_user,
)

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.fixture
def company() -> Company:
    make_rules()
    return make_company()


def link(partner_id: int, recipient_id: int, since: date, until: date | None = None) -> int:
    return make_link(partner_id, recipient_id, since=since, until=until)


def test_the_last_day_of_one_link_is_the_day_before_the_next(company: Company) -> None:
    other = make_partner("odrana")
    end_link(membership_id=company.ana_link, until=MAY, actor=None, now=NOW)
    with pytest.raises(LinkOverlaps, match="2025-02-01 to 2026-05-01"):
        link(other, company.ana, date(2026, 4, 30))
    assert link(other, company.ana, MAY)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 1, 1), None),
        (date(2024, 1, 1), None),
        (date(2024, 1, 1), date(2025, 2, 2)),
        (date(2025, 3, 1), date(2025, 4, 1)),
    ],
)
def test_a_day_that_is_taken_is_refused(company: Company, since: date, until: date | None) -> None:
    other = make_partner("odrana")
    with pytest.raises(LinkOverlaps):
        link(other, company.ana, since, until)


def test_a_link_before_the_first_one_is_free(company: Company) -> None:
    other = make_partner("odrana")
    assert link(other, company.ana, date(2024, 1, 1), date(2025, 2, 1))


def test_the_same_link_again_changes_nothing(company: Company) -> None:
    told = Delivery.objects.filter(event_name=LinkStarted.name).count()
    assert make_link(company.id, company.ana) == company.ana_link
    assert Delivery.objects.filter(event_name=LinkStarted.name).count() == told


def test_a_link_holds_at_least_a_day(company: Company) -> None:
    with pytest.raises(LinkRefused):
        link(company.id, make_recipient("cy@x.example"), MAY, MAY)
    with pytest.raises(LinkRefused):
        end_link(membership_id=company.ana_link, until=date(2025, 2, 1), actor=None, now=NOW)


def test_the_database_refuses_what_slips_past_the_action(company: Company) -> None:
    values: dict[str, Any] = {"partner_id": company.id, "recipient_id": company.ana, "since": MAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**values, until=MAY)


def test_nobody_is_linked_who_is_not_there(company: Company) -> None:
    with pytest.raises(LinkRefused, match="no person"):
        link(company.id, 0, MAY)


def test_an_unknown_job_is_refused(company: Company) -> None:
    cy = make_recipient("cy@x.example")
    with pytest.raises(ValidationError):
        make_link(company.id, cy, job="pilot")


def test_bo_ends_a_link_and_it_is_written_down(company: Company) -> None:
    end_link(membership_id=company.ana_link, until=MAY, actor=company.bo_user, now=NOW)
    assert Membership.objects.get(pk=company.ana_link).until == MAY
    assert Delivery.objects.filter(event_name=LinkEnded.name).count() == 1
    entry = ModelLogEntry.objects.get(action="lms_partners.end_link")
    assert (entry.user_id, entry.data) == (company.bo_user, {"until": "2026-05-01"})
    end_link(membership_id=company.ana_link, until=MAY, actor=company.bo_user, now=NOW)
    assert Delivery.objects.filter(event_name=LinkEnded.name).count() == 1


def test_an_end_that_was_set_may_move_but_not_into_the_next_link(company: Company) -> None:
    other = make_partner("odrana")
    end_link(membership_id=company.ana_link, until=MAY, actor=None, now=NOW)
    link(other, company.ana, MAY)
    with pytest.raises(LinkOverlaps):
        end_link(membership_id=company.ana_link, until=date(2026, 5, 2), actor=None, now=NOW)
    end_link(membership_id=company.ana_link, until=date(2026, 4, 1), actor=None, now=NOW)
    with pytest.raises(LinkOverlaps):
        reopen_link(membership_id=company.ana_link, actor=None, now=NOW)


@pytest.mark.parametrize("who", ["ana", "cy", "other manager", "nobody"])
def test_others_change_nothing(company: Company, who: str) -> None:
    other = make_company("odrana")
    actors = {"ana": company.ana_user, "other manager": other.bo_user, "nobody": 0}
    actor = actors.get(who) if who in actors else make_user("cy@x.example")
    cy = make_recipient("cy@x.example")
    with pytest.raises(PermissionDenied):
        end_link(membership_id=company.ana_link, until=MAY, actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        change_link(
            membership_id=company.ana_link, job="sales", role="manager", actor=actor, now=NOW
        )
    with pytest.raises(PermissionDenied):
        make_link(company.id, cy, actor=actor)
    with pytest.raises(PermissionDenied):
        reopen_link(membership_id=company.ana_link, actor=actor, now=NOW)
    assert Membership.objects.get(pk=company.ana_link).until is None
    assert Membership.objects.get(pk=company.ana_link).role == "member"


def test_a_manager_who_left_changes_nothing_any_more(company: Company) -> None:
    end_link(membership_id=company.bo_link, until=date(2026, 3, 2), actor=None, now=NOW)
    with pytest.raises(PermissionDenied):
        end_link(membership_id=company.ana_link, until=MAY, actor=company.bo_user, now=NOW)


def test_eli_the_channel_manager_changes_any_company(company: Company) -> None:
    eli = make_user("eli@halden.example", "change_membership")
    end_link(membership_id=company.ana_link, until=MAY, actor=eli, now=NOW)
    reopen_link(membership_id=company.ana_link, actor=eli, now=NOW)
    reopen_link(membership_id=company.ana_link, actor=eli, now=NOW)
    assert Membership.objects.get(pk=company.ana_link).until is None
    actions = ModelLogEntry.objects.values_list("action", flat=True)
    assert sorted(actions) == ["lms_partners.end_link", "lms_partners.reopen_link"]


def test_bo_links_a_colleague_and_changes_what_they_do(company: Company) -> None:
    cy = make_recipient("cy@baltwerk.example")
    made = link_person(
        partner_id=company.id,
        recipient_id=cy,
        since=MAY,
        until=None,
        job="sales",
        role="member",
        actor=company.bo_user,
        now=NOW,
    )
    change: dict[str, Any] = {"membership_id": made, "actor": company.bo_user, "now": NOW}
    assert change_link(job="engineer", role="manager", **change)
    assert not change_link(job="engineer", role="manager", **change)
    with pytest.raises(ValidationError):
        change_link(job="pilot", role="member", **change)
    assert Membership.objects.get(pk=made).role == "manager"
