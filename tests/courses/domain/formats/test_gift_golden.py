"""Our reading of GIFT agrees with that of the reference grammar, file by file."""

import json
from pathlib import Path
from typing import Any

import pytest

from courses.domain.formats.decode import decode
from courses.domain.formats.gift.blocks import split
from courses.domain.formats.gift.reader import read_gift
from courses.domain.formats.gift.syntax import Answer, Entry, parse
from courses.domain.formats.gift.writer import write_gift
from courses.domain.formats.moodle.reader import read_moodle
from courses.domain.formats.moodle.writer import write_moodle
from courses.domain.formats.question import Text
from courses.domain.formats.sheet.mapping import guess
from courses.domain.formats.sheet.reader import read_rows
from courses.domain.formats.sheet.writer import write_rows

CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "corpora" / "gift-grammar-peg"
FILES = sorted(CORPUS.glob("*.gift"))
TYPES = {
    "description": "Description",
    "essay": "Essay",
    "truth": "TF",
    "choice": "MC",
    "wording": "Short",
    "number": "Numerical",
    "matching": "Matching",
}

needs_corpus = pytest.mark.skipif(not FILES, reason="the reference files lie beside the repository")


def text(value: Text | None) -> Any:
    return value and {"format": value.format, "text": value.text}


def number(answer: Answer) -> Any:
    if answer.value is None:
        return text(answer.text)
    first, second = float(answer.value.first), float(answer.value.second)
    if answer.value.form == "high-low":
        return {"type": "high-low", "numberLow": first, "numberHigh": second}
    margin = {"range": second} if answer.value.form == "range" else {}
    return {"type": answer.value.form, "number": first, **margin}


def choice(answer: Answer, said: Any) -> dict[str, Any]:
    return {
        "isCorrect": answer.sign != "~",
        "weight": None if answer.weight is None else float(answer.weight),
        "text": said,
        "feedback": text(answer.feedback),
    }


def details(entry: Entry) -> dict[str, Any]:
    if entry.form == "truth":
        return {
            "isTrue": entry.truth,
            "trueFeedback": text(entry.if_wrong),
            "falseFeedback": text(entry.if_right),
        }
    if entry.form == "matching":
        pairs = [{"subquestion": text(left), "subanswer": right} for left, right in entry.pairs]
        return {"matchPairs": pairs}
    if entry.form == "number" and entry.bare:
        return {"choices": number(entry.answers[0])}
    if entry.form == "number":
        return {"choices": [choice(answer, number(answer)) for answer in entry.answers]}
    if entry.form in {"choice", "wording"}:
        return {"choices": [choice(answer, text(answer.text)) for answer in entry.answers]}
    return {}


def told(entry: Entry) -> dict[str, Any]:
    """Return an entry in the words of the reference grammar."""
    general = {} if entry.form == "description" else {"globalFeedback": text(entry.feedback)}
    return {
        "type": TYPES[entry.form],
        "id": entry.code or None,
        "tags": list(entry.tags) or None,
        "title": entry.title or None,
        "stem": text(entry.stem),
        "hasEmbeddedAnswers": entry.embedded,
        **general,
        **details(entry),
    }


def read_all(path: Path) -> list[Any]:
    blocks = list(split(decode(path.read_bytes())[0]))
    return [
        told(parse(block))
        if block.category is None
        else {"type": "Category", "title": block.category}
        for block in blocks
        if block.lines or block.category is not None
    ]


@needs_corpus
def test_the_reference_files_are_all_there() -> None:
    assert len(FILES) == 51


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_reference_file_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for each in expected:
        # A few of the expectations leave out what is empty.
        if each["type"] not in {"Category", "Description"}:
            each.setdefault("hasEmbeddedAnswers", False)
    assert read_all(path) == expected


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reference_files_survive_being_written(path: Path) -> None:
    reading = read_gift(path.read_bytes())
    gift, moodle = write_gift(reading.questions), write_moodle(reading.questions)
    table = write_rows(reading.questions)
    header, *rows = table.rows
    assert (reading.rejected, gift.lost, moodle.lost, table.lost) == ((), (), (), ())
    for again in (
        read_gift(gift.text.encode()),
        read_moodle(moodle.text.encode()),
        read_rows(enumerate(rows, start=2), guess(header)),
    ):
        assert (again.questions, again.rejected) == (reading.questions, ())
