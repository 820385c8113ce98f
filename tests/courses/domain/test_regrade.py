"""Each kind of correction, how they follow one another, and what cannot be corrected."""

import random
from fractions import Fraction
from typing import Any

import pytest

from courses.domain.contests import due_on
from courses.domain.items import KINDS, ItemBody
from courses.domain.regrade import (
    CREDIT,
    DROP,
    KEY,
    Correction,
    KeyUnfit,
    NothingLeft,
    Placed,
    find_misfit,
    find_reworded,
    rekey,
    rescore,
)
from courses.domain.scoring import Cut, Sat, score
from tests.factories.badges import NOW
from tests.factories.courses import body, option

CUT = Cut(percent=70)
SHOWN, RIGHT = 1, 2  # versions of one item: the key was b, c is right


def placed(version: int, value: Any, kind: str = "single", **changes: Any) -> Placed:
    sat = Sat(body=body(kind), topic="wal", lesson_slug="wal-and-checkpoints", value=value)
    return Placed(version=version, sat=Sat(**{**vars(sat), **changes}))


def again(places: list[Placed], *corrections: Correction, cut: Cut = CUT) -> Any:
    by_version = {one.version: one for one in corrections}
    bodies = {SHOWN: body(), RIGHT: body(key=["c"])}
    return rescore(places, by_version, bodies, cut=cut, language="en")


def by_key(by: int = RIGHT) -> Correction:
    return Correction(version=SHOWN, kind=KEY, by=by)


def test_another_key_turns_right_and_wrong_round() -> None:
    rest = [placed(9, ["b"])]
    assert again([placed(SHOWN, ["c"]), *rest]).points == 1
    told = again([placed(SHOWN, ["c"]), *rest], by_key())
    assert (told.points, told.maximum, told.passed, told.return_to) == (2, 2, True, ())
    told = again([placed(SHOWN, ["b"]), *rest], by_key())
    assert (told.points, told.passed) == (1, False)
    assert told.return_to == ("wal-and-checkpoints",)


def test_a_dropped_item_counts_neither_point_nor_maximum() -> None:
    places = [placed(SHOWN, ["a"]), placed(9, ["b"]), placed(8, ["b"])]
    told = again(places, Correction(version=SHOWN, kind=DROP))
    assert (told.points, told.maximum, told.passed) == (2, 2, True)
    assert told.topics[0].maximum == 2


def test_credit_is_the_whole_point_whatever_was_answered() -> None:
    for value in (None, ["a"], ["b"]):
        told = again([placed(SHOWN, value)], Correction(version=SHOWN, kind=CREDIT))
        assert (told.points, told.maximum, told.return_to) == (1, 1, ())


def test_all_dropped_is_refused_but_not_where_only_pilots_are_left_out() -> None:
    drop = Correction(version=SHOWN, kind=DROP)
    with pytest.raises(NothingLeft):
        again([placed(SHOWN, ["b"])], drop)
    with pytest.raises(NothingLeft):
        again([placed(SHOWN, ["b"]), placed(9, ["b"], pilot=True)], drop)
    pilots = [placed(SHOWN, ["b"], pilot=True)]
    assert again(pilots, drop).maximum == 0


def test_a_pilot_counts_by_no_correction() -> None:
    places = [placed(SHOWN, ["a"], pilot=True), placed(9, ["a"])]
    assert again(places, Correction(version=SHOWN, kind=CREDIT)).points == 0
    assert again(places, by_key()).maximum == 1


def test_its_own_key_takes_a_correction_back() -> None:
    places = [placed(SHOWN, ["b"]), placed(9, ["a"])]
    assert by_key(SHOWN).undoes
    assert again(places, by_key(SHOWN)) == again(places)


def test_minimums_of_topics_follow() -> None:
    places = [placed(SHOWN, ["c"], topic="restore"), *(placed(9, ["b"]) for _ in range(9))]
    cut = Cut(percent=70, minimums={"restore": 50})
    assert again(places, cut=cut).missed == ("restore",)
    assert again(places, by_key(), cut=cut).passed
    dropped = again(places, Correction(version=SHOWN, kind=DROP), cut=cut)
    assert dropped.passed  # a topic without an item asks for nothing
    assert {topic.topic for topic in dropped.topics} == {"wal"}


def test_without_corrections_it_is_the_score_itself() -> None:
    dice = random.Random(7)  # noqa: S311
    for _ in range(200):
        kinds = dice.choices(sorted(KINDS), k=dice.randint(1, 8))
        places = [
            placed(
                number,
                dice.choice([None, KINDS[kind].answer(body(kind), right=dice.random() < 0.6)]),
                kind,
                topic=dice.choice(["wal", "restore"]),
                pilot=dice.random() < 0.2,
            )
            for number, kind in enumerate(kinds)
        ]
        plain = score([place.sat for place in places], cut=CUT, language="en")
        assert rescore(places, {}, {}, cut=CUT, language="en") == plain
        other = {99: Correction(version=99, kind=DROP)}
        assert rescore(places, other, {}, cut=CUT, language="en") == plain


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_judged_by_a_key_that_fits(kind: str) -> None:
    shown = body(kind)
    judged = rekey(shown, body(kind, rationale={"en": "because"}))
    assert judged.rationale == {"en": "because"}
    sat = Sat(body=judged, topic="", lesson_slug="", value=KINDS[kind].answer(shown, right=True))
    assert sat.credit("en") == Fraction(1)


def test_what_was_shown_keeps_its_words_and_takes_the_reasons() -> None:
    options = [
        {**option(letter, f"Other {letter}"), "rationale": {"en": letter}} for letter in "abcd"
    ]
    judged = rekey(body(), body(key=["c"], options=options, scoring="weights", weights={"c": 1}))
    assert judged.options[0].text["en"] == "Option a"
    assert judged.options[0].rationale == {"en": "a"}
    assert (judged.key, judged.scoring) == (("c",), "weights")


@pytest.mark.parametrize(
    ("shown", "right", "why"),
    [
        (body("single"), body("multiple"), "kind differs"),
        (
            body(),
            body(options=[option(letter, letter) for letter in "abc"]),
            "a, b, c, d were shown",
        ),
        (body("matching"), body("matching", choices=[option(c, c) for c in "AB"]), "A, B, C were"),
        (body("numeric"), body("numeric", unit={"en": "GB"}), "unit differs"),
        (body("hotspot"), body("hotspot", picture="1" * 64), "places in the picture"),
    ],
)
def test_a_key_that_means_something_else_is_refused(
    shown: ItemBody, right: ItemBody, why: str
) -> None:
    with pytest.raises(KeyUnfit, match=why):
        rekey(shown, right)
    assert why in str(find_misfit(shown, right))
    assert find_misfit(shown, shown) is None


def test_reworded_answers_are_named() -> None:
    swapped = [option("a", "Option b"), option("b", "Option a"), *map(_plain, "cd")]
    assert find_reworded(body(), body(options=swapped)) == ("a", "b")
    assert find_reworded(body(), body(key=["c"])) == ()


def _plain(letter: str) -> dict[str, Any]:
    return option(letter, f"Option {letter}")


def test_an_answer_is_due_in_working_days() -> None:
    thursday = NOW.date()
    assert thursday.isoweekday() == 4
    assert due_on(thursday, 1).isoformat() == "2026-11-13"
    assert due_on(thursday, 2).isoformat() == "2026-11-16"
    assert due_on(thursday, 10).isoformat() == "2026-11-26"
    assert due_on(thursday, 0) == thursday
