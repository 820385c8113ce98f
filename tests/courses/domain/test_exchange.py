"""Questions of files as items, and back: what fits, what is lost, what is refused."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from courses.domain.exchange.intake import ALWAYS, NEVER, UNEVEN, Taken, take
from courses.domain.exchange.markup import NotTaken, to_markdown
from courses.domain.exchange.merging import merge
from courses.domain.exchange.outlet import give
from courses.domain.formats.aiken import read_aiken
from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
from courses.domain.formats.question import File, Question, Text
from courses.domain.formats.sheet.mapping import guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.writer import write_rows
from courses.domain.items import KINDS, ItemBody, credit_of
from tests.factories.courses import body

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "gift-grammar-peg"
WRITABLE = sorted(set(KINDS) - {"hotspot"})
Again = Callable[[Question], list[Question]]


def keep(_body: bytes) -> str:
    return "0" * 64


def by_gift(question: Question) -> list[Question]:
    return list(read_gift(write_gift([question]).text.encode()).questions)


def by_moodle(question: Question) -> list[Question]:
    return list(read_moodle(write_moodle([question]).text.encode()).questions)


def by_table(question: Question) -> list[Question]:
    header, *rows = write_rows([question]).rows
    numbered = [(number, tuple(map(str, row))) for number, row in enumerate(rows, start=2)]
    return list(read_rows(numbered, guess([str(cell) for cell in header])).questions)


def gift(text: str, *, weigh: str = ALWAYS) -> Taken:
    [question] = read_gift(text.encode()).questions
    return take(question, language="en", keep=keep, weigh=weigh)


class TestIn:
    def test_one_right_option_needs_no_weights(self) -> None:
        taken = gift("Which one? {=This#Yes ~That#No}")
        assert (taken.body.kind, taken.body.key, taken.body.weights) == ("single", ("a",), {})
        assert [one.rationale["en"] for one in taken.body.options] == ["Yes", "No"]

    def test_parts_of_points_are_kept_exactly(self) -> None:
        taken = gift("Which? {~%33.333%a ~%33.333%b ~%33.333%c ~%-50%d}")
        assert taken.body.weights["d"] == Decimal("-0.5")
        assert credit_of(taken.body, ["a", "b", "c"], "en") == 1
        assert credit_of(taken.body, ["a", "b", "c", "d"], "en") == Decimal("0.49999")

    def test_or_left_out_where_nobody_weighs(self) -> None:
        taken = gift("Which? {~%50%a ~%50%b ~%-50%c}", weigh=NEVER)
        assert (taken.body.scoring, taken.body.key) == ("all_or_nothing", ("a", "b"))

    def test_numbers_keep_their_own_tolerance(self) -> None:
        taken = gift("How many? {#=16:0.5 =%50%20:3}")
        worth = [credit_of(taken.body, said, "en") for said in ("16.4", "18", "16.6")]
        assert worth == [1, Decimal("0.5"), 0]
        assert gift("How many? {#16:0.5}").body.tolerance == "0.5"

    def test_words_are_worth_what_they_say(self) -> None:
        taken = gift("Which tool? {=pg_rewind =%50%rewind =%0%copy}")
        assert [credit_of(taken.body, w, "en") for w in ("pg_rewind", "rewind", "copy")] == [
            1, Decimal("0.5"), 0,
        ]  # fmt: skip
        assert [str(one) for one in taken.lost] == ["wordings that earn nothing are not kept"]

    def test_matches_are_plain_text(self) -> None:
        taken = gift("Match. {=one -> 2 * 3 * 4 =two -> x = -> y}")
        assert taken.body.choices[0].text["en"] == r"2 \* 3 \* 4"
        assert len(taken.body.choices) == 3

    def test_html_becomes_markdown(self) -> None:
        taken = gift("[html]<p>Run <b>this</b>\\:</p><pre>SELECT 1</pre> {=a ~b}")
        assert taken.body.stem["en"] == "Run **this**:\n\n```\nSELECT 1\n```"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Write an essay. {}", "type essay cannot be scored"),
            ("Only told.", "type description cannot be scored"),
        ],
    )
    def test_what_cannot_be_scored_is_refused(self, text: str, said: str) -> None:
        with pytest.raises(NotTaken, match=said):
            gift(text)

    def test_what_is_lost_is_said(self) -> None:
        taken = gift("// [tag:old] [tag:difficulty:hard]\nWhich one? {=This ~That}")
        assert [str(one) for one in taken.lost] == ["tags are not kept: old"]
        assert taken.body.difficulty == 3

    def test_aiken_and_tables_name_right_ones_alone(self) -> None:
        [question] = read_aiken(b"Which?\nA. This\nB. That\nANSWER: B\n").questions
        assert take(question, language="en", keep=keep, weigh=UNEVEN).body.key == ("b",)
        rows = [(2, ("Which?", "This", "That", "Other", "A, C"))]
        header = guess(["Question", "Option A", "Option B", "Option C", "Correct"])
        [question] = read_rows(rows, header).questions
        taken = take(question, language="en", keep=keep, weigh=UNEVEN)
        assert (taken.body.kind, taken.body.scoring) == ("multiple", "all_or_nothing")


class TestPictures:
    def test_a_picture_of_the_file_is_kept_and_named(self) -> None:
        text = Text('<p>See <img src="@@PLUGINFILE@@/a%20b.png" alt="map"></p>', "html",
                    (File("a b.png", b"..."),))  # fmt: skip
        assert to_markdown(text, keep) == f"See ![map](picture:{'0' * 64})"

    def test_one_that_is_missing_or_no_picture_is_refused(self) -> None:
        with pytest.raises(NotTaken, match=r"the picture a\.png is not in the file"):
            to_markdown(Text('<img src="@@PLUGINFILE@@/a.png">', "html"), keep)
        film = (File("a.mp4", b"..."),)
        with pytest.raises(NotTaken, match=r"a\.mp4 is no picture"):
            to_markdown(Text('<img src="@@PLUGINFILE@@/a.mp4">', "html", film), keep)

    def test_deep_nesting_is_refused(self) -> None:
        with pytest.raises(NotTaken, match="nested too deeply"):
            to_markdown(Text("<b>" * 5000, "html"), keep)

    @pytest.mark.parametrize("text", ["# no head", "1. no list", "a * b * c", "a_b_c", "[x] `y`"])
    def test_plain_text_stays_plain(self, text: str) -> None:
        again = to_markdown(Text(text, "plain"), keep)
        assert again.replace("\\", "") == text


# GIFT has neither gaps to choose for nor series of statements; its writer says so.
FORMS = [
    (kind, again)
    for kind in WRITABLE
    for again in (by_gift, by_moodle, by_table)
    if again is not by_gift or kind not in {"dropdown", "series"}
]


class TestBack:
    @pytest.mark.parametrize(("kind", "again"), FORMS)
    def test_an_item_comes_back_as_it_was(self, kind: str, again: Again) -> None:
        first = self.taken(body(kind), again)
        second = self.taken(first, again)
        assert second == first

    @pytest.mark.parametrize(
        ("kind", "again", "rule"),
        [(*form, rule) for form in FORMS for rule in KINDS[form[0]].rules if rule != "weights"],
    )
    def test_so_does_its_rule(self, kind: str, again: Again, rule: str) -> None:
        taken = self.taken(body(kind, scoring=rule, difficulty=3), again)
        assert (taken.scoring, taken.difficulty) == (rule, 3)
        assert credit_of(taken, KINDS[kind].answer(taken, right=True), "en") == 1

    @pytest.mark.parametrize("again", [by_gift, by_moodle, by_table])
    @pytest.mark.parametrize(
        ("kind", "changes"),
        [
            ("single", {"weights": {"a": "0.5", "b": "1", "c": "-0.25"}}),
            ("multiple", {"weights": {"a": "0.5", "b": "-0.5", "c": "0.5"}}),
            ("numeric", {"key": ["16 ± 0.5", "20 ± 1"], "weights": {"20 ± 1": "0.5"}}),
            ("text", {"key": ["pg_rewind", "rew*"], "weights": {"rew*": "0.5"}}),
        ],
    )
    def test_and_what_its_answers_are_worth(
        self, kind: str, changes: dict[str, Any], again: Again
    ) -> None:
        item = body(kind, scoring="weights", **changes)
        taken = self.taken(item, again)
        assert taken.scoring == "weights"
        for said in (["a"], ["b"], ["a", "c"], "16.3", "20.5", "pg_rewind", "rewind", "other"):
            is_list = kind in {"single", "multiple"}
            if isinstance(said, list) == is_list:
                assert credit_of(taken, said, "en") == credit_of(item, said, "en"), said

    def test_a_hotspot_has_no_form_in_files(self) -> None:
        assert give(body("hotspot"), "en", code="x", topic="T").kind == "unsupported"

    @pytest.mark.skipif(not CORPUS.is_dir(), reason="the reference files are not beside it")
    def test_the_reference_files_come_back_as_they_were(self) -> None:
        taken = [
            take(question, language="en", keep=keep).body
            for path in sorted(CORPUS.rglob("*.gift"))
            for question in read_gift(path.read_bytes()).questions
            if question.kind not in {"essay", "description"} and "PLUGINFILE" not in str(question)
        ]
        assert len(taken) > 80
        for item in taken:
            for again in (by_gift, by_moodle):
                assert self.taken(item, again) == item

    def taken(self, item: ItemBody, again: Again) -> ItemBody:
        [question] = again(give(item, "en", code="x", topic="T", tagged=again is not by_table))
        return take(
            question, language="en", keep=keep, weigh=UNEVEN if again is by_table else ALWAYS
        ).body


class TestLanguages:
    def test_a_file_changes_its_own_language(self) -> None:
        old = body("single")
        new = old.model_copy(update={"stem": {"en": "Another?"}})
        joined = merge(old, new, "en")
        assert joined is not None
        assert joined.stem["en"] == "Another?"
        assert joined.stem["ru"] == old.stem["ru"]

    def test_other_answers_are_another_item(self) -> None:
        assert merge(body("single"), body("multiple"), "en") is None
        assert merge(body("single"), body("single", key=["c"]), "en") is None

    def test_the_same_texts_keep_their_names_and_their_order(self) -> None:
        old = body("matching")
        [question] = by_gift(give(old, "en", code="x", topic="T"))
        new = take(question, language="en", keep=keep).body
        assert new.pairs != old.pairs
        joined = merge(old, new, "en")
        assert joined is not None
        assert (joined.pairs, joined.options, joined.choices) == (
            old.pairs, old.options, old.choices,
        )  # fmt: skip

    def test_two_answers_that_read_alike_are_told_apart_by_their_place(self) -> None:
        twins = [{"id": letter, "text": {"en": "Same"}} for letter in "ab"]
        old = body("single", options=twins, key=["b"])
        assert merge(old, old, "en") == old
