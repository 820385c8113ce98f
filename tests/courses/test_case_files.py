"""Cases in files: a programme's folder, and tables that go out and come in the same."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses.actions.groups import GroupDraft, write_group
from courses.actions.load import FileError, check_training, load_training
from courses.domain.cases import CaseBody
from courses.domain.formats.question import FULL, Option, Question, Text
from courses.domain.formats.sheet.mapping import guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.writer import write_rows
from courses.models import Assessment, Item, ItemBank, ItemGroup, ItemGroupVersion, ItemVersion
from tests.courses.test_loading import change, folder, item, write
from tests.factories.courses import LONG_AGO, SHARED, Training, make_case

pytestmark = pytest.mark.django_db
__all__ = ["folder"]
ROOT = Path(__file__).parents[2]


def question(number: int, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in item(number).items() if name != "topic"} | changes


def case(*numbers: int, **changes: Any) -> dict[str, Any]:
    questions = [question(number) for number in numbers]
    return {"case": "c1", "topic": "wal", "stem": SHARED, "questions": questions, **changes}


def load(folder: Path, now: datetime, **options: Any) -> Any:
    return load_training(folder, actor=None, now=now, **options)


class TestFolder:
    @pytest.fixture(autouse=True)
    def filled(self, folder: Path) -> None:
        write(folder / "items.yaml", [item(1), case(2, 3), item(4)])
        write(folder / "items.ru.yaml", {"c1": {"stem": "Общий журнал."}})
        drawn = {"draw": {"wal": 1}, "cases": {"wal": {"count": 1, "questions": 2}}}
        change(folder / "training.yaml", assessment={"minutes": 9, "cut_percent": 70, **drawn})

    def test_a_case_is_loaded_once(self, folder: Path, now: datetime) -> None:
        assert "case recovery/c1" in load(folder, now).created
        group = ItemGroup.objects.get()
        assert group.current is not None
        assert group.current.parsed.stem == {"en": SHARED, "ru": "Общий журнал."}
        assert list(group.items.values_list("code", flat=True)) == ["wal-2", "wal-3"]
        assert Assessment.objects.get().policy.length == 3
        again = load(folder, now)
        assert (again.created, again.changed, again.conflicts) == ([], [], [])
        assert ItemGroupVersion.objects.count() == 1

    def test_what_was_edited_on_the_site_stays(self, folder: Path, now: datetime) -> None:
        load(folder, now)
        write(folder / "items.yaml", [item(1), case(3, 2, stem="From the file."), item(4)])
        assert load(folder, now).changed == ["case recovery/c1.body", "case recovery/c1.members"]
        group = ItemGroup.objects.get()
        bank = ItemBank.objects.get()
        make_case_of(bank, "c1", "Edited here.", ("wal-3", "wal-2"), now)
        write(folder / "items.yaml", [item(1), case(3, 2, stem="From the file, anew."), item(4)])
        [conflict] = load(folder, now).conflicts
        assert (conflict.place, conflict.field) == ("case recovery/c1", "body")
        group.refresh_from_db()
        assert group.text == "Edited here."
        load(folder, now, keep="files")
        group.refresh_from_db()
        assert group.text == "From the file, anew.\nОбщий журнал."

    @pytest.mark.parametrize(
        ("entries", "problem"),
        [
            ([case()], r"c1.questions: Tuple should have at least 1 item"),
            ([case(2), case(3)], r"c1: this case stands twice"),
            ([case(2, 2)], r"wal-2: this code stands twice"),
            ([case(2, name="x")], r"c1.name: Extra inputs"),
            ([case(2, topic="none")], r"wal-2.topic: no such topic; topics: wal"),
            ([case(questions=[item(2)])], r"c1.wal-2.topic: leave it out"),
            ([case(questions=[question(2, pilot=True)])], r"c1.wal-2.pilot: leave it out"),
            (
                [item(1), item(4), case(2, 3, 5)],
                r"assessment.cases.wal: the bank lacks 1 cases of it with",
            ),
            ({"case": "c1"}, r"must be a list of items"),
        ],
    )
    def test_what_is_wrong_names_file_and_place(
        self, folder: Path, now: datetime, entries: Any, problem: str
    ) -> None:
        write(folder / "items.yaml", entries)
        with pytest.raises(FileError, match=problem):
            load(folder, now)
        assert not ItemGroup.objects.exists()

    def test_a_question_moves_in_two_steps(self, folder: Path, now: datetime) -> None:
        load(folder, now)
        moved = [case(2, case="c0"), case(3, 1), item(4)]
        write(folder / "items.yaml", moved)
        with pytest.raises(FileError, match=r"items.yaml, c0: .*wal-2 belongs to the case c1"):
            load(folder, now)

    def test_a_topic_drawn_for_cases_alone_may_have_a_minimum(
        self, folder: Path, now: datetime
    ) -> None:
        drawn = {"draw": {}, "cases": {"wal": {"count": 1, "questions": 2}}}
        rules = {"minutes": 9, "cut_percent": 70, "minimums": {"wal": 50}, **drawn}
        change(folder / "training.yaml", assessment=rules)
        load(folder, now)
        assert Assessment.objects.get().policy.minimums == {"wal": 50}

    def test_cases_of_an_unknown_topic_are_refused(self, folder: Path, now: datetime) -> None:
        drawn = {"draw": {}, "cases": {"x": {"count": 1, "questions": 2}}}
        change(folder / "training.yaml", assessment={"minutes": 9, "cut_percent": 70, **drawn})
        with pytest.raises(FileError, match="draws from x, which is not in topics"):
            load(folder, now)


def make_case_of(
    bank: ItemBank, code: str, text: str, members: tuple[str, ...], now: datetime
) -> None:
    draft = GroupDraft(code=code, topic="wal", body=CaseBody(stem={"en": text}), members=members)
    write_group(bank=bank, draft=draft, actor=None, now=now)


def take(folder: Path, form: str = "csv", bank: str = "recovery", **options: Any) -> Path:
    file = folder / f"items.{form}"
    call_command("export_items", bank=bank, format=form, output=file, **options)
    return file


def bring(file: Path, bank: str = "recovery", **options: Any) -> dict[str, Any]:
    output = io.StringIO()
    call_command("import_items", str(file), bank=bank, json=True, stdout=output, **options)
    told: dict[str, Any] = json.loads(output.getvalue())
    return told


def put(folder: Path, *rows: tuple[str, ...]) -> Path:
    head = ("Code", "Topic", "Case", "Case text", "Question", "Option A", "Option B", "Right")
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    file = folder / "rows.csv"
    file.write_text(out.getvalue(), encoding="utf-8")
    return file


def row(code: str, case: str = "", text: str = "", topic: str = "wal") -> tuple[str, ...]:
    return (code, topic, case, text, f"What is right in {code}?", "This", "That", "A")


def cases(bank: str) -> dict[str, Any]:
    """What a bank's cases are: their texts, and their questions in order."""
    groups = ItemGroup.objects.filter(bank__slug=bank).select_related("current")
    return {
        group.code: (
            group.current.parsed.stem,
            [str(one.item_version.item) for one in group.current.members.order_by("position")],
        )
        for group in groups
        if group.current
    }


