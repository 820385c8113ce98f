"""How a certificate looks, as frozen in an edition; pictures are named by their hash."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

PAPER, ACCENT = "#FDFCF9", "#1A43CF"
COLOUR = "^#[0-9a-fA-F]{6}$"
READABLE = 4.5  # WCAG 2.2, 1.4.3: the least contrast of text
MOST_SIGNATORIES = 3  # what fits side by side

DOUBLE, BAND, PLAIN = "double", "band", "plain"  # frames
LAUREL, BARE, OWN, NONE = "laurel", "bare", "own", "none"  # seals


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody whose signature is printed; ``signature`` is a picture's hash, or empty."""

    name: str
    role: str = ""
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class Design:
    """Colours as #RRGGBB, texts in the certificate's language, pictures by hash or empty.

    ``confirms`` takes the place of the usual sentence about the passed test, ``note`` is small
    print. A seal of one's own is shown while the certificate holds; otherwise ours says its state.
    """

    accent: str = ACCENT
    paper: str = PAPER
    frame: str = DOUBLE
    seal: str = LAUREL
    logo: str = ""
    background: str = ""
    own_seal: str = ""
    confirms: str = ""
    note: str = ""
    signatories: tuple[Signatory, ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild what ``dataclasses.asdict`` made."""
        signatories = tuple(Signatory(**each) for each in data.get("signatories", ()))
        return cls(**{**data, "signatories": signatories})

    @property
    def pictures(self) -> frozenset[str]:
        """The hashes of all pictures in it."""
        signatures = (each.signature for each in self.signatories)
        return frozenset({self.logo, self.background, self.own_seal, *signatures} - {""})

    @property
    def lines(self) -> Iterator[str]:
        """What it adds to the words on paper, for whoever compares them."""
        yield from (text for text in (self.confirms, self.note) if text)
        for each in self.signatories:
            yield ", ".join(filter(None, (each.name, each.role)))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def shade(colour: str, by: float) -> str:
    """Mix a colour with white (``by`` above 0) or black (below), from -1 to 1."""
    end = 255 if by > 0 else 0
    mixed = [round(part + (end - part) * abs(by)) for part in _parts(colour)]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _parts(colour)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
