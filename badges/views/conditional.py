"""Sparing a reader the page that they have already, and us the drawing of it.

A stranger's page follows from few things, so its name is known before it is drawn. What somebody
signed in sees follows from many more, their site's among them: theirs is named by what was drawn.
"""

import hashlib
import re
import time
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from badges.events import CompanyOf, Effort, EffortFor, FrameFor
from badges.queries.achievements import count_holders
from badges.queries.recipients import find_mail_domain
from badges.queries.served import get_shown
from badges.views.responses import PRIVATE, View, answer
from lms.events.ask import ask
from lms.ui.build import get_build

_SECONDS = 5  # what stands around a certificate may be as old as this; its state never is
_TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def conditional(view: View) -> View:
    """Answer 304 to a reader who has this very page, in their language, with forms that work."""

    @wraps(view)
    def answering(request: HttpRequest, code: str, **named: str) -> HttpResponseBase:
        stranger = not request.user.is_authenticated
        facts = _facts(code, **named) if stranger and not _has_news(request) else ""
        if facts:
            short = _answer(request, HttpResponse(), facts)
            if short.status_code != 200:
                return short
        response = view(request, code, **named)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        if not stranger:
            drawn = _TOKENS.sub(b"", response.content)
            return _answer(request, response, hashlib.sha256(drawn).hexdigest())
        return _answer(request, response, facts) if facts else response

    return answering


def _answer(request: HttpRequest, response: HttpResponse, facts: str) -> HttpResponseBase:
    """Name the page by what it shows and by the cookie without which its forms would fail.

    Drawing a page may have made that cookie, so the name before and after may differ.
    """
    seen = repr((request.META.get("CSRF_COOKIE", ""), facts))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    etag = hashlib.sha256(seen.encode()).hexdigest()[:32]
    return answer(request, response, cache=PRIVATE, etag=etag)


def _has_news(request: HttpRequest) -> bool:
    """Say whether the page will tell something once, such as that a report has come in."""
    return len(get_messages(request)) > 0


def _facts(code: str, edition: str | None = None) -> str:
    """Return all that a stranger's page follows from; empty where there is no such page.

    So too while somebody works on the templates.
    """
    shown = get_shown(code, int(edition) if edition else None)
    if shown is None or shown.erased or settings.DEBUG:
        return ""
    today, language = timezone.localdate(), get_language() or "en"
    company: tuple[object, ...] = ()
    if shown.show_company:
        asked = CompanyOf(recipient_id=shown.recipient_id, on=today)
        company = (ask(asked), find_mail_domain(shown.recipient_id))
    around = get_around(shown.achievement)
    return repr((get_build(), code, edition, language, today, shown, company, around))


@dataclass(frozen=True)
class Around:
    """What the pages of many certificates have in common."""

    effort: Effort | None
    holders: int
    frame: tuple[str, ...]


def get_around(achievement: str) -> Around:
    """Return it as it was a few seconds ago at most."""
    moment = int(time.monotonic() // _SECONDS)
    return _read_around(achievement, get_language() or "en", timezone.localdate(), moment)


@lru_cache(maxsize=256)
def _read_around(achievement: str, language: str, today: date, _moment: int) -> Around:
    efforts = ask(EffortFor(achievement=achievement, language=language))
    return Around(
        effort=next((effort for effort in efforts if effort), None),
        holders=count_holders(achievement, today),
        frame=ask(FrameFor(language=language)),
    )
