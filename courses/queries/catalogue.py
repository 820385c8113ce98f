"""The catalogue: what can be taken, and how it is narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.domain.progress import CourseState, summarise
from courses.models import Lesson, Product, Track
from courses.models.localised import content_languages, pick
from courses.queries.pages import course_pages, prefer
from courses.queries.progress import TestPanel, get_test_panels, lesson_states


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """One training in the list."""

    title: str
    summary: str
    url: str
    track: str
    product: str
    language: str
    languages: tuple[str, ...]
    progress: CourseState
    test: TestPanel | None


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The list with the form that filters it."""

    entries: tuple[CatalogueEntry, ...]
    form: forms.Form
    filtered: bool


class CatalogueFilter(forms.Form):
    """Filters that live in the address."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    track = forms.ChoiceField(label=_("Track"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        for name, model in (("track", Track), ("product", Product)):
            rows = [(row.slug, pick(row.names)) for row in model.objects.all()]
            self.fields[name].choices = every + rows  # type: ignore[attr-defined]
        self.fields["language"].choices = every + content_languages()  # type: ignore[attr-defined]


def build_catalogue(*, language: str, user_id: int | None, filters: Mapping[str, Any]) -> Catalogue:
    """Return the trainings that match, each once, in the reader's language where there is one."""
    form = CatalogueFilter(filters or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    wanted = {name: value for name, value in wanted.items() if value}
    pages = list(course_pages().select_related("course__track", "course__product"))
    languages: dict[int, list[str]] = {}
    for page in pages:
        languages.setdefault(page.course_id, []).append(page.locale.language_code)
    if code := wanted.get("language"):
        pages = [page for page in pages if page.locale.language_code == code]
    shown = prefer(pages, "course_id", wanted.get("language") or language).values()
    matching = [page for page in shown if _matches(page, wanted)]
    return Catalogue(
        entries=_entries(matching, languages, user_id), form=form, filtered=bool(wanted)
    )


def _matches(page: Any, wanted: Mapping[str, str]) -> bool:
    course, words = page.course, wanted.get("q", "").casefold().split()
    text = f"{page.title} {page.summary}".casefold()
    return (
        wanted.get("track") in (None, course.track and course.track.slug)
        and wanted.get("product") in (None, course.product and course.product.slug)
        and all(word in text for word in words)
    )


def _entries(
    pages: list[Any], languages: Mapping[int, list[str]], user_id: int | None
) -> tuple[CatalogueEntry, ...]:
    pages = sorted(pages, key=lambda page: (page.course.position, page.title))
    ids = [page.course_id for page in pages]
    panels, lessons = get_test_panels(ids, user_id), list(Lesson.objects.filter(course__in=ids))
    states: dict[int, list[Any]] = {}
    for lesson, state in zip(lessons, lesson_states(lessons, user_id), strict=True):
        states.setdefault(lesson.course_id, []).append(state)
    return tuple(
        CatalogueEntry(
            title=page.title,
            summary=page.summary,
            url=page.url or "",
            track=pick(page.course.track.names) if page.course.track else "",
            product=pick(page.course.product.names) if page.course.product else "",
            language=page.locale.language_code,
            languages=tuple(sorted(languages[page.course_id])),
            progress=summarise(states.get(page.course_id, [])),
            test=panels.get(page.course_id),
        )
        for page in pages
    )
