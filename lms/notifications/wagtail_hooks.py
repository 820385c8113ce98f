"""Registration only."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from lms.notifications.models import Mail, OutboxMail
from lms.notifications.viewsets import MailViewSet, OutboxViewSet, ReadOnlyPolicy

register_permission_policy(Mail, ReadOnlyPolicy(Mail))
register_permission_policy(OutboxMail, ReadOnlyPolicy(OutboxMail))


class MailGroup(ViewSetGroup):
    """One menu entry for both lists."""

    menu_label = _("Mails")
    menu_icon = "mail"
    menu_order = 900
    items = (MailViewSet("lms_mail"), OutboxViewSet("lms_outbox"))


@hooks.register("register_admin_viewset")
def register_mails() -> MailGroup:
    return MailGroup()
