"""Credentials in the admin: looked at, suspended, reinstated, revoked, corrected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from badges.actions.credentials import AchievementUnknown, NotReady, correct
from badges.actions.erasure import erase_holder
from badges.actions.withdrawal import CredentialUnknown, NotSuspendable, reinstate, revoke, suspend
from badges.domain.identity import NotPrintable
from badges.forms import NoteForm, ReasonForm
from badges.models import Credential
from badges.queries.register import REGISTER, in_state, list_register
from lms.tables import CSV, MEDIA, write_csv, write_xlsx
from lms.wording.retold import retell

REFUSALS = (AchievementUnknown, CredentialUnknown, NotPrintable, NotReady, NotSuspendable)
REVOKE, ADD = "lms_badges.revoke_credential", "lms_badges.add_credential"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that can be done to a credential; ``fits`` says to which."""

    label: Promise
    explained: Promise
    done: Promise
    permission: str
    run: Callable[..., Any]
    fits: Callable[[Credential], bool]
    form: type[ReasonForm] | type[NoteForm] = ReasonForm
    serious: bool = False


ACTS = {
    "suspend": Act(
        label=gettext_lazy("Suspend"),
        explained=gettext_lazy(
            "Until it is reinstated, its page, pictures, documents and the company's status show "
            "that it does not hold; the holder is told the reason."
        ),
        done=gettext_lazy("The credential %(code)s is suspended."),
        permission=REVOKE,
        run=suspend,
        fits=lambda row: row.revoked_at is None and row.suspended_at is None,
    ),
    "reinstate": Act(
        label=gettext_lazy("Reinstate"),
        explained=gettext_lazy("It holds again at once, everywhere; the holder is told why."),
        done=gettext_lazy("The credential %(code)s is reinstated."),
        permission=REVOKE,
        run=reinstate,
        fits=lambda row: row.revoked_at is None and row.suspended_at is not None,
    ),
    "correct": Act(
        label=gettext_lazy("Correct"),
        explained=gettext_lazy(
            "A new edition at the same address takes the achievement's present words and the "
            "issuer's present data. The earlier edition's files stop verifying; the holder is told."
        ),
        done=gettext_lazy("The credential %(code)s has a corrected edition."),
        permission=ADD,
        run=correct,
        fits=lambda row: (
            row.revoked_at is None
            and not row.is_over(timezone.localdate())
            and row.recipient.erased_at is None
        ),
        form=NoteForm,
    ),
    "erase": Act(
        label=gettext_lazy("Erase the person"),
        explained=gettext_lazy(
            "It cannot be taken back. Name, addresses, account and every document and picture of "
            "all this person's credentials are deleted; addresses answer that nothing is on "
            "record. Counts and past decisions stay. Name nobody in the reason."
        ),
        done=gettext_lazy("The holder of %(code)s is erased."),
        permission="lms_badges.erase_recipient",
        run=erase_holder,
        fits=lambda row: row.recipient.erased_at is None,
        serious=True,
    ),
    "revoke": Act(
        label=gettext_lazy("Revoke"),
        explained=gettext_lazy(
            "It cannot be taken back. Its page, pictures, documents and the company's status show "
            "it at once; the holder is told the reason."
        ),
        done=gettext_lazy("The credential %(code)s is revoked."),
        permission=REVOKE,
        run=revoke,
        fits=lambda row: row.revoked_at is None,
        serious=True,
    ),
}


class CredentialFilterSet(WagtailFilterSet):
    """By achievement, language, and whether it holds today."""

    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("valid", gettext_lazy("Valid")),
            ("expired", gettext_lazy("Expired")),
            ("suspended", gettext_lazy("Suspended")),
            ("revoked", gettext_lazy("Withdrawn")),
        ],
        method="filter_state",
    )

    class Meta:
        model = Credential
        fields = ["achievement", "language"]

    def filter_state(self, found: QuerySet[Credential], name: str, value: str) -> Any:
        return in_state(found, value, timezone.localdate())


class CredentialIndexView(generic.IndexView):
    """The list of credentials; names are joined here, never stored in a log."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("achievement", "recipient")

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        """What is searched and filtered, with the columns of ``manage.py export_credentials``."""
        rows = list_register(queryset, timezone.localdate())
        name = f"{self.get_filename()}.{spreadsheet_format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        media = MEDIA[spreadsheet_format]
        if spreadsheet_format == CSV:
            return StreamingHttpResponse(write_csv(rows), content_type=media, headers=headers)
        return HttpResponse(write_xlsx(rows), content_type=media, headers=headers)

    def get_list_more_buttons(self, instance: Credential) -> list[Button]:
        buttons: list[Button] = super().get_list_more_buttons(instance)
        return [*buttons, *_buttons(self.request, instance, priority=20)]


class CredentialInspectView(generic.InspectView):
    """One credential with its state; revoking starts here."""

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = list(super().header_more_buttons)
        return [*buttons, *_buttons(self.request, self.object, priority=10)]


def _buttons(request: HttpRequest, credential: Credential, priority: int) -> list[Button]:
    return [
        Button(
            act.label,
            url=reverse(f"lms_badges_credentials:{name}", args=[credential.pk]),
            priority=priority + place,
        )
        for place, (name, act) in enumerate(ACTS.items())
        if act.fits(credential) and request.user.has_perm(act.permission)
    ]


def act_view(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask for the reason, then do it."""
    act = ACTS[name]
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    credential = get_object_or_404(
        Credential.objects.select_related("achievement", "recipient"), pk=pk
    )
    form = act.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act.run(
                code=credential.code,
                **form.cleaned_data,
                actor=request.user.pk,
                now=timezone.now(),
            )
            messages.success(request, act.done % {"code": credential})
        except REFUSALS as refusal:
            messages.error(request, retell(refusal))
        return redirect("lms_badges_credentials:inspect", pk)
    title = _("%(act)s %(code)s") % {"act": act.label, "code": credential}
    context = {
        "credential": credential,
        "act": act,
        "form": form,
        "header_title": title,
        "header_icon": "success",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_badges_credentials:index"), "label": _("Credentials")},
            {"url": "", "label": title},
        ],
    }
    return render(request, "badges/admin/act.html", context)


class CredentialViewSet(ModelViewSet):
    model = Credential
    name = "lms_badges_credentials"
    icon = "success"
    url_prefix = "badges/credentials"
    menu_label = gettext_lazy("Credentials")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = CredentialIndexView
    inspect_view_class = CredentialInspectView
    filterset_class = CredentialFilterSet
    list_export = [*REGISTER]
    export_filename = "certificates"
    list_display = [
        "code",
        Column("achievement", label=gettext_lazy("Achievement")),
        Column("recipient.name", label=gettext_lazy("Holder"), accessor="recipient.name"),
        "issued_at",
        "valid_until",
        "suspended_at",
        "revoked_at",
    ]
    search_fields = ["code", "recipient__name", "recipient__addresses__email", "achievement__slug"]
    inspect_view_fields = [
        "code",
        "achievement",
        "language",
        "issued_at",
        "valid_from",
        "valid_until",
        "suspended_at",
        "suspend_reason",
        "revoked_at",
        "revoke_reason",
        "source",
    ]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        own = [path(f"{name}/<int:pk>/", act_view, {"name": name}, name=name) for name in ACTS]
        return [*patterns, *own]
