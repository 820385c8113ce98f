"""What must be right before trainings can be shown."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from lms.conf import get_conf


@register()
def check_page_models(**_: Any) -> list[CheckMessage]:
    """``LMS`` must name page classes that exist."""
    conf = get_conf()
    found: list[CheckMessage] = []
    for key in ("course_page_model", "lesson_page_model", "course_index_page_model"):
        label = getattr(conf, key)
        try:
            apps.get_model(label)
        except (LookupError, ValueError):
            found.append(
                Error(
                    f"LMS[{key.upper()!r}] names {label!r}, which is not an installed model.",
                    hint="Install lms.pages, or declare your own class over courses.pages.",
                    id="lms_courses.E001",
                )
            )
    return found
