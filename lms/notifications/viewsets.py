"""The outbox and the mails in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from lms.notifications.models import Mail, OutboxMail


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Whoever may view may look; nobody writes here by hand."""

    def user_has_permission(self, user: object, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, "view"))

    def user_has_any_permission(self, user: object, actions: object) -> bool:
        return self.user_has_permission(user, "view")


class MailViewSet(ModelViewSet):
    """Every notice with its state."""

    model = Mail
    name = "lms_mail"
    menu_label = _("Notices")
    icon = "mail"
    list_display = ["subject", "to", "state", "due_at", "sent_at"]
    list_filter = ["state"]
    search_fields = ["subject", "to"]
    inspect_view_enabled = True
    inspect_view_fields = ["to", "subject", "text", "state", "due_at", "sent_at", "error"]
    form_fields = ["subject"]
    add_to_reference_index = False
    copy_view_enabled = False


class OutboxViewSet(ModelViewSet):
    """What would have been sent, while no mail server is set."""

    model = OutboxMail
    name = "lms_outbox"
    menu_label = _("Outbox")
    icon = "mail"
    list_display = ["subject", "to", "created_at"]
    search_fields = ["subject", "to", "text"]
    inspect_view_enabled = True
    inspect_view_fields = ["to", "subject", "text", "created_at"]
    form_fields = ["subject"]
    add_to_reference_index = False
    copy_view_enabled = False
