"""A small training made quickly: a bank of eight items, two lessons, a test of four."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wagtail.models import Site

from badges.queries import get_achievement
from courses.actions.banks import ItemDraft, write_item
from courses.actions.groups import GroupDraft, write_group
from courses.domain.cases import CaseBody
from courses.domain.items import ItemBody
from courses.models import (
    Assessment,
    Attempt,
    Course,
    Item,
    ItemBank,
    ItemGroup,
    Lesson,
    Topic,
    Track,
)
from lms.pages.models import CourseIndexPage, CoursePage, LessonPage

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
SECRET = "zq-only-the-author-knows"  # stands in every rationale: it must never reach a browser
TOPICS = {"wal": "Write-ahead log", "restore": "Restoring"}
LESSONS = {"wal-and-checkpoints": "WAL and checkpoints", "testing-restores": "Testing restores"}
EXERCISE: dict[str, Any] = {
    "type": "exercise",
    "value": {
        "code": "segments",
        "prompt": "<p>How many segments are in 256 MB of log?</p>",
        "kind": "numeric",
        "key": "16",
        "tolerance": "0",
        "unit": "",
        "hint": "<p>One segment has 16 MB.</p>",
        "solution": "<p>256 / 16 is sixteen.</p>",
    },
}


@dataclass(frozen=True, kw_only=True)
class Training:
    """A training with its pages."""

    course: Course
    bank: ItemBank
    assessment: Assessment
    index: CourseIndexPage
    page: CoursePage
    lessons: tuple[LessonPage, ...]

    @property
    def slug(self) -> str:
        return self.course.slug


def texts(text: str) -> dict[str, str]:
    """Return a text in English and Russian."""
    return {"en": text, "ru": f"{text} (RU)"}


def option(letter: str, text: str) -> dict[str, Any]:
    return {"id": letter, "text": texts(text)}


PLACE = {"x": "10", "y": "20", "width": "30", "height": "15"}


def body(kind: str = "single", **changes: Any) -> ItemBody:
    """Return the body of an item of a kind; the key of a choice is b, or a and c."""
    options = [option(letter, f"Option {letter}") for letter in "abcd"]
    by_kind: dict[str, dict[str, Any]] = {
        "single": {"options": options, "key": ["b"]},
        "multiple": {"options": options, "key": ["a", "c"]},
        "numeric": {"key": ["16"], "tolerance": "0.5", "unit": {"en": "MB"}},
        "text": {"key": ["pg_rewind"], "local_key": {"ru": ["пг ревайнд"]}},
        "series": {"options": options[:3], "pairs": {"a": "true", "b": "false", "c": "true"}},
        "matching": {
            "options": options[:2],
            "choices": [option(letter, f"Match {letter}") for letter in "ABC"],
            "pairs": {"a": "B", "b": "A"},
        },
        "ordering": {"options": options, "pairs": {"a": "2", "b": "1", "c": "3", "d": "4"}},
        "dropdown": {
            "stem": {"en": "A segment has [[size]] MB.", "ru": "В сегменте [[size]] МБ."},
            "options": [option("size", "size")],
            "choices": [{**option(f"size-{n}", n), "gap": "size"} for n in ("16", "32")],
            "pairs": {"size": "size-16"},
        },
        "hotspot": {
            "options": [{**one, "area": PLACE} for one in options],
            "key": ["a"],
            "picture": "0" * 64,
        },
    }
    values = {
        "kind": kind,
        "stem": texts(f"What is right, by {kind}?"),
        "rationale": {"en": SECRET},
        **by_kind[kind],
        **changes,
    }
    return ItemBody.model_validate(values)


def make_bank(slug: str = "recovery", now: datetime = LONG_AGO) -> ItemBank:
    """A bank with two topics, each with one item of every kind."""
    bank = ItemBank.objects.create(slug=slug, title=slug.title())
    for position, (topic, name) in enumerate(TOPICS.items()):
        Topic.objects.create(bank=bank, slug=topic, names={"en": name}, position=position)
        for kind in ("single", "multiple", "numeric", "text"):
            make_item(bank, f"{topic}-{kind}", topic, kind, now=now)
    return bank


def make_item(
    bank: ItemBank,
    code: str,
    topic: str = "wal",
    kind: str = "single",
    *,
    now: datetime = LONG_AGO,
    **changes: Any,
) -> Item:
    """Write an item, or a new version of one; missing it sends to the topic's lesson."""
    lesson = dict(zip(TOPICS, LESSONS, strict=True))[topic]
    draft = ItemDraft(code=code, topic=topic, lesson_slug=lesson, body=body(kind, **changes))
    saved = write_item(bank=bank, draft=draft, actor=None, now=now)
    return Item.objects.get(pk=saved.item_id)


