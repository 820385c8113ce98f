"""People's links to companies in the admin."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from badges import queries as badges
from partners.forms import MembershipAddForm, MembershipChangeForm
from partners.models import Membership
from partners.viewsets.acting import ActingCreateView, ActingEditView


class MembershipIndexView(generic.IndexView):
    """The list, with people's names joined for all rows at once."""

    def get_base_queryset(self) -> Any:
        return Membership.objects.select_related("partner")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn("person", label=_("Person"), get_url=self.get_edit_url),
            Column("partner", label=_("Partner"), sort_key="partner__name"),
            Column("get_job_display", label=_("Job"), sort_key="job"),
            Column("get_role_display", label=_("Role"), sort_key="role"),
            DateColumn("since", label=_("Since"), sort_key="since"),
            DateColumn("until", label=_("Until"), sort_key="until"),
        ]

    def get_table(self, object_list: Any) -> Any:
        cards = badges.get_recipients([row.recipient_id for row in object_list])
        for row in object_list:
            card = cards.get(row.recipient_id)
            row.person = (card.name or card.email) if card else _("A person no longer on record")
        return super().get_table(object_list)


class MembershipViewSet(ModelViewSet):
    """Who works where, from when to when."""

    model = Membership
    name = "lms_membership"
    icon = "user"
    menu_label = _("People of partners")
    add_to_reference_index = False
    index_view_class = MembershipIndexView
    add_view_class = ActingCreateView
    edit_view_class = ActingEditView
    copy_view_enabled = False
    list_filter = ["partner", "job", "role"]
    search_fields = ["partner__name", "recipient__name"]
    search_backend_name = None
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> Any:
        return MembershipChangeForm if for_update else MembershipAddForm
