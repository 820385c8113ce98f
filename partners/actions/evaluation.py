"""Evaluating: what the facts come to today, kept as a decision whenever the outcome changed."""

import logging
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from lms.events.publish import publish
from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts
from partners.domain.results import Decision as Outcome
from partners.events import TierChanged
from partners.models import Decision, Membership, Partner, Programme, RulesVersion
from partners.queries import DecisionCard
from partners.queries.facts import find_next_rules, find_rules, load_facts
from partners.queries.lists import TierNames, to_decision_card

logger = logging.getLogger("lms.partners")


def evaluate_partner(*, partner_id: int, cause: str, now: datetime) -> DecisionCard | None:
    """Decide the company's tier as of today and return the decision that stands.

    A decision is added only if tier, lines, people, credentials or rules differ from the last one;
    ``TierChanged`` is published if the tier does. A late call never goes back behind the last day
    evaluated. ``None`` while no rules are in force, or while the company's past is being filled in
    and has not come to today. Raises ``Partner.DoesNotExist``.
    """
    with transaction.atomic():
        rows = Partner.objects.select_for_update(of=("self",)).select_related("programme")
        partner = rows.get(pk=partner_id)
        on = max(partner.programme.today(now), partner.evaluated_on or date.min)
        if partner.replayed_to is not None and partner.replayed_to < on:
            return None
        version = find_rules(partner.programme_id, on)
        upcoming = find_next_rules(partner.programme_id, on)
        if version is None:
            _record_due(partner, on, upcoming)
            return None
        facts = load_facts(partner, version.rules, on)
        outcome = evaluate(version.rules, facts, on)
        decision = _keep(partner, version, facts, outcome, cause, now)
        dates = [day for day in (outcome.next_change_on, upcoming) if day]
        _record_due(partner, on, min(dates, default=None))
        return to_decision_card(decision, TierNames([decision.rules_version_id], "en"))


def evaluate_linked(*, recipient_id: int, cause: str, now: datetime) -> int:
    """Evaluate every company the person is linked to today or later; return how many."""
    links = Membership.objects.filter(recipient_id=recipient_id)
    on = Q(until__isnull=True) | Q(until__gt=F("partner__evaluated_on"))
    partner_ids = links.filter(on).values_list("partner_id", flat=True).distinct()
    for partner_id in sorted(partner_ids):
        evaluate_partner(partner_id=partner_id, cause=cause, now=now)
    return len(partner_ids)


def evaluate_due(now: datetime) -> int:
    """Evaluate companies for whom a date has come; return how many. One failing delays no other."""
    moved = 0
    for programme in Programme.objects.all():
        today = programme.today(now)
        due = programme.partners.filter(next_change_on__lte=today).exclude(replayed_to__lt=today)
        due = due.order_by("next_change_on", "pk")
        for partner_id in list(due.values_list("pk", flat=True)):
            moved += _evaluate_one(partner_id, today, now)
    return moved


def _evaluate_one(partner_id: int, today: date, now: datetime) -> int:
    try:
        evaluate_partner(partner_id=partner_id, cause=_name_cause(partner_id, today), now=now)
    except Exception:
        logger.exception("partner %s could not be evaluated", partner_id)
        return 0
    return 1


def _name_cause(partner_id: int, today: date) -> str:
    partner = Partner.objects.get(pk=partner_id)
    version = find_rules(partner.programme_id, today)
    if version is None or version.pk != partner.rules_version_id or partner.evaluated_on is None:
        return "rules"
    facts = load_facts(partner, version.rules, partner.evaluated_on)
    return facts.what_changed(partner.evaluated_on, today)


def _keep(
    partner: Partner,
    version: RulesVersion,
    facts: Facts,
    outcome: Outcome,
    cause: str,
    now: datetime,
) -> Decision:
    last = partner.decisions.order_by("-sequence").first()
    fingerprint = outcome.fingerprint
    if last and last.fingerprint == fingerprint and last.rules_version_id == version.pk:
        return last
    decision = Decision.objects.create(
        partner=partner,
        sequence=last.sequence + 1 if last else 1,
        on=outcome.on,
        decided_at=now,
        rules_version=version,
        tier=outcome.tier,
        from_tier=last.tier if last else "",
        cause=cause,
        facts=facts.to_json(),
        result=outcome.to_json(),
        fingerprint=fingerprint,
    )
    _hold(partner, decision, now)
    return decision


def _hold(partner: Partner, decision: Decision, now: datetime) -> None:
    partner.rules_version = decision.rules_version
    if partner.tier == decision.tier and partner.held_since is not None:
        return
    partner.held_since = decision.on
    partner.tier = decision.tier
    if decision.from_tier == decision.tier:
        return
    publish(
        TierChanged(
            occurred_at=now,
            partner_id=partner.pk,
            decision_id=decision.pk,
            from_tier=decision.from_tier,
            to_tier=decision.tier,
            cause=decision.cause,
        )
    )


def _record_due(partner: Partner, on: date, next_change_on: date | None) -> None:
    partner.evaluated_on, partner.next_change_on = on, next_change_on
    partner.save(
        update_fields=["tier", "held_since", "rules_version", "evaluated_on", "next_change_on"]
    )
