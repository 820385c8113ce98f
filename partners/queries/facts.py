"""The facts of a company, as the rules read them, and what they come to on a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from badges import queries as badges
from partners.domain.evaluation import evaluate
from partners.domain.facts import Facts, Holding, Person, Reading, Standing
from partners.domain.results import Decision
from partners.domain.rules import RulesDocument
from partners.domain.standings import rank, ranked_metrics
from partners.models import Membership, MetricReading, Partner, RulesVersion

PAGE = 1000
MOST_NAMED = 10_000  # people in one statement


def find_rules(programme_id: int, on: date) -> RulesVersion | None:
    """Return the version in force on a day, if any is."""
    versions = RulesVersion.objects.filter(programme_id=programme_id, valid_from__lte=on)
    return versions.order_by("-valid_from", "-pk").first()


def find_next_rules(programme_id: int, on: date) -> date | None:
    """Return the day the next version takes effect."""
    versions = RulesVersion.objects.filter(programme_id=programme_id, valid_from__gt=on)
    return versions.order_by("valid_from").values_list("valid_from", flat=True).first()


def compute_decision(partner_id: int, on: date) -> tuple[RulesVersion, Decision] | None:
    """Evaluate a company on any day without keeping the result; ``None`` without rules that day.

    Raises ``Partner.DoesNotExist``.
    """
    partner = Partner.objects.get(pk=partner_id)
    version = find_rules(partner.programme_id, on)
    if version is None:
        return None
    rules = version.rules
    return version, evaluate(rules, load_facts(partner, rules, on), on)


def load_facts(partner: Partner, rules: RulesDocument, on: date) -> Facts:
    """Return what the rules read of a company: people, numbers, rank.

    People are those linked on ``on`` or later, with what they hold; a rank takes the numbers of the
    whole programme, and only rules that ask for one pay for it.
    """
    achievements = rules.achievements
    links = tuple(current(Membership.objects.filter(partner=partner), on, later=True))
    holdings: dict[int, list[Holding]] = {link.recipient_id: [] for link in links}
    for recipient_id, holding in _read_holdings(tuple(holdings)):
        if holding.achievement in achievements:
            holdings[recipient_id].append(holding)
    people = (
        Person(
            id=link.recipient_id,
            since=link.since,
            until=link.until,
            job=link.job,
            holdings=tuple(sorted(holdings[link.recipient_id], key=lambda each: each.code)),
        )
        for link in links
    )
    facts = Facts(
        people=tuple(sorted(people, key=lambda person: (person.id, person.since))),
        metrics=_load_readings(rules, [partner.pk]).get(partner.pk, ()),
        joined_on=partner.joined_on,
    )
    return replace(facts, standings=_load_standings(partner, rules, on))


def _load_readings(
    rules: RulesDocument, partner_ids: Iterable[int], metrics: Iterable[str] | None = None
) -> dict[int, tuple[Reading, ...]]:
    if not rules.metrics:
        return {}
    names = list(rules.metrics if metrics is None else metrics)
    rows = MetricReading.objects.filter(partner__in=list(partner_ids), metric__in=names)
    found: dict[int, list[Reading]] = {}
    for row in rows.order_by("partner", "metric", "on", "pk"):
        reading = Reading(
            metric=row.metric,
            on=row.on,
            value=Decimal(f"{row.value.normalize():f}"),  # 100, neither 100.0000 nor 1E+2
            office=row.office,
            region=row.region,
            country=row.country,
            source=row.source,
        )
        found.setdefault(row.partner_id, []).append(reading)
    return {partner_id: tuple(readings) for partner_id, readings in found.items()}


def _load_standings(partner: Partner, rules: RulesDocument, on: date) -> tuple[Standing, ...]:
    metrics = ranked_metrics(rules)
    if not metrics:
        return ()
    peers = Partner.objects.filter(programme=partner.programme_id)
    countries = dict(peers.values_list("pk", "country"))
    readings = _load_readings(rules, countries, metrics)
    facts = {str(pk): Facts(metrics=each) for pk, each in readings.items()}
    named = {str(pk): country for pk, country in countries.items()}
    return rank(rules, facts, named, on).get(str(partner.pk), Facts()).standings


def current(
    memberships: QuerySet[Membership], on: date, *, later: bool = False
) -> QuerySet[Membership]:
    """Keep the links that hold on a day, with ``later`` also those that will."""
    open_then = memberships.filter(Q(until__isnull=True) | Q(until__gt=on))
    return open_then if later else open_then.filter(since__lte=on)


def get_company_name(recipient_id: int, on: date) -> str | None:
    """Return the name of the company a person is linked to on a day."""
    links = current(Membership.objects.filter(recipient_id=recipient_id), on)
    return links.values_list("partner__name", flat=True).first()


def list_company_links(user_ids: Sequence[int]) -> Iterator[tuple[int, int, date, date | None]]:
    """Yield user, company and span of every link these people have or had."""
    for start in range(0, len(user_ids), MOST_NAMED):
        links = Membership.objects.filter(
            recipient__user__in=user_ids[start : start + MOST_NAMED]
        ).order_by("pk")
        yield from links.values_list("recipient__user", "partner", "since", "until")


def name_companies(partner_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of companies by their ids."""
    return dict(Partner.objects.filter(pk__in=partner_ids).values_list("pk", "name"))


def _read_holdings(recipient_ids: tuple[int, ...]) -> Iterator[tuple[int, Holding]]:
    after: int | None = None
    while recipient_ids:
        cards = badges.list_credentials(recipient_ids=recipient_ids, limit=PAGE, after=after)
        for card in cards:
            # A suspended one does not count until it is reinstated, which forgets the day.
            marked = card.revoked_at or card.suspended_at
            stopped = marked and marked.astimezone(timezone.get_default_timezone())
            yield (
                card.recipient_id,
                Holding(
                    achievement=card.achievement,
                    code=card.code,
                    valid_from=card.valid_from,
                    valid_until=card.valid_until,
                    revoked_on=stopped.date() if stopped else None,
                ),
            )
        if len(cards) < PAGE:
            return
        after = cards[-1].id
