"""The certificate as a PDF by Typst: tagged for PDF/UA-1, archival for PDF/A-2a, one page.

Texts travel as data, never as markup, so nothing in a name can become a command.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from textwrap import shorten
from typing import Any

import segno
import typst

from badges.domain.award import Award
from badges.domain.design import ACCENT, BARE, LAUREL, OWN, Design
from badges.domain.fonts import FOLDER, check_printable
from badges.domain.phrases import Words, words_in
from badges.domain.seal import compose_seal
from badges.domain.strip import describe
from badges.domain.validity import (
    EXPIRED,
    EXPIRING,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    last_day,
)

DESIGN = 2
TEMPLATE = Path(__file__).resolve().parent.parent / "data" / "certificate.typ"
_local = threading.local()


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """An award as it is printed for somebody on a day."""

    award: Award
    name: str
    state: str
    show_date: bool
    laurel: str = ""  # the path of the wreath that the site's seal wears
    artwork: Mapping[str, str] = field(default_factory=dict)  # the design's pictures by their hash


def render_certificate(certificate: Certificate) -> bytes:
    """Return the PDF; ``NotPrintable`` names a character that the font lacks."""
    pdf: Any = _compiler().compile(
        format="pdf",
        sys_inputs={"data": _dump(certificate)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(certificate.award.issued_at.timestamp()),
    )
    # Typst ends without a newline; whoever appends a signature would break the last line.
    return bytes(pdf) + b"\n"


def draw_certificate(certificate: Certificate) -> str:
    """Return the same page as SVG, for a screen."""
    page: Any = _compiler().compile(format="svg", sys_inputs={"data": _dump(certificate)})
    return bytes(page).decode()


def _dump(certificate: Certificate) -> str:
    return json.dumps(compose_data(certificate), ensure_ascii=False)


def compose_data(certificate: Certificate) -> dict[str, Any]:
    """Return what the template prints, every text checked against the font."""
    award, words = certificate.award, words_in(certificate.award.achievement.language)
    is_badge, design = award.achievement.kind == "Badge", award.design
    data = {
        "language": award.achievement.language,
        "heading": words.kind(award.achievement.kind),
        "confirms": design.confirms or (words.badge_confirms if is_badge else words.confirms),
        "note": design.note,
        "title": award.achievement.name,
        "criteria": shorten(" ".join(award.achievement.criteria.split()), 300, placeholder="…"),
        "issuer": award.issuer.name,
        "name": certificate.name,
        "holder": words.holder,
        "unnamed": words.unnamed,
        "state": _state(certificate),
        "check": words.code_label,
        "page": award.page,
        "edition": award.edition_page,
        "address": award.page.partition("://")[2].rstrip("/"),
        "qr_alt": words.qr,
    }
    signatories = _signatories(certificate, words)
    for text in (*data.values(), *(text for each in signatories for text in each.values())):
        check_printable(text)
    return {
        **data,
        "facts": _facts(certificate, words),
        "accent": design.accent,
        "paper": design.paper,
        "frame": design.frame,
        "signatories": signatories,
        "pictures": {name: certificate.artwork[name] for name in sorted(design.pictures)},
        "logo": design.logo,
        "background": design.background,
        "bad": certificate.state in (REVOKED, EXPIRED, SUSPENDED, SUPERSEDED),
        "seal": _seal(certificate, design),
        "qr": draw_qr(award.page),
    }


@cache
def draw_qr(address: str) -> str:
    """Return a QR code as SVG, ink on nothing."""
    output = BytesIO()
    segno.make(address, error="m").save(output, kind="svg", border=0, dark="#101828", xmldecl=False)
    return output.getvalue().decode()


def _signatories(certificate: Certificate, words: Words) -> list[dict[str, str]]:
    return [
        {
            "name": each.name,
            "role": each.role,
            "signature": each.signature,
            "alt": f"{words.signature}: {each.name}",
        }
        for each in certificate.award.design.signatories
    ]


def _seal(certificate: Certificate, design: Design) -> str:
    """The seal as SVG, empty for none. What does not hold always wears ours, which says so."""
    holds = certificate.state in (VALID, EXPIRING)
    if holds and design.seal == OWN:
        return certificate.artwork[design.own_seal]
    if holds and design.seal not in (LAUREL, BARE):
        return ""
    laurel = "" if design.seal == BARE else certificate.laurel
    accent = "" if design.accent == ACCENT else design.accent
    return compose_seal(certificate.state, 480, laurel, accent)


def _state(certificate: Certificate) -> str:
    award = certificate.award
    language = award.achievement.language
    return describe(certificate.state, award.valid_from, award.valid_until, language)


def _facts(certificate: Certificate, words: Words) -> list[tuple[str, str]]:
    award, until = certificate.award, last_day(certificate.award.valid_until)
    passed = [(words.passed_on, _write(words, award.valid_from))] if certificate.show_date else []
    return [
        *passed,
        (words.valid_to, _write(words, until) if until else words.open_ended),
        (words.number, award.code),
    ]


def _write(words: Words, day: date) -> str:
    return words.long_date(day)


def _compiler() -> typst.Compiler:
    """One a thread: a compiler cannot be shared, and a new one costs twenty documents."""
    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(
            input=TEMPLATE, font_paths=[FOLDER], ignore_system_fonts=True
        )
    compiler: typst.Compiler = _local.compiler
    return compiler
