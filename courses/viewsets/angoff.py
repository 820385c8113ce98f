"""Panels in the Wagtail admin: opened, seated, led from round to round, decided."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import ModelPermissionPolicy

from courses.actions.panels import PanelRefused, close_round, open_round, unseat_judge
from courses.actions.ratings import import_ratings
from courses.domain.angoff import DISPUTED
from courses.domain.ratings import COLUMNS, RatingRow, read_ratings
from courses.forms.panels import DecisionForm, PanelForm, RatingsForm, SeatForm
from courses.models import Judge, Panel
from courses.queries.cuts import (
    get_report,
    list_progress,
    list_rating_rows,
    name_of,
    with_figures,
)
from courses.queries.panels import CHAIR
from courses.viewsets.allowances import ActingCreateView
from courses.viewsets.panels import TypedForm
from lms.tables import CSV, MEDIA, TableUnreadable, read_table, write_csv
from lms.ui.admin import render_page
from lms.wording.retold import retell

SHOWN = 100  # faults of a file on the page
KEPT_SECONDS = 3600  # between looking at a file and taking it


class ChairPolicy(ModelPermissionPolicy):
    """Who may change tests opens panels and looks at them; nothing of one is edited or deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("add", "view") and bool(user.has_perm(CHAIR))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)


class PanelIndexView(generic.IndexView):
    def get_base_queryset(self) -> Any:
        return with_figures(Panel.objects.all())


class PanelCreateView(ActingCreateView):
    """Opens a panel and goes on to its page, where judges are seated."""

    def get_success_url(self) -> str:
        return reverse("lms_judging:panel", args=[self.object.pk])

    def get_success_message(self, instance: Any) -> str:
        return _("The panel is open. Seat its judges.")

    def get_success_buttons(self) -> list[Any]:
        return []


