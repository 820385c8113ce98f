"""Reading lessons over HTTP: what is read, solved and watched is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import (
    ExerciseAnswer,
    LessonProgress,
)
from lms.accounts.models import User
from tests.factories.courses import Training

pytestmark = pytest.mark.django_db


def test_a_lesson_is_read_solved_and_finished(
    training: Training, as_ana: Client, ana: User
) -> None:
    first, second = training.lessons
    page = as_ana.get(first.url).content.decode()
    assert "sixteen" not in page  # the solution is shown once solved
    assert 'value="16"' not in page
    solve = reverse("lms_exercise", args=[first.pk, "segments"])
    assert "Enter a result first" in as_ana.post(solve, follow=True).content.decode()
    wrong = as_ana.post(solve, {"answer": "15"}, follow=True).content.decode()
    assert "One segment has 16 MB" in wrong
    right = as_ana.post(solve, {"answer": "16"}, follow=True).content.decode()
    assert "sixteen" in right
    assert ExerciseAnswer.objects.get().tries == 2
    finish = as_ana.post(reverse("lms_lesson_finish", args=[first.pk]))
    assert finish["Location"] == second.url
    finish = as_ana.post(reverse("lms_lesson_finish", args=[second.pk]))
    assert finish["Location"] == training.page.url
    page = as_ana.get(training.page.url).content.decode()
    assert page.count("Done") == 2
    assert as_ana.post(reverse("lms_exercise", args=[first.pk, "none"])).status_code == 404
    assert as_ana.post(reverse("lms_lesson_finish", args=[99999])).status_code == 404


def test_where_a_video_stands_is_kept(training: Training, as_ana: Client, ana: User) -> None:
    url = reverse("lms_lesson_watched", args=[training.lessons[0].pk])
    response = as_ana.post(url, {"seconds": 95, "length": 100}, content_type="application/json")
    assert response.status_code == 200
    assert LessonProgress.objects.get().video_done
    for raw in (b"", b"{}", b'{"seconds": "x", "length": 1}', b"[]"):
        assert as_ana.post(url, raw, content_type="application/json").status_code == 422


def test_lessons_are_for_signed_in_people(training: Training, client: Client) -> None:
    response = client.get(training.lessons[0].url)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")
    assert client.get(training.page.url).status_code == 200
    assert "Sign in and take the test" in client.get(training.page.url).content.decode()
