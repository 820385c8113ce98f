"""Pages of the admin that are no model's: who finds them, and what stands around them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem


def menu_item_for(permission: str) -> type[MenuItem]:
    """Return the class of a menu's line that is for those with a permission alone."""

    class Permitted(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            return bool(request.user.has_perm(permission))

    return Permitted


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    icon: str,
    trail: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    """Render a page over Wagtail's generic one; ``trail`` names addresses and labels above it."""
    above = [("wagtailadmin_home", _("Home")), *trail]
    crumbs = [{"url": reverse(name), "label": label} for name, label in above]
    furniture = {
        "header_title": title,
        "header_icon": icon,
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
    return render(request, template, {**context, **furniture})
