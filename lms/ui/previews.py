"""Previews beside a form whose values are no page of the site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils.decorators import method_decorator
from wagtail.utils.decorators import xframe_options_sameorigin_override


class FormPreviewMixin:
    """Shows what ``draw`` makes of the valid form that the editor last sent, in a mode."""

    def draw(self, request: HttpRequest, form: Any, mode: str) -> HttpResponse:
        raise NotImplementedError

    @method_decorator(xframe_options_sameorigin_override)
    def get(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = self.get_form_state_queryset().first()
        form = self.get_form(QueryDict(state.data) if state else QueryDict())
        valid = self.validate_form(form)
        mode = request.GET.get("mode", self.object.default_preview_mode)
        response: HttpResponse = self.draw(request, form, mode) if valid else self.error_response()
        return response
