"""Writing a training's pages, one tree a language, from its Markdown files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext, override
from wagtail.documents import get_document_model
from wagtail.models import Collection, Locale, Site

from courses.actions.load_fields import Ledger
from courses.domain.files import (
    FileError,
    LessonFile,
    Segment,
    TrainingFile,
    parse_table,
    read_yaml,
)
from courses.domain.prose import to_html
from courses.models import Course, Lesson
from lms.conf import get_conf


@dataclass(frozen=True)
class TrainingPages:
    """What the pages are made from; ``lessons`` maps language to lessons in order."""

    folder: Path
    training: TrainingFile
    lessons: Mapping[str, Sequence[LessonFile]]


def write_pages(source: TrainingPages, course: Course, ledger: Ledger) -> None:
    """Create or update the pages of a training in every language the site offers."""
    offered = {code for code, _ in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", [])} or {"en"}
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        offered = {Locale.get_default().language_code}
    for language in [code for code in source.training.texts if code in offered]:
        locale, _ = Locale.objects.get_or_create(language_code=language)
        page = _write_course(source, course, locale, ledger)
        for lesson in source.lessons[language]:
            _write_lesson(source, course, page, lesson, ledger)


def _model(name: str) -> Any:
    return apps.get_model(getattr(get_conf(), f"{name}_page_model"))


def _index_page(locale: Locale) -> Any:
    """The catalogue page of a language, made below the site's front page if it is missing."""
    model = _model("course_index")
    page = model.objects.filter(locale=locale).first()
    if page is not None and page.alias_of_id is None:
        return page
    source = model.objects.order_by("pk").first()
    if page is not None:
        page.alias_of = None  # Wagtail put it there to keep the page trees alike
    elif source is not None:
        page = source.copy_for_translation(locale, copy_parents=True)
    else:
        root = Site.objects.get(is_default_site=True).root_page.specific
        page = root.add_child(instance=model(title="-", slug="trainings", locale=locale))
    with override(locale.language_code):
        page.title = page.draft_title = gettext("Trainings")
    page.show_in_menus = True
    _publish(page)
    return page


def _publish(page: Any) -> None:
    page.live = True
    page.save()
    page.save_revision().publish()


def _write_course(source: TrainingPages, course: Course, locale: Locale, ledger: Ledger) -> Any:
    model, texts = _model("course"), source.training.texts[locale.language_code]
    wanted = {
        "title": texts.title,
        "summary": texts.summary,
        "audience": texts.audience,
        "outcomes": "\n".join(texts.outcomes),
    }
    key = f"page {locale.language_code}/{source.training.slug}"
    page = model.objects.filter(course=course, locale=locale).first()
    if page is not None:
        return _update(page, wanted, key, ledger)
    index = _index_page(locale)  # before its translation is copied: that would make an alias of it
    other = model.objects.filter(course=course).first()
    if other is not None:
        page = other.copy_for_translation(locale, copy_parents=True)
        return _fill(page, wanted, key, ledger)
    page = model(slug=source.training.slug, course=course, locale=locale, **wanted)
    index.add_child(instance=page)
    return _fill(page, wanted, key, ledger)


def _write_lesson(
    source: TrainingPages, course: Course, parent: Any, file: LessonFile, ledger: Ledger
) -> None:
    model, lesson = _model("lesson"), Lesson.objects.get(course=course, slug=file.slug)
    locale = parent.locale
    body = [_block(source, file, segment) for segment in file.segments]
    wanted = {"title": file.title, "summary": file.summary, "body": body}
    key = f"page {locale.language_code}/{course.slug}/{file.slug}"
    page = model.objects.filter(lesson=lesson, locale=locale).first()
    if page is not None:
        _update(page, wanted, key, ledger)
        return
    other = model.objects.filter(lesson=lesson).first()
    if other is not None:
        page = other.copy_for_translation(locale, copy_parents=True)
    else:
        page = model(title=file.title, slug=file.slug, lesson=lesson, locale=locale)
        parent.add_child(instance=page)
    _fill(page, wanted, key, ledger)


