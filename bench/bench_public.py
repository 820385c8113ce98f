"""What do public addresses cost?

Each through Django's own WSGI handler with every middleware of the site, as a server calls it: the
whole answer, and the short one to a reader who has it already and still has its cookie. Beside it a
bare view that returns the same bytes, with no middleware and with all of it. What stands around a
certificate is remembered for seconds: "alone" is a reader who comes when it is not.
"""

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

from temporary import define_achievements, run, take_turns

ROUNDS, EACH = 7, 12
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
PAGES = {
    "public JSON": "/c/{code}.json",
    "VC-JWT": "/c/{code}.jwt",
    "status list": "/status/1",
    "strip": "/s/{code}.png",
    "baked PNG": "/c/{code}.png",
    "verification page": "/c/{code}/",
    "PDF": "/c/{code}.pdf",
}


class Answer(NamedTuple):
    status: int
    etag: str
    body: bytes
    cookie: str


Ask = Callable[..., Answer]


def measure() -> None:
    """Ask for each address in both ways and for its bytes alone, turn by turn."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    code = _prepare()
    site: Ask = partial(_ask, WSGIHandler())
    with override_settings(MIDDLEWARE=[]):
        bare: Ask = partial(_ask, WSGIHandler())
    print("  ms CPU              whole, statements        had, statements       bare    framed")
    for name, pattern in PAGES.items():
        _show(name, pattern.format(code=code), site, bare)
    _show("the page, alone", f"/c/{code}/", partial(_ask_alone, site), bare)


def _show(name: str, path: str, site: Ask, bare: Ask) -> None:
    first = site(path)
    assert first.status == 200, path
    _BODIES.append(first.body)
    same = f"/bare/{len(_BODIES) - 1}"
    calls = {
        "whole": partial(site, path),
        "had": partial(site, path, first.etag, first.cookie),
        "bare": partial(bare, same),
        "framed": partial(site, same),
    }
    rounds = take_turns(calls, ROUNDS, EACH)
    cost = {
        way: 1000 * statistics.median(timing.processor for timing in timings) / EACH
        for way, timings in rounds.items()
    }
    pairs = zip(rounds["whole"], rounds["bare"], strict=True)
    ratio = statistics.median(own.processor / other.processor for own, other in pairs)
    had = " " * 10 + "-   -"
    if first.etag:
        assert calls["had"]().status == 304, path
        had = f"{cost['had']:11.3f} {_count(calls['had']):3}"
    print(
        f"  {name:18} {cost['whole']:7.3f} {_count(calls['whole']):3} {ratio:6.1f} × bare"
        f" {had}     {cost['bare']:10.3f} {cost['framed']:9.3f}"
    )


def _count(call: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        call()
    return len(statements)


def _ask_alone(site: Ask, *asked: str) -> Answer:
    from badges.views import conditional

    conditional._read_around.cache_clear()
    return site(*asked)


def _ask(handler: Any, path: str, etag: str = "", cookie: str = "") -> Answer:
    """Call the handler as a server does: an environment in, an iterable of bytes out."""
    environment = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8000", "HTTP_ACCEPT": "*/*", "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(),
    }  # fmt: skip
    if etag:
        environment |= {"HTTP_IF_NONE_MATCH": etag, "HTTP_COOKIE": cookie}
    started: list[Any] = []
    response = handler(environment, lambda *head: started.extend(head))
    body = b"".join(response)
    response.close()
    headers = dict(started[1])
    kept = headers.get("Set-Cookie", "").partition(";")[0]
    return Answer(int(started[0][:3]), headers.get("ETag", ""), body, kept)


_BODIES: list[bytes] = []


def _prepare() -> str:
    """One credential, and an address for the bare view."""
    from django.urls import path

    from badges.actions.credentials import issue
    from badges.actions.recipients import register_recipient
    from lms.urls import site

    site.urlpatterns.insert(0, path("bare/<int:number>", _bare_view))
    define_achievements("engineer")
    recipient = register_recipient(email="person@bench.example", name="Person", now=NOW)
    return issue(
        achievement="engineer", recipient_id=recipient, source="bench:0", language="en",
        actor=None, now=NOW,
    ).code  # fmt: skip


def _bare_view(_request: Any, number: int) -> Any:
    from django.http import HttpResponse

    return HttpResponse(_BODIES[number], content_type="application/octet-stream")


if __name__ == "__main__":
    run(measure)
