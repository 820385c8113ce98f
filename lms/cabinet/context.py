"""What the header shows: where one can go, and for which company one works."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.queries.pages import find_catalogue
from partners.queries.seats import get_partner_of_user


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry of the navigation."""

    label: str
    url: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Fill the header, lazily: what a template does not show is not asked."""
    return {
        "lms_nav": SimpleLazyObject(lambda: _main(request)),
        "lms_person_nav": SimpleLazyObject(_person),
        "lms_company": SimpleLazyObject(lambda: _company(request)),
        "lms_home_url": _home(),
    }


def _home() -> str:
    """The front door in the reader's language, where the site's addresses carry one."""
    prefixed, _default = is_language_prefix_patterns_used(settings.ROOT_URLCONF)
    return f"/{get_language() or settings.LANGUAGE_CODE}/" if prefixed else "/"


def _main(request: HttpRequest) -> list[Link]:
    entries = []
    if catalogue := find_catalogue(get_language() or "en"):
        entries.append((_("Trainings"), catalogue.url))
    if request.user.is_authenticated:
        entries.append((_("My page"), reverse("lms_cabinet")))
        if _seat_role(request) == "manager":
            entries.append((_("My company"), reverse("lms_company")))
    entries.append((_("Check a certificate"), reverse("lms_verify")))
    # The longest address that fits is where one is: /my/company/ is not also /my/.
    here = max(
        (url for _label, url in entries if request.path.startswith(url)), key=len, default=""
    )
    return [Link(label=label, url=url, current=url == here) for label, url in entries]


def _person() -> list[Link]:
    names = [("account_email", _("E-mail address")), ("account_change_password", _("Password"))]
    links = []
    for name, label in names:
        try:
            links.append(Link(label=label, url=reverse(name), current=False))
        except NoReverseMatch:  # a host signs people in its own way
            continue
    return links


def _seat(request: HttpRequest) -> Any:
    if "lms_seat" not in request.META:
        user_id = getattr(request.user, "pk", None)
        seat = get_partner_of_user(user_id, localdate()) if user_id else None
        request.META["lms_seat"] = seat  # asked twice a page, read once
    return request.META["lms_seat"]


def _seat_role(request: HttpRequest) -> str:
    seat = _seat(request)
    return seat.role if seat else ""


def _company(request: HttpRequest) -> str:
    seat = _seat(request)
    return seat.partner_name if seat else ""
