"""Turns rich text into the words a person reads."""

import re
from html.parser import HTMLParser

# Tags that stand inside a line: the letters on their two sides belong to one word.
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|del|dfn|em|embed|font|i|img|ins|kbd|mark|nobr|q|s|samp|small|span|"
    "strike|strong|sub|sup|tt|u|var|wbr"
)
_UNREAD = frozenset({"script", "style", "template"})
_SPOKEN = frozenset({"alt", "title", "aria-label", "placeholder", "summary", "label"})
_BLOCK = "\n\n"


class _Reader(HTMLParser):
    """Collects text, and after it the attributes that are shown or read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.attributes: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        self.attributes += [value for name, value in attrs if name in _SPOKEN and value]
        self._border(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread = max(0, self._unread - (tag in _UNREAD))
        self._border(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)

    def _border(self, tag: str) -> None:
        if not _INLINE.fullmatch(tag):
            self.parts.append("\n" if tag == "br" else _BLOCK)


def strip_markup(html: str) -> str:
    """Return the readable text of some HTML: entities decoded, blocks parted by an empty line.

    Inline tags vanish without a trace, so a word with a bold syllable stays one word. Shown
    attributes (``alt``, ``title`` ...) follow the text, each as a block of its own.
    """
    if "<" not in html and "&" not in html:
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _BLOCK.join(["".join(reader.parts).strip("\n"), *reader.attributes])
