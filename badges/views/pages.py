"""Pages for people: a credential, an achievement, the issuer."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from badges.actions.recipients import decide_visibility
from badges.domain.identity import read_code
from badges.domain.phrases import words_in
from badges.domain.validity import last_day
from badges.events import CompanyOf
from badges.forms import VisibilityForm
from badges.queries.achievements import get_issuer
from badges.queries.documents import get_did_document
from badges.queries.exhibits import Exhibit
from badges.queries.share import get_share
from badges.views.documents import find_exhibit, find_public_achievement
from badges.views.files import is_holder
from lms.conf import get_conf
from lms.events.ask import ask

SEALS = {"revoked": "withdrawn", "not_yet": "quiet"}


@require_safe
@cache_control(private=True, no_cache=True)
def credential(request: HttpRequest, code: str) -> HttpResponseBase:
    """The verification page, in the viewer's language; what is printed, in the credential's."""
    if (read := read_code(code)) and read != code:
        return redirect("lms_credential", code=read)
    exhibit = find_exhibit(code)
    return _render(request, exhibit, VisibilityForm(initial=_decided(exhibit)))


@login_required
@require_POST
def consent(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep what the holder lets strangers see."""
    exhibit = find_exhibit(code)
    if not is_holder(request, exhibit):
        raise PermissionDenied
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return _render(request, exhibit, form)
    decide_visibility(
        recipient_id=exhibit.recipient_id,
        actor=request.user.pk,
        now=timezone.now(),
        **form.cleaned_data,
    )
    return redirect("lms_credential", code=code)


@require_safe
def achievement(request: HttpRequest, code: str) -> HttpResponse:
    found = find_public_achievement(code, get_language() or "en")
    return render(
        request, "badges/achievement.html", {"achievement": found, "issuer": get_issuer()}
    )


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    context = {"issuer": get_issuer(), "did": get_did_document(), "base_url": get_conf().base_url}
    return render(request, "badges/issuer.html", context)


def _render(request: HttpRequest, exhibit: Exhibit, form: VisibilityForm) -> HttpResponse:
    context = {**_context(request, exhibit), "form": form}
    return render(request, "badges/credential.html", context)


def _context(request: HttpRequest, exhibit: Exhibit) -> dict[str, Any]:
    today, holder = timezone.localdate(), is_holder(request, exhibit)
    award, picture = exhibit.award, exhibit.picture(today)
    words, until = words_in(award.achievement.language), last_day(award.valid_until)
    return {
        "exhibit": exhibit,
        "award": award,
        "words": words,
        "passed_on": words.long_date(award.valid_from),
        "valid_to": words.long_date(until) if until else words.open_ended,
        "picture": picture,
        "seal": SEALS.get(picture, picture),
        "last_day": until,
        "holder": holder,
        "consent_kind": "secondary" if exhibit.decided_at else "primary",
        "name": award.name if holder else exhibit.public_name,
        "company": _company(exhibit) if holder or exhibit.show_company else "",
        "show_date": holder or exhibit.show_date,
        "share": get_share(award.code) if holder else None,
    }


def _company(exhibit: Exhibit) -> str:
    answers = ask(CompanyOf(recipient_id=exhibit.recipient_id, on=timezone.localdate()))
    return next((answer for answer in answers if answer), "")


def _decided(exhibit: Exhibit) -> dict[str, bool]:
    return {
        "show_name": exhibit.show_name,
        "show_company": exhibit.show_company,
        "show_date": exhibit.show_date,
    }
