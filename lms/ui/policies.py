"""Who may see rows that only actions change."""

from typing import Any

from django.db.models import Model
from wagtail.permission_policies.base import ModelPermissionPolicy


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Rows that actions write: nobody adds, edits or deletes one in the admin."""

    def __init__(self, model: type[Model], permission: str) -> None:
        super().__init__(model)
        self.permission = permission

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and (
            user.has_perm(self.permission) or super().user_has_permission(user, action)
        )

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)
