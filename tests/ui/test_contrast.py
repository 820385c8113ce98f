"""Every pair of text and ground in tokens.css reaches 4.5:1 in both schemes."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "lms/ui/static/lms/tokens.css"
GROUNDS = ("paper", "surface", "sunken")
TONES = ("accent", "good", "warn", "bad", "quiet")
PAIRS = [
    *product(("ink", *TONES, "accent-strong"), GROUNDS),
    *((tone, f"{tone}-soft") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in TONES),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *product(("on-fill",), ("accent-fill", "accent-fill-strong", "bad-fill", "bad-fill-strong")),
]
# What is seen without being read: bounds of controls, focus, filled bars and the seal.
SHAPES = [
    *product(("line-strong", "focus", "accent", "good"), GROUNDS),
    *product(("accent-fill", "bad-fill"), ("paper", "surface")),
    *product(("seal-valid", "seal-expiring", "seal-off"), ("paper", "surface")),
]


def tokens(scheme: int) -> dict[str, str]:
    """Colour tokens of the light (0) or dark (1) scheme, references followed."""
    found = dict(re.findall(r"--lms-([\w-]+):\s*([^;]+);", TOKENS.read_text()))
    return {name: colour for name in found if (colour := resolve(name, found, scheme))}


def resolve(name: str, found: dict[str, str], scheme: int) -> str:
    value = found[name]
    if reference := re.fullmatch(r"var\(--lms-([\w-]+)\)", value):
        return resolve(reference[1], found, scheme)
    if both := re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", value):
        return both[scheme + 1]
    return value if re.fullmatch(r"#\w{6}", value) else ""


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(text: str, ground: str, scheme: int) -> None:
    colours = tokens(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(shape: str, ground: str, scheme: int) -> None:
    colours = tokens(scheme)
    assert contrast(colours[shape], colours[ground]) >= 3


@pytest.mark.parametrize("name", ["seal-valid", "seal-expiring", "seal-off"])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_seals_white_sign_can_be_seen(name: str, scheme: int) -> None:
    assert contrast("#ffffff", tokens(scheme)[name]) >= 3
