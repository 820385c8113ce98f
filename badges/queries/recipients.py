"""Recipients as other apps see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet
from django.utils.text import capfirst

from badges.domain.fonts import clean_printed
from badges.domain.identity import NotPrintable, normalize_email
from badges.models import Recipient, RecipientAddress
from lms.wording.retold import retell

CHUNK = 400  # accounts in one statement


@dataclass(frozen=True, kw_only=True)
class RecipientCard:
    id: int
    name: str
    name_confirmed: bool
    user_id: int | None
    email: str
    visibility_decided: bool
    show_name: bool
    show_company: bool
    show_date: bool


def get_recipient_of_user(user_id: int) -> RecipientCard | None:
    """Return the recipient an account has claimed."""
    return next(iter(_cards(Recipient.objects.filter(user_id=user_id))), None)


def get_recipients(ids: Iterable[int]) -> dict[int, RecipientCard]:
    """Return the recipients by id; unknown ids are absent. Two statements, however many."""
    return {card.id: card for card in _cards(Recipient.objects.filter(pk__in=list(ids)))}


def get_recipients_of_users(user_ids: Iterable[int]) -> dict[int, RecipientCard]:
    """Return the recipients that accounts have claimed, by account."""
    asked, found = iter(user_ids), dict[int, RecipientCard]()
    while part := list(islice(asked, CHUNK)):
        cards = _cards(Recipient.objects.filter(user_id__in=part))
        found |= {card.user_id: card for card in cards if card.user_id is not None}
    return found


def find_name_fault(name: str) -> str:
    """Say in words why a name cannot be printed on a certificate; empty if it can."""
    try:
        clean_printed(name)
    except NotPrintable as error:
        return str(capfirst(retell(error)))
    return ""


def find_mail_domain(recipient_id: int) -> str:
    """Return the domain of a person's first address: what to expect behind the @ of their mails."""
    addresses = RecipientAddress.objects.filter(recipient_id=recipient_id)
    email = addresses.values_list("email", flat=True).first() or ""
    return email.rpartition("@")[2]


def find_recipient(email: str) -> RecipientCard | None:
    """Return the recipient one of whose addresses this is."""
    found = Recipient.objects.filter(addresses__email=normalize_email(email))
    return next(iter(_cards(found)), None)


def _cards(recipients: QuerySet[Recipient]) -> list[RecipientCard]:
    return [_card(recipient) for recipient in recipients.prefetch_related("addresses")]


def _card(recipient: Recipient) -> RecipientCard:
    emails = [address.email for address in recipient.addresses.all()]
    return RecipientCard(
        id=recipient.pk,
        name=recipient.name,
        name_confirmed=recipient.name_confirmed_at is not None,
        user_id=recipient.user_id,
        email=emails[0] if emails else "",
        visibility_decided=recipient.visibility_decided_at is not None,
        show_name=recipient.show_name,
        show_company=recipient.show_company,
        show_date=recipient.show_date,
    )
