"""Track, product and certificate of a training: chosen on a page, kept on the row of all pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Course, Track
from lms.accounts.models import User
from lms.pages.models import CoursePage
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("dee@halden.example", "a long password"))
    return client


def page_form(**changes: Any) -> dict[str, Any]:
    """What the editor posts for a page of a training."""
    return {
        "title": "Upgrades",
        "slug": "upgrades",
        "summary": "How to change the version.",
        "introduction": '{"blocks": [], "entityMap": {}}',
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **changes,
    }


def test_a_preview_writes_nothing(training: Training, editor: Client) -> None:
    sales = Track.objects.create(slug="sales", names={"en": "Sales"})
    rows = Course.objects.count()
    new = reverse(
        "wagtailadmin_pages:preview_on_add", args=["lms_pages", "coursepage", training.index.pk]
    )
    old = reverse("wagtailadmin_pages:preview_on_edit", args=[training.page.pk])
    for address in (new, old, old):
        answer = editor.post(address, page_form(track=sales.pk))
        assert answer.json()["is_valid"], answer.json()
        assert editor.get(address).status_code == 200
    assert Course.objects.count() == rows
    training.course.refresh_from_db()
    assert training.course.track != sales


def test_a_new_page_makes_its_row_with_its_settings(training: Training, editor: Client) -> None:
    sales = Track.objects.create(slug="sales", names={"en": "Sales"})
    address = reverse("wagtailadmin_pages:add", args=["lms_pages", "coursepage", training.index.pk])
    sent = page_form(**{"track": sales.pk, "action-publish": "1"})
    assert editor.post(address, sent).status_code == 302
    page = CoursePage.objects.select_related("course").get(slug="upgrades")
    assert page.course is not None
    assert page.course.track == sales


def test_a_live_pages_settings_hold_at_once(training: Training, editor: Client) -> None:
    sales = Track.objects.create(slug="sales", names={"en": "Sales"})
    address = reverse("wagtailadmin_pages:edit", args=[training.page.pk])
    sent = page_form(**{"slug": training.slug, "track": sales.pk, "action-publish": "1"})
    assert editor.post(address, sent).status_code == 302
    training.course.refresh_from_db()
    assert training.course.track == sales
