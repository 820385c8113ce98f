"""Examining what strangers upload in a process of its own, whose time and memory are limited."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from badges.domain.pdf import PdfReport, PdfUnreadable, check_begins_as_pdf
from badges.queries.children import PROCESSOR_SECONDS, TooMuch, ask_child


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Somebody else's credential; ``proven`` is ``None`` where its key is not inside."""

    issuer: str
    title: str
    proven: bool | None


def examine_safely(
    pdf: bytes, *, trusted: Sequence[bytes], processor_seconds: int = PROCESSOR_SECONDS
) -> PdfReport:
    """Return what ``examine_pdf`` says; ``PdfUnreadable`` also where it takes too much."""
    check_begins_as_pdf(pdf)
    head = json.dumps([pem.decode("ascii") for pem in trusted]).encode() + b"\n"
    try:
        answer = ask_child("pdf", head + pdf, processor_seconds=processor_seconds)
    except TooMuch:
        raise PdfUnreadable("The PDF is too complicated to examine.") from None
    if (refusal := answer.get("unreadable")) is not None:
        raise PdfUnreadable(refusal)
    return PdfReport.from_json(answer)


def judge_foreign(text: str) -> Foreign | None:
    """Return what a foreign document says and whether its proof fits; ``None`` if too much."""
    try:
        return Foreign(**ask_child("foreign", text.encode()))
    except TooMuch:
        return None
