"""A vendor's folder becomes a training; twice changes nothing; an editor's change stands."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import LazySettings
from wagtail.documents import get_document_model
from wagtail.models import Page

from badges.queries import get_achievement
from courses.actions.enrolment import enrol
from courses.actions.load import FileError, LoadReport, define_catalogue, load_training
from courses.models import Assessment, Course, Item, ItemBank, Lesson, Track
from courses.queries.tools import list_tools
from lms.accounts.models import User
from lms.pages.models import CourseIndexPage, CoursePage, LessonPage
from tests.courses.test_files import LESSON

pytestmark = pytest.mark.django_db
VIDEO = """---
title: Restoring
summary: Try it.
---
:::video title="A restore" file=restore.webm captions=restore.vtt
What is said in it.
:::

```exercise
code: tool
prompt: Which tool?
type: text
key: [pg_rewind, rewind]
hint: It rewinds.
solution: "`pg_rewind`"
```
"""


def item(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "code": f"wal-{number}",
        "topic": "wal",
        "type": "single",
        "stem": f"Question {number}?",
        "options": {"a": "This", "b": "That"},
        "key": "a",
        "lesson": "wal",
        **changes,
    }


@pytest.fixture
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """A training in English and Russian, its second lesson with a video and its captions."""
    settings.MEDIA_ROOT = tmp_path / "media"
    root = tmp_path / "recovery"
    titles = {"en": "Recovery", "ru": "Восстановление"}
    write(
        root / "training.yaml",
        {
            "slug": "recovery",
            "track": "technical",
            "product": "platform",
            "achievement": "recovery-engineer",
            "texts": {
                code: {"title": title, "summary": "All of it.", "outcomes": ["One", "Two"]}
                for code, title in titles.items()
            },
            "topics": {"wal": {"en": "WAL", "ru": "WAL"}},
            "achievements": [
                {
                    "slug": "recovery-engineer",
                    "type": "Certification",
                    "valid_months": 24,
                    "texts": {
                        code: {"name": title, "description": "Restores.", "criteria": "Passed."}
                        for code, title in titles.items()
                    },
                }
            ],
            "assessment": {"minutes": 30, "cut_percent": 70, "draw": {"wal": 2}},
            "lessons": ["wal", "restoring"],
        },
    )
    write(root / "items.yaml", [item(1), item(2), item(3)])
    russian = {"stem": "Какой?", "options": {"a": "Этот", "b": "Тот"}}
    write(root / "items.ru.yaml", {"wal-1": russian})
    for language in titles:
        (root / language).mkdir()
        (root / language / "01-wal.md").write_text(LESSON, encoding="utf-8")
        (root / language / "02-restoring.md").write_text(VIDEO, encoding="utf-8")
    (root / "files").mkdir()
    for name in ("sheet.xlsx", "restore.webm", "restore.vtt"):
        (root / "files" / name).write_bytes(name.encode())
    define_catalogue(tracks={"technical": {"en": "Technical"}}, products={"platform": {"en": "P"}})
    return root


def write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def change(path: Path, **changes: Any) -> None:
    write(path, {**yaml.safe_load(path.read_text(encoding="utf-8")), **changes})


def load(folder: Path, now: datetime, **options: Any) -> LoadReport:
    return load_training(folder, actor=None, now=now, **options)


def test_a_folder_becomes_rows_pages_and_files(folder: Path, now: datetime, ana: User) -> None:
    report = load(folder, now)
    assert "training recovery" in report.created
    assert "page ru/recovery/restoring" in report.created
    course = Course.objects.get()
    assert course.track == Track.objects.get()
    card = get_achievement("recovery-engineer", "ru")
    assert card is not None
    assert (card.name, card.valid_months) == ("Восстановление", 24)
    assert Assessment.objects.get().policy.blueprint.draw == {"wal": 2}
    assert ItemBank.objects.get().live_items == 3
    body = Item.objects.get(code="wal-1").current
    assert body is not None
    assert body.parsed.stem == {"en": "Question 1?", "ru": "Какой?"}
    assert [lesson.exercises for lesson in Lesson.objects.all()] == [["segments"], ["tool"]]
    assert get_document_model().objects.count() == 3


def test_items_on_trial_come_from_files_too(folder: Path, now: datetime) -> None:
    write(folder / "items.yaml", [item(1), item(2), item(3, pilot=True)])
    rules = {"minutes": 30, "cut_percent": 70, "draw": {"wal": 2}, "pilots": 1}
    change(folder / "training.yaml", assessment=rules)
    load(folder, now)
    assert Item.objects.get(state="pilot").code == "wal-3"
    assert Assessment.objects.get().policy.blueprint.pilots == 1
    assert load(folder, now).changed == []
    change(folder / "training.yaml", assessment={**rules, "tries_in_year": 3})
    assert load(folder, now).changed == ["test recovery.retakes"]
    assert Assessment.objects.get().policy.retakes.most_in_year == 3


def test_pages_stand_in_a_tree_a_language(folder: Path, now: datetime) -> None:
    load(folder, now)
    paths = {page.url_path.split("/", 2)[2] for page in Page.objects.type(CoursePage, LessonPage)}
    assert len(paths) == 3  # the slug is the same in both languages
    assert CourseIndexPage.objects.count() == 2
    kinds = [
        block.block_type for block in LessonPage.objects.filter(locale__language_code="en")[0].body
    ]
    assert kinds == ["text", "table", "text", "code", "note", "tool", "exercise"]
    video = LessonPage.objects.get(locale__language_code="ru", lesson__slug="restoring").body[0]
    assert video.value["captions"].title == "restore.vtt"


def test_twice_changes_nothing(folder: Path, now: datetime) -> None:
    load(folder, now)
    revisions = {page.pk: page.latest_revision_id for page in Page.objects.all()}
    report = load(folder, now)
    assert (report.created, report.changed, report.conflicts) == ([], [], [])
    assert {page.pk: page.latest_revision_id for page in Page.objects.all()} == revisions
    assert Item.objects.get(code="wal-1").versions.count() == 1
    assert get_document_model().objects.count() == 3


def test_a_changed_file_changes_what_nobody_touched(folder: Path, now: datetime) -> None:
    load(folder, now)
    write(folder / "items.yaml", [item(1, stem="Better?"), item(2), item(3)])
    (folder / "en/01-wal.md").write_text(LESSON.replace("Some", "Much"), encoding="utf-8")
    change(folder / "training.yaml", order=7)
    report = load(folder, now)
    assert sorted(report.changed) == [
        "item recovery/wal-1.body",
        "page en/recovery/wal.body",
        "training recovery.position",
    ]
    assert Item.objects.get(code="wal-1").versions.count() == 2
    assert Course.objects.get().position == 7
    page = LessonPage.objects.get(locale__language_code="en", lesson__slug="wal")
    assert "Much" in str(page.body[0].value)


@pytest.mark.parametrize(("keep", "title", "conflicts"), [
    ("ask", "Edited", 1), ("site", "Edited", 0), ("files", "From the file", 0)
])  # fmt: skip
def test_an_editors_change_stands_unless_files_are_taken(
    folder: Path, now: datetime, keep: Any, title: str, conflicts: int
) -> None:
    load(folder, now)
    page = CoursePage.objects.get(locale__language_code="en")
    page.title = "Edited"
    page.save_revision().publish()
    texts = {code: {"title": "From the file", "summary": "All of it."} for code in ("en", "ru")}
    change(folder / "training.yaml", texts=texts)
    report = load(folder, now, keep=keep)
    page.refresh_from_db()
    assert page.title == title
    assert len(report.conflicts) == conflicts
    for conflict in report.conflicts:
        assert (conflict.place, conflict.field) == ("page en/recovery", "title")
        assert (conflict.site, conflict.file) == ("Edited", "From the file")
    assert CoursePage.objects.get(locale__language_code="ru").title == "From the file"


def test_an_editors_achievement_stands(folder: Path, now: datetime) -> None:
    load(folder, now)
    data = yaml.safe_load((folder / "training.yaml").read_text(encoding="utf-8"))
    data["achievements"][0]["texts"]["en"]["name"] = "Renamed in the file"
    write(folder / "training.yaml", data)
    assert load(folder, now).changed == ["achievement recovery-engineer.name.en"]
    assert getattr(get_achievement("recovery-engineer", "en"), "name", "") == "Renamed in the file"


def test_a_language_added_later_is_a_new_text(folder: Path, now: datetime) -> None:
    load(folder, now)
    data = yaml.safe_load((folder / "training.yaml").read_text(encoding="utf-8"))
    texts = data["achievements"][0]["texts"]
    texts["pl"] = {"name": "Odtwarzanie", "description": "Odtwarza.", "criteria": "Zdany test."}
    write(folder / "training.yaml", data)
    report = load(folder, now)
    assert (report.changed, report.conflicts) == ([], [])
    assert getattr(get_achievement("recovery-engineer", "pl"), "name", "") == "Odtwarzanie"


def test_a_dry_run_tells_and_writes_nothing(folder: Path, now: datetime) -> None:
    report = load(folder, now, dry_run=True)
    assert "training recovery" in report.created
    assert not Course.objects.exists()
    assert not CoursePage.objects.exists()


def test_a_host_with_one_language_gets_one_tree(
    folder: Path, now: datetime, settings: LazySettings
) -> None:
    settings.WAGTAIL_I18N_ENABLED = False
    load(folder, now)
    assert CoursePage.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "items.yaml").unlink(), "recovery/items.yaml: is missing"),
        (lambda f: (f / "en/02-restoring.md").unlink(), "lessons: en/NN-restoring.md is missing"),
        (
            lambda f: change(
                f / "training.yaml",
                assessment={"minutes": 9, "cut_percent": 70, "draw": {"wal": 5}},
            ),
            "recovery/training.yaml, assessment.draw.wal: the bank lacks 2 items of it",
        ),
        (
            lambda f: change(
                f / "training.yaml",
                assessment={"minutes": 9, "cut_percent": 70, "draw": {"wal": {"hard": 1}}},
            ),
            "assessment.draw.wal (hard): the bank lacks 1 items of it",
        ),
        (
            lambda f: change(
                f / "training.yaml",
                assessment={"minutes": 9, "cut_percent": 70, "draw": {"wal": 1}, "pilots": 1},
            ),
            "assessment.pilots: the bank lacks 1 items with “pilot: true”",
        ),
        (
            lambda f: (f / "files/restore.webm").unlink(),
            "recovery/files/restore.webm: is named by a lesson and missing",
        ),
        (
            lambda f: (f / "en/01-wal.md").write_text("---\ntitle: x\n---\n:::film\n:::\n"),
            ":::film: no such block; there are code, exercise, note",
        ),
        (
            lambda f: (f / "en/01-wal.md").write_text(
                "---\ntitle: x\n---\n```exercise\na: b\n```\n"
            ),
            "wal, exercise: needs at least code, prompt, type and key",
        ),
    ],
)
def test_a_wrong_folder_names_file_and_place_and_writes_nothing(
    folder: Path, now: datetime, spoil: Any, said: str
) -> None:
    spoil(folder)
    with pytest.raises(FileError) as told:
        load(folder, now)
    assert said in str(told.value)
    assert not Course.objects.exists()


def test_items_retired_on_the_site_do_not_fill_a_draw(folder: Path, now: datetime) -> None:
    load(folder, now)
    Item.objects.exclude(code="wal-1").update(state="retired")
    with pytest.raises(FileError, match="the bank lacks 1 live items of it"):
        load(folder, now)


def test_tools_stay_at_hand(folder: Path, now: datetime, ana: User) -> None:
    load(folder, now)
    enrol(user_id=ana.pk, course_id=Course.objects.get().pk, now=now)
    [tool] = list_tools(ana.pk, "ru")
    assert (tool.title, tool.kind, tool.course) == ("Sizing sheet", "XLSX", "Восстановление")
