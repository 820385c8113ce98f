"""Companies join and are corrected."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partners.actions.partners import change_partner
from partners.models import Partner, Programme
from tests.factories.partners import NOW, make_company, make_partner, make_rules, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _programme() -> None:
    make_rules()


def test_a_slug_is_given_once() -> None:
    make_partner()
    with pytest.raises(ValidationError, match="slug"):
        make_partner()
    assert Partner.objects.count() == 1


def test_what_cannot_stand_is_refused() -> None:
    with pytest.raises(ValidationError, match="website"):
        make_partner(website="not an address")
    with pytest.raises(Programme.DoesNotExist):
        make_partner(programme="unknown")


def test_only_who_may_adds_and_changes() -> None:
    company = make_company()
    with pytest.raises(PermissionDenied):
        make_partner("odrana", actor=company.bo_user)
    assert make_partner("odrana", actor=make_user("eli@x.example", "add_partner"))
    with pytest.raises(PermissionDenied):
        correct(company.id, company.bo_user)


def correct(partner_id: int, actor: int | None) -> bool:
    return change_partner(
        partner_id=partner_id,
        name="Baltwerk",
        country="de",
        city="Gdańsk",
        website="https://baltwerk.example",
        joined_on=date(2025, 1, 15),
        actor=actor,
        now=NOW,
    )


def test_a_correction_is_written_once() -> None:
    partner_id, eli = make_partner(), make_user("eli@x.example", "change_partner")
    assert correct(partner_id, eli)
    assert not correct(partner_id, eli)
    assert Partner.objects.get(pk=partner_id).country == "DE"
