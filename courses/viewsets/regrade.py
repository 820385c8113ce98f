"""Scoring again in the Wagtail admin: choose, look at what would change, record, decide."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from courses.actions.regrade import MAY_DECIDE, MAY_SCORE, decide_credential, run_scoring
from courses.domain.codes import new_code
from courses.domain.regrade import Correction, KeyUnfit, NothingLeft
from courses.forms.regrade import DecisionForm, RunForm, read_corrections, write_corrections
from courses.models import Assessment, CredentialDecision, Item, ScoringRun
from courses.queries.corrections import (
    describe_corrections,
    list_choices_of_item,
    list_choices_of_test,
)
from courses.queries.regrading import NothingToCorrect, Preview, VersionUnknown, preview_run
from courses.queries.runs import (
    SIZE,
    describe_run,
    get_page,
    list_all,
    list_cells,
    list_decisions,
    list_runs,
    name_changes,
    say_shift,
)
from lms.tables import CSV, MEDIA, write_csv
from lms.ui.admin import render_page
from lms.wording.retold import retell

TRAIL = (("lms_regrade:index", gettext_lazy("Scoring again")),)
REFUSALS = (NothingToCorrect, VersionUnknown, KeyUnfit, NothingLeft)


class ScoringMenuItem(MenuItem):
    """For those who score again, and for those who decide on credentials."""

    def is_shown(self, request: HttpRequest) -> bool:
        return _may_look(request)


def index_view(request: HttpRequest) -> HttpResponse:
    """What was scored again, and what is still to decide; where to begin."""
    _require_look(request)
    page = Paginator(list_runs(), SIZE).get_page(request.GET.get("p"))
    may_score = request.user.has_perm(MAY_SCORE)
    tests = Assessment.objects.select_related("course").order_by("course__slug")
    context = {"page": page, "tests": tests if may_score else ()}
    return _render(request, "regrade_runs", context, _("Scoring again"), trail=())


def choose_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is corrected, of all that a test showed."""
    _require(request)
    test = get_object_or_404(Assessment.objects.select_related("course"), pk=pk)
    context = {"choices": list_choices_of_test(pk), "about": test.course.slug}
    return _render(request, "regrade_choose", context, _("Correct and score again"))


def choose_item_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is corrected, of one item."""
    _require(request)
    item = get_object_or_404(Item, pk=pk)
    context = {"choices": list_choices_of_item(pk), "about": item.code}
    return _render(request, "regrade_choose", context, _("Correct and score again"))


def preview_view(request: HttpRequest) -> HttpResponse:
    """What would change; sent as a form, it is recorded."""
    _require(request)
    corrections = read_corrections(request.GET)
    form = RunForm(request.POST or None, initial={"key": new_code()})
    if request.method == "POST" and form.is_valid():
        return _record(request, corrections, form)
    try:
        preview = _preview(corrections)
    except REFUSALS as refusal:
        messages.error(request, _say_refusal(refusal))
        return redirect("lms_regrade:index")
    page = Paginator(preview.changes, SIZE).get_page(request.GET.get("p"))
    context = {
        "corrections": describe_corrections(corrections),
        "preview": preview,
        "page": page,
        "rows": list(name_changes(list(page.object_list), preview.shifts)),
        "shifts": [say_shift(shift) for shift in preview.shifts],
        "query": urlencode(write_corrections(corrections)),
        "form": form,
    }
    return _render(request, "regrade_preview", context, _("What would change"))


def preview_csv_view(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same as a file, all of it."""
    _require(request)
    try:
        preview = _preview(read_corrections(request.GET))
    except REFUSALS as refusal:
        messages.error(request, _say_refusal(refusal))
        return redirect("lms_regrade:index")
    return _as_csv("scoring-again-preview", name_changes(preview.changes, preview.shifts))


