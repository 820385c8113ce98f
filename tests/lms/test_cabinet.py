"""The person's page and the company's: managers see status, members do not, strangers nothing."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from badges.queries import get_recipient_of_user
from courses.actions.enrolment import enrol
from courses.actions.history import sit
from lms.accounts.models import User
from lms.cabinet.queries import get_company, list_colleagues
from lms.cabinet.templatetags.lms_cabinet import last_day, name_of, state_word
from lms.events.publish import deliver_due
from partners.models import Decision, Membership
from tests.factories.courses import Training
from tests.factories.partners import RECOVERY, Company, award, make_link, make_recipient

pytestmark = pytest.mark.django_db
COMPANY_PAGES = ("lms_company", "lms_people", "lms_decisions")


def text(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response
    return response.content.decode()


def test_a_person_sees_trainings_certificates_and_company(
    training: Training, baltwerk: Company, as_ana: Client, ana: User, now: datetime
) -> None:
    enrol(user_id=ana.pk, course_id=training.course.pk, now=now)
    award(baltwerk.ana, RECOVERY, now)
    page = text(as_ana, "lms_cabinet")
    assert "Recovery" in page
    assert "Halden Certified Recovery Engineer" in page
    assert "Baltwerk" in page


def test_somebody_new_sees_empty_states(as_dee: Client) -> None:
    assert "<h1" in text(as_dee, "lms_cabinet")


@pytest.mark.parametrize("name", COMPANY_PAGES)
def test_company_pages_are_the_managers(
    baltwerk: Company, name: str, as_bo: Client, as_ana: Client, as_dee: Client, client: Client
) -> None:
    assert "Baltwerk" in text(as_bo, name)
    assert as_ana.get(reverse(name)).status_code == 403
    assert as_dee.get(reverse(name)).status_code == 403
    assert client.get(reverse(name))["Location"].startswith("/account/login/")


def test_a_manager_sees_what_is_missing_and_what_it_brings(
    baltwerk: Company, as_bo: Client, now: datetime
) -> None:
    page = text(as_bo, "lms_company")
    assert "Silver is one certified person away" in page
    assert "Certified in engineers: one more person" in page
    assert "18 % on Halden Platform" in page
    award(baltwerk.ana, RECOVERY, now)
    page = text(as_bo, "lms_company")
    assert "since" in page
    assert "Ana Kowalska" in page
    assert "Gold is 2 certified people away" in page
    view = get_company(baltwerk.id, localdate(), "en")
    assert view.status is not None
    assert view.status.tier_id == "silver"
    assert set(view.names.values()) == {"Ana Kowalska", "Bo Nowicki"}


def test_a_manager_sees_not_yet_and_never_answers(
    training: Training, baltwerk: Company, as_bo: Client, ana: User, now: datetime
) -> None:
    sit(course="recovery", user_id=ana.pk, passing=False, at=now - timedelta(days=2))
    page = text(as_bo, "lms_people")
    assert "Not yet" in page
    assert "points" not in page
    assert "/attempts/" not in page
    sit(course="recovery", user_id=ana.pk, passing=True, at=now - timedelta(hours=2))
    deliver_due(now)
    page = text(as_bo, "lms_people")
    assert "Passed" in page
    assert "Not yet" not in page


def test_people_are_filtered_in_the_address(baltwerk: Company, as_bo: Client) -> None:
    url = reverse("lms_people")
    assert "ana@baltwerk" in as_bo.get(url, {"q": "KOWAL"}).content.decode()
    assert "ana@baltwerk" not in as_bo.get(url, {"state": "valid"}).content.decode()
    assert "ana@baltwerk" in as_bo.get(url, {"state": "none"}).content.decode()
    assert "Nobody matches" in as_bo.get(url, {"q": "nobody"}).content.decode()


def test_colleagues_take_the_same_queries_at_one_row_and_three(
    training: Training, baltwerk: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Membership.objects.filter(pk=baltwerk.ana_link).delete()
    with django_assert_num_queries(6):
        assert len(list_colleagues(baltwerk.id, localdate(), "en")) == 1
    for who in ("fay", "gus"):
        make_link(baltwerk.id, make_recipient(f"{who}@baltwerk.example"))
    with django_assert_num_queries(6):
        assert len(list_colleagues(baltwerk.id, localdate(), "en")) == 3


def test_ending_a_link_moves_the_status(baltwerk: Company, as_bo: Client, now: datetime) -> None:
    award(baltwerk.ana, RECOVERY, now)
    url = reverse("lms_leave", args=[baltwerk.ana_link])
    assert "Ana Kowalska leaves" in as_bo.get(url).content.decode()
    wrong = as_bo.post(url, {"until": "2020-01-01"})
    assert "Choose a day after" in wrong.content.decode()
    assert Membership.objects.get(pk=baltwerk.ana_link).until is None
    assert as_bo.post(url, {"until": localdate().isoformat()})["Location"] == reverse("lms_people")
    deliver_due()
    view = get_company(baltwerk.id, localdate(), "en")
    assert view.status is not None
    assert view.status.tier_id == "registered"
    assert Decision.objects.filter(partner=baltwerk.id).latest("pk").tier == "registered"


def test_a_decision_opens_its_proof(baltwerk: Company, as_bo: Client, now: datetime) -> None:
    award(baltwerk.ana, RECOVERY, now)
    decision = Decision.objects.filter(partner=baltwerk.id).latest("pk")
    page = text(as_bo, "lms_decision", decision.pk)
    assert "Ana Kowalska" in page
    assert "Silver" in text(as_bo, "lms_decisions")
    assert as_bo.get(reverse("lms_decision", args=[decision.pk + 999])).status_code == 404
    assert as_bo.get(reverse("lms_leave", args=[999999])).status_code == 404


def test_an_erased_person_is_no_longer_on_record() -> None:
    assert name_of({1: "Ana"}, 1) == "Ana"
    assert name_of({}, 1) == "a person no longer on record"


def test_words_of_the_cabinet() -> None:
    assert last_day(None) is None
    assert str(last_day(datetime(2026, 3, 1).date())) == "2026-02-28"  # noqa: DTZ001
    assert [state_word(state) for state in ("valid", "revoked", "odd")] == [
        "Valid", "Withdrawn", "odd"
    ]  # fmt: skip


def test_the_header_names_the_company(baltwerk: Company, as_bo: Client, as_ana: Client) -> None:
    assert "My company" in text(as_bo, "lms_cabinet")
    assert "My company" not in text(as_ana, "lms_cabinet")
    assert get_recipient_of_user(baltwerk.ana_user) is not None
