"""Lists: people of a company, its decisions, companies. Statements do not grow with the rows."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet

from badges import queries as badges
from partners.domain.rules import RulesDocument, pick_text
from partners.models import Decision, Membership, Partner, RulesVersion
from partners.queries.cards import DecisionCard, PartnerCard, PersonCard
from partners.queries.facts import current
from partners.queries.words import describe_cause


def list_people(
    partner_id: int, on: date, limit: int = 50, after: int | None = None
) -> tuple[PersonCard, ...]:
    """Return who is linked on a day or will be, by membership id; ``after`` is the last id."""
    links = current(Membership.objects.filter(partner_id=partner_id), on, later=True)
    page = tuple(links.filter(pk__gt=after or 0).order_by("pk")[:limit])
    cards = badges.get_recipients([link.recipient_id for link in page])
    return tuple(_to_person(link, cards.get(link.recipient_id)) for link in page)


def _to_person(link: Membership, card: badges.RecipientCard | None) -> PersonCard:
    return PersonCard(
        membership_id=link.pk,
        partner_id=link.partner_id,
        recipient_id=link.recipient_id,
        user_id=card.user_id if card else None,
        name=card.name if card else "",
        email=card.email or "" if card else "",
        job=link.job,
        role=link.role,
        since=link.since,
        until=link.until,
    )


def list_decisions(
    partner_id: int, limit: int = 20, after: int | None = None, language: str = "en"
) -> tuple[DecisionCard, ...]:
    """Return a company's decisions, newest first; ``after`` is the last one's ``sequence``."""
    rows = Decision.objects.filter(partner_id=partner_id).defer("facts", "result")
    if after is not None:
        rows = rows.filter(sequence__lt=after)
    page = tuple(rows.order_by("-sequence")[:limit])
    names = TierNames({row.rules_version_id for row in page}, language)
    return tuple(to_decision_card(row, names) for row in page)


def to_decision_card(row: Decision, names: "TierNames") -> DecisionCard:
    """Return one decision with its tiers named."""
    return DecisionCard(
        id=row.pk,
        partner_id=row.partner_id,
        sequence=row.sequence,
        on=row.on,
        decided_at=row.decided_at,
        rules_version=names.version(row.rules_version_id),
        tier=row.tier,
        tier_name=names.tier(row.rules_version_id, row.tier),
        from_tier=row.from_tier,
        from_tier_name=names.tier(row.rules_version_id, row.from_tier),
        cause=row.cause,
        cause_text=describe_cause(row.cause),
    )


def list_partners(
    *,
    on: date,
    search: str = "",
    tier: str = "",
    country: str = "",
    programme: str = "",
    language: str = "en",
    limit: int = 50,
    after: int | None = None,
) -> tuple[PartnerCard, ...]:
    """Return companies by name; ``search`` looks into name, slug and city; ``after`` is an id."""
    exact = {"tier": tier, "country": country.upper(), "programme__slug": programme}
    rows = Partner.objects.filter(**{field: value for field, value in exact.items() if value})
    if search:
        rows = rows.filter(
            Q(name__icontains=search) | Q(slug__icontains=search) | Q(city__icontains=search)
        )
    page = tuple(with_people(_following(rows, after), on).order_by("name", "pk")[:limit])
    names = TierNames({row.rules_version_id for row in page if row.rules_version_id}, language)
    return tuple(to_partner_card(row, names) for row in page)


def with_people(rows: QuerySet[Partner], on: date) -> QuerySet[Partner]:
    """Annotate companies with ``people``, the number linked on a day."""
    links = Q(memberships__since__lte=on) & (
        Q(memberships__until__isnull=True) | Q(memberships__until__gt=on)
    )
    return rows.annotate(people=Count("memberships", filter=links))


def _following(rows: QuerySet[Partner], after: int | None) -> QuerySet[Partner]:
    last = Partner.objects.filter(pk=after).first() if after is not None else None
    if last is None:
        return rows
    return rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))


def to_partner_card(row: Partner, names: "TierNames") -> PartnerCard:
    """Return one company with its tier named."""
    return PartnerCard(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        country=row.country,
        city=row.city,
        website=row.website,
        tier=row.tier,
        tier_name=names.tier(row.rules_version_id, row.tier),
        held_since=row.held_since,
        next_change_on=row.next_change_on,
        people=getattr(row, "people", 0),
    )


class TierNames:
    """Names of tiers under several rules versions, read in one statement."""

    def __init__(self, version_ids: Collection[int], language: str) -> None:
        rows = RulesVersion.objects.in_bulk(version_ids) if version_ids else {}
        self._rules: Mapping[int, RulesDocument] = {pk: row.rules for pk, row in rows.items()}
        self._language = language

    def tier(self, version_id: int | None, tier_id: str) -> str:
        """Return a tier's name; its id if those rules do not know it."""
        rules = self._rules.get(version_id or 0)
        found = rules.find_tier(tier_id) if rules else None
        return pick_text(found.name, self._language) if found else tier_id

    def version(self, version_id: int) -> str:
        """Return a version's own name."""
        return self._rules[version_id].version
