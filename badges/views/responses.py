"""Answers with an ETag, a short life and conditional requests, alike for every document."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from badges.domain.contexts import Json
from badges.queries.lost import LostCard
from badges.queries.rendering import Rendered

SHORT = "public, max-age=60, stale-if-error=86400"
PICTURE = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
PRIVATE = "private, no-cache"


class _SameForAll(ResponseHeaders):
    """Headers without ``Vary``: middleware adds it to everything, and it would split caches."""

    def __setitem__(self, key: str, value: str | bytes | int) -> None:
        if key.lower() != "vary":
            super().__setitem__(key, value)


class Erased(Exception):
    """The holder was forgotten: the address answers 410 with nothing personal."""


class Lost(Http404):
    """It was issued after the copy this site was restored from: 404 with what is still known.

    Not 410: to a reader of a hosted badge that would say that it was revoked.
    """

    def __init__(self, card: LostCard) -> None:
        super().__init__(card.code)
        self.card = card


View = Callable[..., HttpResponseBase]


def or_gone(view: View) -> View:
    """Answer 410 Gone where the credential's holder was erased, and say what a restore lost."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Erased:
            return render(request, "badges/erased.html", status=410)
        except Lost as lost:
            return render(request, "badges/lost.html", {"lost": lost.card}, status=404)

    return answering


class PictureResponse(HttpResponse):
    """A picture that is the same for whoever looks, in whatever language they read."""

    def __init__(self, language: str, content_type: str = "image/png") -> None:
        super().__init__(content_type=content_type)
        self.headers = _SameForAll(dict(self.headers.items()))
        self.headers["Content-Language"] = language
        self.headers["X-Content-Type-Options"] = "nosniff"
        self.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def answer(
    request: HttpRequest,
    response: HttpResponse,
    *,
    cache: str = SHORT,
    etag: str = "",
    modified: datetime | None = None,
) -> HttpResponseBase:
    """Return the response with its validators, or 304 if the reader has it already."""
    tag = f'"{etag or hashlib.sha256(response.content).hexdigest()[:32]}"'
    seconds = int(modified.timestamp()) if modified else None
    response["ETag"], response["Cache-Control"] = tag, cache
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    if response.status_code != 200:
        return response
    return get_conditional_response(request, tag, seconds, response) or response


def answer_file(
    request: HttpRequest, response: HttpResponse, rendered: Rendered, *, cache: str = SHORT
) -> HttpResponseBase:
    """Fill an empty response with a file; a reader who has it already does not wait for drawing."""
    short = answer(request, response, cache=cache, etag=rendered.etag, modified=rendered.modified)
    if short is response:
        response.content = rendered.body
    return short


def answer_json(
    request: HttpRequest,
    document: Json,
    *,
    content_type: str = "application/json",
    status: int = 200,
) -> HttpResponseBase:
    """Return a public document that verifiers in browsers may read from anywhere."""
    body = json.dumps(document, ensure_ascii=False)
    return answer_text(request, body, content_type=content_type, status=status)


def answer_text(
    request: HttpRequest, body: str, *, content_type: str, status: int = 200
) -> HttpResponseBase:
    """The same for what is kept as text: a signed document, a token."""
    response = HttpResponse(body, content_type=content_type, status=status)
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return answer(request, response)
