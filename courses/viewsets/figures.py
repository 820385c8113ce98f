"""How tests and their items did, for those who write them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from courses.actions.reviews import COMPUTE, compute_test
from courses.domain.statistics import (
    ATTRACTIVE,
    CONSISTENT,
    EASY,
    GREY,
    HARD,
    IDLE_OPTION,
    LEAST,
    MISKEYED,
    POOR,
    RELIABLE,
)
from courses.models import Assessment
from courses.queries.statistics import COLUMNS, list_rows, read_figures
from lms.tables import CSV, MEDIA, write_csv
from lms.ui.admin import menu_item_for, render_page

FLAGS = {
    MISKEYED: gettext_lazy("Who knows more answers it worse: look at its key first."),
    HARD: gettext_lazy("Hardly anybody answers it right."),
    EASY: gettext_lazy("Nearly everybody answers it right."),
    POOR: gettext_lazy("It hardly tells who knows more."),
    IDLE_OPTION: gettext_lazy("Hardly anybody chooses it."),
    ATTRACTIVE: gettext_lazy("Those who know more choose it: is it right too?"),
}


def list_view(request: HttpRequest) -> HttpResponse:
    """Choose a test."""
    _require(request)
    tests = Assessment.objects.select_related("course", "bank").order_by("course__slug")
    return _render(request, "courses/admin/figures_list.html", {"tests": tests})


def figures_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures of a test and of each version it showed."""
    _require(request)
    assessment = get_object_or_404(Assessment.objects.select_related("course"), pk=pk)
    if request.method == "POST":
        return _compute(request, assessment)
    figures, computed_at = read_figures(assessment)
    context = {
        "assessment": assessment,
        "computed_at": computed_at,
        "figures": figures,
        "flags": FLAGS,
        "least": LEAST,
        "grey": GREY,
        "reliable": RELIABLE,
        "consistent": CONSISTENT,
    }
    return _render(request, "courses/admin/figures.html", context)


def _compute(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    actor = request.user.pk
    compute_test(assessment_id=assessment.pk, actor=actor, now=timezone.now())
    messages.success(request, _("The figures are those of this moment."))
    return redirect("lms_figures:test", assessment.pk)


def csv_view(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The items of a test as a table."""
    _require(request)
    assessment = get_object_or_404(Assessment.objects.select_related("course"), pk=pk)
    rows = [COLUMNS, *list_rows(read_figures(assessment)[0])]
    name = f"{assessment.course.slug}-items.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(write_csv(rows), content_type=MEDIA[CSV], headers=headers)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(COMPUTE):
        raise PermissionDenied


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    title = _("Figures")
    return render_page(request, template, context, title=title, icon="order")


class FiguresViewSet(ViewSet):
    """Read from attempts, never written."""

    name = "lms_figures"
    icon = "order"
    url_prefix = "lms_tests/figures"
    menu_label = gettext_lazy("Figures")
    menu_item_class = menu_item_for(COMPUTE)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", list_view, name="index"),
            path("<int:pk>/", figures_view, name="test"),
            path("<int:pk>/items.csv", csv_view, name="csv"),
        ]
