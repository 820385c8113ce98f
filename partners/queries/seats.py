"""Who works where, and who may see or change what."""

from datetime import date

from django.contrib.auth import get_user_model

from badges import queries as badges
from partners.models import Membership
from partners.queries.cards import Seat
from partners.queries.facts import current


def get_partner_of_user(user_id: int, on: date) -> Seat | None:
    """Return the company a signed-in person is linked to on a day."""
    recipient = badges.get_recipient_of_user(user_id)
    if recipient is None:
        return None
    links = current(Membership.objects.filter(recipient_id=recipient.id), on)
    link = links.select_related("partner").first()
    if link is None:
        return None
    return Seat(
        partner_id=link.partner_id,
        partner_slug=link.partner.slug,
        partner_name=link.partner.name,
        membership_id=link.pk,
        role=link.role,
        recipient_id=link.recipient_id,
    )


def may_manage(user_id: int, partner_id: int, on: date) -> bool:
    """Say whether a person may change a company's people: its manager, or whom the admin lets."""
    return _manages(user_id, partner_id, on) or has_permission(user_id, "change_membership")


def may_view(user_id: int, partner_id: int, on: date) -> bool:
    """Say whether a person may read a company's status."""
    return _manages(user_id, partner_id, on) or has_permission(user_id, "view_partner")


def has_permission(user_id: int, codename: str) -> bool:
    """Say whether a user holds one of this app's permissions."""
    user = get_user_model().objects.filter(pk=user_id).first()
    return user is not None and user.has_perm(f"lms_partners.{codename}")


def _manages(user_id: int, partner_id: int, on: date) -> bool:
    seat = get_partner_of_user(user_id, on)
    return seat is not None and seat.is_manager and seat.partner_id == partner_id
