"""What the page's script sends while a test runs: answers, and what it noticed."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses.actions.attempts import save_answer
from courses.actions.log import NotAnEvent, log_told
from courses.actions.saving import (
    AttemptClosed,
    AttemptPaused,
    SectionClosed,
    StaleAnswer,
    StoredAnswer,
)
from courses.domain.items import UnreadableResponse
from courses.models import Attempt, AttemptItem
from courses.queries.said import say_in_place
from courses.views.people import origin_of, signed_in_id
from lms.wording.retold import retell

# Saves that one browser may name as sent before; a longer row of broken lines is a conflict.
MOST_FOLLOWED = 20
LONGEST_EVENT = 1000  # bytes


@login_required
@never_cache
@require_POST
def save(request: HttpRequest, code: str, slot: int) -> JsonResponse:
    """Store one answer; the status tells what became of it."""
    try:
        stored = _save(request, code, slot, json.loads(request.body))
    except UnreadableResponse as reason:
        return JsonResponse({"error": capfirst(retell(reason))}, status=422)
    except (ValueError, KeyError, TypeError) as reason:
        return JsonResponse({"error": str(reason)}, status=422)
    except AttemptItem.DoesNotExist:
        return JsonResponse({"error": _("There is no such question.")}, status=404)
    except StaleAnswer as refusal:
        return _tell_both(request, code, slot, refusal)
    except AttemptPaused:
        return JsonResponse({"error": _("The test is paused.")}, status=423)
    except SectionClosed as refusal:
        kept = _("Its section is closed. What you sent is kept in the log of this test.")
        told = kept if refusal.begun else _("Its section has not begun.")
        return JsonResponse({"error": told, "section": refusal.number}, status=410)
    except AttemptClosed:
        return JsonResponse({"error": _("The test is over.")}, status=410)
    return JsonResponse({"revision": stored.revision, "seconds_left": stored.seconds_left})


def _save(request: HttpRequest, code: str, slot: int, sent: Any) -> StoredAnswer:
    return save_answer(
        code=code,
        user_id=signed_in_id(request),
        slot=slot,
        raw=sent["value"],
        base_revision=int(sent["base_revision"]),
        save_id=str(sent["save_id"])[:40],
        follows=[str(one)[:40] for one in list(sent.get("follows", []))[-MOST_FOLLOWED:]],
        origin=origin_of(request),
    )


def _tell_both(request: HttpRequest, code: str, slot: int, refusal: StaleAnswer) -> JsonResponse:
    """What stands and what was not saved, in words, for the person to choose."""
    kept = refusal.stored
    stored, unsent = say_in_place(code, signed_in_id(request), slot, kept.value, refusal.unsent)
    told = {
        "error": _("Another tab or device saved here."),
        "stored": {"value": kept.value, "revision": kept.revision, "said": stored},
        "unsent": {"said": unsent},
        "seconds_left": kept.seconds_left,
    }
    return JsonResponse(told, status=409)


@login_required
@never_cache
@require_POST
def tell(request: HttpRequest, code: str) -> JsonResponse:
    """Put into the log what the page noticed: the window left, the connection back."""
    if len(request.body) > LONGEST_EVENT:
        return JsonResponse({"error": "this is too long"}, status=422)
    try:
        sent = json.loads(request.body)
        told = log_told(
            code=code,
            user_id=signed_in_id(request),
            kind=sent["kind"],
            slot=sent.get("slot"),
            seconds=sent.get("seconds", 0),
            once=sent.get("id", ""),
            origin=origin_of(request),
            now=timezone.now(),
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except (NotAnEvent, ValueError, KeyError, TypeError, AttributeError) as reason:
        return JsonResponse({"error": str(reason)}, status=422)
    return JsonResponse({"kept": told.kept, "seconds_left": told.seconds_left})
