"""The files a vendor keeps: what they say, and what they say when they are wrong."""

from typing import Any

import pytest
import yaml

from courses.domain.blueprint import Blueprint
from courses.domain.feedback import FeedbackPolicy
from courses.domain.files import (
    FileError,
    TrainingFile,
    parse,
    parse_items,
    parse_lesson,
    parse_table,
    read_yaml,
)
from courses.domain.retakes import RetakePolicy

TOPICS = {"wal": {"en": "WAL"}}
ITEM: dict[str, Any] = {
    "code": "wal-01",
    "topic": "wal",
    "type": "single",
    "stem": "Which?",
    "options": {"a": "This", "b": "That"},
    "key": "a",
    "rationale": "Because.",
}
SECTION: dict[str, Any] = {"id": "all", "title": {"en": "All"}, "topics": ["wal"]}
TRAINING = """
slug: recovery
track: technical
product: platform
achievement: recovery-engineer
texts: {en: {title: Recovery, summary: All about it.}}
topics: {wal: {en: WAL}}
achievements:
  - slug: recovery-engineer
    type: Certification
    texts: {en: {name: Engineer, description: Restores., criteria: Passed.}}
assessment: {minutes: 30, cut_percent: 70, draw: {wal: 1}}
lessons: [wal]
"""


def items(*entries: Any, **translations: Any) -> list[Any]:
    return list(parse_items("recovery/items.yaml", list(entries), translations, TOPICS))


def training(**changes: Any) -> TrainingFile:
    data = {**yaml.safe_load(TRAINING), **changes}
    read: TrainingFile = parse(TrainingFile, "recovery/training.yaml", data)
    return read


def test_reads_a_training() -> None:
    read = training()
    assert read.assessment.retake_wait_days == (1, 7, 14)
    assert read.assessment.policy.retakes == RetakePolicy()
    assert read.assessment.policy.feedback == FeedbackPolicy()
    assert read.assessment.policy.blueprint == Blueprint(draw={"wal": 1})
    assert read.texts["en"].title == "Recovery"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": None}, "recovery/training.yaml, slug: "),
        ({"colour": "red"}, "recovery/training.yaml, colour: Extra inputs"),
        (
            {"assessment": {"minutes": 0, "cut_percent": 70, "draw": {"wal": 1}}},
            "recovery/training.yaml, assessment.minutes: ",
        ),
        (
            {"assessment": {"minutes": 30, "cut_percent": 70, "draw": {"wal": 1, "x": 2}}},
            "the test draws from x, which is not in topics",
        ),
        ({"achievement": "other"}, "achievement 'other' is not among achievements"),
        (
            {"texts": {"en": {"title": "No summary"}}},
            "recovery/training.yaml, texts.en.summary: Field required",
        ),
    ],
)
def test_a_wrong_training_names_file_and_field(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as told:
        training(**changes)
    assert said in str(told.value)


def test_a_test_s_rules_are_read_with_everything_they_may_say() -> None:
    more = yaml.safe_load("""
        minutes: 30
        cut_percent: 70
        draw: {wal: {easy: 2, hard: 1}}
        minimums: {wal: 50}
        pilots: 2
        order: fixed
        exposure: {percent: 25, last: 200}
        retake_wait_days: [2]
        tries_in_year: 4
        revisit_lessons: true
        once_passed: window
        feedback: {what: full, when: after, day: 2027-01-31}
        calculator: true
    """)
    policy = training(assessment=more).assessment.policy
    assert (policy.length, policy.blueprint.counted, policy.minimums) == (5, 3, {"wal": 50})
    assert policy.sections == ()
    own = {**SECTION, "minutes": 10, "one_way": True}
    [section] = training(assessment={**more, "sections": [own]}).assessment.policy.sections
    assert (section.minutes, section.one_way) == (10, True)
    assert policy.blueprint.exposure is not None
    assert policy.blueprint.exposure.cap == 50
    assert policy.retakes.wait_days == (2,)
    assert policy.retakes.once_passed == "window"
    assert policy.feedback.day is not None
    assert policy.calculator
    for wrong, said in (
        ({"minimums": {"pitr": 50}}, "minimums: the test draws nothing from pitr"),
        ({"sections": [{**SECTION, "topics": ["pitr"]}]}, "sections: section “all”: nothing is"),
        ({"sections": [{**SECTION, "minutes": 0}]}, r"assessment\.sections\.0\.minutes"),
        ({"sections": [{**SECTION, "id": "a: b"}]}, r"assessment\.sections\.0\.id"),
        ({"sections": [{**SECTION, "title": {}}]}, r"assessment\.sections\.0\.title"),
        ({"once_passed": "never"}, "assessment.once_passed"),
        ({"feedback": {"when": "after"}}, "assessment.feedback: say from which day on"),
        ({"exposure": {}}, "assessment.exposure: say either"),
    ):
        with pytest.raises(FileError, match=said):
            training(assessment={**more, **wrong})


def test_broken_yaml_names_line_and_column() -> None:
    with pytest.raises(FileError, match=r"^items\.yaml, line 2, column 2: ") as told:
        read_yaml("items.yaml", "a: [1\nb: 2")
    assert told.value.file == "items.yaml"


def test_an_item_is_read_in_every_language() -> None:
    ru = {"wal-01": {"stem": "Какой?", "options": {"a": "Этот", "b": "Тот"}, "unit": "МБ"}}
    [(entry, read)] = items(ITEM, ru=ru)
    assert (entry.code, read.key) == ("wal-01", ("a",))
    assert read.stem == {"en": "Which?", "ru": "Какой?"}
    assert read.options[1].text == {"en": "That", "ru": "Тот"}
    assert read.rationale == {"en": "Because."}
    assert read.unit == {"ru": "МБ"}


def test_a_translated_short_text_brings_its_own_accepted_wordings() -> None:
    entry = {"code": "t", "topic": "wal", "type": "text", "stem": "Name it", "key": ["slot"]}
    [(_, read)] = items(entry, pl={"t": {"stem": "Nazwij", "key": ["szczelina"]}})
    assert (read.key, read.local_key) == (("slot",), {"pl": ("szczelina",)})


def test_a_number_may_stand_bare() -> None:
    entry = {**ITEM, "type": "numeric", "options": {}, "key": 16, "tolerance": 0.5, "unit": "MB"}
    [(_, read)] = items(entry, ru={"wal-01": {"stem": "Сколько?"}})
    assert (read.key, read.tolerance, read.unit) == (("16",), "0.5", {"en": "MB", "ru": "MB"})


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{**ITEM, "topic": "x"}], "items.yaml, wal-01.topic: no such topic; topics: wal"),
        ([ITEM, ITEM], "items.yaml, wal-01: this code stands twice"),
        ([{**ITEM, "key": "z"}], "items.yaml, wal-01: the key names z, the options are a, b"),
        ([{**ITEM, "typ": 1}], "items.yaml, wal-01.typ: Extra inputs"),
        ([{"topic": "wal"}], "items.yaml, entry 1.code: Field required"),
        (["text"], "items.yaml, entry 1: "),
    ],
)
def test_a_wrong_item_names_file_and_place(entries: list[Any], said: str) -> None:
    with pytest.raises(FileError) as told:
        items(*entries)
    assert said in str(told.value)


