"""A list of certificates in the admin: uploaded, judged, confirmed."""

import json
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.viewsets.base import ViewSet

from badges.actions.credentials import NotReady
from badges.actions.imports import ImportReport, import_credentials
from badges.domain.rosters import COLUMNS, EXAMPLE, Roster, read_roster
from badges.forms import ImportForm
from badges.keystore import KeyMissing
from lms.tables import CSV, FORMATS, MEDIA, Table, write_csv, write_xlsx
from lms.ui.admin import menu_item_for, render_page
from lms.wording.retold import retell

MAY = "lms_badges.add_credential"
ROWS, CHARACTERS = 500, 500_000  # more takes longer than a request should: the command is for that
KEY = "lms_badges_import"  # in the session: the uploaded table, signed, until it is confirmed
KEPT_SECONDS = 3600
SHOWN = 100  # rows of a table on the page


def upload_view(request: HttpRequest) -> HttpResponse:
    """Take a file, keep its table, and go on to what would become of it."""
    _require(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        achievement = form.cleaned_data["achievement"]
        kept = _keep(
            request,
            form.cleaned_data["file"],
            achievement=achievement.slug if achievement else "",
            undated=form.cleaned_data["undated"],
        )
        if kept:
            return redirect("lms_badges_import:check")
        form.add_error("file", _too_much())
    context = {"form": form, "columns": COLUMNS, "formats": FORMATS}
    return _render(request, "badges/admin/import.html", context)


def check_view(request: HttpRequest) -> HttpResponse:
    """Say what would become of each row; issue when that is confirmed."""
    _require(request)
    roster = _read_kept(request)
    if roster is None:
        messages.error(request, _("The file is no longer kept here: choose it again."))
        return redirect("lms_badges_import:index")
    confirmed = request.method == "POST"
    try:
        report = import_credentials(
            roster,
            dry_run=not confirmed,
            keep_going="keep_going" in request.POST,
            actor=request.user.pk,
            now=timezone.now(),
        )
    except (NotReady, KeyMissing) as error:
        messages.error(request, str(error))
        return redirect("lms_badges_import:index")
    if confirmed and (report.issued or report.is_clean):
        del request.session[KEY]
        messages.success(request, _describe_issued(report))
        return redirect("lms_badges_credentials:index")
    if confirmed:
        messages.error(request, _("Nothing was issued: see why below."))
    return _render(request, "badges/admin/import_check.html", _describe(report))


def template_view(request: HttpRequest, form: str) -> HttpResponse:
    """An empty list with the columns and one example row."""
    _require(request)
    rows = [COLUMNS, EXAMPLE]
    body = b"".join(write_csv(rows)) if form == CSV else write_xlsx(rows)
    headers = {"Content-Disposition": f'attachment; filename="certificates-to-import.{form}"'}
    return HttpResponse(body, content_type=MEDIA[form], headers=headers)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY):
        raise PermissionDenied


def _keep(request: HttpRequest, table: Table, *, achievement: str, undated: bool) -> bool:
    """Keep an uploaded table in the session; ``False`` if it is too much for a request."""
    kept = {**asdict(table), "achievement": achievement, "undated": undated}
    if len(table.rows) > ROWS or len(json.dumps(kept, ensure_ascii=False)) > CHARACTERS:
        return False
    kept["user"] = request.user.pk
    request.session[KEY] = signing.dumps(kept, salt=KEY, compress=True)
    return True


def _read_kept(request: HttpRequest) -> Roster | None:
    try:
        kept = signing.loads(request.session.get(KEY, ""), salt=KEY, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        request.session.pop(KEY, None)
        return None
    if kept["user"] != request.user.pk:
        return None
    rows = tuple((number, tuple(cells)) for number, cells in kept["rows"])
    return read_roster(
        Table(tuple(kept["header"]), rows),
        achievement=kept["achievement"],
        undated=kept["undated"],
        today=timezone.localdate(),
    )


def _too_much() -> str:
    text = _(
        "The admin takes lists of up to %(rows)d rows. Split the file, or let the operator run"
        " manage.py import_credentials."
    )
    return text % {"rows": ROWS}


def _describe_issued(report: ImportReport) -> str:
    count, known = len(report.issued), len(report.admission.admitted) - len(report.issued)
    said = ngettext(
        "%(count)d certificate was issued.", "%(count)d certificates were issued.", count
    ) % {"count": count}
    again = ngettext("%(count)d was there already.", "%(count)d were there already.", known)
    return f"{said} {again % {'count': known}}" if known else said


def _describe(report: ImportReport) -> dict[str, Any]:
    admission = report.admission
    fresh = [each.row for each in admission.fresh]
    refused = [
        {"row": each.row, "field": each.field, "reason": retell(each.error)}
        for each in admission.refusals
    ]
    return {
        "shown": SHOWN,
        "fresh": fresh,
        "now": sum(row.issued_on is None for row in fresh),
        "known": len(admission.admitted) - len(fresh),
        "refused": refused,
        "refused_rows": len({each["row"] for each in refused}),
        "lookalikes": report.lookalikes,
        "renamed": [each for each in admission.fresh if each.printed],
    }


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    title = _("Import certificates")
    trail = (("lms_badges_credentials:index", _("Credentials")),)
    return render_page(request, template, context, title=title, icon="upload", trail=trail)


class ImportViewSet(ViewSet):
    """Not a model's: a list goes in, credentials come out."""

    name = "lms_badges_import"
    icon = "upload"
    url_prefix = "badges/import"
    menu_label = gettext_lazy("Import")
    menu_item_class = menu_item_for(MAY)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", upload_view, name="index"),
            path("check/", check_view, name="check"),
            *(
                path(f"template.{form}", template_view, {"form": form}, name=form)
                for form in FORMATS
            ),
        ]