class PanelViewSet(ModelViewSet):
    model = Panel
    name = "lms_judging"
    icon = "group"
    menu_label = lazy("Panels")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = PanelIndexView
    add_view_class = PanelCreateView
    list_per_page = 50
    list_filter = ["assessment", "state"]
    list_display = [
        TitleColumn(
            "assessment",
            label=lazy("Test"),
            get_url=lambda row: reverse("lms_judging:panel", args=[row.pk]),
        ),
        "created_at",
        Column("round", label=lazy("Round")),
        Column("state", label=lazy("State"), accessor="get_state_display"),
        Column("seats", label=lazy("Judges")),
        "cut_percent",
        "decided_at",
    ]
    edit_handler = TypedForm(
        [FieldPanel("assessment"), FieldPanel("description")], base_form_class=PanelForm
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [
            *patterns,
            path("panel/<int:pk>/", panel_view, name="panel"),
            path("panel/<int:pk>/ratings.csv", csv_view, name="csv"),
            path("panel/<int:pk>/import/", import_view, name="import"),
        ]


def panel_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of a panel, and what can be done with it now."""
    panel = _find(request, pk)
    report = get_report(panel)
    asked = request.POST.get("act", "")
    seat = SeatForm(request.POST if asked == "seat" else None)
    decide = DecisionForm(
        request.POST if asked == "decide" else None,
        initial={"percent": report.whole if report else None},
    )
    if asked and _act(request, panel, {"seat": seat, "decide": decide}.get(asked)):
        return redirect("lms_judging:panel", pk)
    context = {
        "panel": panel,
        "progress": list_progress(panel),
        "report": report,
        "seat": seat,
        "decide": decide,
        "threshold": DISPUTED,
        "decided_by": name_of(panel.decided_by),
    }
    return _render(request, "courses/admin/panel.html", context, panel)


def _act(request: HttpRequest, panel: Panel, form: forms.Form | None) -> bool:
    """Do what a button asked for; what is refused is said at its form or above the page."""
    who: dict[str, Any] = {"actor": request.user.pk, "now": timezone.now()}
    if form is not None and not form.is_valid():
        return False
    try:
        if form is not None:
            form.act(panel=panel, **who)  # type: ignore[attr-defined]
        elif act := STEPS.get(request.POST["act"]):
            act(panel_id=panel.pk, **who)
        elif request.POST["act"] == "unseat":
            judge = get_object_or_404(Judge, pk=request.POST.get("judge") or 0, panel=panel)
            unseat_judge(panel_id=panel.pk, judge_id=judge.pk, **who)
    except PanelRefused as refusal:
        if form is not None:
            form.add_error(None, str(refusal))
            return False
        messages.error(request, str(refusal))
    return True


STEPS: dict[str, Callable[..., Panel]] = {"close": close_round, "open": open_round}


def csv_view(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The ratings of closed rounds as a table."""
    panel = _find(request, pk)
    name = f"{panel.assessment.course.slug}-ratings.csv"
    return StreamingHttpResponse(
        write_csv([COLUMNS, *list_rating_rows(panel)]),
        content_type=MEDIA[CSV],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def import_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take ratings from a file: looked at first, then confirmed. The file itself is not kept."""
    panel = _find(request, pk)
    form = RatingsForm(None)
    context: dict[str, Any] = {"panel": panel, "shown": SHOWN}
    if "rows" in request.POST:
        if _take(request, panel):
            return redirect("lms_judging:panel", pk)
    elif request.method == "POST":
        form = RatingsForm(request.POST, request.FILES)
        if form.is_valid():
            context |= _look(request, panel, form)
    return _render(request, "courses/admin/panel_import.html", {**context, "form": form}, panel)


def _look(request: HttpRequest, panel: Panel, form: RatingsForm) -> dict[str, Any]:
    """Say what a file would come to; its rows travel signed to the button that takes them."""
    file = form.cleaned_data["file"]
    try:
        table = read_table(file.read())
        rows, faults = read_ratings(table.header, table.rows)
        report = import_ratings(
            panel_id=panel.pk, rows=rows, dry_run=True, actor=request.user.pk, now=timezone.now()
        )
    except (TableUnreadable, PanelRefused) as refusal:
        form.add_error("file", f"{file.name}: {retell(refusal)}")
        return {}
    told = sorted([*faults, *report.faults], key=lambda fault: fault.row)
    cells = [(one.row, one.judge, one.item, one.round, one.percent) for one in rows]
    return {
        "file": file.name,
        "faults": [(one.row, one.field, retell(one.error)) for one in told[:SHOWN]],
        "wrong": len(told),
        "report": report,
        "rows": signing.dumps(cells, salt=_salt(panel), compress=True) if not told else "",
    }


def _take(request: HttpRequest, panel: Panel) -> bool:
    try:
        cells = signing.loads(request.POST["rows"], salt=_salt(panel), max_age=KEPT_SECONDS)
        report = import_ratings(
            panel_id=panel.pk,
            rows=[RatingRow(*row) for row in cells],
            dry_run=False,
            actor=request.user.pk,
            now=timezone.now(),
        )
    except signing.BadSignature:
        messages.error(request, _("This took too long; bring the file again."))
        return False
    except PanelRefused as refusal:
        messages.error(request, str(refusal))
        return False
    if not report.written:
        messages.error(request, _("The panel has changed meanwhile; bring the file again."))
    else:
        text = _("Ratings taken: %(count)d.")
        messages.success(request, text % {"count": report.taken})
    return report.written


def _salt(panel: Panel) -> str:
    return f"courses.ratings.{panel.pk}"


def _find(request: HttpRequest, pk: int) -> Panel:
    if not request.user.has_perm(CHAIR):
        raise PermissionDenied
    found = Panel.objects.select_related("assessment__course", "decided_by")
    return get_object_or_404(found, pk=pk)


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], panel: Panel
) -> HttpResponse:
    title = _("Panel for %(test)s") % {"test": panel.assessment}
    trail = (("lms_judging:index", _("Panels")),)
    return render_page(request, template, context, title=title, icon="group", trail=trail)
