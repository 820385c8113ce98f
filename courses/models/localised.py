"""A name in several languages, kept as one JSON value."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import PreviewableMixin


def content_languages() -> list[tuple[str, Any]]:
    """The languages people write in: the content's, where the site names them."""
    return list(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None) or settings.LANGUAGES)


def pick(names: Mapping[str, str], language: str | None = None) -> str:
    """Return the text in the language, else in the site's first language, else any."""
    wanted = (language or get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return names.get(wanted) or names.get(settings.LANGUAGE_CODE) or next(iter(names.values()), "")


class Written(PreviewableMixin):
    """What editors write in every language and look at as candidates see it.

    The row has its ``text`` in all languages, for lists and for the search.
    """

    text: Any

    @property
    def excerpt(self) -> str:
        """The beginning of what it says, in one line."""
        return shorten(" ".join(self.text.split()), 90, placeholder=" …")

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Each language that questions are written in."""
        return [(code, str(name)) for code, name in content_languages()]

    @property
    def default_preview_mode(self) -> str:
        return self.preview_modes[0][0]


class Named(models.Model):
    """A row people read by a name in their language; ``names`` maps language to text."""

    slug = models.SlugField(_("slug"), unique=True)
    names = models.JSONField(_("names"), default=dict)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return pick(self.names) or self.slug
