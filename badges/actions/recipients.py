"""People credentials are issued to: their addresses, their printed names, what strangers see."""

from datetime import datetime

from django.db import IntegrityError, transaction

from badges.actions.actors import record, require_self
from badges.domain.fonts import clean_printed
from badges.domain.identity import normalize_email
from badges.models import ForgottenAddress, Recipient, RecipientAddress
from badges.queries.forgotten import digests_of


def register_recipient(*, email: str, name: str, user_id: int | None = None, now: datetime) -> int:
    """Return the id of the recipient with this address, registering it when it is new.

    Whoever was forgotten and is registered again is no longer. An address that is known keeps its
    recipient; a missing name or account is filled in. A new
    address of an account that has a recipient is added to that one. ``NotPrintable`` if the
    name cannot be printed.
    """
    address, printed = normalize_email(email), clean_printed(name)
    try:
        with transaction.atomic():
            return _register(address, printed, user_id, now)
    except IntegrityError:  # somebody registered it meanwhile
        with transaction.atomic():
            return _register(address, printed, user_id, now)


@transaction.atomic
def decide_visibility(
    *,
    recipient_id: int,
    show_name: bool,
    show_company: bool,
    show_date: bool,
    actor: int | None,
    now: datetime,
) -> None:
    """Keep what strangers may see from now on, in every page, picture and document."""
    recipient = Recipient.objects.select_for_update().get(pk=recipient_id)
    require_self(actor, recipient)
    recipient.show_name, recipient.show_company = show_name, show_company
    recipient.show_date, recipient.visibility_decided_at = show_date, now
    recipient.save(
        update_fields=["show_name", "show_company", "show_date", "visibility_decided_at"]
    )
    record(
        recipient,
        "lms_badges.recipient.visibility_decided",
        actor,
        name=show_name,
        company=show_company,
        date=show_date,
    )


@transaction.atomic
def claim(*, user_id: int, email: str, now: datetime) -> int | None:
    """Give the recipient of a verified address to the account that verified it.

    Returns the account's recipient, or ``None`` if it has none. An address that belongs to
    another account's recipient stays there.
    """
    address = normalize_email(email)
    _welcome_back(address)
    known = RecipientAddress.objects.select_related("recipient").filter(email=address).first()
    own = Recipient.objects.filter(user_id=user_id).first()
    if own is None and known is not None and known.recipient.user_id is None:
        own = known.recipient
        own.user_id = user_id
        own.save(update_fields=["user"])
    if own is None:
        return None
    if known is None:
        RecipientAddress.objects.create(recipient=own, email=address, verified_at=now)
    elif known.recipient_id == own.pk and known.verified_at is None:
        RecipientAddress.objects.filter(pk=known.pk).update(verified_at=now)
    return own.pk


def _register(address: str, name: str, user_id: int | None, now: datetime) -> int:
    known = RecipientAddress.objects.select_related("recipient").filter(email=address).first()
    if known is not None:
        return _complete(known.recipient, name, user_id)
    recipient = Recipient.objects.filter(user_id=user_id).first() if user_id else None
    if recipient is None:
        recipient = Recipient.objects.create(name=name, user_id=user_id, created_at=now)
    RecipientAddress.objects.create(recipient=recipient, email=address)
    _welcome_back(address)
    return _complete(recipient, name, user_id)


def _welcome_back(address: str) -> None:
    ForgottenAddress.objects.filter(digest__in=digests_of(address)).delete()


def _complete(recipient: Recipient, name: str, user_id: int | None) -> int:
    fill_name = bool(name) and not recipient.name
    taken = user_id is None or Recipient.objects.filter(user_id=user_id).exists()
    fill_user = recipient.user_id is None and not taken
    recipient.name = name if fill_name else recipient.name
    recipient.user_id = user_id if fill_user else recipient.user_id
    if fill_name or fill_user:
        recipient.save(update_fields=["name", "user"])
    return recipient.pk