def test_a_list_is_expected() -> None:
    with pytest.raises(FileError, match="must be a list of items"):
        list(parse_items("items.yaml", {"code": "x"}, {}, TOPICS))


def test_a_translation_with_other_letters_is_refused() -> None:
    ru = {"wal-01": {"stem": "Какой?", "options": {"a": "Этот"}}}
    with pytest.raises(FileError, match=r"^items\.ru\.yaml, wal-01\.options: must have the same"):
        items(ITEM, ru=ru)


LESSON = """---
title: WAL and checkpoints
summary: What is written first.
---
Some *text*.

| a | b |
|---|---|
| 1 | x \\| y |

More.

```sql
SELECT 1;
```

:::note
Mind it.
:::

:::tool title="Sizing sheet" file=sheet.xlsx
Keep it.
:::

```exercise
code: segments
prompt: How many?
key: 16
```
"""


def test_a_lesson_is_split_into_its_pieces() -> None:
    lesson = parse_lesson("en/01-wal.md", "wal", LESSON)
    assert (lesson.title, lesson.summary) == ("WAL and checkpoints", "What is written first.")
    kinds = [segment.kind for segment in lesson.segments]
    assert kinds == ["text", "table", "text", "code", "note", "tool", "exercise"]
    assert lesson.segments[3].attributes == {"language": "sql"}
    assert lesson.segments[5].attributes == {"title": "Sizing sheet", "file": "sheet.xlsx"}
    assert parse_table(lesson.segments[1].text) == [["a", "b"], ["1", "x | y"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", "en/01-wal.md, line 1: must begin with title"),
        ("---\nsummary: x\n---\n", "en/01-wal.md, title: is missing"),
        ("---\n- a\n---\n", "en/01-wal.md, title: is missing"),
        ("---\ntitle: x\n---\nfine\n\n:::note\nopen", "en/01-wal.md, line 6: this block is opened"),
        ("---\ntitle: x\n---\n```sql\nSELECT", "line 4: this block is opened and never closed"),
    ],
)
def test_a_wrong_lesson_names_file_and_line(text: str, said: str) -> None:
    with pytest.raises(FileError) as told:
        parse_lesson("en/01-wal.md", "wal", text)
    assert said in str(told.value)
