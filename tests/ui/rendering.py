"""How the tests of the UI kernel render: small templates and whole pages."""

from typing import Any

from django.http import HttpRequest
from django.template import Context, Template, engines
from django.template.loader import render_to_string
from django.test import RequestFactory


def render(source: str, **context: Any) -> str:
    return Template("{% load lms_ui %}" + source).render(Context(context))


def component(name: str, /, *, request: HttpRequest | None = None, **context: Any) -> str:
    return render_to_string(f"lms/components/{name}.html", context, request=request)


def page(template: str, /, *, user: Any = None, **context: Any) -> str:
    """A whole page as a visitor gets it; `user` only where someone is signed in."""
    return render_to_string(template, _visit(user, context), request=_request())


def page_of(source: str, /, *, user: Any = None, **context: Any) -> str:
    """The same from a template written in the test."""
    template = engines["django"].from_string(source)
    return template.render(_visit(user, context), _request())


def _request() -> HttpRequest:
    return RequestFactory().get("/where/")


def _visit(user: Any, context: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [], **context, "user": user}
