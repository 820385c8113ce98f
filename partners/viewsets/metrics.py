"""Numbers of companies in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from partners.forms import MetricChangeForm, MetricForm
from partners.models import MetricReading
from partners.viewsets.acting import ActingCreateView, ActingEditView


class MetricIndexView(generic.IndexView):
    """The list, with companies joined."""

    def get_base_queryset(self) -> Any:
        return MetricReading.objects.select_related("partner")


class MetricViewSet(ModelViewSet):
    """What rules read beside certificates: revenue, retention, declared staff."""

    model = MetricReading
    name = "lms_metric"
    icon = "decimal"
    menu_label = _("Numbers of partners")
    add_to_reference_index = False
    index_view_class = MetricIndexView
    add_view_class = ActingCreateView
    edit_view_class = ActingEditView
    copy_view_enabled = False
    list_filter = ["partner", "metric"]
    search_fields = ["partner__name", "metric", "source"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        TitleColumn("partner", label=_("Partner"), url_name="lms_metric:edit"),
        Column("metric", label=_("Metric"), sort_key="metric"),
        DateColumn("on", label=_("As of"), sort_key="on"),
        Column("value", label=_("Value"), sort_key="value"),
        Column("source", label=_("Source")),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return MetricChangeForm if for_update else MetricForm
