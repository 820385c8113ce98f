"""Language of a request, without a second guess where an address was found."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language


class SiteLocaleMiddleware(LocaleMiddleware):
    """Django's, but a 404 of a view that was found stays a 404.

    Django would send it on to the same path below a language, where the pages' catch-all answers:
    a redirect where a script, a verifier or a mail program expects a plain no.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code == 404 and request.resolver_match is not None:
            response.headers.setdefault("Content-Language", get_language() or "en")
            return response
        return super().process_response(request, response)
