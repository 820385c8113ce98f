"""What this app listens to: every fact that can move a status moves it."""

from datetime import datetime
from typing import Any

from badges.events import (
    CompanyOf,
    CredentialExpired,
    CredentialIssued,
    CredentialReinstated,
    CredentialRevoked,
    CredentialSuspended,
    EditionAdded,
    RecipientErased,
)
from courses.events import GroupLink, GroupLinksOf, NamesOfGroups, TiersAfter, TierShift
from lms.events.ask import answers
from lms.events.subscribe import subscribe
from lms.events.sweep import sweeps
from partners.actions import evaluation
from partners.actions.links import end_links_of
from partners.actions.past import fill_due
from partners.events import LinkEnded, LinkStarted, MetricRecorded
from partners.queries import get_company_name, list_company_links, name_companies
from partners.queries.supposing import suppose_tiers


@subscribe(CredentialIssued)
def evaluate_on_issue(event: CredentialIssued) -> None:
    _evaluate("credential.issued", event)


@subscribe(EditionAdded)
def evaluate_on_renewal(event: EditionAdded) -> None:
    """Only a renewal moves a date; another name or wording counts as before."""
    if event.kind == "renewal":
        _evaluate("credential.renewed", event)


@subscribe(CredentialRevoked)
def evaluate_on_revocation(event: CredentialRevoked) -> None:
    _evaluate("credential.revoked", event)


@subscribe(CredentialSuspended)
def evaluate_on_suspension(event: CredentialSuspended) -> None:
    _evaluate("credential.suspended", event)


@subscribe(CredentialReinstated)
def evaluate_on_reinstatement(event: CredentialReinstated) -> None:
    _evaluate("credential.reinstated", event)


@subscribe(CredentialExpired)
def evaluate_on_expiry(event: CredentialExpired) -> None:
    _evaluate("credential.expired", event)


@subscribe(LinkStarted)
def evaluate_on_link(event: LinkStarted) -> None:
    evaluation.evaluate_partner(
        partner_id=event.partner_id,
        cause=f"link.started:{event.membership_id}",
        now=event.occurred_at,
    )


@subscribe(LinkEnded)
def evaluate_on_leaving(event: LinkEnded) -> None:
    evaluation.evaluate_partner(
        partner_id=event.partner_id,
        cause=f"link.ended:{event.membership_id}",
        now=event.occurred_at,
    )


@subscribe(MetricRecorded)
def evaluate_on_metric(event: MetricRecorded) -> None:
    evaluation.evaluate_partner(
        partner_id=event.partner_id,
        cause=f"metric.recorded:{event.metric}",
        now=event.occurred_at,
    )


@subscribe(RecipientErased)
def end_links(event: RecipientErased) -> None:
    """Who is forgotten works nowhere any more; what was decided on them stands."""
    end_links_of(recipient_id=event.recipient_id, now=event.occurred_at)


def _evaluate(what: str, event: Any) -> None:
    evaluation.evaluate_linked(
        recipient_id=event.recipient_id,
        cause=f"{what}:{event.credential_id}",
        now=event.occurred_at,
    )


@sweeps
def evaluate_due(now: datetime) -> int:
    """Move what only a date moves, at the programme's midnight."""
    return evaluation.evaluate_due(now)


sweeps(fill_due)


@answers(CompanyOf)
def name_company(question: CompanyOf) -> str | None:
    """Say which company a person works for, for a credential whose holder shows it."""
    return get_company_name(question.recipient_id, question.on)


@answers(TiersAfter)
def tell_tiers(question: TiersAfter) -> tuple[TierShift, ...]:
    """Say whose status would change; nothing is changed by asking."""
    return suppose_tiers(
        gained=question.gained,
        lost=question.lost,
        on=question.on,
        language=question.language,
    )


@answers(GroupLinksOf)
def tell_links(question: GroupLinksOf) -> tuple[GroupLink, ...]:
    """Say who worked for which company when."""
    return tuple(
        GroupLink(user_id=user_id, group_id=partner_id, since=since, until=until)
        for user_id, partner_id, since, until in list_company_links(question.user_ids)
    )


@answers(NamesOfGroups)
def tell_names(question: NamesOfGroups) -> dict[int, str]:
    """Say what companies are called."""
    return name_companies(question.group_ids)
