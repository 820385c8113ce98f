"""Which companies' status would change if people gained achievements and lost credentials."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet

from courses.events import TierShift
from partners.domain.evaluation import evaluate
from partners.domain.rules import RulesDocument, pick_text
from partners.domain.supposing import suppose
from partners.models import Membership, Partner
from partners.queries.facts import current, find_rules, load_facts

CHUNK = 400  # people in one statement
Pairs = Sequence[tuple[int, str]]


def suppose_tiers(*, gained: Pairs, lost: Pairs, on: date, language: str) -> tuple[TierShift, ...]:
    """Evaluate the companies of these people as if, and return those that would change.

    ``gained`` are recipients with achievements, ``lost`` recipients with codes of credentials.
    """
    people = sorted({recipient for recipient, _what in (*gained, *lost)})
    linked: dict[int, set[int]] = defaultdict(set)
    for start in range(0, len(people), CHUNK):
        links = Membership.objects.filter(recipient_id__in=people[start : start + CHUNK])
        for partner_id, recipient_id in _pairs(current(links, on)):
            linked[partner_id].add(recipient_id)
    companies = Partner.objects.filter(pk__in=linked).order_by("name")
    found = (_suppose(one, linked[one.pk], gained, lost, on, language) for one in companies)
    return tuple(one for one in found if one is not None)


def _pairs(links: QuerySet[Membership]) -> Iterator[tuple[int, int]]:
    yield from links.values_list("partner_id", "recipient_id")


def _suppose(
    partner: Partner, people: set[int], gained: Pairs, lost: Pairs, on: date, language: str
) -> TierShift | None:
    version = find_rules(partner.programme_id, on)
    if version is None:
        return None
    rules, has = version.rules, defaultdict[int, list[str]](list)
    for recipient, achievement in gained:
        if recipient in people and achievement in rules.achievements:
            has[recipient].append(achievement)
    without = frozenset(code for recipient, code in lost if recipient in people)
    facts = load_facts(partner, rules, on)
    before = evaluate(rules, facts, on).tier
    with_it = evaluate(rules, suppose(facts, gained=has, lost=frozenset(), on=on), on).tier
    after = evaluate(rules, suppose(facts, gained=has, lost=without, on=on), on).tier
    if before == with_it == after:
        return None
    return TierShift(
        company=partner.name,
        before=_name(rules, before, language),
        gained=_name(rules, with_it, language),
        lost=_name(rules, after, language),
        recipient_ids=tuple(sorted(people)),
    )


def _name(rules: RulesDocument, tier_id: str, language: str) -> str:
    tier = next((tier for tier in rules.tiers if tier.id == tier_id), None)
    return pick_text(tier.name, language) if tier else "–"
