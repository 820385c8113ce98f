"""Who may do what; the system itself (``actor`` is ``None``) may do everything."""

from datetime import date

from django.core.exceptions import PermissionDenied

from partners.queries import may_manage
from partners.queries.seats import has_permission


def require(actor: int | None, codename: str) -> None:
    """Raise ``PermissionDenied`` unless the actor holds a permission of this app."""
    if actor is not None and not has_permission(actor, codename):
        raise PermissionDenied(f"this takes the permission lms_partners.{codename}")


def require_manager(actor: int | None, partner_id: int, on: date) -> None:
    """Raise ``PermissionDenied`` unless the actor manages that company or may change any."""
    if actor is not None and not may_manage(actor, partner_id, on):
        raise PermissionDenied("only a manager of this company may change its people")
