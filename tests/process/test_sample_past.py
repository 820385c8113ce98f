"""The sample's three simulated years, whole: what was planted is found, and nothing else.

It starts no process; it takes minutes, so it stands beside those that do.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.domain.statistics import GREY
from courses.models import Assessment, Attempt, ItemVersion, Panel, Rating
from courses.queries.integrity import report_integrity
from courses.queries.statistics import get_figures
from lms.notifications.models import Mail
from partners.actions.past import fill_past, schedule_past
from partners.domain.simulated import PastPlan, read_plan
from partners.models import Decision, Partner

pytestmark = [pytest.mark.process, pytest.mark.django_db]
SAMPLE = Path(__file__).resolve().parents[2] / "samples/halden"


def fill_sample() -> PastPlan:
    """Load the sample and fill in its past."""
    call_command("load_programme", str(SAMPLE), without_history=True, stdout=StringIO())
    planned = read_plan((SAMPLE / "simulation.yaml").read_text(encoding="utf-8"))
    now = timezone.now()
    progress = fill_past(schedule_past(planned, now=now), steps=100_000, now=now)
    assert progress.finished
    assert progress.people == sum(company.people for company in planned.companies)
    assert 1600 < progress.tried < 2200
    return planned


def test_exactly_what_was_planted_is_found() -> None:
    plan = fill_sample()
    _check_tries()
    _check_keys(plan)
    _check_reviews(plan)
    _check_panel(plan)
    _check_statuses(plan)
    assert not Mail.objects.filter(to__in=_addresses(plan)).exists()


def _check_tries() -> None:
    for assessment in Assessment.objects.all():
        tries = assessment.attempts.filter(state=Attempt.State.SCORED)
        assert tries.count() == assessment.attempts.count() > 300
        assert 0.4 < tries.filter(passed=True).count() / tries.count() < 0.8


def _check_keys(plan: PastPlan) -> None:
    flagged = {}
    for assessment in Assessment.objects.all():
        for item in get_figures(assessment).items:
            if "miskeyed" in item.statistics.flags:
                flagged[item.code, item.version] = item.statistics
    [(which, statistics)] = flagged.items()
    assert which == (plan.plants.wrong_key.item["code"], 1)
    assert statistics.answers >= GREY
    assert statistics.discrimination is not None
    assert statistics.discrimination < -0.1


def _check_reviews(plan: PastPlan) -> None:
    companies = dict(Partner.objects.values_list("pk", "slug"))
    found = set()
    for assessment in Assessment.objects.select_related("course"):
        for one in report_integrity(assessment).found:
            item = ItemVersion.objects.get(pk=one.version).item.code if one.version else ""
            found.add((one.kind, companies.get(one.group or 0, ""), item))
    leaked, colluding = plan.plants.leaked, plan.plants.colluding.company
    assert found == {("leaked_item", "", leaked.item), ("same_answers", colluding, "")}


def _check_panel(plan: PastPlan) -> None:
    assert plan.panel is not None
    panel = Panel.objects.get()
    assert (panel.state, panel.round, panel.cut_percent) == ("decided", 2, plan.panel.cut)
    assert panel.recommended == pytest.approx(plan.panel.cut, abs=4)
    assert panel.judges.count() == 5
    assert Rating.objects.count() == 5 * 2 * panel.items.count()


def _check_statuses(plan: PastPlan) -> None:
    """Some rose and some lapsed, each in the order of days."""
    names = [tier.id for tier in Partner.objects.all()[0].rules_version.rules.tiers]  # type: ignore[union-attr]
    moves = Decision.objects.exclude(from_tier="").values_list("from_tier", "tier")
    ways = [names.index(after) - names.index(before) for before, after in moves]
    assert sum(way > 0 for way in ways) >= 10
    assert sum(way < 0 for way in ways) >= 5
    assert len(plan.companies) <= Partner.objects.exclude(tier="").count()


def _addresses(plan: PastPlan) -> list[str]:
    domains = {f"@{company.slug}.example" for company in plan.companies}
    return [
        mail
        for mail in Mail.objects.values_list("to", flat=True)
        if mail[mail.index("@") :] in domains
    ]
