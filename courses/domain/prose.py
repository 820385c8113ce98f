"""Markdown to HTML: raw HTML in the source is shown as text, never passed through."""

from functools import cache

from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def to_html(markdown: str) -> str:
    """Render blocks: paragraphs, lists, tables, code."""
    return str(_parser().render(markdown))


def to_plain(markdown: str) -> str:
    """Return one line without its marks, for places that show no markup."""
    return "".join(
        "".join(child.content for child in token.children or ())
        for token in _parser().parseInline(markdown)
    )


def to_inline_html(markdown: str) -> str:
    """Render one line: emphasis, code and links without a paragraph around them."""
    return str(_parser().renderInline(markdown))
