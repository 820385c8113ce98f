"""Attempts in the admin: looked at, never changed, with everything that happened in them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from courses.models import Attempt
from courses.queries.people import name_people
from courses.queries.timelines import Timeline, get_timeline, list_cells
from lms.tables import CSV, MEDIA, write_csv

VIEW = "lms_courses.view_attempt"


class AttemptIndexView(generic.IndexView):
    """Names are joined here, never stored in a log."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("assessment__course")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        people = name_people(row.user_id for row in context["object_list"])
        for row in context["object_list"]:
            row.person = people[row.user_id]
        return context


class AttemptViewSet(ModelViewSet):
    model = Attempt
    name = "lms_attempts"
    icon = "history"
    menu_label = pgettext_lazy("test", "Attempts")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = AttemptIndexView
    list_display = [
        TitleColumn(
            "user",
            label=lazy("Person"),
            accessor="person.called",
            get_url=lambda row: reverse("lms_attempts:timeline", args=[row.pk]),
        ),
        Column(
            "course", label=pgettext_lazy("attempt", "Training"), accessor="assessment.course.slug"
        ),
        "number",
        Column("state", label=lazy("State"), accessor="get_state_display"),
        "passed",
        "started_at",
        "finished_at",
    ]
    list_filter = ["state", "assessment__course", "passed"]
    search_fields = ["user__email", "assessment__course__slug", "code"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [
            *patterns,
            path("timeline/<int:pk>/", timeline_view, name="timeline"),
            path("timeline/<int:pk>/csv/", csv_view, name="timeline_csv"),
        ]


def timeline_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Every event of an attempt, in order."""
    timeline = _find(request, pk)
    attempt = timeline.attempt
    title = _("Attempt %(number)s at %(training)s") % {
        "number": attempt.number,
        "training": attempt.assessment.course.slug,
    }
    context = {
        "timeline": timeline,
        "attempt": attempt,
        "person": name_people([attempt.user_id])[attempt.user_id],
        "header_title": title,
        "header_icon": "history",
        "header_buttons": [
            HeaderButton(
                _("Export as CSV"),
                url=reverse("lms_attempts:timeline_csv", args=[pk]),
                icon_name="download",
            )
        ],
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_attempts:index"), "label": AttemptViewSet.menu_label},
            {"url": "", "label": title},
        ],
    }
    return render(request, "courses/admin/timeline.html", context)


def csv_view(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The same as a file."""
    timeline = _find(request, pk)
    name = f"attempt-{timeline.attempt.code}.csv"
    return StreamingHttpResponse(
        write_csv(list_cells(timeline)),
        content_type=MEDIA[CSV],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _find(request: HttpRequest, pk: int) -> Timeline:
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    try:
        return get_timeline(pk)
    except Attempt.DoesNotExist:
        raise Http404 from None
