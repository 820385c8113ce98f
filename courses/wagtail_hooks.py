"""Registration only."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from courses.models import Attempt, Waiver
from courses.pages import CoursePageMixin
from courses.viewsets import CoursesGroup
from courses.viewsets.allowances import AddOnlyPolicy
from lms.ui.policies import ReadOnlyPolicy

LOG_ACTIONS = {
    "lms_courses.waived": (_("Open a try"), _("Opened an extra try")),
    "lms_courses.time_set": (_("Give more time"), _("Set a person's time")),
    "lms_courses.time_extended": (_("Extend a test"), _("Moved the end of a running test")),
}

register_permission_policy(Waiver, AddOnlyPolicy(Waiver))
register_permission_policy(Attempt, ReadOnlyPolicy(Attempt, "lms_courses.view_attempt"))


@hooks.register("register_admin_viewset")
def register_tests() -> CoursesGroup:
    return CoursesGroup()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Whoever answers appeals reads what happened in an attempt, and may open another try."""
    own = Permission.objects.filter(content_type__app_label="lms_courses")
    return own.filter(content_type__model__in=["waiver", "accommodation"]) | own.filter(
        codename="view_attempt"
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
