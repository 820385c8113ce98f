"""Judging: who sees what when, and a number for every question."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.history import sit
from courses.actions.panels import decide_cut
from courses.models import Assessment, Panel, Rating
from courses.queries.panels import find_facility
from lms.accounts.models import User
from tests.conftest import sign_in
from tests.factories.courses import SECRET, Training, make_item
from tests.factories.panels import WHO, close, make_judges, make_panel, rate_all, reopen

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges(db: None) -> list[User]:
    return make_judges(2)


@pytest.fixture
def panel(training: Training, judges: list[User], now: datetime) -> Panel:
    return make_panel(training.assessment.pk, judges, now)


@pytest.fixture
def judge(judges: list[User]) -> Client:
    return sign_in(judges[0])


def item_url(panel: Panel, slot: int) -> str:
    return reverse("lms_panel_item", args=[panel.code, slot])


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_judge_finds_the_panel_and_rates_from_one_to_the_next(
    panel: Panel, judge: Client
) -> None:
    assert reverse("lms_panel", args=[panel.code]) in page(judge, "lms_panels")
    told = page(judge, "lms_panel", panel.code)
    assert WHO in told
    assert "0 of 8 questions rated" in told
    assert "Questions wait for your rating" in page(judge, "lms_cabinet")
    assert told.count("missing") >= 8
    assert judge.post(item_url(panel, 1), {"percent": "60"})["Location"] == item_url(panel, 2)
    # From the last one on to the first that has none.
    assert judge.post(item_url(panel, 8), {"percent": "0"})["Location"] == item_url(panel, 2)
    assert "2 of 8 questions rated" in page(judge, "lms_panel", panel.code)
    assert 'value="0"' in judge.get(item_url(panel, 8)).content.decode()
    for slot in range(2, 8):
        response = judge.post(item_url(panel, slot), {"percent": "55"})
    assert response["Location"] == reverse("lms_panel", args=[panel.code])
    assert "You have rated every question of this round." in page(judge, "lms_panel", panel.code)
    assert "Questions wait for your rating" not in page(judge, "lms_cabinet")
    assert Rating.objects.filter(judge__user__name="Judge 1").count() == 8


@pytest.mark.parametrize("typed", ["", "101", "-1", "many", "6.5"])
def test_what_is_no_percentage_is_said_at_its_field(
    panel: Panel, judge: Client, typed: str
) -> None:
    response = judge.post(item_url(panel, 1), {"percent": typed})
    assert response.status_code == 200
    assert "percent" in response.context["form"].errors
    assert not Rating.objects.exists()


def test_the_question_is_as_candidates_see_it_and_the_key_behind_a_fold(
    panel: Panel, judge: Client
) -> None:
    told = judge.get(item_url(panel, 4)).content.decode()
    question, _summary, key = told.partition("Show the right answer")
    assert "What is right, by text?" in told or "What is right, by single?" in told
    assert SECRET not in question
    assert SECRET in key
    assert 'name="percent"' in key


def test_others_are_seen_only_after_the_round(
    panel: Panel, judges: list[User], judge: Client, now: datetime
) -> None:
    rate_all(panel, judges[1], {"wal": 83, "restore": 87}, now)
    rate_all(panel, judges[0], {"wal": 13, "restore": 17}, now)
    places = judge.get(reverse("lms_panel", args=[panel.code])).context["places"]
    assert {place.own for place in places} == {13, 17}
    assert {place.before for place in places} == {None}
    assert "Panel before" not in judge.get(item_url(panel, 1)).content.decode()
    reopen(close(panel, now), now)
    told = judge.get(item_url(panel, 8)).content.decode()
    assert "Panel before" in told
    assert "52.0" in told  # of 87 and 17
    assert "49.5" in told  # seventy points apart, over the root of two
    assert "Disputed" in told
    assert "Candidates so far" not in told
    assert 'value="17"' not in told, "rated anew, not taken over"
    assert "Judge 2" not in told


def test_from_thirty_answers_on_facility_is_told(
    panel: Panel, judges: list[User], judge: Client, now: datetime
) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    for number in range(30):
        user = User.objects.create_user(f"p{number}@baltwerk.example", "x", name=f"P {number}")
        at = now - timedelta(days=1, minutes=number)
        sit(course="recovery", user_id=user.pk, passing=number % 3 != 0, at=at)
        if number == 28:
            assert find_facility(panel, panel.items.all()[0]) is None
    facility = find_facility(panel, panel.items.all()[0])
    assert facility is not None
    rate_all(panel, judges[0], {"wal": 60, "restore": 60}, now)
    assert "Candidates so far" not in judge.get(item_url(panel, 1)).content.decode()
    reopen(close(panel, now), now)
    told = judge.get(item_url(panel, 1)).content.decode()
    assert "Candidates so far" in told
    assert f"{round(100 * facility)} %" in told


def test_between_rounds_and_after_the_decision_nothing_is_rated(
    panel: Panel, judges: list[User], judge: Client, now: datetime
) -> None:
    rate_all(panel, judges[0], {"wal": 60, "restore": 60}, now)
    close(panel, now)
    home = reverse("lms_panel", args=[panel.code])
    assert judge.get(item_url(panel, 1))["Location"] == home
    assert judge.post(item_url(panel, 1), {"percent": "1"})["Location"] == home
    assert "The round is closed" in page(judge, "lms_panel", panel.code)
    decide_cut(panel_id=panel.pk, percent=60, reason="", actor=None, now=now)
    assert "60 % pass." in page(judge, "lms_panel", panel.code)
    assert set(Rating.objects.values_list("percent", flat=True)) == {60}


def test_who_does_not_sit_there_sees_nothing(
    panel: Panel, judges: list[User], as_ana: Client, as_cy: Client, cy: User, eli: User
) -> None:
    cy.user_permissions.add(Permission.objects.get(codename="judge_panel"))  # of another panel
    for client in (as_ana, as_cy, sign_in(eli)):
        told = page(client, "lms_panels")
        assert "You sit on no panel" in told
        assert panel.code not in told
        for address in (reverse("lms_panel", args=[panel.code]), item_url(panel, 1)):
            assert client.get(address).status_code == 404
            assert client.post(address, {"percent": "1"}).status_code in (404, 405)
    assert not Rating.objects.exists()


def test_a_judge_who_may_no_longer_judge_is_out(
    panel: Panel, judges: list[User], judge: Client
) -> None:
    User.objects.filter(pk=judges[0].pk).update(is_staff=False)
    assert judge.get(item_url(panel, 1)).status_code == 404
    assert "You sit on no panel" in page(judge, "lms_panels")


def test_a_place_that_is_not_there(panel: Panel, judge: Client) -> None:
    assert judge.get(item_url(panel, 9)).status_code == 404


def test_lists_ask_as_often_for_many_as_for_few(
    training: Training, judges: list[User], judge: Client, now: datetime
) -> None:
    Assessment.objects.update(blueprint={"draw": {"wal": {"hard": 1}}})
    make_item(training.bank, "one", difficulty=3)
    few = make_panel(training.assessment.pk, judges, now)
    counts = [_count(judge, "lms_panels"), _count(judge, "lms_panel", few.code)]
    for code in ("two", "three"):
        make_item(training.bank, code, difficulty=3)
        many = make_panel(training.assessment.pk, judges, now)
    assert many.items.count() == 3
    assert [_count(judge, "lms_panels"), _count(judge, "lms_panel", many.code)] == counts
    assert counts == [5, 7]


def _count(client: Client, name: str, *args: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        page(client, name, *args)
    return len(found)