def run_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: what it corrected, what it changed, what is to decide."""
    _require_look(request)
    run = get_object_or_404(ScoringRun.objects.select_related("created_by"), pk=pk)
    page, rows = get_page(run, request.GET.get("p", ""))
    decisions = list_decisions(run)
    context = {
        "run": run,
        "corrections": describe_run(run),
        "decisions": decisions,
        "due": sum(decision.is_due for decision in decisions),
        "may_decide": request.user.has_perm(MAY_DECIDE),
        "page": page,
        "rows": rows,
    }
    title = _("Scoring run %(number)s") % {"number": run.pk}
    return _render(request, "regrade_run", context, title)


def run_csv_view(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every result of a run as a file."""
    _require_look(request)
    return _as_csv(f"scoring-run-{pk}", list_all(get_object_or_404(ScoringRun, pk=pk)))


@require_POST
def decide_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a credential in question, or revoke it."""
    if not request.user.has_perm(MAY_DECIDE):
        raise PermissionDenied
    decision = get_object_or_404(CredentialDecision.objects.select_related("rescore"), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why; nothing was decided."))
    else:
        decide_credential(
            decision_id=pk,
            keep=form.cleaned_data["keep"] == "keep",
            reason=form.cleaned_data["reason"],
            actor=request.user.pk,
            now=timezone.now(),
        )
        messages.success(request, _("The decision is kept and the holder is told."))
    return redirect("lms_regrade:run", decision.rescore.run_id)


def _preview(corrections: tuple[Correction, ...]) -> Preview:
    if not corrections:
        raise NothingToCorrect
    return preview_run(corrections, on=timezone.localdate(), language=get_language() or "en")


def _record(
    request: HttpRequest, corrections: tuple[Correction, ...], form: RunForm
) -> HttpResponse:
    try:
        run = run_scoring(
            corrections=corrections,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            actor=request.user.pk,
            now=timezone.now(),
        )
    except REFUSALS as refusal:
        messages.error(request, _say_refusal(refusal))
        return redirect("lms_regrade:index")
    messages.success(request, _("The scoring run is recorded; those concerned are told."))
    return redirect("lms_regrade:run", run.pk)


def _say_refusal(refusal: Exception) -> str:
    if isinstance(refusal, KeyUnfit):
        return capfirst(retell(refusal))
    if isinstance(refusal, NothingLeft):
        return _(
            "An attempt would have no question left that counts. Give a point for everybody "
            "instead of dropping its last ones."
        )
    if isinstance(refusal, NothingToCorrect):
        return _("Choose a correction that is not in force already.")
    return _("There is no such version of this item.")


def _as_csv(name: str, rows: Any) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    body = write_csv(list_cells(rows))
    return StreamingHttpResponse(body, content_type=MEDIA[CSV], headers=headers)


def _may_look(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(MAY_SCORE) or request.user.has_perm(MAY_DECIDE))


def _require_look(request: HttpRequest) -> None:
    if not _may_look(request):
        raise PermissionDenied


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_SCORE):
        raise PermissionDenied


def _render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    title: str,
    trail: tuple[tuple[str, Any], ...] = TRAIL,
) -> HttpResponse:
    file = f"courses/admin/{template}.html"
    return render_page(request, file, context, title=title, icon="rotate", trail=trail)


class RegradeViewSet(ViewSet):
    """Read first, recorded then."""

    name = "lms_regrade"
    icon = "rotate"
    url_prefix = "lms_tests/regrade"
    menu_label = gettext_lazy("Scoring again")
    menu_item_class = ScoringMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index_view, name="index"),
            path("test/<int:pk>/", choose_view, name="test"),
            path("item/<int:pk>/", choose_item_view, name="item"),
            path("preview/", preview_view, name="preview"),
            path("preview.csv", preview_csv_view, name="preview_csv"),
            path("runs/<int:pk>/", run_view, name="run"),
            path("runs/<int:pk>/results.csv", run_csv_view, name="run_csv"),
            path("decide/<int:pk>/", decide_view, name="decide"),
        ]
