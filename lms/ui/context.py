"""Context processor: what `lms/base.html` needs on every page."""

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest


class UiContext(TypedDict):
    lms_site_name: str
    lms_nav: list[Any]
    lms_company: str


def ui(request: HttpRequest) -> UiContext:
    """Site name, and empty defaults that a later processor or the view may fill."""
    return {
        "lms_site_name": getattr(settings, "WAGTAIL_SITE_NAME", ""),
        "lms_nav": [],
        "lms_company": "",
    }
