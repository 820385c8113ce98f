"""Item banks. A version never changes: an attempt pins the one it showed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain.items import ItemBody
from courses.models.localised import Written, pick


class ItemBank(models.Model):
    """Where the items of a test are drawn from."""

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=150)

    class Meta:
        ordering = ["title"]
        verbose_name = _("item bank")
        verbose_name_plural = _("item banks")

    def __str__(self) -> str:
        return self.title

    @property
    def live_items(self) -> int:
        return self.items.filter(state=Item.State.LIVE).count()


class Topic(models.Model):
    """What an item is about; scores are reported by topic."""

    bank = models.ForeignKey(
        ItemBank, models.CASCADE, related_name="topics", verbose_name=_("item bank")
    )
    slug = models.SlugField(_("slug"))
    names = models.JSONField(_("names"), default=dict)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["bank", "position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "slug"], name="lms_topic_slug_in_bank"),
        ]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return pick(self.names) or self.slug


class Item(Written, models.Model):
    """A question; what it asks is in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("item", "draft")
        REVIEW = "review", pgettext_lazy("item", "in review")
        LIVE = "live", pgettext_lazy("item", "live")
        PILOT = "pilot", pgettext_lazy("item", "on trial")
        RETIRED = "retired", _("retired")

    bank = models.ForeignKey(
        ItemBank, models.CASCADE, related_name="items", verbose_name=_("item bank")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="items", verbose_name=_("topic"))
    # Follows the current version of the case: with a case an item is never drawn alone.
    group = models.ForeignKey(
        "lms_courses.ItemGroup",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=pgettext_lazy("test", "case"),
    )
    code = models.CharField(_("code"), max_length=50)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LIVE)
    lesson_slug = models.SlugField(
        _("lesson to return to"),
        max_length=255,
        blank=True,
        help_text=_("Slug of the lesson that answers it; shown to those who missed it."),
    )
    objective = models.CharField(
        _("objective"),
        max_length=200,
        blank=True,
        help_text=_("What somebody who answers it right can do."),
    )
    product_version = models.CharField(_("product version"), max_length=50, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who keeps it true."),
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    # What it asks, in every language: for lists and for the search, which JSON does not serve.
    text = models.TextField(editable=False, blank=True)
    current = models.ForeignKey(
        "lms_courses.ItemVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    # Versions name no page and no image: they keep pictures of their own.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["bank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="lms_item_code_in_bank"),
        ]
        verbose_name = pgettext_lazy("test", "item")
        verbose_name_plural = pgettext_lazy("test", "items")

    def __str__(self) -> str:
        return self.code


class ItemPicture(models.Model):
    """A picture in items, known by its content: a version goes on showing what it showed."""

    name = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the body
    media = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    body = models.BinaryField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.name


class ItemVersion(models.Model):
    """What an item said from one moment on. Immutable: saving it again is refused."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="lms_item_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an item version never changes; add a new one")
        super().save(*args, **kwargs)

    @property
    def parsed(self) -> ItemBody:
        return ItemBody.model_validate(self.body)
