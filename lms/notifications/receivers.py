"""Who is told what: one mail an event and reader."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from badges.events import (
    CredentialExpired,
    CredentialExpiring,
    CredentialIssued,
    CredentialReinstated,
    CredentialRevoked,
    CredentialSuspended,
    EditionAdded,
    MisuseReported,
    NameDecided,
    NameRequested,
    RecipientErased,
)
from badges.queries import get_credential, get_recipient_of_user, get_recipients
from badges.queries.achievements import get_issuer
from badges.queries.exhibits import list_editions
from badges.queries.names import get_name_request
from courses.events import AttemptFailed
from courses.queries.progress import describe_failure
from lms.conf import get_conf
from lms.events.subscribe import subscribe
from lms.events.sweep import sweeps
from lms.notifications.actions import forget_mails, send_due, write_mail
from partners.events import TierChanged
from partners.queries.lists import list_people
from partners.queries.past import is_company_replayed, is_replayed
from partners.queries.status import get_decision_status

sweeps(send_due)


def _link(name: str, *args: str) -> str:
    """An absolute address; a host may put the portal under any prefix."""
    return get_conf().base_url + reverse(name, args=args)


def _language(user: Any) -> str:
    return getattr(user, "language", None) or "en"


def _tell_holder(
    kind: str, event: Any, mark: object = 0, at: datetime | None = None, **more: Any
) -> None:
    """Mail a credential's holder; ``mark`` keeps two events of one kind and credential apart."""
    card = get_credential(event.code)
    holder = get_recipients([event.recipient_id]).get(event.recipient_id)
    if card is None or holder is None or is_replayed(recipient_id=event.recipient_id):
        return
    user = get_user_model().objects.filter(pk=event.user_id or 0).first()
    write_mail(
        kind,
        key=f"{kind}:{event.credential_id}:{mark}",
        to=holder.email,
        user_id=event.user_id,
        language=_language(user),
        context={"title": card.title, "code": card.code, "name": holder.name, **more},
        now=at or event.occurred_at,
    )


@subscribe(CredentialIssued)
def mail_issued(event: CredentialIssued) -> None:
    """The holder reads that the certificate is there; one issued elsewhere long ago is no news."""
    card = get_credential(event.code)
    at = card.issued_at if card else None
    _tell_holder("credential_issued", event, mark=event.edition, at=at)


@subscribe(CredentialRevoked)
def mail_revoked(event: CredentialRevoked) -> None:
    """The holder reads why it was withdrawn."""
    _tell_holder("credential_revoked", event, reason=event.reason)


@subscribe(CredentialSuspended)
def mail_suspended(event: CredentialSuspended) -> None:
    """The holder reads why it does not count for now."""
    mark = int(event.occurred_at.timestamp())
    _tell_holder("credential_suspended", event, mark=mark, reason=event.reason)


@subscribe(CredentialReinstated)
def mail_reinstated(event: CredentialReinstated) -> None:
    """The holder reads that it counts again."""
    mark = int(event.occurred_at.timestamp())
    _tell_holder("credential_reinstated", event, mark=mark, reason=event.reason)


@subscribe(EditionAdded)
def mail_edition(event: EditionAdded) -> None:
    """The holder reads what changed, and which files to fetch anew."""
    user = get_user_model().objects.filter(pk=event.user_id or 0).first()
    with override(_language(user)):
        edition = list_editions(event.code)[event.edition - 1]
        _tell_holder(
            "edition_added",
            event,
            mark=event.edition,
            edition=event.edition,
            what=edition.said,
            replaces=event.kind != "renewal",
            valid_to=edition.valid_until and edition.valid_until - timedelta(days=1),
        )


@subscribe(CredentialExpiring)
def mail_expiring(event: CredentialExpiring) -> None:
    """The holder reads how long it still holds, and how to keep it."""
    last_day = event.valid_until - timedelta(days=1)
    mark = f"{event.valid_until}:{event.days}"
    days = (event.valid_until - localdate(event.occurred_at)).days
    _tell_holder("credential_expiring", event, mark=mark, days=days, last_day=last_day)


@subscribe(NameRequested)
def mail_name_requested(event: NameRequested) -> None:
    """The issuer reads that a name waits for a decision; both names are in the admin alone."""
    if get_name_request(event.recipient_id) is None:
        return
    write_mail(
        "name_requested",
        key=f"name_requested:{event.request_id}:{event.occurred_at.isoformat()}",
        to=get_issuer().email,
        language=settings.LANGUAGE_CODE,
        context={"link": _link("lms_badges_names:decide", str(event.request_id))},
        now=event.occurred_at,
    )


@subscribe(NameDecided)
def mail_name_refused(event: NameDecided) -> None:
    """Who asked for another name reads why not; an approved one comes as a new edition."""
    holder = get_recipients([event.recipient_id]).get(event.recipient_id)
    if event.approved or holder is None:
        return
    user = get_user_model().objects.filter(pk=event.user_id or 0).first()
    write_mail(
        "name_refused",
        key=f"name_refused:{event.request_id}",
        to=holder.email,
        user_id=event.user_id,
        language=_language(user),
        context={"name": holder.name, "reason": event.reason},
        now=event.occurred_at,
    )


@subscribe(CredentialExpired)
def mail_expired(event: CredentialExpired) -> None:
    """The holder reads that it ran out."""
    _tell_holder("credential_expired", event)


@subscribe(AttemptFailed)
def mail_failed(event: AttemptFailed) -> None:
    """The person reads when the next try opens."""
    user = get_user_model().objects.filter(pk=event.user_id or 0).first()
    person = get_recipient_of_user(event.user_id)
    if user is None or (person and is_replayed(recipient_id=person.id)):
        return
    failure = describe_failure(event.attempt_id, _language(user))
    write_mail(
        "attempt_failed",
        key=f"attempt_failed:{event.attempt_id}",
        to=user.email,
        user_id=user.pk,
        language=_language(user),
        context={
            "title": failure.title,
            "link": _link("lms_result", failure.code),
            "retry_at": event.retry_at,
        },
        now=event.occurred_at,
    )


@subscribe(TierChanged)
def mail_tier(event: TierChanged) -> None:
    """A company's managers read its new status with both margins."""
    if is_company_replayed(event.partner_id):
        return
    people = list_people(event.partner_id, localdate(event.occurred_at), limit=1000)
    managers = [person for person in people if person.role == "manager" and person.email]
    for person in managers:
        user = get_user_model().objects.filter(pk=person.user_id or 0).first()
        status = get_decision_status(event.partner_id, event.decision_id, _language(user))
        if status is None:
            continue
        before = next((tier for tier in status.tiers if tier.id == event.from_tier), None)
        write_mail(
            "tier_changed",
            key=f"tier_changed:{event.decision_id}:{person.recipient_id}",
            to=person.email,
            user_id=person.user_id,
            language=_language(user),
            context={"status": status, "before": before, "link": _link("lms_company")},
            now=event.occurred_at,
        )


@subscribe(RecipientErased)
def forget(event: RecipientErased) -> None:
    """What was written to somebody forgotten is deleted, not only left unsent."""
    forget_mails(
        user_id=event.user_id,
        credential_ids=event.credential_ids,
        recipient_id=event.recipient_id,
    )


@subscribe(MisuseReported)
def mail_misuse(event: MisuseReported) -> None:
    """The issuer reads that somebody saw a certificate misused; what was said is in the admin."""
    write_mail(
        "misuse_reported",
        key=f"misuse_reported:{event.report_id}",
        to=get_issuer().email,
        language=settings.LANGUAGE_CODE,
        context={"code": event.code},
        now=event.occurred_at,
    )
