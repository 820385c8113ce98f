"""The strip for signatures: 300×80 at twice the pixels, one address for life, honest in each state.

No shadow and no transparency inside the card: a strip is pasted onto grounds we never see, so it
brings its own. The state is said three times: sign, word, colour.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from html import escape

from badges.domain.fitting import break_lines, fit, measure
from badges.domain.phrases import words_in
from badges.domain.raster import encode, rasterize
from badges.domain.seal import PAINTS, draw_gradient, draw_hexagon, draw_sign
from badges.domain.validity import (
    ERASED,
    EXPIRED,
    EXPIRING,
    NOT_YET,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    last_day,
)

DESIGN = 2  # raise it when the drawing changes: addresses keep, pictures and ETags renew
WIDTH, HEIGHT = 600, 160
_LEFT, _RIGHT = 158, 576  # of the text, in pixels of the 2× picture
_INK, _SOFT, _QUIET, _LINE = "#101828", "#344054", "#667085", "#D5DBE3"


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What a strip says; ``name`` is empty until the holder publishes it."""

    state: str
    name: str
    title: str
    status: str
    domain: str

    def key(self) -> str:
        """Return the hash of everything that can be seen: file name and ETag."""
        seen = json.dumps([DESIGN, asdict(self)], sort_keys=True)
        return hashlib.sha256(seen.encode()).hexdigest()[:32]


def compose_strip(
    *,
    state: str,
    name: str,
    title: str,
    valid_from: date,
    valid_until: date | None,
    language: str,
    domain: str,
) -> Strip:
    """Put a credential's state on a day into the words of its language."""
    status = describe(state, valid_from, valid_until, language, short=True)
    return Strip(state=state, name=name, title=title, status=status, domain=domain)


def describe(
    state: str, valid_from: date, valid_until: date | None, language: str, *, short: bool = False
) -> str:
    """Say a state in words, with the date that belongs to it."""
    words = words_in(language)
    write = words.short_date if short else words.long_date
    until = last_day(valid_until)
    patterns = {
        VALID: words.valid_until if until else words.valid,
        EXPIRING: words.expiring,
        EXPIRED: words.expired,
        REVOKED: words.revoked,
        SUSPENDED: words.suspended,
        SUPERSEDED: words.superseded,
        ERASED: words.erased,
        NOT_YET: words.not_yet,
    }
    day = valid_from if state == NOT_YET else until
    return patterns[state].format(date=write(day) if day else "")


def render_strip(strip: Strip) -> bytes:
    """Return the PNG."""
    return encode(rasterize(draw_strip(strip)))


def draw_strip(strip: Strip) -> str:
    """Return the SVG: name, title, state, domain; without a name the title takes its place."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Inter"><defs>{draw_gradient(strip.state)}'
        f'</defs><rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="19" fill="#fff" '
        f'stroke="{_LINE}" stroke-width="2"/><g transform="translate(24 24) scale(1.12)">'
        f"{draw_hexagon()}{draw_sign(strip.state)}</g>{_lines(strip)}</svg>"
    )


def _lines(strip: Strip) -> str:
    if strip.name:
        head = _line(strip.name, 44, 30, 600, _INK) + _line(strip.title, 76, 22, 400, _SOFT)
        return head + _foot(strip, 90)
    title = break_lines(strip.title, 26, 600, _RIGHT - _LEFT, 2)
    top = 60 if len(title) == 1 else 42
    head = "".join(_line(line, top + 30 * i, 26, 600, _INK) for i, line in enumerate(title))
    return head + _foot(strip, 78 if len(title) == 1 else 90)


def _foot(strip: Strip, top: int) -> str:
    return _pill(strip, top) + _line(strip.domain, top + 52, 18, 400, _QUIET)


def _pill(strip: Strip, top: int) -> str:
    paint = PAINTS[strip.state]
    text, size = fit(strip.status, 20, 500, _RIGHT - _LEFT - 24)
    width = measure(text, size, 500) + 24
    ground = f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="30" rx="15" '
    return f'{ground}fill="{paint.soft}"/>' + _text(
        text, _LEFT + 12, top + 22, size, 500, paint.text
    )


def _line(text: str, y: float, size: float, weight: int, colour: str) -> str:
    fitted, fitted_size = fit(text, size, weight, _RIGHT - _LEFT)
    return _text(fitted, _LEFT, y, fitted_size, weight, colour)


def _text(text: str, x: float, y: float, size: float, weight: int, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.2f}" font-weight="{weight}" '
        f'fill="{colour}">{escape(text)}</text>'
    )
