"""Figures of a test from the attempts that were made at it."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.history import sit
from courses.domain.statistics import ATTRACTIVE, EASY, HARD, IDLE_OPTION, MISKEYED, POOR
from courses.models import Assessment
from courses.queries.statistics import get_figures
from courses.templatetags.courses_figures import figure, flag_text, percent
from courses.viewsets.figures import FLAGS
from lms.accounts.models import User
from lms.tables import read_table
from tests.courses.test_admin import admin
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db
__all__ = ["admin"]


@pytest.fixture
def many(training: Training, now: Any) -> Assessment:
    """Forty people sat the whole bank: a passing one misses the last item, others every other."""
    Assessment.objects.update(blueprint={"draw": {"wal": 4, "restore": 4}})
    for number in range(40):
        user = User.objects.create_user(f"p{number}@baltwerk.example", "x", name=f"P {number}")
        at = now + timedelta(minutes=number)
        sit(course="recovery", user_id=user.pk, passing=number % 4 != 0, at=at)
    return Assessment.objects.get()


def test_items_and_the_test_are_told(many: Assessment) -> None:
    figures = get_figures(many)
    assert len(figures.items) == 8
    assert {one.statistics.answers for one in figures.items} == {40}
    facilities = [one.statistics.facility or 0 for one in figures.items]
    assert figures.assessment.mean == pytest.approx(sum(facilities) / 8)
    assert figures.assessment.passed == pytest.approx(0.75)
    single = next(one.statistics for one in figures.items if one.code == "wal-single")
    assert sum(option.count for option in single.options) == 40
    assert single.is_uncertain


def test_it_asks_as_often_for_many_attempts_as_for_few(many: Assessment, now: Any) -> None:
    with CaptureQueriesContext(connection) as before:
        get_figures(many)
    user = User.objects.create_user("more@baltwerk.example", "x", name="More")
    sit(course="recovery", user_id=user.pk, passing=True, at=now)
    with CaptureQueriesContext(connection) as after:
        get_figures(many)
    assert len(after) == len(before) == 4


def test_the_command_tells_them_as_json_and_as_csv(many: Assessment, tmp_path: Path) -> None:
    output, file = io.StringIO(), tmp_path / "items.csv"
    call_command("item_statistics", "recovery", json=True, stdout=output)
    told = json.loads(output.getvalue())
    assert told["assessment"]["attempts"] == 40
    assert len(told["items"]) == 8
    call_command("item_statistics", "recovery", output=file)
    assert len(read_table(file.read_bytes()).rows) == 8
    plain = io.StringIO()
    call_command("item_statistics", "recovery", stdout=plain)
    assert "wal-single" in plain.getvalue()


def test_an_unknown_training_names_those_with_a_test(training: Training, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There are: recovery"):
        call_command("item_statistics", "recovry")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("item_statistics", "recovery", output=tmp_path / "nowhere" / "x.csv")
    told = io.StringIO()
    call_command("item_statistics", "recovery", json=True, stdout=told)
    assert json.loads(told.getvalue())["items"] == []


class TestInTheAdmin:
    def test_editors_see_figures_and_take_them_along(self, many: Assessment, admin: Client) -> None:
        page = admin.get(reverse("lms_figures:index")).content.decode()
        assert reverse("lms_figures:test", args=[many.pk]) in page
        page = admin.get(reverse("lms_figures:test", args=[many.pk])).content.decode()
        assert "From 40 attempts." in page
        assert "75 %" in page
        assert "wal-single" in page
        assert page.count('class="courses-fifths"') >= 8
        body = b"".join(admin.get(reverse("lms_figures:csv", args=[many.pk])))
        assert len(read_table(body).rows) == 8

    def test_of_few_attempts_the_page_says_so(self, training: Training, admin: Client) -> None:
        assessment = Assessment.objects.get()
        page = admin.get(reverse("lms_figures:test", args=[assessment.pk])).content.decode()
        assert "The test needs 30 attempts" in page
        assert "Nobody has sat this test yet." in page

    def test_nobody_else_sees_them(self, training: Training, as_ana: Client) -> None:
        address = reverse("lms_figures:test", args=[Assessment.objects.get().pk])
        assert as_ana.get(address).status_code in (302, 403)

    def test_faults_are_told_in_words(self) -> None:
        assert set(FLAGS) == {MISKEYED, HARD, EASY, POOR, IDLE_OPTION, ATTRACTIVE}
        assert percent(None) == figure(None) == "–"
        assert flag_text(FLAGS, HARD) == "Hardly anybody answers it right."
