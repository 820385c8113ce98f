"""Registration only."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from courses.models import Attempt, Contest, Panel, Review, Waiver
from courses.pages import CoursePageMixin
from courses.viewsets import CoursesGroup
from courses.viewsets.allowances import AddOnlyPolicy
from courses.viewsets.angoff import ChairPolicy
from courses.viewsets.logged import LOG_ACTIONS
from lms.ui.policies import ReadOnlyPolicy

register_permission_policy(Waiver, AddOnlyPolicy(Waiver))
register_permission_policy(Attempt, ReadOnlyPolicy(Attempt, "lms_courses.view_attempt"))
register_permission_policy(Panel, ChairPolicy(Panel))
register_permission_policy(Contest, ReadOnlyPolicy(Contest, "lms_courses.change_contest"))
register_permission_policy(Review, ReadOnlyPolicy(Review, "lms_courses.view_review"))


@hooks.register("register_admin_viewset")
def register_tests() -> CoursesGroup:
    return CoursesGroup()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Whoever answers appeals reads what happened in an attempt, and may open another try.

    Judges of a panel need no other permission than theirs.
    """
    own = Permission.objects.filter(content_type__app_label="lms_courses")
    return own.filter(content_type__model__in=["waiver", "accommodation"]) | own.filter(
        codename__in=[
            "view_attempt",
            "judge_panel",
            "add_scoringrun",
            "change_contest",
            "view_review",
            "change_review",
        ]
    )


@hooks.register("register_log_actions")
def register_log_actions(registry: Any) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        registry.register_action(action, label, message)


@hooks.register("after_edit_page")
def apply_settings(request: HttpRequest, page: Any) -> None:
    """A live page is edited through a revision, which does not carry its training's settings."""
    if isinstance(page, CoursePageMixin):
        page.apply_settings()
