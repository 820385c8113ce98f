"""Documents for machines: credentials, achievements, issuer, keys and status lists."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from badges.actions.keys import prepare_keys
from badges.domain.contexts import Json
from badges.queries import documents
from badges.queries.achievements import AchievementCard, find_achievement
from badges.queries.exhibits import Exhibit, get_exhibit
from badges.queries.lost import find_lost
from badges.queries.served import Form, get_served
from badges.views.responses import Erased, Lost, answer_json, answer_text

CREDENTIAL = "application/vc+ld+json"
LINKED = "application/ld+json"
COMPACT = "text/plain; charset=us-ascii"


def find_exhibit(code: str, edition: str | None = None, *, even_erased: bool = False) -> Exhibit:
    """Return a credential, or one edition of it, or answer 404; ``Erased`` is answered 410."""
    exhibit = get_exhibit(code, int(edition) if edition else None)
    if exhibit is None:
        raise _missing(code, edition)
    if exhibit.erased and not even_erased:
        raise Erased
    return exhibit


def find_text(form: Form, code: str, edition: str | None) -> str:
    """Return a signed text alone, under the same conditions."""
    served = get_served(form, code, int(edition) if edition else None)
    if served is None:
        raise _missing(code, edition)
    if served.erased:
        raise Erased
    return served.text


def find_public_achievement(code: str, language: str = settings.LANGUAGE_CODE) -> AchievementCard:
    """Return an achievement or answer 404. Documents are in the site's own language."""
    achievement = find_achievement(code, language)
    if achievement is None:
        raise Http404
    return achievement


@require_safe
def credential(request: HttpRequest, code: str, edition: str | None = None) -> HttpResponseBase:
    """The signed Open Badges 3.0 document, byte for byte as issued."""
    return answer_text(request, find_text("ob3", code, edition), content_type=CREDENTIAL)


@require_safe
def token(request: HttpRequest, code: str, edition: str | None = None) -> HttpResponseBase:
    """The same as VC-JWT."""
    return answer_text(request, find_text("jwt", code, edition), content_type=COMPACT)


@require_safe
def assertion(request: HttpRequest, code: str) -> HttpResponseBase:
    """The hosted Open Badges 2.0 assertion; what no longer counts says that and nothing else.

    Revoked is 410 Gone; a suspension can end, so its address still answers.
    """
    exhibit = find_exhibit(code)
    if ended := documents.get_ob2(exhibit):
        status = 410 if exhibit.marks.revoked else 200
        return answer_json(request, ended, content_type=LINKED, status=status)
    return answer_text(request, exhibit.ob2, content_type=LINKED)


@require_safe
def signed_assertion(
    request: HttpRequest, code: str, edition: str | None = None
) -> HttpResponseBase:
    """The signed Open Badges 2.0 assertion."""
    return answer_text(request, find_text("jws", code, edition), content_type=COMPACT)


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
def issuer(request: HttpRequest, kid: str = "") -> HttpResponseBase:
    return _answer_found(request, documents.get_ob2_issuer(kid), LINKED)


@require_safe
def did(request: HttpRequest) -> HttpResponseBase:
    _ensure_key(timezone.now())
    return answer_json(request, documents.get_did_document(), content_type="application/did+json")


@require_safe
def jwks(request: HttpRequest) -> HttpResponseBase:
    _ensure_key(timezone.now())
    return answer_json(request, documents.get_jwks(), content_type="application/jwk-set+json")


@require_safe
def key(request: HttpRequest, kid: str) -> HttpResponseBase:
    """One key as one JWK: verifiers read ``kty`` of the answer itself."""
    return _answer_found(request, documents.get_jwk(kid), "application/jwk+json")


@require_safe
def ob2_key(request: HttpRequest, kid: str) -> HttpResponseBase:
    """An RSA key as Open Badges 2.0 wants it."""
    return _answer_found(request, documents.get_ob2_key(kid), LINKED)


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    found = documents.get_status_list(number, timezone.now())
    return _answer_found(request, found, CREDENTIAL)


@require_safe
def status_token(request: HttpRequest, number: int) -> HttpResponseBase:
    """The same list as a token, for verifiers that read no other form."""
    found = documents.get_status_list(number, timezone.now(), as_token=True)
    return _answer_found(request, found, COMPACT)


@require_safe
def revocation_list(request: HttpRequest) -> HttpResponseBase:
    return answer_json(request, documents.get_revocation_list(), content_type=LINKED)


def _missing(code: str, edition: str | None) -> Http404:
    lost = find_lost(code, int(edition) if edition else None)
    return Lost(lost) if lost else Http404()


def _answer_found(
    request: HttpRequest, found: Json | str | None, content_type: str
) -> HttpResponseBase:
    if found is None:
        raise Http404
    if isinstance(found, str):
        return answer_text(request, found, content_type=content_type)
    return answer_json(request, found, content_type=content_type)


def _ensure_key(now: datetime) -> None:
    """The issuer's keys are public from the first start, before anything is issued."""
    prepare_keys(now=now)
