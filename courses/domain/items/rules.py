"""How decisions become credit. A rule is data on the version, so a score can be told again.

Every rule returns a fraction from 0 to 1 of the item's point, exactly.
"""

from collections.abc import Sequence
from fractions import Fraction

ALL = "all_or_nothing"
EACH = "every_decision"  # each option ticked or left as it should be
MINUS = "right_minus_wrong"
WEIGHTS = "weights"
PAIRS = "per_pair"
ADJACENT = "adjacent_pairs"
RULES = (ALL, EACH, MINUS, WEIGHTS, PAIRS, ADJACENT)


def grade(rule: str, decisions: Sequence[bool | None]) -> Fraction:
    """Return the credit of decisions: right, wrong, or ``None`` where none was made.

    ``right_minus_wrong`` takes a share away for each wrong decision and stops at nothing.
    """
    right = sum(decision is True for decision in decisions)
    if rule == ALL or not decisions:
        return Fraction(int(bool(decisions) and right == len(decisions)))
    if rule == MINUS:
        wrong = sum(decision is False for decision in decisions)
        return max(Fraction(0), Fraction(right - wrong, len(decisions)))
    return Fraction(right, len(decisions))
