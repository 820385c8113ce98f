"""A company's status as a person would tell it, from the decision that stands."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, QuerySet

from partners.domain.results import Decision as Outcome
from partners.domain.results import TierResult
from partners.domain.rules import Benefit, Tier, pick_text
from partners.models import Decision, Partner
from partners.queries.cards import (
    Margin,
    NextTier,
    PartnerCard,
    PartnerStatus,
    TierStatus,
)
from partners.queries.lines import LineWords, short_lines, to_line
from partners.queries.lists import TierNames, to_partner_card, with_people


def find_partner(slug: str, on: date, language: str = "en") -> PartnerCard | None:
    """Return a company by slug."""
    row = with_people(Partner.objects.filter(slug=slug), on).first()
    if row is None:
        return None
    names = TierNames([row.rules_version_id] if row.rules_version_id else [], language)
    return to_partner_card(row, names)


def get_status(partner_id: int, on: date, language: str = "en") -> PartnerStatus | None:
    """Return what was decided by a day; ``None`` before the first decision.

    Three statements, whatever the number of people and lines.
    """
    row = _decisions(partner_id).filter(on__lte=on).order_by("-sequence").first()
    return _to_status(row, language) if row else None


def get_decision_status(
    partner_id: int, decision_id: int, language: str = "en"
) -> PartnerStatus | None:
    """Return the status one decision of this company proved."""
    row = _decisions(partner_id).filter(pk=decision_id).first()
    return _to_status(row, language) if row else None


def _decisions(partner_id: int) -> QuerySet[Decision]:
    later = Decision.objects.filter(
        partner_id=OuterRef("partner_id"), sequence__gt=OuterRef("sequence")
    )
    rows = Decision.objects.filter(partner_id=partner_id).defer("facts")
    return rows.select_related("partner__programme", "rules_version").annotate(
        superseded=Exists(later)
    )


def _held_since(row: Decision) -> date | None:
    earlier = Decision.objects.filter(partner_id=row.partner_id, sequence__lte=row.sequence)
    other = earlier.exclude(tier=row.tier).aggregate(last=Max("sequence"))["last"] or 0
    run = earlier.filter(sequence__gt=other).order_by("sequence")
    return run.values_list("on", flat=True).first()


def _to_status(row: Decision, language: str) -> PartnerStatus:
    rules, outcome, partner = row.rules_version.rules, Outcome.from_json(row.result), row.partner
    words = LineWords(rules, language)
    tiers = tuple(
        _to_tier(tier, result, held=tier.id == row.tier, on=row.on, words=words)
        for tier, result in zip(rules.tiers, outcome.tiers, strict=True)
    )
    held = next((tier for tier in tiers if tier.held), None)
    superseded: bool = getattr(row, "superseded", False)
    return PartnerStatus(
        partner_id=partner.pk,
        slug=partner.slug,
        name=partner.name,
        programme=partner.programme.slug,
        programme_name=pick_text(rules.name, language),
        rules_version=rules.version,
        decision_id=row.pk,
        on=row.on,
        decided_at=row.decided_at,
        cause=row.cause,
        tier_id=row.tier,
        tier_name=held.name if held else "",
        since=_held_since(row),
        next_change_on=outcome.next_change_on if superseded else partner.next_change_on,
        margins=held.margins if held else (),
        benefits=held.benefits if held else (),
        tiers=tiers,
        next_tier=_to_next(next((t for t in tiers if t.id == outcome.next_tier), None)),
    )


def _to_next(tier: TierStatus | None) -> NextTier | None:
    if tier is None:
        return None
    return NextTier(
        id=tier.id,
        name=tier.name,
        missing=tier.missing,
        short_lines=tuple(short_lines(tier.lines)),
        margins=tier.margins,
        benefits=tier.benefits,
    )


def _to_tier(
    tier: Tier, result: TierResult, *, held: bool, on: date, words: LineWords
) -> TierStatus:
    given = [each for each in tier.benefits if each.is_given(on)]
    margins = (_to_margin(each, words) for each in given)
    return TierStatus(
        id=tier.id,
        name=words.pick(tier.name),
        held=held,
        met=result.met,
        missing=result.missing,
        margins=tuple(margin for margin in margins if margin),
        benefits=tuple(words.pick(each.text) for each in given if each.text),
        lines=tuple(to_line(line, words.of_tier(tier)) for line in result.lines),
    )


def _to_margin(benefit: Benefit, words: LineWords) -> Margin | None:
    if benefit.percent is None or benefit.product is None:
        return None
    names = words.rules.products.get(benefit.product)
    name = words.pick(names) if names else benefit.product
    return Margin(product=benefit.product, product_name=name, percent=benefit.percent)
