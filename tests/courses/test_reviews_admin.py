"""Reviews in the admin: read and closed by those who may, and by nobody else."""

from datetime import date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.actions.reviews import compute_test
from courses.models import Assessment, Attempt, Review
from courses.templatetags.courses_figures import clock, rare
from lms.accounts.models import User
from lms.tables import read_table
from tests.courses.test_admin import admin
from tests.courses.test_integrity import link
from tests.factories.courses import Training
from tests.factories.partners import Company
from tests.factories.sittings import Faults, make_sittings

pytestmark = pytest.mark.django_db
__all__ = ["admin"]
INDEX = "/admin/lms_tests/reviews/"
ACCUSING = ("cheat", "fraud", "guilty", "suspect", "collu", "leak")


@pytest.fixture
def reviews(training: Training, baltwerk: Company, now: datetime) -> dict[str, Review]:
    test = Assessment.objects.get()
    faults = Faults(sharing=(3, 4, 5, 6, 7, 8), leaked=(10, 80), fast=90, leaving=60)
    made = make_sittings(test, people=150, items=24, now=now, faults=faults)
    link(made.users[3:9], baltwerk.id, date(2020, 1, 1), now)
    compute_test(assessment_id=test.pk, actor=None, now=now)
    return {review.kind: review for review in Review.objects.all()}


def page_of(client: Client, review: Review) -> str:
    response = client.get(reverse("lms_reviews:review", args=[review.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_list_names_companies_and_filters(reviews: dict[str, Review], admin: Client) -> None:
    page = admin.get(INDEX).content.decode()
    assert "Baltwerk" in page
    assert page.count("/admin/lms_tests/reviews/review/") == 4
    same = reviews["same_answers"]
    for query in (f"kind={same.kind}", f"group={same.group}"):
        page = admin.get(f"{INDEX}?{query}").content.decode()
        assert page.count("/admin/lms_tests/reviews/review/") == 1, query
    assert "What was looked at" in page


def test_a_review_shows_what_it_rests_on(reviews: dict[str, Review], admin: Client) -> None:
    page = page_of(admin, reviews["same_answers"])
    assert "Option " in page
    assert page.count("/admin/lms_attempts/timeline/") >= 6
    page = page_of(admin, reviews["leaked_item"])
    assert '<svg class="courses-steps"' in page
    assert "q10" in page
    assert "1:40" in page_of(admin, reviews["fast_pass"])
    assert "60 times" in page_of(admin, reviews["left_window"])


def test_no_page_accuses(reviews: dict[str, Review], admin: Client) -> None:
    for review in reviews.values():
        main = page_of(admin, review).lower().partition("<main")[2]
        assert not [word for word in ACCUSING if word in main], review.kind
        assert "worth" in main or "good reason" in main


def test_closing_is_kept_with_its_note(reviews: dict[str, Review], admin: Client) -> None:
    review = reviews["fast_pass"]
    address = reverse("lms_reviews:review", args=[review.pk])
    assert admin.post(address, {"outcome": "open", "note": ""}).status_code == 200
    answer = admin.post(address, {"outcome": "nothing", "note": "Wrote the course."})
    assert answer.status_code == 302
    page = page_of(admin, review)
    assert "Nothing wrong" in page
    assert "Wrote the course." in page
    assert "Close the review" not in page
    answer = admin.post(address, {"outcome": "confirmed"}, follow=True)
    assert "already" in answer.content.decode()
    entry = ModelLogEntry.objects.get(action="lms_courses.review_closed")
    assert (entry.label, entry.data) == (f"#{review.pk}", {"outcome": "nothing"})


def test_reviews_are_taken_along_without_names(reviews: dict[str, Review], admin: Client) -> None:
    body = b"".join(admin.get(reverse("lms_reviews:csv")))
    assert len(read_table(body).rows) == 4
    assert b"people.example" not in body


def test_where_nothing_is_found_the_list_says_what_was_tested(
    training: Training, admin: Client, now: datetime
) -> None:
    page = admin.get(INDEX).content.decode()
    assert "No test was looked at yet." in page
    make_sittings(Assessment.objects.get(), people=40, items=8, now=now)
    compute_test(assessment_id=Assessment.objects.get().pk, actor=None, now=now)
    page = admin.get(INDEX).content.decode()
    assert "Nothing is worth a look in what was looked at." in page


def test_the_list_asks_as_often_for_three_as_for_one(
    reviews: dict[str, Review], admin: Client
) -> None:
    admin.get(INDEX)
    Review.objects.exclude(kind="same_answers").delete()
    with CaptureQueriesContext(connection) as one:
        admin.get(INDEX)
    for _more in range(2):
        Review.objects.create(
            assessment=Assessment.objects.get(), kind="same_answers", group=1,
            evidence={"chance": 0.1}, found_at=Attempt.objects.latest("pk").started_at,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as three:
        admin.get(INDEX)
    assert len(one) == len(three)


def test_only_those_who_may_see_reviews(
    reviews: dict[str, Review], as_bo: Client, as_ana: Client, now: datetime
) -> None:
    pages = [INDEX, reverse("lms_reviews:csv")]
    pages += [reverse("lms_reviews:review", args=[one.pk]) for one in reviews.values()]
    editor = User.objects.create_user("ed@halden.example", "x", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    as_editor = Client()
    as_editor.force_login(editor)
    for client in (as_ana, as_bo, as_editor, Client()):
        for page in pages:
            answer = client.get(page)
            assert answer.status_code in (302, 403), page
            assert b"Same wrong" not in answer.content
    editor.user_permissions.add(Permission.objects.get(codename="view_review"))
    as_editor.force_login(User.objects.get(pk=editor.pk))
    address = pages[-1]
    assert "Close the review" not in as_editor.get(address).content.decode()
    assert as_editor.post(address, {"outcome": "nothing"}).status_code in (302, 403)
    assert not Review.objects.exclude(outcome="open").exists()
    assert as_editor.get(reverse("lms_reviews:review", args=[0])).status_code == 404


def test_figures_tell_when_they_were_computed(reviews: dict[str, Review], admin: Client) -> None:
    address = reverse("lms_figures:test", args=[Assessment.objects.get().pk])
    assert "As of " in admin.get(address).content.decode()
    Attempt.objects.filter(pk=Attempt.objects.latest("pk").pk).update(state="open")
    assert "From 150 attempts." in admin.get(address).content.decode()
    page = admin.post(address, follow=True).content.decode()
    assert "From 149 attempts." in page


def test_figures_are_written_as_people_say_them() -> None:
    assert clock(125.4) == "2:05"
    assert rare(0.0123) == "less than once in 80 times"
    assert rare(0) == "less than once in 1,000,000 times"
