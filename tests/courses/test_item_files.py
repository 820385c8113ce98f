"""Files of questions into a bank and out of it: by command, all or nothing, twice the same."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses.models import Item, ItemBank, ItemPicture, ItemVersion, Topic
from lms.tables import write_csv, write_xlsx
from tests.factories.courses import Training, make_item

pytestmark = pytest.mark.django_db
GIFT = """$CATEGORY: Standbys

// [id:q1]
Which file starts a standby? {=standby.signal ~recovery.conf}

// [id:q2]
How large is a segment? {#16:0}
"""
ESSAY = "\nWrite about it. {}\n"
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
XML = f"""<?xml version="1.0"?><quiz><question type="multichoice"><name><text>Map</text></name>
<questiontext format="html"><text><![CDATA[See <img src="@@PLUGINFILE@@/a.png" alt="map">]]></text>
<file name="a.png" path="/" encoding="base64">{PNG}</file></questiontext><single>true</single>
<answer fraction="100"><text>This</text></answer><answer fraction="0"><text>That</text></answer>
</question></quiz>"""


def run(file: Path, **options: Any) -> dict[str, Any]:
    output = io.StringIO()
    call_command("import_items", str(file), bank="recovery", json=True, stdout=output, **options)
    told: dict[str, Any] = json.loads(output.getvalue())
    return told


def put(folder: Path, text: str | bytes, name: str = "questions.gift") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def outcomes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["outcome"]) for one in told["items"]]


class TestIn:
    def test_questions_become_items_and_twice_changes_nothing(
        self, training: Training, tmp_path: Path
    ) -> None:
        file = put(tmp_path, GIFT)
        told = run(file)
        assert (told["accepted"], told["rejected"], told["duplicates"]) == (2, [], [])
        assert outcomes(told) == [("q1", "new"), ("q2", "new")]
        assert told["topics"] == ["Standbys"]
        assert Topic.objects.get(names={"en": "Standbys"}).slug == "standbys"
        before = ItemVersion.objects.count()
        assert outcomes(run(file)) == [("q1", "unchanged"), ("q2", "unchanged")]
        assert ItemVersion.objects.count() == before

    def test_a_dry_run_writes_nothing(self, training: Training, tmp_path: Path) -> None:
        told = run(put(tmp_path, GIFT), dry_run=True)
        assert (told["accepted"], told["written"], told["dry_run"]) == (2, False, True)
        assert not Item.objects.filter(code="q1").exists()
        assert not Topic.objects.filter(slug="standbys").exists()

    def test_one_rejected_question_stops_all_unless_told(
        self, training: Training, tmp_path: Path
    ) -> None:
        file = put(tmp_path, GIFT + ESSAY)
        with pytest.raises(CommandError, match=r"nothing was written.*line 9: a question of the"):
            run(file)
        assert not Item.objects.filter(code="q1").exists()
        told = run(file, keep_going=True)
        assert [one["ref"] for one in told["rejected"]] == ["line 9"]
        assert Item.objects.filter(code="q1").exists()

    def test_without_a_code_a_question_is_known_by_what_it_asks(
        self, training: Training, tmp_path: Path
    ) -> None:
        file = put(tmp_path, "Which one? {=This ~That}\n")
        [(code, outcome)] = outcomes(run(file))
        assert outcome == "new"
        assert outcomes(run(file)) == [(code, "unchanged")]
        assert str(Item.objects.get(code=code).topic) == "unsorted"
        changed = put(tmp_path, "Which one? {~This =That}\n")
        assert outcomes(run(changed)) == [(code, "changed")]
        assert Item.objects.get(code=code).versions.count() == 2

    def test_who_asks_the_same_is_a_duplicate(self, training: Training, tmp_path: Path) -> None:
        twice = "// [id:a]\nWhich one? {=This ~That}\n\n// [id:b]\nwhich  ONE? {~This =That}\n"
        told = run(put(tmp_path, twice))
        assert [(one["ref"], one["of"]) for one in told["duplicates"]] == [("line 5", "line 2")]
        told = run(put(tmp_path, "// [id:c]\nWhich one? {=This ~That}\n"))
        assert [one["of"] for one in told["duplicates"]] == ["a"]

    def test_a_code_twice_is_rejected(self, training: Training, tmp_path: Path) -> None:
        text = "// [id:a]\nOne? {=This ~That}\n\n// [id:a]\nTwo? {=This ~That}\n"
        told = run(put(tmp_path, text), keep_going=True)
        assert "stands in the file already" in told["rejected"][0]["reason"]

    def test_the_wording_policy_judges_every_text(self, training: Training, tmp_path: Path) -> None:
        text = "Which education? {=This#Good ~That}\n"
        told = run(put(tmp_path, text + "\nOther? {=This ~That}"), keep_going=True)
        assert "«education» is not used here" in told["rejected"][0]["reason"]

    def test_a_file_changes_its_language_alone(self, training: Training, tmp_path: Path) -> None:
        make_item(training.bank, "wal-single")
        item = Item.objects.get(code="wal-single")
        assert item.current is not None
        stems = item.current.parsed.stem
        run(put(tmp_path, "// [id:wal-single]\nOther words? {~Option a =Option b ~Option c"
                          " ~Option d}"))  # fmt: skip
        item.refresh_from_db()
        assert item.current.parsed.stem == {**stems, "en": "Other words?"}
        told = run(put(tmp_path, "// [id:wal-single]\nOther answers? {=This ~That}"))
        assert "its texts in ru are not kept" in told["lost"][0]["what"]

    def test_pictures_of_a_file_are_kept(self, training: Training, tmp_path: Path) -> None:
        run(put(tmp_path, XML, "export.xml"))
        picture = ItemPicture.objects.get()
        version = ItemVersion.objects.latest("pk")
        assert f"![map](picture:{picture.name})" in version.parsed.stem["en"]

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_tables_with_columns_of_their_own(
        self, training: Training, tmp_path: Path, form: str
    ) -> None:
        rows = [("Nr", "Treść", "A", "B", "Poprawna"), ("p1", "Co to WAL?", "Log", "Plik", "A")]
        body = b"".join(write_csv(rows)) if form == "csv" else write_xlsx(rows)
        assert outcomes(run(put(tmp_path, body, f"x.{form}"))) == [("p1", "new")]
        odd = b"".join(write_csv([("x1", "x2", "x3", "x4"), ("What is it?", "Log", "File", "A")]))
        file = put(tmp_path, odd, "odd.csv")
        with pytest.raises(CommandError, match="no column holds the questions"):
            run(file)
        assert run(file, columns="stem,option,option,right")["accepted"] == 1

    @pytest.mark.parametrize(
        ("body", "name", "said"),
        [
            (b"<quiz><question", "x.xml", "not well-formed"),
            (b"PK\x03\x04broken", "x.xlsx", "cannot be read as a workbook"),
            (b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "b">]><quiz/>', "x.xml", "entities"),
        ],
    )  # fmt: skip
    def test_a_broken_file_says_why(
        self, training: Training, tmp_path: Path, body: bytes, name: str, said: str
    ) -> None:
        with pytest.raises(CommandError, match=said):
            run(put(tmp_path, body, name))

    def test_an_unknown_bank_names_those_there_are(
        self, training: Training, tmp_path: Path
    ) -> None:
        file = put(tmp_path, GIFT)
        with pytest.raises(CommandError, match="There are: recovery"):
            call_command("import_items", str(file), bank="recovry")
        call_command("import_items", str(file), bank="new", create_bank=True, stdout=io.StringIO())
        assert ItemBank.objects.get(slug="new").items.count() == 2

    def test_people_are_told_line_by_line(self, training: Training, tmp_path: Path) -> None:
        output = io.StringIO()
        file = put(tmp_path, GIFT + ESSAY + "\n// [tag:old]\nWhich one? {=This ~That}\n")
        call_command("import_items", str(file), bank="recovery", keep_going=True, stdout=output)
        said = output.getvalue()
        assert "rejected: " in said
        assert "lost: line 12: tags are not kept: old" in said
        assert "accepted 3: 3 new, 0 changed, 0 unchanged" in said


class TestOut:
    @pytest.mark.parametrize("form", ["csv", "xlsx", "gift", "moodle"])
    def test_a_bank_comes_back_unchanged(
        self, training: Training, tmp_path: Path, form: str
    ) -> None:
        more = ("matching", "ordering") if form == "gift" else (
            "matching", "ordering", "series", "dropdown")  # fmt: skip
        for kind in more:
            make_item(training.bank, f"x-{kind}", "wal", kind)
        file = tmp_path / f"bank.{form}"
        call_command("export_items", bank="recovery", format=form, output=file)
        told = run(file, format=form)
        assert {one["outcome"] for one in told["items"]} == {"unchanged"}, told
        assert len(told["items"]) == Item.objects.filter(bank=training.bank).count()
        assert not told["lost"]

    def test_what_a_format_cannot_hold_is_said(self, training: Training, tmp_path: Path) -> None:
        make_item(training.bank, "x-series", "wal", "series")
        said = io.StringIO()
        call_command("export_items", bank="recovery", format="gift", output=tmp_path / "x",
                     stderr=said)  # fmt: skip
        assert "lost: x-series: the format has no such question" in said.getvalue()

    def test_a_template_is_a_table_that_can_be_read(
        self, training: Training, tmp_path: Path
    ) -> None:
        file = tmp_path / "template.xlsx"
        call_command("export_items", template=True, format="xlsx", output=file)
        told = run(file, keep_going=True, dry_run=True)
        assert told["accepted"] >= 8
        with pytest.raises(CommandError, match="a template is a table"):
            call_command("export_items", template=True, format="gift", output=file)

    def test_an_unknown_bank_is_refused(self, training: Training) -> None:
        with pytest.raises(CommandError, match="no such bank"):
            call_command("export_items", bank="other")
