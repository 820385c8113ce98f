"""A programme's rules: the document, its parts, and reading it."""

from partners.domain.rules.document import Benefit, RulesDocument, Tier
from partners.domain.rules.lines import Line
from partners.domain.rules.parts import DEFAULT_LANGUAGE, Filled, Slug, Texts, pick_text
from partners.domain.rules.reading import (
    Problem,
    RulesInvalid,
    parse_rules,
    to_plain,
    to_problems,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "Benefit",
    "Filled",
    "Line",
    "Problem",
    "RulesDocument",
    "RulesInvalid",
    "Slug",
    "Texts",
    "Tier",
    "parse_rules",
    "pick_text",
    "to_plain",
    "to_problems",
]
