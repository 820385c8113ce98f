"""What is known of a PDF that somebody brings; says nothing about how it is found out."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

MAX_BYTES = 5 * 1024 * 1024

# What was done to a signed file. The first one that is found is told.
CONTENT = "content"  # what was signed reads otherwise now, or the signature itself does
COVERAGE = "coverage"  # the signature leaves parts of the file uncovered
LATER = "later"  # something was added after signing
DETAILS = "details"  # added after signing: another title, author or description


class PdfUnreadable(Exception):
    """A PDF cannot be examined; the message says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class PdfReport:
    """What the signature in a PDF is worth, and which certificate of whom it claims to be.

    ``ours``: the signature was made by a key of ours. ``intact`` is ``None`` where there is
    nothing to compare, because no signature names us; ``False`` means altered, and ``change``
    says how. ``address`` and ``code`` are only proven where ``ours`` and ``intact`` are true.
    """

    signed: bool = False
    ours: bool = False
    intact: bool | None = None
    change: str = ""
    fingerprint: str = ""
    signed_at: datetime | None = None
    address: str = ""
    code: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the values as JSON holds them."""
        signed_at = self.signed_at.isoformat() if self.signed_at else None
        return {**asdict(self), "signed_at": signed_at}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild what ``to_json`` wrote."""
        at = data["signed_at"]
        return cls(**{**data, "signed_at": datetime.fromisoformat(at) if at else None})


def check_begins_as_pdf(body: bytes) -> None:
    """Refuse what is not worth a closer look."""
    if len(body) > MAX_BYTES:
        raise PdfUnreadable("The PDF is larger than 5 MB.")
    if not body.startswith(b"%PDF-"):
        raise PdfUnreadable("This is no PDF.")
