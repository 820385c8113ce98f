"""Where anybody checks a code or a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from badges.forms import VerifyForm
from badges.queries.limits import may_ask
from badges.queries.verification import Verdict, verify_code, verify_file
from badges.views.words import SEALS, title_of


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and the verdict beneath it."""
    asked = request.method == "POST" or "code" in request.GET
    form = VerifyForm(_given(request), request.FILES or None) if asked else VerifyForm()
    if asked and not may_ask(request.META.get("REMOTE_ADDR", ""), timezone.now()):
        context = {"form": VerifyForm(), "limited": True}
        return render(request, "badges/verify.html", context, status=429)
    verdict = _judge(form) if asked and form.is_valid() else None
    status = 422 if asked and form.errors else 200
    context = {"form": form, **_shown(verdict)}
    return render(request, "badges/verify.html", context, status=status)


def _shown(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    seals = {**SEALS, "altered": "withdrawn", "unknown": "quiet", "lost": "quiet"}
    seal = seals.get(verdict.status, verdict.status)
    return {"verdict": verdict, "title": title_of(verdict.status), "seal": seal}


def _given(request: HttpRequest) -> dict[str, str]:
    return (request.POST if request.method == "POST" else request.GET).dict()


def _judge(form: VerifyForm) -> Verdict:
    today, file = timezone.localdate(), form.cleaned_data["file"]
    if file:
        return verify_file(file.read(), today)
    return verify_code(form.cleaned_data["code"], today)
