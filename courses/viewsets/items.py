"""Items in the Wagtail admin: typed, previewed as a candidate sees them, never overwritten."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    EditView,
    IndexView,
    PreviewOnCreateView,
    PreviewOnEditView,
    SnippetViewSet,
)

from courses.actions.regrade import MAY_SCORE
from courses.domain.items import KINDS
from courses.forms.items import ItemForm
from courses.models import Item
from courses.models.localised import content_languages
from courses.queries.cases import find_case
from courses.queries.places import show_item
from courses.viewsets.panels import TypedForm
from lms.ui.previews import FormPreviewMixin


class ItemIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("bank", "topic", "group")


class ItemEditView(EditView):
    """Tells which attempts a change reaches."""

    def get_success_message(self) -> str:
        number = self.object.current.number if self.object.current else 0
        return _(
            "Version %(number)s is live. Tests started from now on show it; tests already "
            "running keep the version they began with."
        ) % {"number": number}

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Where a changed key is put right for those who were judged by the old one."""
        buttons: list[Button] = super().header_more_buttons
        if not self.request.user.has_perm(MAY_SCORE):
            return buttons
        url = reverse("lms_regrade:item", args=[self.object.pk])
        label = _("Correct and score again")
        return [*buttons, Button(label, url=url, icon_name="rotate", priority=90)]


class PreviewMixin(FormPreviewMixin):
    """Shows the typed item as the page of a test does."""

    def draw(self, request: HttpRequest, form: Any, mode: str) -> HttpResponse:
        order = KINDS[form.body.kind].drawn(form.body)
        place = show_item(form.body, mode, order=order, case=find_case(form.instance, mode))
        return TemplateResponse(request, "courses/admin/item_preview.html", {"place": place})


class PreviewOnCreate(PreviewMixin, PreviewOnCreateView):
    pass


class PreviewOnEdit(PreviewMixin, PreviewOnEditView):
    pass


class TypedPanel(FieldPanel):
    """A field of the form that is no field of the model."""

    def get_form_options(self) -> dict[str, Any]:
        return {}


def _language(code: str, label: Any) -> Panel:
    names = ("stem", "options", "rationale", "unit", "seen")
    panels = [TypedPanel(f"{name}_{code}") for name in names]
    return MultiFieldPanel(panels, heading=label, classname="collapsed" if code != "en" else "")


class ItemViewSet(SnippetViewSet):
    """Questions: a change makes a new version."""

    model = Item
    icon = "help"
    menu_label = lazy("Items")
    admin_url_namespace = "lms_items"
    base_url_path = "lms_items"
    menu_item_is_registered = True
    list_display = [
        "code",
        Column("excerpt", label=lazy("Question")),
        "bank",
        "topic",
        "group",
        "state",
        "review_on",
    ]
    list_filter: Any = {
        "bank": ["exact"],
        "topic": ["exact"],
        "group": ["exact"],
        "state": ["exact"],
        "owner": ["exact"],
        "review_on": ["lte"],
    }
    search_fields = ["code", "objective", "text"]
    index_view_class = ItemIndexView
    edit_view_class = ItemEditView
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
                    FieldPanel("lesson_slug"),
                ],
                heading=lazy("Place"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("objective"),
                    FieldPanel("product_version"),
                    FieldPanel("owner"),
                    FieldPanel("review_on"),
                ],
                heading=lazy("Keeping it true"),
                classname="collapsed",
            ),
            MultiFieldPanel(
                [
                    TypedPanel("kind"),
                    TypedPanel("scoring"),
                    TypedPanel("difficulty"),
                    TypedPanel("key"),
                    TypedPanel("tolerance"),
                    TypedPanel("image"),
                    TypedPanel("without_picture"),
                ],
                heading=lazy("Kind"),
            ),
            *(_language(code, label) for code, label in content_languages()),
        ],
        base_form_class=ItemForm,
    )
