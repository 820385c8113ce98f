"""Every kind of item: what fits it, what a response is worth, by every rule it knows."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from courses.domain.items import (
    KINDS,
    ItemBody,
    UnreadableResponse,
    credit_of,
    is_correct,
    is_like,
    read_response,
)
from courses.domain.scoring import Cut, Sat, score
from tests.factories.courses import PLACE, body, option

NAMES = sorted(KINDS)
SCORED = [(name, rule) for name in NAMES for rule in KINDS[name].rules]


def scored(kind: str, rule: str, **changes: Any) -> ItemBody:
    """A body under a rule, with weights where the rule needs them."""
    plain = body(kind)
    if rule == "weights" and "weights" not in changes:
        changes["weights"] = {name: 1 / Decimal(len(plain.key)) for name in plain.key}
    return body(kind, scoring=rule, **changes)


class TestEveryKind:
    @pytest.mark.parametrize(("kind", "rule"), SCORED)
    def test_right_is_worth_all_and_blank_nothing(self, kind: str, rule: str) -> None:
        item = scored(kind, rule)
        right = KINDS[kind].answer(item, right=True)
        assert read_response(item, right) == right
        assert credit_of(item, right, "en") == 1
        for blank in (None, type(right)()):
            assert credit_of(item, blank, "en") == 0

    @pytest.mark.parametrize(("kind", "rule"), SCORED)
    def test_wrong_is_worth_less(self, kind: str, rule: str) -> None:
        item = scored(kind, rule)
        wrong = KINDS[kind].answer(item, right=False)
        assert read_response(item, wrong) == wrong
        assert 0 <= credit_of(item, wrong, "en") < 1
        assert not is_correct(item, wrong, "en")

    @pytest.mark.parametrize("kind", NAMES)
    def test_a_rule_of_another_kind_is_refused(self, kind: str) -> None:
        rules = {rule for _kind, rule in SCORED} - set(KINDS[kind].rules)
        for rule in rules:
            with pytest.raises(ValidationError, match="this kind is scored by"):
                body(kind, scoring=rule, weights={})

    @pytest.mark.parametrize("kind", NAMES)
    def test_what_is_drawn_are_its_own_ids(self, kind: str) -> None:
        item = body(kind)
        known = {one.id for one in (*item.options, *item.choices)}
        assert set(KINDS[kind].drawn(item)) <= known

    @pytest.mark.parametrize("kind", NAMES)
    def test_a_body_survives_json(self, kind: str) -> None:
        item = body(kind)
        assert ItemBody.model_validate(item.model_dump(mode="json")) == item

    @given(
        kind=st.sampled_from(NAMES),
        raw=st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5)
            | st.sampled_from(["a", "b", "A", "1", "true", "size", "size-16"]),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=2) | st.sampled_from("abcd"), inner, max_size=4),
            max_leaves=6,
        ),
    )  # fmt: skip
    def test_no_response_breaks_it(self, kind: str, raw: Any) -> None:
        item = body(kind)
        try:
            stored = read_response(item, raw)
        except UnreadableResponse:
            return
        assert read_response(item, stored) == stored
        for rule in KINDS[kind].rules:
            assert 0 <= credit_of(scored(kind, rule), stored, "en") <= 1


class TestChoices:
    @pytest.mark.parametrize(
        ("rule", "value", "worth"),
        [
            ("every_decision", ["a"], "3/4"),
            ("every_decision", ["a", "c", "b"], "3/4"),
            ("every_decision", ["b", "d"], "0"),
            ("right_minus_wrong", ["a"], "1/2"),
            ("right_minus_wrong", ["a", "c", "b"], "1/2"),
            ("right_minus_wrong", ["a", "b"], "0"),
            ("right_minus_wrong", ["b", "d"], "0"),
            ("all_or_nothing", ["a", "b", "c", "d"], "0"),
        ],
    )
    def test_partial_credit(self, rule: str, value: list[str], worth: str) -> None:
        assert credit_of(body("multiple", scoring=rule), value, "en") == Fraction(worth)

    def test_ticking_everything_pays_under_no_rule_but_decisions(self) -> None:
        every = ["a", "b", "c", "d"]
        assert credit_of(body("multiple", scoring="right_minus_wrong"), every, "en") == 0
        assert credit_of(body("multiple", scoring="every_decision"), every, "en") == Fraction(1, 2)

    def test_weights_are_added_and_held_between_nothing_and_all(self) -> None:
        weights = {"a": "0.5", "b": "-0.25", "c": "0.5", "d": "-1"}
        item = body("multiple", scoring="weights", weights=weights)
        worth = [credit_of(item, value, "en") for value in (["a", "b"], ["a", "d"], ["a", "c"])]
        assert worth == [Fraction(1, 4), 0, 1]

    @pytest.mark.parametrize(
        ("weights", "said"),
        [
            ({}, "say what each answer is worth"),
            ({"a": "-1"}, "say what each answer is worth"),
            ({"z": "1"}, "no answer z to weigh"),
            ({"a": "1.1"}, "less than or equal to 1"),
        ],
    )
    def test_weights_that_mean_nothing_are_refused(self, weights: Any, said: str) -> None:
        with pytest.raises(ValidationError, match=said):
            body("multiple", scoring="weights", weights=weights)

    def test_a_hotspot_needs_its_places(self) -> None:
        with pytest.raises(ValidationError, match="needs a picture"):
            body("hotspot", picture="")
        bare = [option("a", "A"), {**option("b", "B"), "area": PLACE}]
        with pytest.raises(ValidationError, match="a has no place in the picture"):
            body("hotspot", options=bare)


class TestRows:
    def test_every_row_counts_where_the_rule_says_so(self) -> None:
        item = body("series", scoring="every_decision")
        assert credit_of(item, {"a": "true", "b": "true"}, "en") == Fraction(1, 3)
        item = body("series", scoring="right_minus_wrong")
        assert credit_of(item, {"a": "true", "b": "true"}, "en") == 0
        assert credit_of(item, {"a": "true", "b": "false"}, "en") == Fraction(2, 3)

    def test_pairs_count(self) -> None:
        item = body("matching", scoring="per_pair")
        assert credit_of(item, {"a": "B", "b": "C"}, "en") == Fraction(1, 2)
        assert credit_of(body("matching"), {"a": "B", "b": "C"}, "en") == 0

    def test_one_match_may_serve_two_rows(self) -> None:
        item = body("matching", pairs={"a": "B", "b": "B"})
        assert is_correct(item, {"a": "B", "b": "B"}, "en")

    @pytest.mark.parametrize(
        ("kind", "changes", "said"),
        [
            ("series", {"pairs": {"a": "true", "b": "false"}}, "say what c is paired with"),
            ("series", {"pairs": {"a": "yes", "b": "true", "c": "true"}}, "say what a is"),
            ("matching", {"pairs": {"a": "B", "b": "A", "z": "A"}}, "no row z"),
            ("matching", {"choices": [option("A", "x")]}, "at least 2"),
            ("ordering", {"pairs": dict.fromkeys("abcd", "1")}, "have the same position"),
            ("dropdown", {"stem": {"en": "No gap."}}, r"must hold \[\[size\]\] once \(en\)"),
            ("dropdown", {"choices": [{**option("size-16", "16"), "gap": "size"}]}, "at least two"),
            ("series", {"pairs": {}}, "the key is empty"),
        ],
    )
    def test_an_impossible_item_says_why(
        self, kind: str, changes: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(ValidationError, match=said):
            body(kind, **changes)

    def test_rows_without_a_choice_are_left_out(self) -> None:
        assert read_response(body("matching"), {"a": "", "b": "A"}) == {"b": "A"}
        assert read_response(body("matching"), {}) == {}

    @pytest.mark.parametrize(
        ("kind", "raw"),
        [
            ("series", {"a": "maybe"}),
            ("matching", {"a": "a"}),
            ("matching", ["B"]),
            ("ordering", {"a": "5"}),
            ("dropdown", {"size": "16"}),
            ("dropdown", {"other": "size-16"}),
        ],
    )
    def test_what_cannot_belong_to_it_is_refused(self, kind: str, raw: Any) -> None:
        with pytest.raises(UnreadableResponse):
            read_response(body(kind), raw)


class TestOrder:
    def credit(self, order: str, rule: str = "adjacent_pairs") -> Fraction:
        given = {row: str(place) for place, row in enumerate(order, start=1)}
        return credit_of(body("ordering", scoring=rule), given, "en")

    def test_neighbours_count(self) -> None:
        # Right is b a c d.
        assert self.credit("bacd") == 1
        assert self.credit("cdba") == Fraction(2, 3)
        assert self.credit("acdb") == Fraction(2, 3)
        assert self.credit("dcab") == 0

    def test_only_the_right_order_is_exact(self) -> None:
        right = ["".join(one) for one in permutations("abcd")
                 if self.credit("".join(one), "all_or_nothing") == 1]  # fmt: skip
        assert right == ["bacd"]

    def test_two_in_one_place_stand_in_no_order(self) -> None:
        item = body("ordering", scoring="adjacent_pairs")
        assert credit_of(item, {"b": "1", "a": "2", "c": "2"}, "en") == 0

    def test_rows_with_a_hole_between_them_are_no_neighbours(self) -> None:
        item = body("ordering", scoring="adjacent_pairs")
        assert credit_of(item, {"b": "1", "a": "3"}, "en") == 0
        assert credit_of(item, {"b": "2", "a": "3"}, "en") == Fraction(1, 3)


class TestTyped:
    @pytest.mark.parametrize(
        ("wording", "answer", "met"),
        [
            ("pg_*", "PG_rewind", True),
            ("pg_*", "xpg_rewind", False),
            ("*wal*", "the WAL segment", True),
            ("a*b*c", "abc", True),
            ("a*b*c", "acb", False),
            ("ab*ba", "aba", False),
            ("2\\*3", "2*3", True),
            ("2\\*3", "243", False),
            ("*", "anything", True),
        ],
    )
    def test_a_star_stands_for_anything(self, wording: str, answer: str, met: bool) -> None:
        assert is_like(answer, wording) is met

    def test_stars_cost_no_time(self) -> None:
        assert not is_like("a" * 200, "*a" * 100 + "b")

    def test_a_wording_is_worth_what_it_says(self) -> None:
        item = body("text", key=["pg_rewind", "rewind"], scoring="weights",
                    weights={"rewind": "0.5"})  # fmt: skip
        worth = [credit_of(item, said, "en") for said in ("pg_rewind", "Rewind", "other")]
        assert worth == [1, Fraction(1, 2), 0]

    def test_the_best_number_that_is_met_counts(self) -> None:
        item = body("numeric", key=["16", "15.8"], tolerance="0.3", scoring="weights",
                    weights={"15.8": "0.5"})  # fmt: skip
        assert [credit_of(item, said, "en") for said in ("16", "15.6")] == [1, Fraction(1, 2)]


class TestOutcome:
    def sat(self, kind: str, value: Any, **changes: Any) -> Sat:
        return Sat(body=body(kind, **changes), topic="wal", lesson_slug="wal", value=value)

    def test_parts_of_points_decide_exactly(self) -> None:
        third = self.sat("series", {"a": "true"}, scoring="every_decision")
        outcome = score([third] * 3, cut=Cut(percent=33), language="en")
        assert (outcome.points, outcome.maximum, outcome.passed) == (1, 3, True)
        assert score([third] * 3, cut=Cut(percent=34), language="en").passed is False

    def test_what_people_read_has_four_decimals(self) -> None:
        third = self.sat("series", {"a": "true"}, scoring="every_decision")
        outcome = score([third], cut=Cut(percent=50), language="en")
        assert outcome.points == outcome.topics[0].points == 0.3333
        assert outcome.return_to == ("wal",)
