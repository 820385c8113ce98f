"""Pages present rows; the catalogue is filtered; refused wording never goes live."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale, Page

from courses.actions.enrolment import enrol
from courses.checks import check_page_models
from courses.models import Assessment, Course, Lesson, Product
from courses.queries.catalogue import build_catalogue
from courses.queries.pages import find_catalogue, link_courses, link_lessons
from courses.queries.progress import list_enrolled
from lms.accounts.models import User
from lms.conf import get_conf
from lms.pages.models import CoursePage, LessonPage
from tests.factories.courses import (
    EXERCISE,
    Training,
    lesson_row,
    make_index,
    make_lesson,
    make_training,
)

pytestmark = pytest.mark.django_db


def test_a_page_makes_its_row(db: None) -> None:
    page = make_index().add_child(instance=CoursePage(title="New", slug="new", summary="x"))
    assert Course.objects.get().slug == page.course.slug == "new"
    lesson = make_lesson(page, "one", "One", [EXERCISE])
    row = Lesson.objects.get()
    assert (row.course, row.slug, row.position, row.exercises) == (
        page.course, "one", 1, ["segments"]
    )  # fmt: skip
    assert lesson.lesson == row


def test_a_translation_shares_the_row(training: Training) -> None:
    locale = Locale.objects.create(language_code="pl")
    page = training.page.copy_for_translation(locale, copy_parents=True)
    lesson = training.lessons[0].copy_for_translation(locale)
    assert page.course == training.course
    assert lesson.lesson_id == training.lessons[0].lesson_id
    assert Course.objects.count() == 1


def test_a_copy_gets_a_row_of_its_own(training: Training) -> None:
    copy = training.page.copy(
        recursive=True, update_attrs={"slug": "recovery-again", "title": "Again"}
    )
    assert copy.specific.course_id != training.course.pk
    assert Course.objects.count() == 2
    lessons = LessonPage.objects.child_of(copy)
    assert {page.lesson.course_id for page in lessons} == {copy.specific.course_id}


def test_a_taken_slug_gets_a_number(training: Training) -> None:
    page = training.index.add_child(instance=CoursePage(title="R", slug="recovery-x", summary="x"))
    page.course = None
    page.slug = "recovery"
    page.ensure_course()
    assert page.course.slug == "recovery-2"


def test_the_catalogue_lists_each_training_once_in_the_readers_language(
    training: Training, ana: User
) -> None:
    locale = Locale.objects.create(language_code="ru")
    page = training.page.copy_for_translation(locale, copy_parents=True)
    page.title = "Восстановление"
    page.save_revision().publish()
    make_training("sizing")

    def titles(reader: str, **filters: str) -> list[str]:
        found = build_catalogue(language=reader, user_id=ana.pk, filters=filters)
        return [entry.title for entry in found.entries]

    assert titles("en") == ["Recovery", "Sizing"]
    assert titles("ru") == ["Sizing", "Восстановление"]
    assert titles("en", language="ru") == ["Восстановление"]
    assert titles("en", q="about SIZING") == ["Sizing"]
    assert titles("en", track="technical") == ["Recovery", "Sizing"]
    Product.objects.create(slug="halden", names={"en": "Halden"})
    assert titles("en", product="halden") == []
    assert titles("en", track="no such") == ["Recovery", "Sizing"]
    entry = build_catalogue(language="en", user_id=ana.pk, filters={}).entries[0]
    assert entry.languages == ("en", "ru")
    assert (entry.progress.done, entry.progress.total) == (0, 2)
    link = find_catalogue("ru")
    assert link is not None
    assert link.language == "ru"


def test_the_catalogue_page_filters_by_its_address(training: Training, client: Client) -> None:
    page = client.get(training.index.url).content.decode()
    assert "All about recovery." in page
    page = client.get(training.index.url, {"q": "nothing like it"}).content.decode()
    assert "All about recovery." not in page


def test_lists_take_the_same_queries_at_one_row_and_three(
    training: Training, ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enrol(user_id=ana.pk, course_id=training.course.pk, now=ana.date_joined)
    find_catalogue("en")  # the site's root paths are cached
    with django_assert_num_queries(7):
        list_enrolled(ana.pk, "en")
    for slug in ("two", "three"):
        other = make_training(slug)
        enrol(user_id=ana.pk, course_id=other.course.pk, now=ana.date_joined)
    with django_assert_num_queries(7):
        assert len(list_enrolled(ana.pk, "en")) == 3


def test_links_fall_back_to_another_language(training: Training) -> None:
    ids = [training.course.pk]
    assert link_courses(ids, "pl")[training.course.pk].language == "en"
    lesson = training.lessons[0]
    row = lesson_row(lesson).pk
    assert link_lessons([row], "en")[row].title == lesson.title
    Page.objects.filter(pk=training.page.pk).update(live=False)
    assert link_courses(ids, "en") == {}


def test_refused_wording_names_the_place_and_the_allowed_word(training: Training) -> None:
    page = training.page
    page.summary = "An education in restoring."
    with pytest.raises(ValidationError, match="summary: «education»"):
        page.save()
    revision = page.save_revision()  # a draft may say anything
    revision.publish()
    assert CoursePage.objects.get(pk=page.pk).summary == "All about recovery."


def test_a_refused_lesson_names_the_block(training: Training) -> None:
    lesson = training.lessons[0]
    lesson.body = [("text", "<p>Fine.</p>"), ("text", "<p>This teaching is long.</p>")]
    with pytest.raises(ValidationError, match="body, 2"):
        lesson.save()


def test_removing_an_exercise_moves_progress(training: Training) -> None:
    lesson = training.lessons[0]
    lesson.body = [("text", "<p>Only text.</p>")]
    lesson.save_revision().publish()
    assert lesson_row(lesson).exercises == []


def test_settings_that_name_no_model_are_told(settings: LazySettings) -> None:
    assert check_page_models() == []
    settings.LMS = {
        **settings.LMS, "COURSE_PAGE_MODEL": "nowhere.Page", "LESSON_PAGE_MODEL": "nonsense"
    }  # fmt: skip
    assert get_conf().course_page_model == "nowhere.Page"
    found = check_page_models()
    assert [error.id for error in found] == ["lms_courses.E001"] * 2
    assert "LMS['COURSE_PAGE_MODEL'] names 'nowhere.Page'" in found[0].msg


def test_rows_read_by_their_names(training: Training) -> None:
    assert str(training.course) == "recovery"
    assert str(Assessment.objects.get()) == "recovery"
    assert str(training.bank) == "Recovery"
    assert str(training.bank.topics.first()) == "Write-ahead log"
    assert str(training.course.track) == "Tech"
