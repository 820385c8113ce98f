"""Saving in the admin is an action: what the action refuses, the form says."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy

from partners.queries import describe_refusal


class KeptPolicy(ModelPermissionPolicy):
    """Rows that decisions rest on are never deleted, whoever asks."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        allowed: bool = super().user_has_permission(user, action)
        return action != "delete" and allowed

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def act(view: Any, form: Any) -> bool:
    """Run a valid form's action; ``ValueError`` and ``ValidationError`` become its errors."""
    try:
        with transaction.atomic():
            view.saved = form.act(actor=view.request.user.pk, now=timezone.now())
    except (ValidationError, ValueError) as error:
        form.add_error(None, describe_refusal(error))
        view.produced_error_code = "validation_error"
        view.produced_error_message = view.get_error_message()
        return False
    return True


class ActingCreateView(generic.CreateView):
    """Creates through the form's action."""

    def is_valid(self, form: Any) -> bool:
        return super().is_valid(form) and act(self, form)

    def save_instance(self) -> Any:
        return self.saved


class ActingCopyView(generic.CopyView, ActingCreateView):
    """Creates from what another row says."""


class ActingEditView(generic.EditView):
    """Changes through the form's action."""

    def is_valid(self, form: Any) -> bool:
        return super().is_valid(form) and act(self, form)

    def save_instance(self) -> Any:
        return self.saved
