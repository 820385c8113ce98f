"""Registration only."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from courses.models import Attempt
from courses.pages import CoursePageMixin
from courses.viewsets import CoursesGroup
from lms.ui.policies import ReadOnlyPolicy

register_permission_policy(Attempt, ReadOnlyPolicy(Attempt, "lms_courses.view_attempt"))


@hooks.register("register_admin_viewset")
def register_tests() -> CoursesGroup:
    return CoursesGroup()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Whoever answers appeals reads what happened in an attempt."""
    return Permission.objects.filter(content_type__app_label="lms_courses", codename="view_attempt")


@hooks.register("after_edit_page")
def apply_settings(request: HttpRequest, page: Any) -> None:
    """A live page is edited through a revision, which does not carry its training's settings."""
    if isinstance(page, CoursePageMixin):
        page.apply_settings()
