"""The publish gate: a page that breaks the wording policy stays a draft, whoever publishes it.

Three layers, because no single one sees every way a page goes live: the form (a friendly error in
the editor), ``publish`` (workflows and schedules) and ``save`` (bulk actions, copies, the API).
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.fields import StreamField

from lms.wording.checks import refuse

logger = logging.getLogger("lms.wording")


def page_texts(page: models.Model) -> Iterator[tuple[str, str]]:
    """Yield every place of a page people read, by its label, with its text or markup."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield from _stream_texts(field, getattr(page, field.name))
        elif _is_read(field):
            label = getattr(field, "verbose_name", field.name)
            yield str(label), str(getattr(page, field.name) or "")


def _is_read(field: Any) -> bool:
    text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return text and field.name not in {"slug", "url_path", "path", "draft_title"}


def check_page(page: Any) -> None:
    """Raise ``WordingRefused`` with every place that breaks the policy."""
    # Wagtail gives a new page its locale while it is saved, which is after this is asked.
    locale = page.locale if page.locale_id else page.get_default_locale()
    refuse(dict(page_texts(page)), str(locale.language_code))


def _stream_texts(field: StreamField, stream: Any) -> Iterator[tuple[str, str]]:
    for number, block in enumerate(stream, start=1):
        if block.block_type != "code":
            parts = block.block.get_searchable_content(block.value)
            text = "\n\n".join(str(part) for part in parts)
            yield f"{field.verbose_name}, {number} ({block.block.label})", text


class WordedPageForm(WagtailAdminPageForm):
    """Refuses publishing with the place and the allowed word; drafts pass."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation and not self.errors:
            for name, value in cleaned.items():
                if hasattr(self.instance, name):
                    setattr(self.instance, name, value)
            check_page(self.instance)
        return cleaned


class WordedPageMixin(models.Model):
    """A page whose words are judged whenever it would be live."""

    base_form_class = WordedPageForm

    class Meta:
        abstract = True

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> None:
        page = revision.as_object()
        try:
            check_page(page)
        except ValidationError as error:
            reason = " ".join(error.messages)
            if user is not None:
                raise PublishPagePermissionError(reason) from error
            # A scheduled run goes on with the other pages; this one waits for its editor.
            logger.warning("%s was not published: %s", page, reason)
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            return
        super().publish(revision, user=user, **kwargs)  # type: ignore[misc]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Saving a draft of a live page touches named fields only, and drafts may say anything.
        if getattr(self, "live", False) and kwargs.get("update_fields") is None:
            check_page(self)
        super().save(*args, **kwargs)
