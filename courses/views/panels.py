"""Judging on a panel: what is before one, each item as candidates see it, one number for each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.actions.panels import PanelRefused, rate
from courses.domain.items import KINDS
from courses.forms.panels import RatingForm
from courses.models import Judge, Panel
from courses.queries.cases import find_judged_case
from courses.queries.feedback import show_key
from courses.queries.panels import Place, find_facility, find_seat, list_places, list_seats
from courses.queries.places import show_item


@login_required
@never_cache
@require_safe
def my_panels(request: HttpRequest) -> HttpResponse:
    """The panels one sits on."""
    return render(request, "courses/panels.html", {"seats": list_seats(request.user)})


@login_required
@never_cache
@require_safe
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """The items before a judge, and which of them are still to be rated."""
    seat = _seat(request, code)
    places = list_places(seat)
    context = {
        "panel": seat.panel,
        "places": places,
        "rated": sum(place.own is not None for place in places),
        "again": any(place.before for place in places),
        "following": _next(places, 0),
    }
    return render(request, "courses/panel.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_item(request: HttpRequest, code: str, slot: int) -> HttpResponse:
    """One item as a candidate sees it, its key on demand, and the number."""
    seat = _seat(request, code)
    if seat.panel.state != Panel.State.OPEN:
        messages.warning(request, _("The round is closed: its ratings stay as they are."))
        return redirect("lms_panel", code)
    places = list_places(seat)
    place = next((one for one in places if one.item.position == slot), None)
    if place is None:
        raise Http404
    form = RatingForm(request.POST or None, initial={"percent": place.own})
    if request.method == "POST" and form.is_valid():
        return _keep(request, seat, place, form.cleaned_data["percent"])
    body, language = place.item.version.parsed, get_language() or "en"
    order = KINDS[body.kind].drawn(body)
    case = find_judged_case(place.item, language)
    context = {
        "panel": seat.panel,
        "rated": place,
        "place": show_item(body, language, order=order, case=case),
        "key": show_key(body, language),
        "facility": find_facility(seat.panel, place.item) if place.before else None,
        "form": form,
        "total": len(places),
        "previous": slot - 1,
        "following": slot + 1 if slot < len(places) else 0,
    }
    return render(request, "courses/panel_item.html", context)


def _seat(request: HttpRequest, code: str) -> Judge:
    seat = find_seat(code, request.user)
    if seat is None:
        raise Http404
    return seat


def _keep(request: HttpRequest, seat: Judge, place: Place, percent: int) -> HttpResponse:
    user = int(request.user.pk or 0)
    try:
        rate(
            panel_id=seat.panel_id,
            user_id=user,
            version_id=place.item.version_id,
            percent=percent,
            actor=user,
            now=timezone.now(),
        )
    except PanelRefused as refusal:  # the chair closed the round meanwhile
        messages.error(request, str(refusal))
        return redirect("lms_panel", seat.panel.code)
    following = _next(list_places(seat), place.item.position)
    if following:
        return redirect("lms_panel_item", seat.panel.code, following)
    messages.success(request, _("You have rated every question of this round."))
    return redirect("lms_panel", seat.panel.code)


def _next(places: list[Place], after: int) -> int:
    """Return the next place without a rating, from a place on and then from the start."""
    left = [place.item.position for place in places if place.own is None]
    return next((slot for slot in left if slot > after), left[0] if left else 0)
