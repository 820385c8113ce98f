"""The product's emblem: a rounded hexagon with a laurel; its sign says the state without colour.

Plain SVG with presentation attributes only, so that it holds under a strict
Content-Security-Policy and in resvg. Shading is white and black laid over
`currentColor`; the colour comes from CSS by state, or from `colour`.
Whoever lost the credential lost the laurel; whose time ran out keeps it, faded.
"""

import re
from math import cos, pi, radians, sin, tan
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

TICK = "M32 51.5l13 13L69 38"
CLOCK = "M50 31.5a18.5 18.5 0 1 0 0 37 18.5 18.5 0 0 0 0-37M50 40.5V50.5l7 4.5"
CROSS = "M37 37l26 26M63 37L37 63"
DASH = "M35 50h30"
PAUSE = "M41 36v28M59 36v28"
ARROW = "M33 50h33M53 36l14 14-14 14"


class Sign(NamedTuple):
    path: str
    stroke: float
    laurel: float
    """How strongly the laurel shows; 0 leaves it out."""


SIGNS = {
    "valid": Sign(TICK, 8.5, 0.75),
    "expiring": Sign(TICK, 8.5, 0.75),
    "expired": Sign(CLOCK, 6, 0.35),
    "withdrawn": Sign(CROSS, 8.5, 0),
    "suspended": Sign(PAUSE, 8.5, 0),
    "superseded": Sign(ARROW, 8.5, 0),
    "quiet": Sign(DASH, 8.5, 0),
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_LAUREL_FROM = 72
_RING_FROM = 24


def hexagon(radius: float, corner: float) -> str:
    """Path of a pointed-top hexagon round (50, 50), its corners arcs of radius `corner`."""
    points = [(50 + radius * sin(k * pi / 3), 50 - radius * cos(k * pi / 3)) for k in range(6)]
    share = corner * tan(pi / 6) / radius
    parts: list[str] = []
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[i - 1], points[(i + 1) % 6]
        parts.append(f"{'L' if i else 'M'}{x + (ax - x) * share:.2f} {y + (ay - y) * share:.2f}")
        end = f"{x + (bx - x) * share:.2f} {y + (by - y) * share:.2f}"
        parts.append(f"A{corner:g} {corner:g} 0 0 1 {end}")
    return "".join(parts) + "z"


def laurel(radius: float = 28.8, pairs: int = 6) -> str:
    """Two mirrored branches of leaves round (50, 50), open at the top, as one path."""
    leaves: list[str] = []
    for side in (-1, 1):
        for k in range(pairs):
            turn = 15 + k * 21
            x = 50 + side * radius * sin(radians(turn))
            y = 50 + radius * cos(radians(turn))
            length = 9.6 - 0.35 * k
            leaves += [_leaf(x, y, side, turn + lean, length) for lean in (-34, 26)]
        leaves.append(_leaf(*_tip(radius, side, 15 + pairs * 21 - 7), 8))
    return "".join(leaves)


def _tip(radius: float, side: int, turn: float) -> tuple[float, float, int, float]:
    x, y = 50 + side * radius * sin(radians(turn)), 50 + radius * cos(radians(turn))
    return x, y, side, turn - 2


def _leaf(x: float, y: float, side: int, turn: float, length: float) -> str:
    """A leaf from (x, y) along the branch: two curves that meet in a point."""
    dx, dy = side * cos(radians(turn)), -sin(radians(turn))
    tip_x, tip_y = x + dx * length, y + dy * length
    mid_x, mid_y, belly = x + dx * length * 0.45, y + dy * length * 0.45, length * 0.4
    return (
        f"M{x:.2f} {y:.2f}"
        f"Q{mid_x - dy * belly:.2f} {mid_y + dx * belly:.2f} {tip_x:.2f} {tip_y:.2f}"
        f"Q{mid_x + dy * belly:.2f} {mid_y - dx * belly:.2f} {x:.2f} {y:.2f}z"
    )


OUTER = hexagon(49, 14)
INNER = hexagon(43.8, 11)
LAUREL = laurel()


def seal_svg(
    state: str = "valid", size: int = 96, colour: str = "", label: str = "", uid: str = "0"
) -> SafeString:
    """The seal as SVG. `uid` keeps the gradient's id unique on a page."""
    if state not in SIGNS:
        raise ValueError(f"No seal state called {state!r}; there are: {', '.join(SIGNS)}")
    if colour and not _COLOUR.fullmatch(colour):
        raise ValueError(f"The seal's colour must be #rgb or #rrggbb, not {colour!r}")
    role = format_html(' role="img" aria-label="{}"', label) if label else _HIDDEN
    paint = format_html(' color="{}"', colour) if colour else ""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="lms-seal lms-seal--{}" width="{}"'
        ' height="{}" viewBox="0 0 100 100" focusable="false"{}{}>{}{}</svg>',
        "own" if colour else state,
        size,
        size,
        role,
        paint,
        _ground(f"lms-seal-{uid}", ring=size >= _RING_FROM),
        _sign(SIGNS[state], size),
    )


def _ground(gradient: str, *, ring: bool) -> SafeString:
    return format_html(
        '<defs><linearGradient id="{0}" x1="0" y1="0" x2="0" y2="1">'
        '<stop offset="0" stop-color="#fff" stop-opacity=".24"/>'
        '<stop offset=".3" stop-color="#fff" stop-opacity=".1"/>'
        '<stop offset=".58" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset=".6" stop-color="#000" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".16"/></linearGradient></defs>'
        '<path fill="currentColor" d="{1}"/><path fill="url(#{0})" d="{1}"/>{2}',
        gradient,
        OUTER,
        _RING if ring else "",
    )


def _sign(sign: Sign, size: int) -> SafeString:
    """The sign alone when small; within its laurel when there is room for leaves."""
    wreathed = size >= _LAUREL_FROM and sign.laurel > 0
    leaves = format_html('<path fill="#fff" fill-opacity="{}" d="{}"/>', sign.laurel, LAUREL)
    return format_html(
        '{}<path fill="none" stroke="#fff" stroke-width="{}" stroke-linecap="round"'
        ' stroke-linejoin="round"{} d="{}"/>',
        leaves if wreathed else "",
        sign.stroke,
        _SMALLER if wreathed else "",
        sign.path,
    )


_HIDDEN = mark_safe(' aria-hidden="true"')
_SMALLER = mark_safe(' transform="translate(16 15.5) scale(.68)"')
_RING = format_html(
    '<path fill="none" stroke="#fff" stroke-opacity=".6" stroke-width="1.6" d="{}"/>', INNER
)
