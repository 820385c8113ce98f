"""Numbers from outside: recorded once, corrected, checked, and what they move."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lms.events.publish import deliver_due
from lms.events.sweep import sweep
from partners import queries
from partners.actions.metrics import MetricRefused, import_metrics, record_reading
from partners.domain.roster import MetricRow
from partners.models import Decision, MetricReading, Partner
from tests.factories.partners import (
    DAY,
    NOW,
    document,
    make_partner,
    make_rules,
    make_user,
    tier,
)

pytestmark = pytest.mark.django_db
REVENUE: dict[str, Any] = {
    "revenue": {"text": {"en": "Revenue"}, "unit": "EUR", "read": "sum", "months": 12}
}


def rules(*lines: dict[str, Any]) -> dict[str, Any]:
    return document(metrics=REVENUE, tiers=[tier("base", 0), tier("silver", 1, *lines)])


ENOUGH = {"id": "revenue", "text": {"en": "Revenue"}, "metric": "revenue", "at_least": 100}
BEST = {"id": "best", "text": {"en": "The best half"}, "top_percent": 50, "metric": "revenue"}


@pytest.fixture
def partner() -> Partner:
    plain = rules(ENOUGH)
    make_rules(tiers=plain["tiers"], metrics=plain["metrics"])
    return Partner.objects.get(pk=make_partner())


def row(value: int = 100, **changes: Any) -> MetricRow:
    given: dict[str, Any] = {"partner": "baltwerk", "metric": "revenue", "on": DAY}
    return MetricRow(**{**given, "value": Decimal(value), **changes})


def put(partner: Partner, value: int = 100, **changes: Any) -> MetricReading:
    reading = record_reading(partner_id=partner.pk, row=row(value, **changes), actor=None, now=NOW)
    deliver_due(NOW)
    return reading


def test_a_number_moves_the_status_and_the_decision_keeps_it(partner: Partner) -> None:
    assert Partner.objects.get().tier == "base"
    put(partner)
    assert Partner.objects.get().tier == "silver"
    decision = Decision.objects.latest("sequence")
    assert decision.cause == "metric.recorded:revenue"
    assert decision.facts["metrics"][0]["value"] == "100"
    put(partner, 99)
    assert Partner.objects.get().tier == "base"
    decision.refresh_from_db()
    assert decision.facts["metrics"][0]["value"] == "100"


def test_the_same_number_again_changes_nothing(partner: Partner) -> None:
    first = put(partner)
    assert put(partner).recorded_at == first.recorded_at
    assert MetricReading.objects.count() == 1
    assert Decision.objects.filter(cause="metric.recorded:revenue").count() == 1


def test_a_number_that_leaves_its_window_lapses_by_the_sweep(partner: Partner) -> None:
    put(partner)
    year_later = NOW + timedelta(days=365)
    assert Partner.objects.get().next_change_on == year_later.date()
    sweep(year_later)
    assert Partner.objects.get().tier == "base"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"metric": "profit"},
            "rules in force have no such metric; they have: revenue",
        ),
        ({"on": DAY + timedelta(days=1)}, "on: has not happened yet; today is 2026-03-02"),
    ],
)
def test_a_number_that_cannot_stand_is_refused(
    partner: Partner, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(MetricRefused, match=message):
        put(partner, **changes)
    assert not MetricReading.objects.exists()


def test_recording_takes_its_permission(partner: Partner) -> None:
    cy = make_user("cy@ostrand.example")
    with pytest.raises(PermissionDenied):
        record_reading(partner_id=partner.pk, row=row(), actor=cy, now=NOW)
    with pytest.raises(PermissionDenied):
        load("", actor=cy)
    eli = make_user("eli@halden.example", "add_metricreading", staff=True)
    reading = record_reading(partner_id=partner.pk, row=row(), actor=eli, now=NOW)
    assert reading.recorded_by_id == eli


def test_where_companies_are_ranked_a_number_of_one_moves_the_others() -> None:
    plain = rules(BEST)
    make_rules(tiers=plain["tiers"], metrics=plain["metrics"])
    one, other = (Partner.objects.get(pk=make_partner(slug)) for slug in ("one", "other"))
    put(one, 5)
    assert Partner.objects.get(slug="one").tier == "silver"
    put(other, 9)
    sweep(NOW)
    tiers = dict(Partner.objects.values_list("slug", "tier"))
    assert tiers == {"one": "base", "other": "silver"}


HEADER = "partner,metric,on,value\n"


def load(rows: str, **options: Any) -> Any:
    given = {"keep_going": False, "dry_run": False, "actor": None, "now": NOW, **options}
    return import_metrics(text=HEADER + rows, file="metrics.csv", **given)


def test_a_file_is_recorded_whole_or_not_at_all(partner: Partner) -> None:
    good, bad = "baltwerk,revenue,2026-03-01,60\n", "baltwerks,revenue,2026-03-01,1\n"
    report = load(good + bad)
    assert (report.accepted, MetricReading.objects.count()) == (0, 0)
    [fault] = report.rejected
    told = "metrics.csv, row 3, partner: baltwerks is not known; did you mean baltwerk?"
    assert str(fault) == told
    assert load(good + bad, keep_going=True).accepted == 1


def test_a_file_twice_changes_nothing_and_a_dry_run_neither(partner: Partner) -> None:
    rows = "baltwerk,revenue,2026-03-01,60\nbaltwerk,revenue,2026-02-01,50\n"
    assert load(rows, dry_run=True).accepted == 2
    assert not MetricReading.objects.exists()
    assert load(rows).accepted == 2
    again = load(rows.replace("50", "51"))
    assert (again.accepted, again.changed, again.known) == (0, 1, 1)
    deliver_due(NOW)
    assert Partner.objects.get().tier == "silver"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ("baltwerk,revenue,2026-03-01,many\n", "value"),
        ("baltwerk,revenue,1 March,1\n", "on"),
        ("baltwerk,revenue,2026-03-01,1\nbaltwerk,revenue,2026-03-01,2\n", "on"),
    ],
)
def test_every_bad_row_is_named(partner: Partner, rows: str, field: str) -> None:
    assert [fault.field for fault in load(rows).rejected] == [field]


def test_the_command_says_what_it_did(partner: Partner, tmp_path: Path) -> None:
    file, out = tmp_path / "metrics.csv", StringIO()
    yesterday = date.fromordinal(DAY.toordinal() - 1)
    file.write_text(f"{HEADER}baltwerk,revenue,{yesterday},60\n", encoding="utf-8")
    call_command("import_metrics", str(file), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (1, 0, [])
    file.write_text(f"{HEADER}nobody,revenue,{yesterday},60\n", encoding="utf-8")
    with pytest.raises(CommandError, match="row 2, partner: nobody is not known"):
        call_command("import_metrics", str(file), stdout=StringIO())


def test_the_channel_manager_records_and_corrects_in_the_admin(
    partner: Partner,
) -> None:
    permissions = ["add_metricreading", "change_metricreading", "view_metricreading"]
    eli = make_user("eli@halden.example", *permissions, staff=True)
    admin = Client()
    admin.force_login(_with_admin(eli))
    sent = {"partner": partner.pk, "metric": "revenue", "on": "2026-03-02", "value": "100"}
    answer = admin.post(reverse("lms_metric:add"), sent)
    assert answer.status_code == 302, answer.content.decode()
    reading = MetricReading.objects.get()
    answer = admin.post(reverse("lms_metric:edit", args=[reading.pk]), {"value": "90"})
    assert answer.status_code == 302
    reading.refresh_from_db()
    assert reading.value == 90
    page = admin.get(reverse("lms_metric:index")).content.decode()
    assert "Baltwerk" in page
    refused = admin.post(reverse("lms_metric:add"), sent | {"metric": "profit"})
    assert "no such metric" in refused.content.decode()


def _with_admin(pk: int) -> Any:
    user = get_user_model().objects.get(pk=pk)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize("number", [1, 3])
def test_facts_take_as_many_statements_however_many_numbers(
    partner: Partner, number: int, django_assert_num_queries: Any
) -> None:
    for day in range(number):
        put(partner, on=DAY - timedelta(days=day))
    fresh = Partner.objects.get()
    version = fresh.rules_version
    assert version is not None
    rules_now = version.rules
    with django_assert_num_queries(2):
        assert len(queries.load_facts(fresh, rules_now, DAY).metrics) == number
