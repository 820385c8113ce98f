"""A form in the Wagtail admin whose fields are not all the model's, each shown once."""

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.panels import ObjectList, Panel


class TypedForm(ObjectList):
    """Shows after its panels only what none of them shows, typed fields included."""

    class BoundPanel(ObjectList.BoundPanel):
        def render_missing_fields(self: Any) -> SafeString:
            shown = set(_find_names(self.panel))
            left = [str(self.form[name]) for name in self.form.fields if name not in shown]
            return mark_safe("".join(left))  # noqa: S308 - a bound field is markup already


def _find_names(panel: Panel) -> Iterator[str]:
    if name := getattr(panel, "field_name", ""):
        yield name
    for child in getattr(panel, "children", ()):
        yield from _find_names(child)
