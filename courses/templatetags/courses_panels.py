"""Figures of panels: percent with one decimal, and how far ratings of an item lie apart."""

from collections.abc import Sequence

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
NONE = "–"
WIDTH, HEIGHT, MARGIN = 220, 24, 6


@register.filter
def tenth(value: float | None) -> str:
    """Write a percentage with one decimal."""
    return NONE if value is None else _tenth(value)


@register.filter
def signed(value: float | None) -> str:
    """Write how far above or below something is."""
    if value is None:
        return NONE
    sign = "+" if value >= 0.05 else "−" if value <= -0.05 else "±"
    return f"{sign}{_tenth(abs(value))}"


@register.simple_tag
def strip(percents: Sequence[int], mean: float | None) -> SafeString:
    """Draw ratings from 0 to 100 with their mean; the numbers stand beside it."""
    middle = HEIGHT // 2
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4"/>',
        ((f"{_place(percent):g}", middle) for percent in percents),
    )
    line = ""
    if percents:
        line = format_html(
            '<line class="courses-strip__range" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            f"{_place(min(percents)):g}", f"{_place(max(percents)):g}", middle, middle,
        )  # fmt: skip
    tick = ""
    if mean is not None:
        at = f"{_place(mean):.1f}"
        tick = format_html(
            '<line class="courses-strip__mean" x1="{}" x2="{}" y1="2" y2="{}"/>', at, at, HEIGHT - 2
        )
    scale = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}"/>',
        ((f"{_place(at):g}", f"{_place(at):g}", middle - 4, middle + 4) for at in (0, 50, 100)),
    )
    return format_html(
        '<svg class="courses-strip" viewBox="0 0 {} {}" aria-hidden="true"><g'
        ' class="courses-strip__scale"><line x1="{}" x2="{}" y1="{}" y2="{}"/>{}</g>{}{}{}</svg>',
        WIDTH, HEIGHT, f"{_place(0):g}", f"{_place(100):g}", middle, middle, scale, line, dots,
        tick,
    )  # fmt: skip


def _tenth(value: float) -> str:
    return str(number_format(round(value, 1), decimal_pos=1))  # which alone would cut it off


def _place(percent: float) -> float:
    return MARGIN + percent * (WIDTH - 2 * MARGIN) / 100
