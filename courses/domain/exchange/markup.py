"""Texts of files as the Markdown that items are written in."""

import re
from collections.abc import Callable

from markdownify import markdownify

from courses.domain.formats.question import Text
from courses.domain.items import Refused

Keep = Callable[[bytes], str]  # takes a picture, returns the name it is kept by

_PLACED = re.compile(r"@@PLUGINFILE@@(/[^\s\"')>]*)")
_SPECIAL = re.compile(r"([\\`*\[\]<]|(?<!\w)_|_(?!\w)|^\s*(?:[#>+-]|\d+[.)])(?=\s))", re.MULTILINE)
_BLANKS = re.compile(r"\n{3,}")


class NotTaken(Refused):
    """A question that cannot become an item; the message says what would be right."""


def to_markdown(text: Text, keep: Keep) -> str:
    """Return a text as Markdown, its pictures kept and named."""
    if text.format == "plain":
        return _SPECIAL.sub(lambda found: _escape(found[1]), text.text).strip()
    body = text.text
    if text.format in ("html", "moodle"):
        is_typed = text.format == "moodle" and "<p" not in body
        body = _convert(body.replace("\n", "<br>") if is_typed else body)
    return _BLANKS.sub("\n\n", _place(body, text, keep)).strip()


def _escape(mark: str) -> str:
    bare = mark.lstrip()
    return mark[: len(mark) - len(bare)] + (
        f"{bare[:-1]}\\{bare[-1]}" if bare[0].isdigit() else f"\\{bare}"
    )


def _convert(html: str) -> str:
    try:
        return str(markdownify(html, heading_style="ATX", bullets="-", newline_style="backslash"))
    except RecursionError:
        raise NotTaken("the text is nested too deeply: simplify its formatting") from None


def _place(markdown: str, text: Text, keep: Keep) -> str:
    files = {f"{file.path.rstrip('/')}/{file.name}": file for file in text.files}

    def name(found: re.Match[str]) -> str:
        path = re.sub(r"%20|\\", lambda part: " " if part[0] == "%20" else "", found[1])
        file = files.get(path)
        if file is None:
            raise NotTaken("the picture %(name)s is not in the file", name=path.lstrip("/"))
        if not file.mime.startswith("image/"):
            raise NotTaken("%(name)s is no picture: items show pictures only", name=file.name)
        return f"picture:{keep(file.body)}"

    return _PLACED.sub(name, markdown)
