"""The languages that what is issued may be in."""

from django.conf import settings


def language_choices() -> list[tuple[str, str]]:
    """The site's languages; a callable, so that a host's own set is no missing migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]
