"""Cases: questions that share a text. A version never changes, like that of an item."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.domain.cases import CaseBody
from courses.models.banks import ItemBank, ItemVersion, Topic
from courses.models.localised import Written


class ItemGroup(Written, models.Model):
    """A case; what it says and which questions it has is in its versions."""

    class State(models.TextChoices):
        """An item's states without a trial: a case is drawn whole, and all of it counts."""

        DRAFT = "draft", pgettext_lazy("item", "draft")
        REVIEW = "review", pgettext_lazy("item", "in review")
        LIVE = "live", pgettext_lazy("item", "live")
        RETIRED = "retired", _("retired")

    bank = models.ForeignKey(
        ItemBank, models.CASCADE, related_name="groups", verbose_name=_("item bank")
    )
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="groups",
        verbose_name=_("topic"),
        help_text=_("Its questions have the same topic."),
    )
    code = models.CharField(_("code"), max_length=50)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LIVE)
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
    # What it says, in every language: for lists and for the search, which JSON does not serve.
    text = models.TextField(editable=False, blank=True)
    current = models.ForeignKey(
        "lms_courses.ItemGroupVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    # Versions name no page and no image: they keep pictures of their own.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["bank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="lms_group_code_in_bank"),
        ]
        verbose_name = pgettext_lazy("test", "case")
        verbose_name_plural = pgettext_lazy("test", "cases")

    def __str__(self) -> str:
        return self.code


class ItemGroupVersion(models.Model):
    """What a case said from one moment on, with the versions of its questions. Immutable."""

    group = models.ForeignKey(ItemGroup, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["group", "number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="lms_group_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.group} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("a version of a case never changes; add a new one")
        super().save(*args, **kwargs)

    @property
    def parsed(self) -> CaseBody:
        return CaseBody.model_validate(self.body)


class ItemGroupMember(models.Model):
    """A question of a case as it was worded then, at its place."""

    version = models.ForeignKey(ItemGroupVersion, models.CASCADE, related_name="members")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="lms_group_position"),
            models.UniqueConstraint(fields=["version", "item_version"], name="lms_group_member"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"
