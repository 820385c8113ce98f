"""The seal as plain SVG for pictures and certificates: a hexagon whose sign says the state.

The same shape as ``lms.ui.seal`` draws on pages; that one lives above Django, this one may not.
"""

from dataclasses import dataclass, replace
from math import cos, pi, sin

from badges.domain.design import shade
from badges.domain.validity import (
    ERASED,
    EXPIRED,
    EXPIRING,
    NOT_YET,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
)


@dataclass(frozen=True)
class Paint:
    """Colours of a state: the seal from light to deep, text, and the soft ground of a pill."""

    light: str
    deep: str
    text: str
    soft: str


PAINTS = {
    VALID: Paint("#4869D9", "#1537AA", "#12319C", "#E9EEFC"),
    EXPIRING: Paint("#E2922B", "#A85808", "#8A4705", "#FDF1DF"),
    EXPIRED: Paint("#8D96A5", "#616B7C", "#475063", "#EDF0F4"),
    REVOKED: Paint("#8D96A5", "#616B7C", "#A3181F", "#FDECEC"),
    SUSPENDED: Paint("#8D96A5", "#616B7C", "#8A4705", "#FDF1DF"),
    SUPERSEDED: Paint("#8D96A5", "#616B7C", "#475063", "#EDF0F4"),
    ERASED: Paint("#8D96A5", "#616B7C", "#475063", "#EDF0F4"),
    NOT_YET: Paint("#8D96A5", "#616B7C", "#475063", "#EDF0F4"),
}
_TICK = "M32.5 51.5l12 12L68 38.5"
_CLOCK = "M50 32.5a17.5 17.5 0 1 0 0 35 17.5 17.5 0 0 0 0-35M50 40v10.5l7 4.5"
SIGNS = {
    VALID: _TICK,
    EXPIRING: _TICK,
    EXPIRED: _CLOCK,
    REVOKED: "M37 37l26 26M63 37L37 63",
    SUSPENDED: "M41 36v28M59 36v28",
    SUPERSEDED: "M33 50h33M53 36l14 14-14 14",
    ERASED: "M35 50h30",
    NOT_YET: _CLOCK,
}


def hexagon(radius: float, corner: float) -> str:
    """Return the path of a pointed-top hexagon round (50, 50) with its corners rounded off."""
    points = [(50 + radius * sin(k * pi / 3), 50 - radius * cos(k * pi / 3)) for k in range(6)]
    parts: list[str] = []
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[i - 1], points[(i + 1) % 6]
        part = corner / radius
        start = f"{x + (ax - x) * part:.2f} {y + (ay - y) * part:.2f}"
        end = f"{x + (bx - x) * part:.2f} {y + (by - y) * part:.2f}"
        parts.append(f"{'L' if parts else 'M'}{start}Q{x:.2f} {y:.2f} {end}")
    return "".join(parts) + "z"


OUTER, INNER = hexagon(49, 13), hexagon(42.5, 11)


def draw_gradient(state: str, accent: str = "") -> str:
    """Return the gradient that ``draw_hexagon`` fills with; an ``accent`` colours what holds."""
    paint = PAINTS[state]
    if accent and state == VALID:
        paint = replace(paint, light=shade(accent, 0.2), deep=shade(accent, -0.18))
    return (
        '<linearGradient id="seal" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{paint.light}"/><stop offset="1" stop-color="{paint.deep}"/>'
        "</linearGradient>"
    )


def draw_hexagon() -> str:
    """Return the hexagon with its inner ring, on a field of 100 by 100."""
    return (
        f'<path fill="url(#seal)" d="{OUTER}"/><path fill="none" stroke="#fff" '
        f'stroke-opacity=".6" stroke-width="1.8" d="{INNER}"/>'
    )


def draw_sign(state: str, width: float = 7.5) -> str:
    """Return the tick, clock or cross that says the state without its colour."""
    return (
        f'<path fill="none" stroke="#fff" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-linejoin="round" d="{SIGNS[state]}"/>'
    )


def compose_seal(state: str, size: int, laurel: str = "", accent: str = "") -> str:
    """Return the whole seal as an SVG document; ``laurel`` is the path of a wreath, if it holds."""
    sign = draw_sign(state)
    if laurel and state in (VALID, EXPIRING):
        wreath = f'<path fill="#fff" fill-opacity=".66" d="{laurel}"/>'
        sign = f'{wreath}<g transform="translate(16 15.5) scale(.68)">{draw_sign(state, 9)}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="{size}" '
        f'height="{size}"><defs>{draw_gradient(state, accent)}</defs>{draw_hexagon()}'
        f"{sign}</svg>"
    )
