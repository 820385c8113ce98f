"""Every kind of line on the company's page and in the admin: its meter, number or word."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.actions.evaluation import evaluate_partner
from partners.actions.metrics import record_reading
from partners.domain.roster import MetricRow
from tests.factories import partners
from tests.factories.partners import RECOVERY, SALES, Company, line, tier

pytestmark = pytest.mark.django_db
METRICS = {
    "revenue": {"text": {"en": "Revenue"}, "unit": "EUR"},
    "score": {"text": {"en": "Score"}},
}


def other(line_id: str, text: str, **keys: Any) -> dict[str, Any]:
    return {"id": line_id, "text": {"en": text}, **keys}


LINES = [
    line("sales", 1, SALES, gate={"any_of": [RECOVERY]}),
    other("revenue", "Revenue of a year", metric="revenue", at_least=200_000),
    other("score", "Partner score", metric="score", at_most=3),
    line("asked", 1, SALES, when={"metric": "revenue", "at_least": 10**6}),
    other(
        "either",
        "One of two ways",
        at_least=1,
        lines=[line("a", 1, SALES, jobs=["sales"]), line("b", 1, RECOVERY)],
    ),
]


@pytest.fixture
def lines(baltwerk: Company) -> Company:
    now = timezone.now()
    today = timezone.localdate().isoformat()
    document = {
        "metrics": METRICS,
        "sharing": "allowed",
        "tiers": [tier("registered", 10), {**tier("gold", 25, *LINES), "different_people": 3}],
    }
    partners.make_rules(now, version="2026.2", announced_on=today, valid_from=today, **document)
    evaluate_partner(partner_id=baltwerk.id, cause="rules", now=now)
    row = {"partner": "baltwerk", "metric": "revenue", "on": today, "value": "12000"}
    record_reading(partner_id=baltwerk.id, row=MetricRow.model_validate(row), actor=None, now=now)
    evaluate_partner(partner_id=baltwerk.id, cause="metric.recorded:revenue", now=now)
    return baltwerk


def test_the_managers_page_tells_each_kind_of_line(lines: Company, bo: Any) -> None:
    client = Client()
    client.force_login(bo)
    page = client.get(reverse("lms_company")).content.decode()
    assert "Revenue of a year" in page
    assert "12000 of 200000" in page
    assert "188000 EUR short" in page
    assert "Partner score: no figure is on record" in page
    assert "Certified in asked: not asked at present" in page
    assert "Nothing counts here until the people it names first are there." in page
    assert "Certified in b: not needed, another line is enough" in page
    assert "Different people over all lines" in page
    assert "E+" not in page


def test_the_admin_tells_the_same(lines: Company, eli: Any) -> None:
    client = Client()
    client.force_login(eli)
    page = client.get(reverse("lms_partner:inspect", args=[lines.id])).content.decode()
    assert "12000 EUR" in page.replace("12,000", "12000")
    assert "not asked at present" in page
    assert "One of two ways" in page
