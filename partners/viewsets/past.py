"""A notice on the admin's front page while a simulated past is being filled in."""

from collections.abc import MutableMapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from partners.queries.past import PastProgress, list_unfinished


class PastNotice(Component):
    """How far it has come."""

    order = 50
    template_name = "partners/past_notice.html"

    def __init__(self, progress: PastProgress) -> None:
        self.progress = progress

    def get_context_data(
        self, parent_context: MutableMapping[str, Any] | None = None
    ) -> MutableMapping[str, Any]:
        return {"progress": self.progress}


def add_past_notice(request: HttpRequest, panels: list[Any]) -> None:
    """Tell who sees partners."""
    if request.user.has_perm("lms_partners.view_partner"):
        panels += [PastNotice(progress) for progress in list_unfinished()]
