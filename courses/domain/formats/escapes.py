"""Signs that a backslash protects, in the formats where signs have a meaning."""

import re
from collections.abc import Mapping


class Escapes:
    """Hides what is protected behind signs no text has, so that what is left means something."""

    def __init__(self, signs: str, special: Mapping[str, str] | None = None) -> None:
        hidden = {sign: chr(0xFDD0 + place) for place, sign in enumerate(signs)}
        shown = {**dict(zip(signs, signs, strict=True)), **(special or {})}
        self._hidden = hidden
        self._shown = {ord(hidden[sign]): text for sign, text in shown.items()}
        self._escape = re.compile(rf"\\([{re.escape(signs)}])")

    def hide(self, text: str) -> str:
        """Replace every escape by a sign that means nothing."""
        return self._escape.sub(lambda found: self._hidden[found[1]], text)

    def show(self, text: str) -> str:
        """Replace the signs of ``hide`` by what they stand for."""
        return text.translate(self._shown)
