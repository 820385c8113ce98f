"""Inviting a colleague, and accepting."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from badges.actions.recipients import claim, register_recipient
from lms.accounts.models import Invitation, User
from lms.conf import get_conf
from lms.notifications.actions import send_invitation
from partners.actions.links import link_person
from partners.queries.seats import get_partner_of_user


class InvitationRefused(Exception):
    """The invitation cannot be made or accepted; the message is for the person."""


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An open invitation."""

    code: str
    expires_at: datetime


def invite(*, email: str, name: str, job: str, language: str, actor: int, now: datetime) -> Invited:
    """Ask a colleague into the actor's company by mail; asking again renews the invitation.

    Raises ``PermissionDenied`` unless the actor manages a company.
    """
    seat = get_partner_of_user(actor, localdate(now))
    if seat is None or not seat.is_manager:
        raise PermissionDenied("only a company's manager invites")
    with transaction.atomic():
        address = email.strip().lower()
        expires_at = now + timedelta(days=get_conf().invitation_days)
        invitation, _created = Invitation.objects.update_or_create(
            email=address,
            partner_id=seat.partner_id,
            accepted_at=None,
            defaults={
                "name": name,
                "company": seat.partner_name,
                "job": job,
                "language": language,
                "invited_by_id": actor,
                "expires_at": expires_at,
            },
            create_defaults={
                "name": name,
                "company": seat.partner_name,
                "job": job,
                "language": language,
                "invited_by_id": actor,
                "expires_at": expires_at,
                "created_at": now,
            },
        )
        send_invitation(
            email=address,
            language=language,
            company=seat.partner_name,
            link=get_conf().base_url + reverse("lms_invitation", args=[invitation.code]),
            key=f"invitation:{invitation.pk}:{expires_at.isoformat()}",
            now=now,
        )
    return Invited(code=invitation.code, expires_at=expires_at)


def find_open(code: str, now: datetime) -> Invitation | None:
    """Return an invitation that can still be accepted."""
    return Invitation.objects.filter(code=code, accepted_at=None, expires_at__gt=now).first()


def accept(
    *, code: str, name: str, password: str | None, user_id: int | None, now: datetime
) -> User:
    """Turn an invitation into an account linked to the company.

    Somebody new gives a password; somebody who has an account must be signed in with the invited
    address (``user_id``). Raises ``InvitationRefused``.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update()
            .filter(code=code, accepted_at=None, expires_at__gt=now)
            .first()
        )
        if invitation is None:
            raise InvitationRefused(_("this invitation is used up or too old"))
        user = _get_user(invitation, name, password, user_id)
        recipient_id = register_recipient(
            email=invitation.email, name=name, user_id=user.pk, now=now
        )
        claim(user_id=user.pk, email=invitation.email, now=now)
        _link(invitation, recipient_id, now)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    return user


def _get_user(invitation: Invitation, name: str, password: str | None, user_id: int | None) -> User:
    known = User.objects.filter(email__iexact=invitation.email).first()
    if known is not None and known.has_usable_password():
        if known.pk != user_id:
            raise InvitationRefused(_("sign in with the invited address first"))
        return known
    if not password:
        raise InvitationRefused(_("choose a password"))
    user = known or User(email=invitation.email, language=invitation.language)
    user.name = user.name or name
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=invitation.email, defaults={"verified": True, "primary": True}
    )
    return user


def _link(invitation: Invitation, recipient_id: int, now: datetime) -> None:
    try:
        link_person(
            partner_id=invitation.partner_id,
            recipient_id=recipient_id,
            since=localdate(now),
            until=None,
            job=invitation.job,
            role="member",
            actor=None,
            now=now,
        )
    except ValueError as refusal:
        raise InvitationRefused(str(refusal)) from refusal


@transaction.atomic
def erase_user(*, user_id: int) -> None:
    """Make an account nobody's: it cannot sign in and says nothing; its id stays in the past."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        return
    addresses = EmailAddress.objects.filter(user=user)
    Invitation.objects.filter(
        email__in={user.email, *addresses.values_list("email", flat=True)}
    ).delete()
    addresses.delete()
    user.email, user.name = f"erased-{user.pk}@erased.invalid", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
