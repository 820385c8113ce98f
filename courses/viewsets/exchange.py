"""Files of questions in the admin: brought, judged, taken; and a bank taken along as a file."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.viewsets.base import ViewSet

from courses.actions.imports import ImportReport, import_items
from courses.domain.formats.reading import Unreadable
from courses.domain.formats.sheet.mapping import Mapping, guess
from courses.domain.formats.sheet.template import template_rows
from courses.forms.exchange import BringForm, ColumnsForm, TakeAlongForm
from courses.models import ItemFile
from courses.queries.exchange import (
    MEDIA,
    SUFFIX,
    SourceFile,
    how_to_weigh,
    list_questions,
    read_questions,
    write_questions,
)
from courses.queries.reports import describe_import
from lms import tables
from lms.ui.admin import menu_item_for, render_page
from lms.wording.retold import retell

MAY = "lms_courses.add_item"
SHOWN = 100  # rows of a table on the page


def bring_view(request: HttpRequest) -> HttpResponse:
    """Take a file, keep it, and go on to what would become of it."""
    _require(request)
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["file"].read()
        kept = ItemFile.objects.create(
            name=form.cleaned_data["file"].name[:200],
            digest=hashlib.sha256(body).hexdigest(),
            body=body,
            bank=form.cleaned_data["bank"],
            language=form.cleaned_data["language"],
            topic=form.cleaned_data["topic"],
            uploaded_at=timezone.now(),
            uploaded_by_id=request.user.pk,
        )
        return redirect("lms_exchange:check", pk=kept.pk)
    context = {"form": form, "along": TakeAlongForm(), "formats": tables.FORMATS}
    return _render(request, "courses/admin/exchange.html", context)


def check_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would become of each question; take them when that is confirmed."""
    _require(request)
    kept = get_object_or_404(ItemFile, pk=pk, uploaded_by=request.user.pk, taken_at=None)
    source = SourceFile(name=kept.name, body=bytes(kept.body))
    try:
        columns = _columns(request, kept, source)
        reading = read_questions(source, columns=kept.columns)
    except Unreadable as error:
        context = {"file": kept, "fault": retell(error), "columns": _guessed(source)}
        return _render(request, "courses/admin/exchange_check.html", context)
    confirmed = "take" in request.POST
    report = import_items(
        reading,
        bank=kept.bank,
        language=kept.language,
        topic=kept.topic,
        weigh=how_to_weigh(source.format),
        keep_going=request.POST.get("take") == "good",
        dry_run=not confirmed,
        actor=request.user.pk,
        now=timezone.now(),
    )
    if report.written:
        return _finish(request, kept, report)
    told = describe_import(report, source.format)
    context = {"file": kept, "told": told, "columns": columns, "shown": SHOWN}
    return _render(request, "courses/admin/exchange_check.html", context)


def _columns(request: HttpRequest, kept: ItemFile, source: SourceFile) -> ColumnsForm | None:
    """Return the form of a table's columns, and keep what was chosen in it."""
    if source.format not in tables.FORMATS:
        return None
    header = source.table.header
    mapping = Mapping(tuple(kept.columns)) if kept.columns else guess(header)
    chosen = request.POST if "columns" in request.POST else None
    form = ColumnsForm(header, mapping, chosen)
    if chosen is not None and form.is_valid():
        kept.columns = form.columns()
        kept.save(update_fields=["columns"])
    return form


def _guessed(source: SourceFile) -> ColumnsForm | None:
    """Return the form for a table whose columns were not understood; none for what is no table."""
    if source.format not in tables.FORMATS:
        return None
    try:
        header = source.table.header
    except Unreadable:
        return None
    return ColumnsForm(header, guess(header))


def _finish(request: HttpRequest, kept: ItemFile, report: ImportReport) -> HttpResponse:
    kept.taken_at, kept.accepted = timezone.now(), len(report.accepted)
    kept.save(update_fields=["taken_at", "accepted"])
    text = ngettext(
        "%(count)d question was taken from %(name)s.",
        "%(count)d questions were taken from %(name)s.",
        len(report.accepted),
    )
    messages.success(request, text % {"count": len(report.accepted), "name": kept.name})
    return redirect("lms_items:list")


def along_view(request: HttpRequest) -> HttpResponse:
    """Send a bank as a file; what the format cannot hold is said first."""
    _require(request)
    form = TakeAlongForm(request.GET)
    if not form.is_valid():
        return redirect("lms_exchange:index")
    bank, name = form.cleaned_data["bank"], form.cleaned_data["form"]
    questions = list_questions(bank, form.cleaned_data["language"], form=name)
    body, lost = write_questions(questions, name)
    if lost and "anyway" not in request.GET:
        notes = [
            {"code": questions[note.where - 1].code if note.where else "", "what": str(note.what)}
            for note in lost
        ]
        context = {"notes": notes, "query": request.GET.urlencode(), "shown": SHOWN}
        return _render(request, "courses/admin/exchange_lost.html", context)
    return _send(body, f"{bank.slug}.{SUFFIX[name]}", MEDIA[name])


def template_view(request: HttpRequest, form: str) -> HttpResponse:
    """An empty table with the columns and an example of each kind."""
    _require(request)
    rows = template_rows()
    body = b"".join(tables.write_csv(rows)) if form == tables.CSV else tables.write_xlsx(rows)
    return _send(body, f"questions.{form}", MEDIA[form])


def _send(body: bytes, name: str, media: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=media, headers=headers)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY):
        raise PermissionDenied


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    title = _("Files of questions")
    trail = (("lms_items:list", _("Items")),)
    return render_page(request, template, context, title=title, icon="upload", trail=trail)


class ExchangeViewSet(ViewSet):
    """Not a model's: a file goes in, items come out, and the other way."""

    name = "lms_exchange"
    icon = "upload"
    url_prefix = "lms_items/files"
    menu_label = gettext_lazy("Import and export")
    menu_item_class = menu_item_for(MAY)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", bring_view, name="index"),
            path("<int:pk>/", check_view, name="check"),
            path("along/", along_view, name="along"),
            *(
                path(f"template.{form}", template_view, {"form": form}, name=form)
                for form in tables.FORMATS
            ),
        ]
