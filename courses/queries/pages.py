"""Finding the pages that present a row, in the reader's language or another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from lms.conf import get_conf


@dataclass(frozen=True, kw_only=True)
class PageLink:
    """A page to go to; ``language`` is the page's own."""

    title: str
    url: str
    language: str


def course_pages() -> "QuerySet[Any]":
    """Return the live pages of trainings, whatever class the site uses."""
    model = apps.get_model(get_conf().course_page_model)
    pages: QuerySet[Any] = model._default_manager.filter(live=True).select_related("locale")
    return pages


def lesson_pages() -> "QuerySet[Any]":
    """Return the live pages of lessons."""
    model = apps.get_model(get_conf().lesson_page_model)
    manager = model._default_manager
    pages: QuerySet[Any] = manager.filter(live=True).select_related("locale", "lesson")
    return pages


def link_courses(course_ids: Iterable[int], language: str) -> dict[int, PageLink]:
    """Return one page a training: the reader's language where there is one."""
    pages = course_pages().filter(course_id__in=list(course_ids))
    return _choose(pages, "course_id", language)


def link_lessons(lesson_ids: Iterable[int], language: str) -> dict[int, PageLink]:
    """Return one page a lesson: the reader's language where there is one."""
    pages = lesson_pages().filter(lesson_id__in=list(lesson_ids))
    return _choose(pages, "lesson_id", language)


def prefer(pages: Iterable[Any], key: str, language: str) -> dict[int, Any]:
    """Keep one page a row: the language asked for, else English, else the first."""
    best: dict[int, Any] = {}
    ranks = {language: 0, "en": 1}
    for page in sorted(pages, key=lambda page: ranks.get(page.locale.language_code, 2)):
        best.setdefault(getattr(page, key), page)
    return best


def _choose(pages: Iterable[Any], key: str, language: str) -> dict[int, PageLink]:
    return {
        row_id: PageLink(title=page.title, url=page.url or "", language=page.locale.language_code)
        for row_id, page in prefer(pages, key, language).items()
    }


def find_catalogue(language: str) -> PageLink | None:
    """Return the catalogue page of a language, else of any."""
    model = apps.get_model(get_conf().course_index_page_model)
    pages = list(model._default_manager.filter(live=True).select_related("locale"))
    ranked = sorted(pages, key=lambda page: page.locale.language_code != language)
    return next(
        (
            PageLink(title=page.title, url=page.url or "", language=page.locale.language_code)
            for page in ranked
        ),
        None,
    )
