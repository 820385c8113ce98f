"""Facts as they would be."""

from partners.domain.evaluation import evaluate
from partners.domain.rules import RulesDocument
from partners.domain.supposing import suppose
from tests.factories.partners import DAY, RECOVERY, SALES, document, facts, person


def test_what_is_gained_counts_and_what_is_lost_does_not() -> None:
    rules = RulesDocument.model_validate(document())
    now = facts(person(1, SALES), person(2))
    gained = suppose(now, gained={2: [RECOVERY]}, lost=frozenset(), on=DAY)
    assert [evaluate(rules, one, DAY).tier for one in (now, gained)] == ["registered", "silver"]
    lost = suppose(gained, gained={}, lost=frozenset({f"{SALES}-1"}), on=DAY)
    assert evaluate(rules, lost, DAY).tier == "registered"
    assert suppose(now, gained={}, lost=frozenset(), on=DAY) == now
