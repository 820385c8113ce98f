"""Badges in the Wagtail admin: achievements are written, credentials are looked at and revoked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies.base import ModelPermissionPolicy

from badges.actions.credentials import revoke
from badges.forms import AchievementForm, RevokeForm
from badges.models import Achievement, Credential, IssuerProfile

REVOKE = "lms_badges.revoke_credential"


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Credentials are issued and revoked by actions: nobody adds, edits or deletes a row."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and (
            user.has_perm(REVOKE) or super().user_has_permission(user, action)
        )

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)


class AchievementViewSet(ModelViewSet):
    model = Achievement
    icon = "tag"
    url_prefix = "badges/achievements"
    menu_label = gettext_lazy("Achievements")
    copy_view_enabled = False
    list_display = ["slug", "achievement_type", "valid_months"]
    search_fields = ["slug", "texts__name"]
    edit_handler = ObjectList(
        [
            FieldPanel("slug"),
            FieldPanel("achievement_type"),
            FieldPanel("valid_months"),
            InlinePanel(
                "texts",
                min_num=1,
                label=gettext_lazy("Text"),
                heading=gettext_lazy("Texts, one a language"),
                panels=[
                    FieldPanel("language"),
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldPanel("criteria"),
                ],
            ),
        ],
        base_form_class=AchievementForm,
    )


class IssuerViewSet(ModelViewSet):
    model = IssuerProfile
    icon = "site"
    url_prefix = "badges/issuer"
    menu_label = gettext_lazy("Issuer")
    copy_view_enabled = False
    list_display = ["name", "url", "email"]
    form_fields = ["name", "url", "email", "description"]


class CredentialFilterSet(WagtailFilterSet):
    """By achievement, language, and whether it holds today."""

    state = ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            ("valid", gettext_lazy("Valid")),
            ("expired", gettext_lazy("Expired")),
            ("revoked", gettext_lazy("Withdrawn")),
        ],
        method="filter_state",
    )

    class Meta:
        model = Credential
        fields = ["achievement", "language"]

    def filter_state(self, found: QuerySet[Credential], name: str, value: str) -> Any:
        ended = Q(valid_until__lte=timezone.localdate())
        revoked = Q(revoked_at__isnull=False)
        wanted = {"revoked": revoked, "expired": ended & ~revoked, "valid": ~ended & ~revoked}
        return found.filter(wanted[value])


class CredentialIndexView(generic.IndexView):
    """The list of credentials; names are joined here, never stored in a log."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("achievement", "recipient")

    def get_list_more_buttons(self, instance: Credential) -> list[Button]:
        buttons: list[Button] = super().get_list_more_buttons(instance)
        return [*buttons, *_revoke_buttons(self.request, instance, priority=20)]


class CredentialInspectView(generic.InspectView):
    """One credential with its state; revoking starts here."""

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = list(super().header_more_buttons)
        return [*buttons, *_revoke_buttons(self.request, self.object, priority=10)]


def _revoke_buttons(request: HttpRequest, credential: Credential, priority: int) -> list[Button]:
    if credential.revoked_at or not request.user.has_perm(REVOKE):
        return []
    url = reverse("lms_badges_credentials:revoke", args=[credential.pk])
    return [Button(_("Revoke"), url=url, priority=priority)]


def revoke_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then revoke for good."""
    if not request.user.has_perm(REVOKE):
        raise PermissionDenied
    credential = get_object_or_404(Credential.objects.select_related("achievement"), pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke(
            code=credential.code,
            reason=form.cleaned_data["reason"],
            actor=request.user.pk,
            now=timezone.now(),
        )
        messages.success(request, _("The credential %(code)s is revoked.") % {"code": credential})
        return redirect("lms_badges_credentials:inspect", pk)
    context = {
        "credential": credential,
        "form": form,
        "header_title": _("Revoke %(code)s") % {"code": credential},
        "header_icon": "cross",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_badges_credentials:index"), "label": _("Credentials")},
            {"url": "", "label": _("Revoke %(code)s") % {"code": credential}},
        ],
    }
    return render(request, "badges/admin/revoke.html", context)


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
    list_display = [
        "code",
        Column("achievement", label=gettext_lazy("Achievement")),
        Column("recipient.name", label=gettext_lazy("Holder"), accessor="recipient.name"),
        "issued_at",
        "valid_until",
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
        "revoked_at",
        "revoke_reason",
        "source",
    ]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [*patterns, path("revoke/<int:pk>/", revoke_view, name="revoke")]


class BadgesViewSetGroup(ModelViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "success"
    menu_order = 300
    items = (CredentialViewSet, AchievementViewSet, IssuerViewSet)
