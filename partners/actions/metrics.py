"""Recording numbers from outside: by hand, and many from a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lms.events.publish import publish
from partners.actions.audit import record
from partners.actions.permissions import require
from partners.domain.files import Fault, Row, read_table
from partners.domain.programme_files import suggest
from partners.domain.roster import MetricRow
from partners.domain.rules import RulesDocument
from partners.domain.standings import ranked_metrics
from partners.events import MetricRecorded
from partners.models import MetricReading, Partner, Programme
from partners.queries.facts import find_rules

PLACE = ("partner_id", "metric", "on", "office", "region", "country")


@dataclass(frozen=True, kw_only=True)
class MetricsReport:
    """What became of a file's rows: recorded anew, corrected, there already, refused."""

    accepted: int
    changed: int
    known: int
    rejected: tuple[Fault, ...]


class MetricRefused(ValueError):
    """A value that cannot stand; the message says what would be right."""


def record_reading(
    *, partner_id: int, row: MetricRow, actor: int | None, now: datetime
) -> MetricReading:
    """Record a value; another one for the same day and place is replaced by it.

    Raises ``MetricRefused``, ``PermissionDenied`` and ``Partner.DoesNotExist``.
    """
    require(actor, "add_metricreading")
    partner = Partner.objects.select_related("programme").get(pk=partner_id)
    rules = _rules_of(partner.programme, partner.programme.today(now))
    if fault := _find_fault(row, rules, partner.programme.today(now)):
        raise MetricRefused(f"{fault[0]}: {fault[1]}")
    with transaction.atomic():
        reading, outcome = _put(partner, row, actor, now)
        if outcome != "known":
            _tell(partner, [row.metric], rules, now)
    return reading


def import_metrics(
    *,
    text: str,
    file: str,
    keep_going: bool,
    dry_run: bool,
    actor: int | None,
    now: datetime,
) -> MetricsReport:
    """Record the values of a CSV text, all or none; with ``keep_going`` those that are right.

    The same file again changes nothing. Raises ``PermissionDenied``.
    """
    require(actor, "add_metricreading")
    rows, faults = read_table(MetricRow, text, file)
    partners = {
        each.slug: each
        for each in Partner.objects.filter(
            slug__in={row.value.partner for row in rows}
        ).select_related("programme")
    }
    found = list(_check(rows, partners, file, now))
    faults += found
    refused = {fault.row for fault in found}
    good = [row for row in rows if row.number not in refused]
    if faults and not keep_going:
        good = []
    with transaction.atomic():
        outcomes = [_put(partners[row.value.partner], row.value, actor, now)[1] for row in good]
        moved: dict[str, list[str]] = {}
        for row, outcome in zip(good, outcomes, strict=True):
            if outcome != "known":
                moved.setdefault(row.value.partner, []).append(row.value.metric)
        for slug, metrics in moved.items():
            owner = partners[slug].programme
            _tell(partners[slug], metrics, _rules_of(owner, owner.today(now)), now)
        transaction.set_rollback(dry_run)
    return MetricsReport(
        accepted=outcomes.count("accepted"),
        changed=outcomes.count("changed"),
        known=outcomes.count("known"),
        rejected=tuple(faults),
    )


def _check(
    rows: list[Row[MetricRow]], partners: dict[str, Partner], file: str, now: datetime
) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], int] = {}
    known = set(Partner.objects.values_list("slug", flat=True))
    rules: dict[int, RulesDocument | None] = {}
    for row in rows:
        partner = partners.get(row.value.partner)
        if partner is None:
            text = suggest(row.value.partner, known, "Partners in the admin")
            yield Fault(file, row.number, "partner", text)
            continue
        owner = partner.programme
        if owner.pk not in rules:
            rules[owner.pk] = _rules_of(owner, owner.today(now))
        if fault := _find_fault(row.value, rules[owner.pk], owner.today(now)):
            yield Fault(file, row.number, *fault)
        place = tuple(row.value.model_dump(exclude={"value", "source"}).values())
        if place in seen:
            text = f"row {seen[place]} has a value for this day already"
            yield Fault(file, row.number, "on", text)
        seen.setdefault(place, row.number)


def _rules_of(programme: Programme, on: date) -> RulesDocument | None:
    version = find_rules(programme.pk, on)
    return version.rules if version else None


def _find_fault(row: MetricRow, rules: RulesDocument | None, today: date) -> tuple[str, str] | None:
    if rules is None or row.metric not in rules.metrics:
        known = ", ".join(sorted(rules.metrics)) if rules and rules.metrics else "none"
        return "metric", f"the rules in force have no such metric; they have: {known}"
    if row.on > today:
        return "on", f"has not happened yet; today is {today}"
    return None


def _put(
    partner: Partner, row: MetricRow, actor: int | None, now: datetime
) -> tuple[MetricReading, str]:
    given = row.model_dump(exclude={"partner"})
    place = {name: given.get(name, partner.pk) for name in PLACE}
    rest = {"value": given["value"], "source": given["source"]}
    stamp = {"recorded_at": now, "recorded_by_id": actor}
    reading, created = MetricReading.objects.select_for_update().get_or_create(
        **place, defaults={**rest, **stamp}
    )
    if not created and all(getattr(reading, name) == value for name, value in rest.items()):
        return reading, "known"
    if not created:
        for name, value in {**rest, **stamp}.items():
            setattr(reading, name, value)
        reading.save()
    record(reading, "lms_partners.metric", actor, metric=row.metric, value=str(row.value))
    return reading, "accepted" if created else "changed"


def _tell(partner: Partner, metrics: list[str], rules: RulesDocument | None, now: datetime) -> None:
    """Say that numbers moved; where companies are ranked by one, every company is due."""
    publish(MetricRecorded(occurred_at=now, partner_id=partner.pk, metric=metrics[0]))
    if rules and ranked_metrics(rules) & set(metrics):
        today = partner.programme.today(now)
        partner.programme.partners.exclude(pk=partner.pk).update(next_change_on=today)
