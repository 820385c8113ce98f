"""The signed-in person's pages and the company's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from badges.queries import get_recipient_of_user
from courses.queries.panels import count_waiting
from courses.queries.progress import list_enrolled
from courses.queries.tools import list_tools
from lms.cabinet.forms import EndLinkForm, PeopleFilter
from lms.cabinet.queries import (
    PersonRow,
    get_company,
    list_colleagues,
    list_held,
    name_people,
)
from partners.actions.links import end_link
from partners.queries import describe_refusal
from partners.queries.cards import Seat
from partners.queries.lists import list_decisions
from partners.queries.seats import get_partner_of_user
from partners.queries.status import get_decision_status


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _manager_seat(request: HttpRequest) -> Seat:
    """The company this person manages; anybody else is refused."""
    user_id = request.user.pk
    seat = get_partner_of_user(user_id, localdate()) if user_id else None
    if seat is None or not seat.is_manager:
        raise PermissionDenied(_("This page is for a company's manager."))
    return seat


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Trainings in progress, certificates, tools."""
    user_id, today = int(request.user.pk or 0), localdate()
    recipient = get_recipient_of_user(user_id)
    context = {
        "enrolled": list_enrolled(user_id, _language()),
        "held": list_held(recipient, today),
        "tools": list_tools(user_id, _language()),
        "recipient": recipient,
        "panels": count_waiting(request.user),
        "seat": get_partner_of_user(user_id, today),
    }
    return render(request, "lms_cabinet/home.html", context)


@login_required
@never_cache
def company(request: HttpRequest) -> HttpResponse:
    """The status, why, and what is missing for the next one."""
    seat = _manager_seat(request)
    view = get_company(seat.partner_id, localdate(), _language())
    # The next status first, then the one held: what one can do stands above what one has.
    tiers = reversed(view.status.tiers) if view.status else ()
    context = {
        "seat": seat,
        "status": view.status,
        "names": view.names,
        "tiers": list(tiers),
        "entry": "status",
    }
    return render(request, "lms_cabinet/company.html", context)


@login_required
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Colleagues with what they hold; a failed test reads “not yet”, answers are never shown."""
    seat = _manager_seat(request)
    form = PeopleFilter(request.GET or None)
    rows = list_colleagues(seat.partner_id, localdate(), _language())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shown = [row for row in rows if _matches(row, wanted)]
    context = {"seat": seat, "rows": shown, "total": len(rows), "form": form, "entry": "people"}
    return render(request, "lms_cabinet/people.html", context)


def _matches(row: PersonRow, wanted: dict[str, Any]) -> bool:
    text = f"{row.person.name} {row.person.email}".casefold()
    valid = any(held.state == "valid" for held in row.credentials)
    state = {"valid": valid, "none": not valid}
    return wanted.get("q", "").casefold() in text and state.get(wanted.get("state", ""), True)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a colleague's link with a date; a page of its own, because the status may follow."""
    seat = _manager_seat(request)
    rows = list_colleagues(seat.partner_id, localdate(), _language())
    row = next((row for row in rows if row.person.membership_id == membership_id), None)
    if row is None:
        raise Http404
    form = EndLinkForm(request.POST or None, since=row.person.since)
    if request.method == "POST" and form.is_valid():
        try:
            end_link(
                membership_id=membership_id,
                until=form.cleaned_data["until"],
                actor=request.user.pk,
                now=timezone.now(),
            )
        except ValueError as refusal:
            form.add_error("until", describe_refusal(refusal))
        else:
            messages.success(request, _("The link of %s has an end date.") % row.person.name)
            return redirect("lms_people")
    return render(request, "lms_cabinet/leave.html", {"row": row, "form": form, "seat": seat})


@login_required
@never_cache
def decisions(request: HttpRequest) -> HttpResponse:
    """The history of the status; each decision opens its proof."""
    seat = _manager_seat(request)
    rows = list_decisions(seat.partner_id, limit=100, language=_language())
    return render(
        request, "lms_cabinet/decisions.html", {"seat": seat, "rows": rows, "entry": "decisions"}
    )


@login_required
@never_cache
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One decision as it was taken: which lines, who counted."""
    seat = _manager_seat(request)
    status = get_decision_status(seat.partner_id, decision_id, _language())
    if status is None:
        raise Http404
    names = name_people(status)
    context = {"seat": seat, "status": status, "names": names, "entry": "decisions"}
    return render(request, "lms_cabinet/decision.html", context)
