"""Figures as an editor reads them: shares in percent, correlations with two decimals, a chart."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
NONE = "–"
WIDTH, HEIGHT = 50, 20


@register.filter
def percent(share: float | None) -> str:
    """Write a share as whole percent."""
    return NONE if share is None else f"{round(100 * share)} %"


@register.filter
def figure(value: float | None) -> str:
    """Write a coefficient with two decimals."""
    return NONE if value is None else str(number_format(round(value, 2), decimal_pos=2))


@register.simple_tag
def fifths(counts: Sequence[int]) -> SafeString:
    """Draw five columns; the numbers stand beside them, so it is only for the eye."""
    most, step = max(counts, default=0) or 1, WIDTH / max(1, len(counts))
    columns = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (f"{place * step + 1:g}", f"{HEIGHT - count / most * HEIGHT:.1f}", f"{step - 2:g}",
             f"{count / most * HEIGHT:.1f}")
            for place, count in enumerate(counts)
        ),
    )  # fmt: skip
    return format_html(
        '<svg class="courses-fifths" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        WIDTH,
        HEIGHT,
        columns,
    )


@register.simple_tag
def flag_text(flags: Mapping[str, Any], flag: str) -> str:
    """Say what a flag means."""
    return str(flags.get(flag, flag))
