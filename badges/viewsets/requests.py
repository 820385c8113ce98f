"""What people ask of the vendor: other printed names, and a look at a misuse."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from badges.actions.names import RequestUnknown, decide_name
from badges.forms import DecideNameForm
from badges.models import MisuseReport, NameRequest

DECIDE = "lms_badges.change_namerequest"


class NameRequestIndexView(generic.IndexView):
    """The present name is joined, never stored twice."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("recipient")

    def get_edit_url(self, instance: NameRequest) -> str | None:
        """The name itself leads to the decision, as a title leads to its form elsewhere."""
        if instance.decided_at or not self.request.user.has_perm(DECIDE):
            return None
        return reverse("lms_badges_names:decide", args=[instance.pk])

    def get_list_more_buttons(self, instance: NameRequest) -> list[Button]:
        url = self.get_edit_url(instance)
        return [Button(_("Decide"), url=url, priority=10)] if url else []


class NameRequestViewSet(ModelViewSet):
    model = NameRequest
    name = "lms_badges_names"
    icon = "user"
    url_prefix = "badges/names"
    menu_label = gettext_lazy("Name changes")
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = NameRequestIndexView
    list_display = [
        "name",  # the first carries the link, which a column of its own class would not
        Column("present", label=gettext_lazy("Present name"), accessor="recipient.name"),
        "asked_at",
        "approved",
        "decided_at",
    ]
    list_filter = ["approved"]
    search_fields = ["name", "recipient__name"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [*patterns, path("decide/<int:pk>/", decide_view, name="decide")]


def decide_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or refuse with a reason."""
    if not request.user.has_perm(DECIDE):
        raise PermissionDenied
    asked = get_object_or_404(NameRequest.objects.select_related("recipient"), pk=pk)
    form = DecideNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_name(
                request_id=pk, **form.cleaned_data, actor=request.user.pk, now=timezone.now()
            )
            messages.success(request, _("The decision is kept and the holder is told."))
        except RequestUnknown as refusal:
            messages.error(request, str(refusal))
        return redirect("lms_badges_names:index")
    context = {
        "asked": asked,
        "form": form,
        "header_title": _("Decide on a name"),
        "header_icon": "user",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_badges_names:index"), "label": _("Name changes")},
            {"url": "", "label": _("Decide on a name")},
        ],
    }
    return render(request, "badges/admin/decide_name.html", context)


class MisuseReportViewSet(ModelViewSet):
    model = MisuseReport
    name = "lms_badges_reports"
    icon = "warning"
    url_prefix = "badges/reports"
    menu_label = gettext_lazy("Reports of misuse")
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = ["text", Column("credential", accessor="credential.code"), "reported_at"]
    inspect_view_fields = ["credential", "reported_at", "text", "email"]
    search_fields = ["text", "credential__code"]
    form_fields: list[str] = []
