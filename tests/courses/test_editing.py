"""An editor's page in the Wagtail admin, without a browser: blocks, settings, the wording gate."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.blocks import ExerciseBlock, VideoBlock
from courses.forms.people import PrintedNameForm
from courses.models import Course
from lms.accounts.models import User
from lms.pages.models import CoursePage, LessonPage
from tests.factories.courses import EXERCISE, Training

pytestmark = pytest.mark.django_db
OWN = {"audience", "outcomes", "introduction", "track", "product", "achievement"}
TASK: dict[str, Any] = EXERCISE["value"]


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@halden.example", "x"))
    return client


def course_form(**changes: Any) -> dict[str, Any]:
    values = {
        "title": "Sizing",
        "slug": "sizing",
        "summary": "How large a server has to be.",
        "audience": "",
        "outcomes": "Size it\nExplain it",
        "introduction": json.dumps({"blocks": [], "entityMap": {}}),
        "track": "",
        "product": "",
        "achievement": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
    }
    return {**values, **changes}


def add(admin: Client, parent: Any, kind: str, form: dict[str, Any]) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["lms_pages", kind, parent.pk])
    return admin.post(url, form)


def test_a_training_is_written_with_what_it_awards(training: Training, admin: Client) -> None:
    track, achievement = training.course.track_id, training.course.achievement_id
    form = course_form(track=track, achievement=achievement)
    assert add(admin, training.index, "coursepage", form).status_code == 302
    page = CoursePage.objects.get(slug="sizing")
    assert page.live
    course = Course.objects.get(slug="sizing")
    assert page.course == course
    assert (course.track_id, course.achievement_id) == (track, achievement)
    assert page.outcome_list == ["Size it", "Explain it"]
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert f'value="{achievement}" selected' in admin.get(edit).content.decode()
    assert admin.post(edit, course_form(achievement="")).status_code == 302
    course.refresh_from_db()
    assert (course.track_id, course.achievement_id) == (None, None)


def test_refused_words_are_said_and_a_draft_may_hold_them(
    training: Training, admin: Client
) -> None:
    form = course_form(summary="An education in sizing.")
    response = add(admin, training.index, "coursepage", form)
    assert response.status_code == 200
    assert "«education» is not used here" in response.content.decode()
    assert not CoursePage.objects.filter(slug="sizing").exists()
    form.pop("action-publish")
    assert add(admin, training.index, "coursepage", form).status_code == 302
    page = CoursePage.objects.get(slug="sizing")
    assert not page.live
    assert Client().get(page.url or "/none/").status_code in (302, 404)


def test_a_lesson_is_written_in_blocks(training: Training, admin: Client) -> None:
    exercise = {
        **TASK,
        **{name: json.dumps({"blocks": [], "entityMap": {}}) for name in ("hint", "solution")},
        "prompt": json.dumps(
            {"blocks": [{"text": "How many?", "type": "unstyled", "depth": 0, "key": "a",
                         "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
        ),
    }  # fmt: skip
    form = {name: value for name, value in course_form().items() if name not in OWN}
    form |= nested_form_data(
        {
            "title": "Counting",
            "slug": "counting",
            "body": streamfield(
                [("exercise", exercise), ("code", {"language": "", "source": "ls"})]
            ),
        }
    )
    response = add(admin, training.page, "lessonpage", form)
    assert response.status_code == 302, response.context["form"].errors
    page = LessonPage.objects.get(slug="counting")
    assert page.exercise_codes == ["segments"]
    assert page.lesson is not None
    assert page.lesson.position == 3


def test_an_exercise_wants_a_number_where_it_says_number() -> None:
    block = ExerciseBlock()
    value = {**TASK, "prompt": "x", "hint": "", "solution": ""}
    assert block.clean(block.to_python(value))["key"] == "16"
    with pytest.raises(StructBlockValidationError) as told:
        block.clean(block.to_python({**value, "key": "sixteen"}))
    assert "Write a number" in str(told.value.block_errors["key"])
    assert block.clean(block.to_python({**value, "kind": "text", "key": "sixteen"}))


def test_a_video_is_a_video(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    block = VideoBlock()
    for name, fits in (("film.mp4", True), ("sheet.pdf", False)):
        document = get_document_model()(title=name)
        document.file.save(name, ContentFile(b"x"))
        document.file.close()
        value = block.to_python({"title": "Film", "file": document.pk})
        if fits:
            assert block.clean(value)["title"] == "Film"
        else:
            with pytest.raises(StructBlockValidationError):
                block.clean(value)


def test_a_preview_notes_no_progress(training: Training, admin: Client) -> None:
    lesson = training.lessons[0]
    url = reverse("wagtailadmin_pages:view_draft", args=[lesson.pk])
    assert lesson.title in admin.get(url).content.decode()


@pytest.mark.parametrize("name", ["A", "Ana\x07 Kowalska", " ", "A" * 101])
def test_a_printed_name_has_limits(name: str) -> None:
    assert not PrintedNameForm({"name": name}).is_valid()
