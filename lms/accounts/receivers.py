"""A verified address claims the certificates issued to it; an erased person keeps no account."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from badges.actions.recipients import claim
from badges.events import RecipientErased
from lms.accounts.actions import erase_user
from lms.events.subscribe import subscribe


@receiver(email_confirmed)
def claim_confirmed(email_address: Any, **_: Any) -> None:
    """An address that was just proved brings what was issued to it."""
    claim(user_id=email_address.user_id, email=email_address.email, now=timezone.now())


@receiver(user_logged_in)
def claim_on_sign_in(user: Any, **_: Any) -> None:
    """A sign-in claims for every verified address of the account."""
    for address in EmailAddress.objects.filter(user_id=user.pk, verified=True):
        claim(user_id=user.pk, email=address.email, now=timezone.now())


@subscribe(RecipientErased)
def erase_account(event: RecipientErased) -> None:
    """The account of somebody forgotten is nobody's from now on."""
    if event.user_id is not None:
        erase_user(user_id=event.user_id)