def make_index() -> CourseIndexPage:
    """The catalogue below the front page, made once."""
    if known := CourseIndexPage.objects.first():
        return known
    root = Site.objects.get(is_default_site=True).root_page
    page: CourseIndexPage = root.add_child(
        instance=CourseIndexPage(title="Trainings", slug="trainings")
    )
    return page


def make_training(slug: str = "recovery", achievement: str = "", **changes: Any) -> Training:
    """A training that awards an achievement given by slug; ``changes`` are of its test."""
    track, _ = Track.objects.get_or_create(slug="technical", defaults={"names": {"en": "Tech"}})
    card = get_achievement(achievement, "en") if achievement else None
    course = Course.objects.create(slug=slug, track=track, achievement_id=card.id if card else None)
    bank = make_bank(slug)
    values = {
        "minutes": 30,
        "cut_percent": 70,
        "blueprint": {"draw": {"wal": 2, "restore": 2}},
        **changes,
    }
    assessment = Assessment.objects.create(course=course, bank=bank, **values)
    index = make_index()
    page: CoursePage = index.add_child(
        instance=CoursePage(
            title=slug.title(), slug=slug, course=course, summary=f"All about {slug}."
        )
    )
    lessons = tuple(
        make_lesson(page, lesson, title, [EXERCISE] if number == 0 else [])
        for number, (lesson, title) in enumerate(LESSONS.items())
    )
    return Training(
        course=course, bank=bank, assessment=assessment, index=index, page=page, lessons=lessons
    )


def make_lesson(page: CoursePage, slug: str, title: str, blocks: list[Any]) -> LessonPage:
    """A live lesson; the blocks follow a paragraph."""
    stream = [{"type": "text", "value": f"<p>{title}, told at length.</p>"}, *blocks]
    lesson: LessonPage = page.add_child(instance=LessonPage(title=title, slug=slug, body=stream))
    return lesson


def lesson_row(page: LessonPage) -> Lesson:
    """The row a lesson's page presents."""
    return Lesson.objects.get(pk=page.lesson_id or 0)


def right_answer(body_: ItemBody) -> Any:
    """What a person who knows would send."""
    return list(body_.key) if body_.options else body_.key[0]


def wrong_answer(body_: ItemBody) -> Any:
    """What a person who does not know would send: readable, and wrong."""
    if body_.options:
        return [letter.id for letter in body_.options if letter.id not in body_.key][:1]
    return "999" if body_.kind == "numeric" else "no idea"


def answers(code: str, *, right: bool = True) -> dict[int, Any]:
    """Return an answer for every slot of an attempt."""
    make = right_answer if right else wrong_answer
    places = Attempt.objects.get(code=code).items.select_related("version")
    return {place.slot: make(place.version.parsed) for place in places}


SHARED = "A standby stopped at noon; its log says so."


def make_case(
    bank: ItemBank,
    code: str = "case",
    topic: str = "wal",
    *,
    size: int = 3,
    now: datetime = LONG_AGO,
) -> ItemGroup:
    """Write a case of new questions, ``<code>-1`` and so on, whose key is b."""
    members = [
        make_item(bank, f"{code}-{n}", topic, now=now, stem=texts(f"Number {n} of {code}?"))
        for n in range(1, size + 1)
    ]
    draft = GroupDraft(
        code=code,
        topic=topic,
        body=CaseBody(stem=texts(SHARED)),
        members=tuple(item.code for item in members),
    )
    saved = write_group(bank=bank, draft=draft, actor=None, now=now)
    return ItemGroup.objects.get(pk=saved.group_id)