def _fill(page: Any, wanted: Mapping[str, Any], key: str, ledger: Ledger) -> Any:
    for name, value in wanted.items():
        _set(page, name, value)
        ledger.remember(key, name, value)
    ledger.note_created(key)
    _publish(page)
    return page


def _update(page: Any, wanted: Mapping[str, Any], key: str, ledger: Ledger) -> Any:
    before = len(ledger.report.changed)
    for name, value in wanted.items():
        _set(page, name, ledger.decide(key, name, site=_get(page, name), file=value))
    if len(ledger.report.changed) > before:
        _publish(page)
    return page


def _get(page: Any, name: str) -> Any:
    value = getattr(page, name)
    return _without_ids(value.get_prep_value()) if name == "body" else value


def _set(page: Any, name: str, value: Any) -> None:
    field = page._meta.get_field(name)
    # A stream is read from JSON: a list of two-key mappings would be taken for pairs.
    setattr(page, name, field.to_python(json.dumps(value)) if name == "body" else value)
    if name == "title":
        page.draft_title = value


def _without_ids(blocks: Any) -> list[dict[str, Any]]:
    return [{"type": block["type"], "value": block["value"]} for block in blocks]


def _block(source: TrainingPages, lesson: LessonFile, segment: Segment) -> dict[str, Any]:
    makers = {
        "text": lambda: to_html(segment.text),
        "code": lambda: {
            "language": segment.attributes.get("language", ""),
            "source": segment.text,
        },
        "table": lambda: _table(segment),
        "note": lambda: {"text": to_html(segment.text)},
        "video": lambda: _video(source, segment),
        "tool": lambda: _tool(source, segment),
        "exercise": lambda: _exercise(lesson, segment),
    }
    if segment.kind not in makers:
        known = ", ".join(sorted(makers))
        raise FileError(lesson.slug, f":::{segment.kind}", f"no such block; there are {known}")
    return {"type": segment.kind, "value": makers[segment.kind]()}


def _table(segment: Segment) -> dict[str, Any]:
    return {
        "data": parse_table(segment.text),
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_caption": "",
        "table_header_choice": "row",
    }


def _video(source: TrainingPages, segment: Segment) -> dict[str, Any]:
    captions = segment.attributes.get("captions")
    return {
        "title": segment.attributes.get("title", ""),
        "file": _document(source.folder, segment.attributes.get("file", "")),
        "captions": _document(source.folder, captions) if captions else None,
        "transcript": to_html(segment.text),
    }


def _tool(source: TrainingPages, segment: Segment) -> dict[str, Any]:
    return {
        "title": segment.attributes.get("title", ""),
        "file": _document(source.folder, segment.attributes.get("file", "")),
        "description": to_html(segment.text),
    }


def _exercise(lesson: LessonFile, segment: Segment) -> dict[str, Any]:
    data = read_yaml(f"{lesson.slug}, exercise", segment.text)
    if not isinstance(data, dict) or not {"code", "prompt", "key"} <= set(data):
        raise FileError(lesson.slug, "exercise", "needs at least code, prompt, type and key")
    keys = data["key"] if isinstance(data["key"], list) else [data["key"]]
    return {
        "code": str(data["code"]),
        "prompt": to_html(str(data["prompt"])),
        "kind": str(data.get("type", "numeric")),
        "key": "\n".join(str(key) for key in keys),
        "tolerance": str(data.get("tolerance", 0)),
        "unit": str(data.get("unit", "")),
        "hint": to_html(str(data.get("hint", ""))),
        "solution": to_html(str(data.get("solution", ""))),
    }


def _document(folder: Path, name: str) -> int:
    """The document with this very content, uploaded once."""
    path = folder / "files" / name
    if not name or not path.is_file():
        raise FileError(f"{folder.name}/files/{name}", "", "is named by a lesson and missing")
    digest = hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
    model = get_document_model()
    if known := model.objects.filter(file_hash=digest, title=name).first():
        return int(known.pk)
    with path.open("rb") as file:
        document = model(title=name, collection=_collection())
        document.file.save(name, File(file), save=False)
        document._set_document_file_metadata()
        document.save()
        document.file.close()
    return int(document.pk)


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    found = Collection.objects.filter(name="Trainings").first()
    return found or root.add_child(name="Trainings")
