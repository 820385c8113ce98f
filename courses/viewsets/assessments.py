"""Tests in the Wagtail admin: set up in groups of fields, and told what the bank makes of it."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from courses.forms.assessments import AssessmentForm, say_check
from courses.models import Assessment
from courses.queries.cuts import find_origin, say_origin
from courses.viewsets.items import TypedPanel
from courses.viewsets.panels import TypedForm


class CheckedMixin:
    """Tells how many tests there are in the bank, and how alike they are."""

    def get_success_message(self: Any, *args: Any) -> str:
        said = super().get_success_message(*args)  # type: ignore[misc]
        blueprint = self.form.cleaned_data["blueprint"]
        return f"{said} {say_check(self.form.check, blueprint)}"


class AssessmentCreateView(CheckedMixin, generic.CreateView):
    pass


class AssessmentEditView(CheckedMixin, generic.EditView):
    pass


class OriginPanel(Panel):
    """Says which panel of judges the cut comes from, if one decided about it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/admin/cut_origin.html"

        @cached_property
        def origin(self) -> Any:
            return find_origin(self.instance) if self.instance.pk else None

        def is_shown(self) -> bool:
            return self.origin is not None

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            said = say_origin(self.origin, self.instance.cut_percent)
            return {**context, "said": said, "panel": self.origin}


def _group(heading: Any, *panels: Panel, classname: str = "") -> MultiFieldPanel:
    return MultiFieldPanel(list(panels), heading=heading, classname=classname)


class AssessmentViewSet(ModelViewSet):
    model = Assessment
    icon = "tasks"
    menu_label = lazy("Tests")
    name = "lms_tests"
    list_display = ["course", "bank", "minutes", "cut_percent", BooleanColumn("accepting")]
    copy_view_enabled = False
    add_view_class = AssessmentCreateView
    edit_view_class = AssessmentEditView
    edit_handler = TypedForm(
        [
            _group(
                lazy("Test"),
                FieldPanel("course"),
                FieldPanel("bank"),
                FieldPanel("minutes"),
                FieldPanel("calculator"),
                FieldPanel("accepting"),
            ),
            _group(
                lazy("What is drawn"),
                TypedPanel("draw_lines"),
                TypedPanel("case_lines"),
                TypedPanel("order"),
                TypedPanel("pilots"),
                TypedPanel("exposure_percent"),
                TypedPanel("exposure_last"),
                TypedPanel("exposure_most"),
                TypedPanel("section_lines"),
            ),
            _group(
                lazy("What passes"),
                FieldPanel("cut_percent"),
                OriginPanel(),
                TypedPanel("minimum_lines"),
            ),
            _group(
                lazy("Trying again"),
                TypedPanel("waits"),
                TypedPanel("most_in_year"),
                TypedPanel("revisit"),
                TypedPanel("once_passed"),
                TypedPanel("once_passed_days"),
            ),
            _group(
                lazy("What people are told"),
                TypedPanel("feedback_what"),
                TypedPanel("feedback_when"),
                TypedPanel("feedback_day"),
            ),
        ],
        base_form_class=AssessmentForm,
    )
