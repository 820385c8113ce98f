"""Audit entries: ids only, and only where a person acted."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from wagtail.log_actions import log


def record(instance: Model, action: str, actor: int | None, **data: Any) -> None:
    """Write an entry to Wagtail's audit log if a person acted."""
    if actor is not None:
        user = get_user_model().objects.get(pk=actor)
        log(instance=instance, action=action, user=user, data=data)
