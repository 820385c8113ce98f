"""The picture of an achievement: a large seal with its title, for baking and for pages."""

from html import escape

from badges.domain.fitting import break_lines
from badges.domain.phrases import words_in
from badges.domain.raster import encode, rasterize
from badges.domain.seal import draw_gradient, draw_hexagon, draw_sign
from badges.domain.validity import EXPIRED, REVOKED, SUPERSEDED, SUSPENDED, VALID

SIZE = 512
LEVELS = ("basic", "professional", "expert")
DESIGN = 4
LEADING = 1.18
_SIZES = (38, 35, 32, 29, 26)
_WIDTH, _MOST = 320, 4


def render_picture(
    *,
    title: str,
    issuer: str,
    language: str,
    state: str = VALID,
    level: str = "",
    kind: str = "Certification",
) -> bytes:
    """Return a square PNG; an expired or withdrawn credential's picture says so in words."""
    svg = draw_picture(
        title=title, issuer=issuer, language=language, state=state, level=level, kind=kind
    )
    return encode(rasterize(svg), colours=160)


def draw_picture(
    *,
    title: str,
    issuer: str,
    language: str,
    state: str,
    level: str = "",
    kind: str = "Certification",
) -> str:
    """Return the SVG; a level stands under the title, with a stroke for each step.

    Last comes what it is, certificate or badge, in its own language.
    """
    lines, size = _set(title)
    middle_y = 246 if level in LEVELS else 268
    top = middle_y + size * 0.2 - (len(lines) - 1) * size * LEADING / 2
    middle = "".join(
        _centred(line, top + size * LEADING * number, size, 600)
        for number, line in enumerate(lines)
    )
    foot = _foot(state, language) or _centred(issuer, 398, 22, 500)
    foot += _centred(words_in(language).kind(kind), 428, 19, 600)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" '
        f'viewBox="0 0 {SIZE} {SIZE}" font-family="Inter" text-anchor="middle" fill="#fff">'
        f'<defs>{draw_gradient(state)}</defs><g transform="scale(5.12)">{draw_hexagon()}</g>'
        f'<g transform="translate(206 76) scale(1)">{draw_sign(state, 9)}</g>'
        f"{_level(level, language)}{middle}{foot}</svg>"
    )


def _level(level: str, language: str) -> str:
    """One, two or three strokes and the word: rank is told twice, as the state is."""
    if level not in LEVELS:
        return ""
    steps = LEVELS.index(level) + 1
    left = SIZE / 2 - (steps * 34 - 8) / 2
    strokes = "".join(
        f'<rect x="{left + 34 * step:.0f}" y="332" width="26" height="7" rx="3.5"/>'
        for step in range(steps)
    )
    return strokes + _centred(words_in(language).level(level), 364, 19, 600)


def _set(title: str) -> tuple[list[str], int]:
    """Return the lines and the largest size at which every word fits."""
    for size in _SIZES:
        lines = break_lines(title, size, 600, _WIDTH, _MOST)
        if " ".join(lines) == " ".join(title.split()):
            break
    return lines, size


def _foot(state: str, language: str) -> str:
    words = words_in(language)
    said = {
        EXPIRED: words.expired.format(date="").strip(),
        REVOKED: words.revoked.split(",")[0],
        SUSPENDED: words.suspended.split(",")[0],
        SUPERSEDED: words.superseded,
    }
    return _centred(said[state], 398, 24, 600) if state in said else ""


def _centred(text: str, y: float, size: float, weight: int) -> str:
    return (
        f'<text x="{SIZE / 2:.0f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
