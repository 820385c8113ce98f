"""Companies: joining a programme, and what is known of them."""

from datetime import date, datetime

from django.db import transaction

from partners.actions.audit import record
from partners.actions.evaluation import evaluate_partner
from partners.actions.permissions import require
from partners.models import Partner, Programme


def add_partner(
    *,
    slug: str,
    name: str,
    country: str,
    city: str,
    website: str,
    joined_on: date,
    programme: str,
    actor: int | None,
    now: datetime,
) -> int:
    """Let a company join a programme (by slug), decide its first status, return its id.

    Raises ``ValidationError`` for a field that cannot stand (a slug that is taken, no such
    country code), ``Programme.DoesNotExist`` and ``PermissionDenied``.
    """
    require(actor, "add_partner")
    with transaction.atomic():
        partner = Partner(
            programme=Programme.objects.get(slug=programme),
            slug=slug,
            name=name,
            country=country.upper(),
            city=city,
            website=website,
            joined_on=joined_on,
        )
        partner.full_clean()
        partner.save()
        record(partner, "lms_partners.join", actor)
        evaluate_partner(partner_id=partner.pk, cause="joined", now=now)
    return partner.pk


def change_partner(
    *,
    partner_id: int,
    name: str,
    country: str,
    city: str,
    website: str,
    joined_on: date,
    actor: int | None,
    now: datetime,
) -> bool:
    """Correct what is known of a company; ``False`` if it was so already. Errors as above."""
    require(actor, "change_partner")
    given = {"name": name, "country": country.upper(), "city": city, "website": website}
    with transaction.atomic():
        partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner_id)
        fields = {**given, "joined_on": joined_on}
        changed = [field for field, value in fields.items() if getattr(partner, field) != value]
        for field in changed:
            setattr(partner, field, fields[field])
        if changed:
            partner.full_clean()
            partner.save(update_fields=changed)
            record(partner, "lms_partners.change", actor, fields=changed, at=now.isoformat())
    return bool(changed)
