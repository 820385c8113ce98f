"""What this app listens to: every fact that can move a status moves it."""

from datetime import datetime

from badges.events import CompanyOf, CredentialExpired, CredentialIssued, CredentialRevoked
from lms.events.ask import answers
from lms.events.subscribe import subscribe
from lms.events.sweep import sweeps
from partners.actions import evaluation
from partners.events import LinkEnded, LinkStarted
from partners.queries import get_company_name


@subscribe(CredentialIssued)
def evaluate_on_issue(event: CredentialIssued) -> None:
    evaluation.evaluate_linked(
        recipient_id=event.recipient_id,
        cause=f"credential.issued:{event.credential_id}",
        now=event.occurred_at,
    )


@subscribe(CredentialRevoked)
def evaluate_on_revocation(event: CredentialRevoked) -> None:
    evaluation.evaluate_linked(
        recipient_id=event.recipient_id,
        cause=f"credential.revoked:{event.credential_id}",
        now=event.occurred_at,
    )


@subscribe(CredentialExpired)
def evaluate_on_expiry(event: CredentialExpired) -> None:
    evaluation.evaluate_linked(
        recipient_id=event.recipient_id,
        cause=f"credential.expired:{event.credential_id}",
        now=event.occurred_at,
    )


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


@sweeps
def evaluate_due(now: datetime) -> int:
    """Move what only a date moves, at the programme's midnight."""
    return evaluation.evaluate_due(now)


@answers(CompanyOf)
def name_company(question: CompanyOf) -> str | None:
    """Say which company a person works for, for a credential whose holder shows it."""
    return get_company_name(question.recipient_id, question.on)
