"""Who acts: permission and audit, the same for every action."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from badges.models import Recipient


def require_permission(actor: int | None, permission: str) -> None:
    """Raise ``PermissionDenied`` unless the system acts or the person holds the permission."""
    if actor is None:
        return
    person = get_user_model().objects.filter(pk=actor).first()
    if person is None or not person.has_perm(permission):
        raise PermissionDenied(_("You may not do this."))


def require_self(actor: int | None, recipient: Recipient) -> None:
    """Raise ``PermissionDenied`` unless the system acts or the recipient acts for themselves."""
    if actor is not None and recipient.user_id != actor:
        raise PermissionDenied(_("Only the holder may decide this."))


def record(instance: Model, action: str, actor: int | None, **data: Any) -> None:
    """Write an audit entry when a person acted; ``data`` holds ids and reasons, never names."""
    if actor is not None:
        person = get_user_model().objects.get(pk=actor)
        log(instance=instance, action=action, user=person, data=data or None)
