"""The card that networks show beside a link: 1200×630, readable at a third of that."""

from html import escape

from badges.domain.fitting import break_lines, fit, measure
from badges.domain.raster import encode, rasterize
from badges.domain.seal import PAINTS, draw_gradient, draw_hexagon, draw_sign

WIDTH, HEIGHT, DESIGN = 1200, 630, 1
_LEFT, _TEXT = 430, 700
_INK, _SOFT, _QUIET, _PAPER, _LINE = "#101828", "#344054", "#5B6678", "#FDFCF9", "#D5DBE3"


def render_card(**shown: str) -> bytes:
    """Return the PNG of what ``draw_card`` draws."""
    return encode(rasterize(draw_card(**shown)), colours=160)


def draw_card(*, state: str, status: str, title: str, name: str, issuer: str, site: str) -> str:
    """Return the SVG. ``name`` is empty until the holder publishes it."""
    lines = break_lines(title, 52, 600, _TEXT, 3)
    top = 190 - 30 * (len(lines) - 1)
    title_text = "".join(
        _text(line, top + 64 * number, 52, 600, _INK) for number, line in enumerate(lines)
    )
    below = top + 64 * len(lines) + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Inter"><defs>{draw_gradient(state)}</defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>'
        f'<rect x="28" y="28" width="{WIDTH - 56}" height="{HEIGHT - 56}" rx="24" fill="none" '
        f'stroke="{_LINE}" stroke-width="3"/>'
        f'<g transform="translate(96 165) scale(2.8)">{draw_hexagon()}{draw_sign(state)}</g>'
        f"{title_text}{_line(name, below, 40, 500, _SOFT)}"
        f"{_pill(status, state, below + (60 if name else 6))}"
        f"{_line(issuer, 520, 28, 500, _SOFT)}{_line(site, 560, 26, 400, _QUIET)}</svg>"
    )


def _pill(status: str, state: str, top: float) -> str:
    paint, (text, size) = PAINTS[state], fit(status, 30, 500, _TEXT - 48)
    width = measure(text, size, 500) + 48
    return (
        f'<rect x="{_LEFT}" y="{top:.0f}" width="{width:.0f}" height="52" rx="26" '
        f'fill="{paint.soft}"/>{_text(text, top + 36, size, 500, paint.text, _LEFT + 24)}'
    )


def _line(text: str, y: float, size: float, weight: int, colour: str) -> str:
    fitted, fitted_size = fit(text, size, weight, _TEXT)
    return _text(fitted, y, fitted_size, weight, colour) if text else ""


def _text(text: str, y: float, size: float, weight: int, colour: str, x: float = _LEFT) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:.1f}" font-weight="{weight}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
