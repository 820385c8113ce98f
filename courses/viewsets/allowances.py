"""Extra tries and more time in the Wagtail admin: what is saved there is an action."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from courses.actions.allowances import (
    CHANGE_TIME,
    AttemptOver,
    NothingToAdd,
    adds_to,
    extend_attempt,
)
from courses.forms.allowances import AccommodationForm, WaiverForm
from courses.models import Accommodation, Attempt, Waiver
from courses.viewsets.items import TypedPanel
from courses.viewsets.panels import TypedForm


class AddOnlyPolicy(ModelPermissionPolicy):
    """Rows that are added and looked at, never changed or deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        allowed: bool = super().user_has_permission(user, action)
        return action in ("add", "view") and allowed

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_permission(user, action)


class ActingMixin:
    """Saves through the form's action; what that refuses, the form says."""

    def save_instance(self: Any) -> Any:
        return self.saved

    def is_valid(self: Any, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        try:
            self.saved = form.act(actor=self.request.user.pk, now=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return False
        return True


class ActingCreateView(ActingMixin, generic.CreateView):
    pass


class ActingEditView(ActingMixin, generic.EditView):
    pass


class PeopleIndexView(generic.IndexView):
    """Names and addresses are joined here, never stored twice."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("user")


class TimeIndexView(PeopleIndexView):
    def get_list_more_buttons(self, instance: Accommodation) -> list[Button]:
        buttons: list[Button] = super().get_list_more_buttons(instance)
        if self.request.user.has_perm(CHANGE_TIME):
            url = reverse("lms_more_time:extend", args=[instance.pk])
            buttons.append(Button(_("Extend a running test"), url=url, priority=20))
        return buttons


class WaiverViewSet(ModelViewSet):
    model = Waiver
    name = "lms_waivers"
    icon = "rotate"
    menu_label = lazy("Extra tries")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = PeopleIndexView
    add_view_class = ActingCreateView
    search_fields = ["user__email"]
    list_display = [
        "user__email",
        Column("assessment", label=lazy("Test")),
        "reason",
        "granted_at",
        BooleanColumn("used", label=lazy("Used")),
    ]
    edit_handler = TypedForm(
        [TypedPanel("email"), FieldPanel("assessment"), FieldPanel("reason")],
        base_form_class=WaiverForm,
    )


class AccommodationViewSet(ModelViewSet):
    model = Accommodation
    name = "lms_more_time"
    icon = "time"
    menu_label = lazy("More time")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = TimeIndexView
    add_view_class = ActingCreateView
    edit_view_class = ActingEditView
    search_fields = ["user__email"]
    list_display = [
        "user__email",
        "time_factor",
        "extra_minutes",
        "break_minutes",
        "changed_at",
    ]
    edit_handler = TypedForm(
        [
            TypedPanel("email"),
            FieldPanel("time_factor"),
            FieldPanel("extra_minutes"),
            FieldPanel("break_minutes"),
            FieldPanel("reason"),
        ],
        base_form_class=AccommodationForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urlpatterns()
        return [*patterns, path("extend/<int:pk>/", extend_view, name="extend")]


def extend_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's running tests, and move the end of one."""
    if not request.user.has_perm(CHANGE_TIME):
        raise PermissionDenied
    given = get_object_or_404(Accommodation.objects.select_related("user"), pk=pk)
    running = list(
        Attempt.objects.filter(
            user=given.user_id, state=Attempt.State.OPEN, closes_at__gte=timezone.now()
        ).select_related("assessment__course")
    )
    if request.method == "POST":
        asked = request.POST.get("attempt", "")
        attempt = next((one for one in running if str(one.pk) == asked), None)
        _extend(request, attempt)
        return redirect("lms_more_time:extend", pk)
    title = _("Extend a running test")
    rows = [(one, one.lasts(given.rule.extend(one.policy["minutes"]))) for one in running]
    context = {
        "given": given,
        "rows": [(one, max(end, one.deadline), adds_to(one, given.rule)) for one, end in rows],
        "header_title": title,
        "header_icon": "time",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("lms_more_time:index"), "label": _("More time")},
            {"url": "", "label": title},
        ],
    }
    return render(request, "courses/admin/extend.html", context)


def _extend(request: HttpRequest, attempt: Attempt | None) -> None:
    try:
        if attempt is None:
            raise AttemptOver
        done = extend_attempt(attempt_id=attempt.pk, actor=request.user.pk, now=timezone.now())
    except AttemptOver:
        messages.error(request, _("This test is over; nothing was changed."))
    except NothingToAdd:
        messages.warning(request, _("This test already lasts that long."))
    else:
        until = timezone.localtime(done.deadline)
        messages.success(request, _("The test now ends at %(time)s.") % {"time": f"{until:%H:%M}"})
