"""Fitting text into a width: shrink first, then cut with an ellipsis, or break into lines."""

from functools import lru_cache

from PIL import ImageFont

from badges.domain.fonts import font_path

SHRINK = 0.86  # smaller than this looks like another rank, so from here on text is cut
_REFERENCE = 100


@lru_cache(maxsize=8)
def _font(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(weight), _REFERENCE)


def measure(text: str, size: float, weight: int) -> float:
    """Return the width of a text set in Inter."""
    return _font(weight).getlength(text) * size / _REFERENCE


def fit(text: str, size: float, weight: int, width: float) -> tuple[str, float]:
    """Return the text and the size at which it fits into ``width``."""
    needed = measure(text, size, weight)
    if needed <= width:
        return text, size
    smaller = max(size * width / needed, size * SHRINK)
    return cut(text, smaller, weight, width), smaller


def break_lines(text: str, size: float, weight: int, width: float, most: int) -> list[str]:
    """Return the text in at most ``most`` lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [cut(line, size, weight, width) for line in lines]


def cut(text: str, size: float, weight: int, width: float) -> str:
    """Return the text, or as much of it as fits before an ellipsis."""
    while measure(text, size, weight) > width and len(text) > 1:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return text
