"""Where anybody checks a code or a file."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from badges.forms import VerifyForm
from badges.queries.verification import Verdict, verify_code, verify_file
from lms.conf import get_conf

MINUTE = 60


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and the verdict beneath it."""
    asked = request.method == "POST" or "code" in request.GET
    form = VerifyForm(_given(request), request.FILES or None) if asked else VerifyForm()
    if asked and not _may_ask(request):
        context = {"form": VerifyForm(), "limited": True}
        return render(request, "badges/verify.html", context, status=429)
    verdict = _judge(form) if asked and form.is_valid() else None
    status = 422 if asked and form.errors else 200
    context = {"form": form, "verdict": verdict}
    return render(request, "badges/verify.html", context, status=status)


def _given(request: HttpRequest) -> dict[str, str]:
    return (request.POST if request.method == "POST" else request.GET).dict()


def _judge(form: VerifyForm) -> Verdict:
    today, file = timezone.localdate(), form.cleaned_data["file"]
    if file:
        return verify_file(file.read(), today)
    return verify_code(form.cleaned_data["code"], today)


def _may_ask(request: HttpRequest) -> bool:
    """Count one question of an address within the running minute."""
    minute = int(timezone.now().timestamp()) // MINUTE
    key = f"lms_badges.verify.{request.META.get('REMOTE_ADDR', '')}.{minute}"
    cache.add(key, 0, timeout=2 * MINUTE)
    return cache.incr(key) <= get_conf().verify_per_minute
