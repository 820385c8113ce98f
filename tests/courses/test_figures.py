"""Figures of a test from the attempts that were made at it."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.actions.history import sit
from courses.models import Assessment
from courses.queries.statistics import get_figures
from lms.accounts.models import User
from lms.tables import read_table
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(training: Training, now: Any) -> Assessment:
    """Forty people sat the whole bank: a passing one misses the last item, others every other."""
    Assessment.objects.update(draw={"wal": 4, "restore": 4})
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
    assert len(after) == len(before) == 3


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
