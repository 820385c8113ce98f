"""A test in the admin: everything it is made of, checked where it is typed, and its bank judged."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.blueprint import BlueprintCheck, Exposure
from courses.forms.assessments import say_check
from courses.models import Assessment, Item
from courses.queries.banks import list_stock
from lms.accounts.models import User
from tests.courses.test_admin import errors
from tests.factories.courses import Training, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@halden.example", "x"))
    return client


def typed(training: Training, **changes: Any) -> dict[str, Any]:
    return {
        "course": training.course.pk,
        "bank": training.bank.pk,
        "minutes": 20,
        "accepting": "on",
        "calculator": "on",
        "draw_lines": "wal: 2 normal\nrestore: 3",
        "order": "fixed",
        "pilots": "1",
        "exposure_percent": "80",
        "exposure_last": "50",
        "cut_percent": 80,
        "minimum_lines": "wal: 50",
        "section_lines": "a: wal; en = Theory\nb: restore; 10 min; one-way; en = Lab; ru = Стенд",
        "waits": "2, 5",
        "most_in_year": "4",
        "revisit": "on",
        "once_passed": "days",
        "once_passed_days": "300",
        "feedback_what": "full",
        "feedback_when": "after",
        "feedback_day": "2027-01-31",
        **changes,
    }


def edit(training: Training) -> str:
    return reverse("lms_tests:edit", args=[training.assessment.pk])


def test_everything_is_kept_and_read_back(training: Training, admin: Client) -> None:
    Item.objects.filter(pk=make_item(training.bank, "new").pk).update(state="pilot")
    response = admin.post(edit(training), typed(training), follow=True)
    said = response.content.decode()
    assert "The bank makes 24 different tests." in said
    assert "Two people share 3.2 of 5 questions on average." in said
    assert "A second try repeats at least 2 questions." in said
    policy = Assessment.objects.get().policy
    assert policy.blueprint.draw == {"wal": {"normal": 2}, "restore": 3}
    assert (policy.blueprint.pilots, policy.blueprint.order) == (1, "fixed")
    assert policy.blueprint.exposure == Exposure(percent=80, last=50)
    assert policy.minimums == {"wal": 50}
    theory, lab = policy.sections
    assert (theory.topics, theory.minutes, theory.one_way) == (("wal",), None, False)
    assert (lab.title, lab.minutes, lab.one_way) == ({"en": "Lab", "ru": "Стенд"}, 10, True)
    assert policy.retakes.wait_days == (2, 5)
    assert (policy.retakes.most_in_year, policy.retakes.revisit) == (4, True)
    assert policy.retakes.once_passed == 300
    assert policy.calculator
    assert (policy.feedback.what, policy.feedback.when) == ("full", "after")
    page = admin.get(edit(training)).content.decode()
    for words in (
        "wal: 2 normal",
        "a: wal; en = Theory\nb: restore; 10 minutes; one-way; en = Lab; ru = Стенд",
        "2, 5",
        'value="300"',
        'value="2027-01-31"',
        "What is drawn",
    ):
        assert words in page
    for name in ("course", "draw_lines", "feedback_what"):
        assert page.count(f'name="{name}"') == 1
    window = typed(training, once_passed="window", once_passed_days="")
    assert admin.post(edit(training), window).status_code == 302
    assert Assessment.objects.get().policy.retakes.once_passed == "window"
    assert 'value="window" selected' in admin.get(edit(training)).content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"draw_lines": "wal: 5 hard"}, "draw_lines", "lacks 5 live items of the topic “wal (hard"),
        ({"draw_lines": "wal: 999"}, "draw_lines", "At most 500"),
        ({"draw_lines": "wal: 0", "minimum_lines": ""}, "draw_lines", "at least one item"),
        ({"pilots": "1"}, "pilots", "lacks 1 items on trial"),
        ({"exposure_most": "5"}, "exposure_most", "Choose one"),
        ({"minimum_lines": "slots: 50"}, "minimum_lines", "Nothing is drawn from the topic “slots"),
        ({"minimum_lines": "wal: 500"}, "minimum_lines", "from 1 to 100"),
        ({"section_lines": "a: wal"}, "section_lines", "“a: wal” should read like “theory: wal"),
        ({"section_lines": "a; b: wal; en = A"}, "section_lines", "should read like"),
        ({"section_lines": "wal; en = A"}, "section_lines", "should read like"),
        ({"section_lines": "a: wal; 900 min; en = A"}, "section_lines", "“900 min” should read"),
        ({"section_lines": "a: wal; twice; en = A"}, "section_lines", "“twice” should read like"),
        ({"section_lines": "a: wal; en = A"}, "section_lines", "“restore” stands in no section"),
        (
            {"section_lines": "a: wal, slots; en = A\nb: restore; en = B"},
            "section_lines",
            "nothing is drawn from the topic “slots”",
        ),
        (
            {"section_lines": "a: wal; en = A\nb: restore, wal; en = B"},
            "section_lines",
            "“wal” stands in two sections",
        ),
        (
            {"section_lines": "a: wal; en = A\na: restore; en = B"},
            "section_lines",
            "“a” stands twice",
        ),
        (
            {"section_lines": "a: wal; 15 min; en = A\nb: restore; 6 min; en = B"},
            "section_lines",
            "21 minutes together, the test has 20",
        ),
        (
            {"draw_lines": "wal: 2\nrestore: 0", "minimum_lines": ""},
            "section_lines",
            "Nothing is drawn in the section “b”",
        ),
        ({"once_passed_days": ""}, "once_passed_days", "after how many days"),
        ({"feedback_day": ""}, "feedback_day", "from which day on"),
        ({"feedback_day": "soon"}, "feedback_day", "valid date"),
        ({"most_in_year": "0"}, "most_in_year", "1"),
        ({"order": "backwards"}, "order", "backwards"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    training: Training, admin: Client, changes: dict[str, Any], field: str, said: str
) -> None:
    form = {**typed(training, pilots="0"), **changes}
    assert said in " ".join(errors(admin.post(edit(training), form))[field])
    assert Assessment.objects.get().minutes == 30


def test_a_new_test_begins_with_the_usual_rules(training: Training, admin: Client) -> None:
    Assessment.objects.all().delete()
    page = admin.get(reverse("lms_tests:add")).content.decode()
    assert 'value="1, 7, 14"' in page
    form = {name: typed(training)[name] for name in ("course", "bank", "minutes", "cut_percent")}
    form |= {"draw_lines": "wal: 1", "waits": "1, 7, 14"}
    assert admin.post(reverse("lms_tests:add"), form).status_code == 302
    policy = Assessment.objects.get().policy
    assert (policy.retakes.once_passed, policy.feedback.what) == (None, "topics")


def test_a_check_is_told_in_words(training: Training) -> None:
    plan = training.assessment.policy.blueprint
    told = say_check(BlueprintCheck(forms=10**9, shared=1, worn={"wal": 50}), plan)
    assert "more than a million different tests" in told
    assert "A second try can do without any question of the first." in told
    assert "The limit cannot hold in the topic “wal”: each item there is in 50 % of tests." in told
    assert len(list_stock(training.bank.pk)) == 8
