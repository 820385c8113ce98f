"""Versions of a programme's rules in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.viewsets.model import ModelViewSet

from partners.forms import RulesForm
from partners.models import RulesVersion
from partners.viewsets.acting import ActingCopyView, ActingCreateView, ActingEditView


class RulesViewSet(ModelViewSet):
    """What each tier asks for and gives."""

    model = RulesVersion
    name = "lms_rules"
    icon = "list-ol"
    menu_label = _("Programme rules")
    add_to_reference_index = False
    add_view_class = ActingCreateView
    edit_view_class = ActingEditView
    copy_view_class = ActingCopyView
    ordering = ["-valid_from"]
    list_display = [
        "version",
        "programme",
        DateColumn("announced_on", label=_("Announced on"), sort_key="announced_on"),
        DateColumn("valid_from", label=_("Valid from"), sort_key="valid_from"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return RulesForm
