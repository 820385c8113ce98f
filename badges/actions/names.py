"""The printed name: confirmed freely before anything is issued, changed on request after."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _

from badges.actions.actors import record, require_permission, require_self
from badges.actions.editions import add_edition
from badges.domain.fonts import clean_printed
from badges.events import NameDecided, NameRequested
from badges.models import Edition, NameRequest, Recipient, unended
from lms.events.publish import publish


class RequestUnknown(Exception):
    """There is no such request, or it was decided already."""


@transaction.atomic
def confirm_name(*, recipient_id: int, name: str, actor: int | None, now: datetime) -> bool:
    """Keep the name as it will be printed; ``False`` if it has to be approved first.

    Once a certificate carries another name, the holder's wish waits as a request; the system and
    the vendor change it at once, with a new edition of every certificate.

    ``NotPrintable`` if the font lacks a character; ``PermissionDenied`` for anybody else's name.
    """
    recipient = Recipient.objects.select_for_update().get(pk=recipient_id)
    require_self(actor, recipient)
    printed = clean_printed(name)
    if not printed:
        raise ValueError("a certificate needs a name")
    if actor is not None and printed != recipient.name and _is_printed(recipient):
        _ask(recipient, printed, now)
        return False
    NameRequest.objects.filter(recipient=recipient, decided_at__isnull=True).delete()
    _apply(recipient, printed, now)
    record(recipient, "lms_badges.recipient.name_confirmed", actor)
    return True


@transaction.atomic
def decide_name(
    *, request_id: int, approve: bool, reason: str = "", actor: int | None, now: datetime
) -> None:
    """Approve or refuse a name change; a refusal needs a reason, which the holder reads.

    ``RequestUnknown`` if it was decided already, by whoever was first.
    """
    require_permission(actor, "lms_badges.change_namerequest")
    request = (
        NameRequest.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .filter(pk=request_id, decided_at__isnull=True)
        .first()
    )
    if request is None:
        raise RequestUnknown(_("This name change was decided already."))
    if not approve and not reason.strip():
        raise ValueError("a refusal needs a reason")
    request.decided_at, request.approved, request.reason = now, approve, reason.strip()[:300]
    request.save(update_fields=["decided_at", "approved", "reason"])
    if approve:
        _apply(request.recipient, request.name, now)
    publish(
        NameDecided(
            occurred_at=now,
            request_id=request.pk,
            recipient_id=request.recipient_id,
            user_id=request.recipient.user_id,
            approved=approve,
            reason=request.reason,
        )
    )
    record(request, "lms_badges.name.decided", actor, approved=approve, reason=request.reason)


def _is_printed(recipient: Recipient) -> bool:
    return recipient.credentials.filter(revoked_at__isnull=True).exists()


def _ask(recipient: Recipient, name: str, now: datetime) -> None:
    """Keep one open request a person: the latest wish is the one to decide on, and is told."""
    if NameRequest.objects.filter(recipient=recipient, decided_at=None, name=name).exists():
        return  # asked twice alike
    request, _created = NameRequest.objects.update_or_create(
        recipient=recipient, decided_at=None, defaults={"name": name, "asked_at": now}
    )
    publish(NameRequested(occurred_at=now, request_id=request.pk, recipient_id=recipient.pk))


def _apply(recipient: Recipient, name: str, now: datetime) -> None:
    recipient.name, recipient.name_confirmed_at = name, now
    recipient.save(update_fields=["name", "name_confirmed_at"])
    today = localdate(now, get_default_timezone())
    # What ran out stays as it was: an edition that begins after its own end proves nothing.
    living = recipient.credentials.filter(unended(today), revoked_at__isnull=True)
    for credential in living.select_related("achievement", "recipient"):
        if credential.editions.order_by("-number")[0].data["name"] != name:
            add_edition(credential, kind=Edition.Kind.NAME, now=now)
