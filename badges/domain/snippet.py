"""What the copy buttons put on the clipboard: for a signature, and for a profile.

Rules that each cost somebody a broken signature: one table with attributes for its geometry,
padding on cells alone, inline styles in the old colour syntax, a text link under the picture,
no class, no id, no target.
"""

from dataclasses import dataclass
from html import escape

LINK, QUIET = "#2f7de1", "#6b7280"  # the two that stay readable on white and on near black
_FONT = "font-family:Arial,Helvetica,sans-serif"


@dataclass(frozen=True, kw_only=True)
class Share:
    """The same proof as HTML for a signature, plain text, Markdown, and HTML for a website."""

    html: str
    plain: str
    markdown: str
    profile_html: str


def compose_share(*, title: str, name: str, page: str, picture: str, check: str) -> Share:
    """Compose all four; ``name`` may be empty, ``check`` is the word before the address."""
    alt = f"{title} — {name}. {check}: {page}" if name else f"{title}. {check}: {page}"
    return Share(
        html=_signature(title, alt, page, picture),
        plain=f"{title} — {page}",
        markdown=f"[![{_bracketed(alt)}]({picture})]({page})",
        profile_html=(
            f'<a href="{escape(page)}"><img src="{escape(picture)}" width="300" height="80" '
            f'alt="{escape(alt)}"></a>'
        ),
    )


def _signature(title: str, alt: str, page: str, picture: str) -> str:
    href = escape(page)
    image = (
        f'<img src="{escape(picture)}" width="300" height="80" border="0" alt="{escape(alt)}" '
        f'style="display:block;border:0;width:300px;height:80px;{_FONT};font-size:12px;'
        f'line-height:16px;color:{QUIET}">'
    )
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0">'
        f'<tr><td style="padding:8px 0 4px 0"><a href="{href}" '
        f'style="color:{LINK};text-decoration:none">{image}</a></td></tr>'
        f'<tr><td style="padding:0;{_FONT};font-size:11px;line-height:16px;color:{QUIET}">'
        f'<a href="{href}" style="color:{LINK};text-decoration:underline">{escape(title)}</a>'
        "</td></tr></table>"
    )


def _bracketed(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
