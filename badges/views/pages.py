"""Pages for people: a credential, an achievement, the issuer."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges.actions.names import confirm_name
from badges.actions.recipients import decide_visibility
from badges.actions.reports import report_misuse
from badges.domain.identity import read_code
from badges.domain.phrases import words_in
from badges.domain.validity import last_day
from badges.events import CompanyOf
from badges.forms import NameForm, ReportForm, VisibilityForm
from badges.queries.achievements import get_issuer
from badges.queries.documents import get_did_document
from badges.queries.exhibits import Exhibit, list_editions
from badges.queries.keys import list_keys
from badges.queries.limits import may_ask
from badges.queries.names import get_name_request
from badges.queries.recipients import find_mail_domain
from badges.queries.share import get_profiles, get_share
from badges.views.conditional import conditional, get_around
from badges.views.documents import find_exhibit, find_public_achievement
from badges.views.files import is_holder
from badges.views.words import describe_state
from lms.events.ask import ask


@require_safe
@cache_control(private=True, no_cache=True)
@conditional
def credential(request: HttpRequest, code: str) -> HttpResponseBase:
    """The verification page, in the viewer's language; what is printed, in the credential's."""
    if (read := read_code(code)) and read != code:
        return redirect("lms_credential", code=read)
    return _render(request, find_exhibit(code))


@require_safe
@cache_control(private=True, no_cache=True)
@conditional
def edition(request: HttpRequest, code: str, edition: str) -> HttpResponseBase:
    """An earlier edition as it was issued, with what came after it."""
    return _render(request, find_exhibit(code, edition))


@login_required
@require_POST
def consent(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep what the holder lets strangers see."""
    exhibit = _own(request, code)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return _render(request, exhibit, form=form)
    decide_visibility(
        recipient_id=exhibit.recipient_id,
        actor=request.user.pk,
        now=timezone.now(),
        **form.cleaned_data,
    )
    return redirect("lms_credential", code=code)


@login_required
@require_POST
def ask_name(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep the holder's wish for another printed name; the vendor decides."""
    exhibit = _own(request, code)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _render(request, exhibit, name_form=form)
    confirm_name(
        recipient_id=exhibit.recipient_id,
        name=form.cleaned_data["name"],
        actor=request.user.pk,
        now=timezone.now(),
    )
    return redirect("lms_credential", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def report(request: HttpRequest, code: str) -> HttpResponseBase:
    """Anybody tells the vendor that a certificate is misused."""
    exhibit = find_exhibit(code)
    form = ReportForm(request.POST if request.method == "POST" else None)
    asker = request.META.get("REMOTE_ADDR", "")
    if request.method == "POST" and not may_ask(asker, timezone.now()):
        context = {"award": exhibit.award, "form": form, "limited": True}
        return render(request, "badges/report.html", context, status=429)
    if request.method == "POST" and form.is_valid():
        report_misuse(code=code, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. The issuer has your report and looks into it."))
        return redirect("lms_credential", code=code)
    status = 422 if form.errors else 200
    context = {"award": exhibit.award, "form": form}
    return render(request, "badges/report.html", context, status=status)


@require_safe
def achievement(request: HttpRequest, code: str) -> HttpResponse:
    found = find_public_achievement(code, get_language() or "en")
    return render(
        request,
        "badges/achievement.html",
        {"achievement": found, "issuer": get_issuer(), **_effort(found.code)},
    )


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    context = {"issuer": get_issuer(), "did": get_did_document(), "keys": list_keys()}
    return render(request, "badges/issuer.html", context)


def _own(request: HttpRequest, code: str) -> Exhibit:
    exhibit = find_exhibit(code)
    if not is_holder(request, exhibit):
        raise PermissionDenied
    return exhibit


def _render(
    request: HttpRequest,
    exhibit: Exhibit,
    *,
    form: VisibilityForm | None = None,
    name_form: NameForm | None = None,
) -> HttpResponse:
    context = _context(request, exhibit)
    if context["holder"]:
        context["form"] = form or VisibilityForm(initial=_decided(exhibit))
        context["name_form"] = name_form or NameForm(initial={"name": exhibit.award.name})
        context["name_request"] = get_name_request(exhibit.recipient_id)
        context["share"] = get_share(exhibit.award.code)
        context["profiles"] = get_profiles(exhibit)
    status = 422 if form or name_form else 200
    return render(request, "badges/credential.html", context, status=status)


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
        "state": describe_state(exhibit, today),
        "picture": picture,
        "last_day": until,
        "holder": holder,
        "level": words.level(award.achievement.level),
        **_effort(award.achievement.code),
        "chain": list_editions(award.code),
        "consent_kind": "secondary" if exhibit.decided_at else "primary",
        "name": award.name if holder else exhibit.public_name,
        **(_company(exhibit) if holder or exhibit.show_company else {}),
        "show_date": holder or exhibit.show_date,
        "site": urlsplit(award.base_url).netloc,
    }


def _effort(achievement: str) -> dict[str, Any]:
    """What it takes and how many hold it: hard to earn is worn with pride."""
    around = get_around(achievement)
    return {"effort": around.effort, "holders": around.holders}


def _company(exhibit: Exhibit) -> dict[str, str]:
    """Where the holder works today, and from which domain mails of theirs come."""
    answers = ask(CompanyOf(recipient_id=exhibit.recipient_id, on=timezone.localdate()))
    company = next((answer for answer in answers if answer), "")
    domain = find_mail_domain(exhibit.recipient_id) if company else ""
    return {"company": company, "mail_domain": domain}


def _decided(exhibit: Exhibit) -> dict[str, bool]:
    return {
        "show_name": exhibit.show_name,
        "show_company": exhibit.show_company,
        "show_date": exhibit.show_date,
    }
