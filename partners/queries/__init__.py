"""What may be asked about partners. Other apps import from here."""

from partners.queries.cards import (
    Count,
    DecisionCard,
    LineStatus,
    Margin,
    NextTier,
    PartnerCard,
    PartnerStatus,
    PersonCard,
    Seat,
    TierStatus,
    Waiting,
)
from partners.queries.facts import (
    compute_decision,
    find_rules,
    get_company_name,
    list_company_links,
    load_facts,
    name_companies,
)
from partners.queries.lists import list_decisions, list_partners, list_people
from partners.queries.seats import get_partner_of_user, may_manage, may_view
from partners.queries.status import find_partner, get_decision_status, get_status
from partners.queries.words import describe_cause, describe_refusal

__all__ = [
    "Count",
    "DecisionCard",
    "LineStatus",
    "Margin",
    "NextTier",
    "PartnerCard",
    "PartnerStatus",
    "PersonCard",
    "Seat",
    "TierStatus",
    "Waiting",
    "compute_decision",
    "describe_cause",
    "describe_refusal",
    "find_partner",
    "find_rules",
    "get_company_name",
    "get_decision_status",
    "get_partner_of_user",
    "get_status",
    "list_company_links",
    "list_decisions",
    "list_partners",
    "list_people",
    "load_facts",
    "may_manage",
    "may_view",
    "name_companies",
]
