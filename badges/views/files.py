"""Pictures and certificates."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from badges.queries.exhibits import Exhibit
from badges.queries.rendering import (
    Rendered,
    get_baked,
    get_baked_svg,
    get_card,
    get_pdf,
    get_picture,
    get_strip,
)
from badges.views.documents import find_exhibit, find_public_achievement
from badges.views.responses import PICTURE, PRIVATE, SHORT, PictureResponse, answer_file


@require_safe
def strip(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signature picture: 200 in every state, no cookie, no redirect, nothing counted."""
    exhibit = find_exhibit(code, even_erased=True)
    return _picture(request, get_strip(exhibit, timezone.localdate()), exhibit, PICTURE)


@require_safe
def baked(request: HttpRequest, code: str, edition: str | None = None) -> HttpResponseBase:
    """The picture that carries both documents."""
    exhibit = find_exhibit(code, edition)
    return _picture(request, get_baked(exhibit, timezone.localdate()), exhibit, SHORT)


@require_safe
def card(request: HttpRequest, code: str) -> HttpResponseBase:
    """What networks show beside a link to the page."""
    exhibit = find_exhibit(code)
    return _picture(request, get_card(exhibit, timezone.localdate()), exhibit, SHORT)


@require_safe
def baked_svg(request: HttpRequest, code: str, edition: str | None = None) -> HttpResponseBase:
    """The picture as SVG, which carries Open Badges 3.0; nothing in it can run."""
    exhibit = find_exhibit(code, edition)
    rendered = get_baked_svg(exhibit, timezone.localdate())
    language = exhibit.award.achievement.language
    response = PictureResponse(language, "image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer_file(request, response, rendered)


@require_safe
def achievement_picture(request: HttpRequest, code: str) -> HttpResponseBase:
    achievement = find_public_achievement(code)
    rendered = get_picture(achievement)
    return answer_file(request, PictureResponse(achievement.language), rendered, cache=PICTURE)


@require_safe
def pdf(request: HttpRequest, code: str, edition: str | None = None) -> HttpResponseBase:
    """The certificate: complete for its holder, else with what the holder has published."""
    exhibit = find_exhibit(code, edition)
    for_holder = is_holder(request, exhibit)
    rendered = get_pdf(exhibit, timezone.localdate(), timezone.now(), for_holder=for_holder)
    response = HttpResponse(content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="certificate-{code}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return answer_file(request, response, rendered, cache=PRIVATE if for_holder else SHORT)


def is_holder(request: HttpRequest, exhibit: Exhibit) -> bool:
    """Say whether the signed-in person is the one the credential was issued to."""
    return request.user.is_authenticated and request.user.pk == exhibit.user_id


def _picture(
    request: HttpRequest, rendered: Rendered, exhibit: Exhibit, cache: str
) -> HttpResponseBase:
    response = PictureResponse(exhibit.award.achievement.language)
    return answer_file(request, response, rendered, cache=cache)
