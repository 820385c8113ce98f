"""Figures as an editor reads them: shares in percent, correlations with two decimals, a chart."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()
NONE = "–"
WIDTH, HEIGHT = 50, 20
MOST_TIMES = 1_000_000  # what is rarer is told as this rare


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


@register.filter
def clock(seconds: float) -> str:
    """Write seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@register.filter
def rare(chance: float) -> str:
    """Write a chance as once in so many times, never more exactly than it is known."""
    times = min(round(1 / max(chance, 1e-9)), MOST_TIMES)
    digits = max(len(str(times)) - 1, 0)
    shown = number_format(times // 10**digits * 10**digits, force_grouping=True)
    return _("less than once in %(times)s times") % {"times": shown}


@register.simple_tag
def steps(rows: Sequence[Any]) -> SafeString:
    """Draw shares over time, right and expected; the table behind it has the numbers."""
    width, height, edge = 600, 180, 30
    across = (width - 2 * edge) / max(1, len(rows) - 1)

    def line(name: str) -> str:
        rise = height - 2 * edge
        heights = [height - edge - getattr(row, name) * rise for row in rows]
        return " ".join(
            f"{edge + across * place:.1f},{high:.1f}" for place, high in enumerate(heights)
        )

    return format_html(
        '<svg class="courses-steps" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        '<path class="axis" d="M{e} {e}V{b}H{r}"/><text x="0" y="{t}">100 %</text>'
        '<text x="10" y="{b}">0 %</text><polyline class="expected" points="{expected}"/>'
        '<polyline class="right" points="{right}"/>'
        '<text x="{e}" y="{h4}">{label}</text></svg>',
        w=width,
        h=height,
        e=edge,
        b=height - edge,
        r=width - edge,
        t=edge + 4,
        h4=height - 8,
        label=_("Line: right answers. Dashes: expected by the rest of the attempts."),
        expected=line("expected"),
        right=line("right"),
    )
