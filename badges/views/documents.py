"""Documents for machines: credentials, achievements, issuer, keys and status lists."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from badges.actions.keys import prepare_keys
from badges.queries import documents
from badges.queries.achievements import AchievementCard, find_achievement
from badges.queries.exhibits import Exhibit, get_exhibit
from badges.views.responses import answer_json

CREDENTIAL = "application/vc+ld+json"
LINKED = "application/ld+json"


def find_exhibit(code: str) -> Exhibit:
    """Return a credential or answer 404."""
    exhibit = get_exhibit(code)
    if exhibit is None:
        raise Http404
    return exhibit


def find_public_achievement(code: str, language: str = settings.LANGUAGE_CODE) -> AchievementCard:
    """Return an achievement or answer 404. Documents are in the site's own language."""
    achievement = find_achievement(code, language)
    if achievement is None:
        raise Http404
    return achievement


@require_safe
def credential(request: HttpRequest, code: str) -> HttpResponseBase:
    """The signed Open Badges 3.0 document, byte for byte as issued."""
    return answer_json(request, find_exhibit(code).ob3, content_type=CREDENTIAL)


@require_safe
def assertion(request: HttpRequest, code: str) -> HttpResponseBase:
    """The hosted Open Badges 2.0 assertion; once revoked, 410 and nothing but that."""
    exhibit = find_exhibit(code)
    if revoked := documents.get_ob2(exhibit):
        return answer_json(request, revoked, content_type=LINKED, status=410)
    return answer_json(request, exhibit.ob2, content_type=LINKED)


@require_safe
def achievement(request: HttpRequest, code: str) -> HttpResponseBase:
    found = find_public_achievement(code)
    document = documents.get_achievement_document(found)
    return answer_json(request, document, content_type=LINKED)


@require_safe
def badge_class(request: HttpRequest, code: str) -> HttpResponseBase:
    found = find_public_achievement(code)
    return answer_json(request, documents.get_badge_class(found), content_type=LINKED)


@require_safe
def issuer(request: HttpRequest) -> HttpResponseBase:
    return answer_json(request, documents.get_ob2_issuer(), content_type=LINKED)


@require_safe
def did(request: HttpRequest) -> HttpResponseBase:
    _ensure_key(timezone.now())
    return answer_json(request, documents.get_did_document())


@require_safe
def jwks(request: HttpRequest) -> HttpResponseBase:
    _ensure_key(timezone.now())
    return answer_json(request, documents.get_jwks(), content_type="application/jwk-set+json")


@require_safe
def key(request: HttpRequest, kid: str) -> HttpResponseBase:
    if (jwk := documents.get_jwk(kid)) is None:
        raise Http404
    return answer_json(request, jwk, content_type="application/jwk+json")


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    if (signed := documents.get_status_list(number)) is None:
        raise Http404
    return answer_json(request, signed, content_type=CREDENTIAL)


def _ensure_key(now: datetime) -> None:
    """The issuer's key is public from the first start, before anything is issued."""
    prepare_keys(now=now)
