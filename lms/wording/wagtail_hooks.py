"""Registration only."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks

from lms.wording.pages import WordedPageMixin, check_page


@hooks.register("before_bulk_action")
def refuse_bulk_publishing(
    request: HttpRequest, action_type: str, objects: list[Any], _action: Any
) -> HttpResponse | None:
    """Publishing several pages at once stops at the first that breaks the policy."""
    if action_type != "publish":
        return None
    for page in objects:
        try:
            if isinstance(page.specific, WordedPageMixin):
                check_page(page.get_latest_revision_as_object())
        except ValidationError as error:
            messages.error(request, f"{page}: {' '.join(error.messages)}")
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
