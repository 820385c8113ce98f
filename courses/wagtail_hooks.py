"""Registration only."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from courses.pages import CoursePageMixin
from courses.viewsets import CoursesGroup


@hooks.register("register_admin_viewset")
def register_tests() -> CoursesGroup:
    return CoursesGroup()


@hooks.register("after_edit_page")
def apply_settings(request: HttpRequest, page: Any) -> None:
    """A live page is edited through a revision, which does not carry its training's settings."""
    if isinstance(page, CoursePageMixin):
        page.apply_settings()
