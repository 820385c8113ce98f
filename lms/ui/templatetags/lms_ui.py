"""Template tags of the UI kernel: icons, seal, meter, chip and small helpers for components."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, ngettext

from lms.ui.icons import icon_svg
from lms.ui.seal import seal_svg

register = template.Library()

CHIP_ICONS = {
    "good": "tick",
    "warn": "clock",
    "bad": "cross",
    "quiet": "dash",
    "accent": "flag",
}
NOTICE_ICONS = {
    "good": "tick",
    "warn": "warning",
    "bad": "cross",
    "quiet": "info",
    "accent": "info",
}
NOTICE_KINDS = {
    "debug": "quiet",
    "info": "accent",
    "success": "good",
    "warning": "warn",
    "error": "bad",
}
SEGMENTS_UP_TO = 12


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "tick" %}, or {% icon "tick" label=_("Passed") %} where it stands alone."""
    return icon_svg(name, label)


@register.simple_tag(takes_context=True)
def seal(
    context: Context, state: str = "valid", size: int = 96, colour: str = "", label: str = ""
) -> SafeString:
    """{% seal state="valid" size=96 colour="#b45309" label=_("Valid") %}."""
    return seal_svg(state, int(size), colour or "", str(label), _next_uid(context))


def _next_uid(context: Context) -> str:
    """A number unique within one rendering, includes too: the root layer is shared."""
    root = context.render_context.dicts[0]
    root["lms_ui_uid"] = str(int(root.get("lms_ui_uid", "0")) + 1)
    return root["lms_ui_uid"]


@register.inclusion_tag("lms/components/_meter.html")
def meter(value: float, total: float, label: str = "", quiet: bool = False) -> dict[str, Any]:
    """{% meter 4 6 _("Certified engineers") %}: a bar, and "4 of 6, two missing" in words."""
    value, total = value or 0, total or 0
    segmented = 0 < total <= SEGMENTS_UP_TO and total == int(total)
    return {
        "label": label,
        "quiet": quiet,
        "text": meter_text(value, total),
        "full": value >= total,
        "percent": round(100 * min(value / total, 1), 2) if total > 0 else 100,
        "segments": [step < value for step in range(int(total))] if segmented else [],
    }


@register.filter
def amount(value: Decimal | None) -> str:
    """A number as the reader's language writes it, with no zeros behind its point."""
    if value is None:
        return "–"
    return str(number_format(Decimal(f"{value.normalize():f}")))


def meter_text(value: float, total: float) -> str:
    """What the bar shows, in words."""
    missing = total - value
    counted = gettext("%(value)s of %(total)s") % {"value": _number(value), "total": _number(total)}
    if missing <= 0:
        return gettext("%(counted)s, complete") % {"counted": counted}
    return gettext("%(counted)s, %(missing)s") % {
        "counted": counted,
        "missing": _missing(missing),
    }


def _number(value: float) -> str:
    return f"{value:g}" if value != int(value) else str(int(value))


def _missing(missing: float) -> str:
    words = {1: gettext("one missing"), 2: gettext("two missing"), 3: gettext("three missing")}
    if missing in words:
        return words[int(missing)]
    plural = ngettext("%(count)s missing", "%(count)s missing", int(missing))
    return plural % {"count": _number(missing)}


@register.inclusion_tag("lms/components/_chip.html")
def chip(kind: str, label: str, icon: str = "") -> dict[str, str]:
    """{% chip "good" _("Valid") %}: a shape and a word; kind good|warn|bad|quiet|accent."""
    if kind not in CHIP_ICONS:
        raise ValueError(f"No chip kind called {kind!r}; there are: {', '.join(CHIP_ICONS)}")
    return {"kind": kind, "label": label, "icon": icon or CHIP_ICONS[kind]}


@register.filter
def notice_icon(kind: str) -> str:
    """The shape that goes with a notice's kind."""
    return NOTICE_ICONS.get(kind, "info")


@register.filter
def notice_kind(level_tag: str) -> str:
    """Django's message level as one of our kinds."""
    return NOTICE_KINDS.get(level_tag, "accent")


@register.filter
def anchor(field: BoundField) -> str:
    """The id an error summary links to: the input, or the first one of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def widget_kind(field: BoundField) -> str:
    """`checkbox`, `group` or `input`: which of three layouts a field takes."""
    if getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset:
        return "checkbox"
    return "group" if field.use_fieldset else "input"


@register.filter
def language_name(code: str) -> str:
    """A language in its own words: "de" becomes "Deutsch"."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.simple_tag
def elided(page: "Page[Any]") -> list[int | str]:
    """Page numbers with gaps, for the pagination component."""
    numbers: Iterable[int | str] = page.paginator.get_elided_page_range(
        page.number, on_each_side=1, on_ends=1
    )
    return list(numbers)


@register.simple_tag(takes_context=True)
def lms_page(context: Context, number: int, parameter: str = "page") -> str:
    """The address of a page of this list, its filters kept."""
    query: QueryDict = context["request"].GET.copy()
    query[parameter] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def with_columns(row: Sequence[Any], columns: Sequence[str]) -> list[tuple[str, Any]]:
    """A row's cells paired with their column's label, for tables that become cards."""
    return list(zip(columns, row, strict=True))