class TestTable:
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_out_and_in_and_out_is_the_same(
        self, training: Training, tmp_path: Path, form: str
    ) -> None:
        Item.objects.update(state="retired")  # so they stay where they are
        make_case(training.bank, "m-case")
        members = ("m-case-3", "m-case-1", "m-case-2")
        make_case_of(training.bank, "m-case", SHARED, members, LONG_AGO)
        file = take(tmp_path, form)
        told = bring(file, "second", create_bank=True)
        assert told["cases"] == [{"code": "m-case", "outcome": "new"}]
        assert (told["rejected"], told["lost"], told["duplicates"]) == ([], [], [])
        assert cases("second") == {"m-case": ({"en": SHARED}, list(members))}
        (tmp_path / "again").mkdir()
        again = take(tmp_path / "again", form, "second")
        assert bring(again, "second")["cases"] == [{"code": "m-case", "outcome": "unchanged"}]
        if form == "csv":
            assert again.read_text() == file.read_text()

    def test_the_same_table_twice_changes_nothing(self, training: Training, tmp_path: Path) -> None:
        make_case(training.bank)
        file = take(tmp_path)
        before = (ItemVersion.objects.count(), ItemGroupVersion.objects.count())
        told = bring(file)
        assert {one["outcome"] for one in told["items"]} == {"unchanged"}
        assert (ItemVersion.objects.count(), ItemGroupVersion.objects.count()) == before

    def test_another_language_joins_the_case(self, training: Training, tmp_path: Path) -> None:
        bring(put(tmp_path, row("a", "c", "Text."), row("b", "c")))
        bring(put(tmp_path, row("a", "c", "Текст."), row("b", "c")), language="ru")
        assert cases("recovery") == {"c": ({"en": "Text.", "ru": "Текст."}, ["a", "b"])}

    def test_a_part_of_a_case_leaves_the_rest_of_it(
        self, training: Training, tmp_path: Path
    ) -> None:
        bring(put(tmp_path, row("a", "c", "Text."), row("b", "c"), row("d", "c")))
        told = bring(put(tmp_path, row("d", "c"), row("e", "c")))
        assert told["cases"] == [{"code": "c", "outcome": "changed"}]
        assert cases("recovery") == {"c": ({"en": "Text."}, ["d", "e", "a", "b"])}

    @pytest.mark.parametrize(
        ("rows", "problem"),
        [
            ([row("a", "c")], "case c has no text: write it at its first question"),
            ([row("a", "c", "One."), row("b", "c", "Two.")], "row 3.*has another text above"),
            ([row("a", "c", "One."), row("b", "c", topic="restore")], "row 3.*has the topic"),
            ([row("a", "c" * 51, "One.")], "code of the case has more than 50"),
            ([row("a", "c", "About education.")], "education"),
            ([row("case-1", "c", "One.")], "case-1 belongs to the case case"),
        ],
    )
    def test_what_makes_no_case_is_rejected_and_nothing_is_written(
        self, training: Training, tmp_path: Path, rows: Any, problem: str
    ) -> None:
        make_case(training.bank)
        with pytest.raises(CommandError, match=problem):
            bring(put(tmp_path, *rows))
        assert set(cases("recovery")) == {"case"}
        assert not Item.objects.filter(code__in=["a", "b"]).exists()

    def test_the_same_words_may_ask_of_two_cases(self, training: Training, tmp_path: Path) -> None:
        twin = ("Is data lost?", "Yes", "No", "A")
        rows = [("q1", "wal", "c", "One.", *twin), ("q2", "wal", "d", "Two.", *twin)]
        assert bring(put(tmp_path, *rows))["duplicates"] == []

    @pytest.mark.parametrize("form", ["gift", "moodle"])
    def test_other_formats_say_that_the_shared_text_is_lost(
        self, training: Training, tmp_path: Path, form: str
    ) -> None:
        make_case(training.bank)
        errors = io.StringIO()
        file = take(tmp_path, form, stderr=errors)
        lost = [line for line in errors.getvalue().splitlines() if "no cases" in line]
        assert [line.split(":")[1].strip() for line in lost] == ["case-1", "case-2", "case-3"]
        assert SHARED not in file.read_text()
        told = bring(file)
        assert {one["outcome"] for one in told["items"]} == {"unchanged"}
        assert cases("recovery")["case"][1] == ["case-1", "case-2", "case-3"]

    def test_the_details_of_a_table_from_before_there_were_cases_are_read(self) -> None:
        options = (Option(Text("This"), FULL), Option(Text("That")))
        question = Question(kind="single", stem=Text("Which?"), options=options, penalty=FULL)
        table = write_rows([question]).rows
        gone = [table[0].index("Case"), table[0].index("Case text")]
        header, row = (
            [cell for place, cell in enumerate(line) if place not in gone] for line in table
        )
        assert "case" not in row[header.index("Details")]
        reading = read_rows([(2, row)], guess(header))
        assert (reading.questions, reading.lost) == ((question,), ())


def test_the_sample_s_case_is_whole_in_three_languages() -> None:
    folder = check_training(ROOT / "samples/halden/trainings/backup-and-recovery")
    [found] = folder.cases
    assert set(found.body.stem) == {"en", "ru", "pl"}
    bodies = {entry.code: body for entry, body in folder.items}
    assert all(set(bodies[code].stem) == {"en", "ru", "pl"} for code in found.members)
    assert folder.training.assessment.policy.length == 18
