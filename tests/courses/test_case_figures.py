"""Figures of cases: as one unit, and their questions against what lies outside. Counted by hand."""

import csv
import io
from datetime import timedelta
from math import sqrt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.actions.attempts import save_answer, start_attempt, submit_attempt
from courses.domain.statistics import describe_assessment, estimate_alpha
from courses.models import Assessment, Attempt
from courses.queries.statistics import CaseFigures, ItemFigures, get_figures
from lms.accounts.models import User
from tests.courses.test_admin import admin
from tests.factories.courses import Training, make_case

pytestmark = pytest.mark.django_db
__all__ = ["admin"]

# Of forty people ten each answer so: the three questions of the case, then the question alone.
ROWS = ((1, 1, 1, 1), (1, 1, 0, 0), (1, 0, 0, 1), (0, 0, 0, 0))


@pytest.fixture
def sat(training: Training, now: Any) -> Assessment:
    make_case(training.bank)
    training.bank.items.filter(group=None).exclude(code="restore-single").update(state="retired")
    plan = {"draw": {"restore": 1}, "cases": {"wal": {"count": 1, "questions": 3}}}
    Assessment.objects.update(blueprint={**plan, "order": "fixed"})
    for number in range(40):
        user = User.objects.create_user(f"p{number}@baltwerk.example", "x", name=f"P {number}")
        at = now + timedelta(minutes=number)
        answer(user, ROWS[number % 4], at)
    return Assessment.objects.get()


def answer(user: User, row: tuple[int, ...], at: Any) -> None:
    code = start_attempt(course="recovery", user_id=user.pk, language="en", now=at).code
    for slot, right in enumerate(row, start=1):
        save_answer(
            code=code,
            user_id=user.pk,
            slot=slot,
            raw=["b" if right else "a"],
            base_revision=0,
            save_id=f"{slot}",
            at=at,
        )
    submit_attempt(code=code, user_id=user.pk, now=at)
    assert Attempt.objects.get(code=code).points == sum(row)


def by_code(found: tuple[Any, ...]) -> dict[str, Any]:
    return {one.code: one for one in found}


def test_a_case_is_one_unit(sat: Assessment) -> None:
    [case] = get_figures(sat).cases
    assert isinstance(case, CaseFigures)
    assert (case.code, case.version, case.topic, case.questions) == ("case", 1, "wal", 3)
    assert case.statistics.answers == 40
    # 3, 2, 1 and 0 points of three, ten times each.
    assert case.mean == pytest.approx(1.5)
    assert case.statistics.facility == pytest.approx(0.5)
    # With 1, 0, 1, 0 for the question outside: covariance 1/12, deviations sqrt(5)/6 and 1/2.
    assert case.statistics.discrimination == pytest.approx((1 / 12) / (sqrt(5) / 6 * 0.5))


def test_a_question_is_compared_with_what_lies_outside_its_case(sat: Assessment) -> None:
    items: dict[str, ItemFigures] = by_code(get_figures(sat).items)
    # The rest is the one question outside: 1, 0, 1, 0.
    expected = {"case-1": 1 / sqrt(3), "case-2": 0.0, "case-3": 1 / sqrt(3)}
    for code, value in expected.items():
        found = items[code].statistics.discrimination
        assert found == pytest.approx(value, abs=1e-9), code
        assert items[code].case == "case"
    # The question alone is compared with all three: 1, 2/3, 1/3, 0 of their points.
    alone = items["restore-single"]
    assert alone.case == ""
    assert alone.statistics.discrimination == pytest.approx((1 / 12) / (sqrt(5) / 6 * 0.5))


def test_in_the_reliability_a_case_counts_once(sat: Assessment) -> None:
    """Two parts with variances 5/4 and 1/4 and covariance 1/4, as samples of forty."""
    found = get_figures(sat).assessment
    assert found.alpha == pytest.approx(2 * (1 - (5 / 4 + 1 / 4) / (5 / 4 + 1 / 4 + 2 / 4)))
    attempts = [dict(enumerate(ROWS[n % 4])) for n in range(40)]
    as_floats = [{item: float(one) for item, one in attempt.items()} for attempt in attempts]
    apart = estimate_alpha(as_floats)
    assert apart is not None
    assert found.alpha is not None
    assert apart > found.alpha, "questions that depend on each other look more reliable"
    assert describe_assessment(as_floats, cut=0.7).alpha == apart
    assert found.mean == pytest.approx(0.5)


def test_it_asks_once_more_where_there_are_cases(sat: Assessment) -> None:
    with CaptureQueriesContext(connection) as asked:
        get_figures(sat)
    assert len(asked) == 5


def test_the_page_and_the_table_tell_them(sat: Assessment, admin: Client) -> None:
    page = admin.get(reverse("lms_figures:test", args=[sat.pk])).content.decode()
    assert "Cases, each as one" in page
    assert "1.50 of 3 (50 %)" in page
    assert "· case case" in page
    file = admin.get(reverse("lms_figures:csv", args=[sat.pk])).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [(row["code"], row["case"], row["questions"]) for row in rows] == [
        ("case-1", "case", "1"),
        ("case-2", "case", "1"),
        ("case-3", "case", "1"),
        ("restore-single", "", "1"),
        ("case", "case", "3"),
    ]
    assert rows[-1]["discrimination"] == "0.45"


def test_of_few_answers_nothing_is_told(training: Training, ana: User, now: Any) -> None:
    make_case(training.bank)
    cases = {"wal": {"count": 1, "questions": 3}}
    Assessment.objects.update(blueprint={"draw": {}, "cases": cases})
    answer(ana, (1, 0, 0), now)
    [case] = get_figures(Assessment.objects.get()).cases
    assert (case.statistics.answers, case.mean) == (1, None)
