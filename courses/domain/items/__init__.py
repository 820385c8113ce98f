"""Items: what they say, how a response is read, and what it is worth."""

from courses.domain.items.body import (
    Area,
    ItemBody,
    KindName,
    Option,
    RuleName,
    Texts,
    credit_of,
    is_correct,
    read_response,
)
from courses.domain.items.kinds import KINDS
from courses.domain.items.reading import (
    MAX_TEXT,
    in_language,
    is_answered,
    is_close,
    is_like,
    normalise,
    read_number,
)
from courses.domain.items.refusals import NotAnItem, Refused, UnreadableResponse

__all__ = [
    "KINDS",
    "MAX_TEXT",
    "Area",
    "ItemBody",
    "KindName",
    "NotAnItem",
    "Option",
    "Refused",
    "RuleName",
    "Texts",
    "UnreadableResponse",
    "credit_of",
    "in_language",
    "is_answered",
    "is_close",
    "is_correct",
    "is_like",
    "normalise",
    "read_number",
    "read_response",
]
