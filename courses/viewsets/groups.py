"""Cases in the Wagtail admin: typed, previewed with their questions, never overwritten."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
)

from courses.domain.items import KINDS
from courses.forms.groups import GroupForm
from courses.models import ItemGroup
from courses.models.localised import content_languages
from courses.queries.places import show_case, show_item
from courses.viewsets.items import TypedPanel
from courses.viewsets.panels import TypedForm
from lms.ui.previews import FormPreviewMixin


class ToldMixin:
    """Tells which attempts a change reaches, and what keeps the case from being drawn."""

    def get_success_message(self: Any, *args: Any) -> str:
        group: ItemGroup = self.form.instance
        said = _(
            "Version %(number)s of the case stands. Tests started from now on show it; tests "
            "already running keep the version they began with."
        ) % {"number": group.current.number if group.current else 0}
        if group.state == ItemGroup.State.LIVE and self.form.sleeping:
            text = _("It is not drawn while these questions are not live: %(codes)s.")
            return f"{said} {text % {'codes': ', '.join(self.form.sleeping)}}"
        return said


class GroupIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("bank", "topic")


class GroupCreateView(ToldMixin, CreateView):
    pass


class GroupEditView(ToldMixin, EditView):
    pass


class PreviewMixin(FormPreviewMixin):
    """Shows each question of the typed case as the page of a test does."""

    def draw(self, request: HttpRequest, form: Any, mode: str) -> HttpResponse:
        bodies = [item.current.parsed for item in form.members]
        slots = range(1, len(bodies) + 1)
        places = [
            show_item(
                body,
                mode,
                order=KINDS[body.kind].drawn(body),
                slot=slot,
                case=show_case(form.body, mode, slots=slots, slot=slot),
            )
            for slot, body in enumerate(bodies, start=1)
        ]
        return TemplateResponse(request, "courses/admin/case_preview.html", {"places": places})


class PreviewOnCreate(PreviewMixin, PreviewOnCreateView):
    pass


class PreviewOnEdit(PreviewMixin, PreviewOnEditView):
    pass


def _language(code: str, label: Any) -> Panel:
    panels = [TypedPanel(f"{name}_{code}") for name in ("stem", "seen")]
    return MultiFieldPanel(panels, heading=label, classname="collapsed" if code != "en" else "")


class GroupViewSet(SnippetViewSet):
    """Questions that share a text: a change makes a new version."""

    model = ItemGroup
    icon = "clipboard-list"
    menu_label = pgettext_lazy("test", "Cases")
    admin_url_namespace = "lms_cases"
    base_url_path = "lms_cases"
    menu_item_is_registered = True
    list_display = ["code", Column("excerpt", label=lazy("Text")), "bank", "topic", "state"]
    list_filter: Any = {
        "bank": ["exact"],
        "topic": ["exact"],
        "state": ["exact"],
        "owner": ["exact"],
        "review_on": ["lte"],
    }
    search_fields = ["code", "text"]
    index_view_class = GroupIndexView
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    preview_on_add_view_class = PreviewOnCreate
    preview_on_edit_view_class = PreviewOnEdit
    copy_view_enabled = False
    edit_handler = TypedForm(
        [
            MultiFieldPanel(
                [
                    FieldPanel("bank"),
                    FieldPanel("topic"),
                    FieldPanel("code"),
                    FieldPanel("state"),
                    TypedPanel("member_lines"),
                ],
                heading=lazy("Place"),
            ),
            MultiFieldPanel(
                [FieldPanel("product_version"), FieldPanel("owner"), FieldPanel("review_on")],
                heading=lazy("Keeping it true"),
                classname="collapsed",
            ),
            MultiFieldPanel(
                [TypedPanel("image"), TypedPanel("without_picture")],
                heading=lazy("Picture"),
                classname="collapsed",
            ),
            *(_language(code, label) for code, label in content_languages()),
        ],
        base_form_class=GroupForm,
    )
