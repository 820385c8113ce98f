"""Who credentials are issued to, with or without an account on this site."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Recipient(models.Model):
    """A person as printed on certificates, and what strangers may see of them."""

    name = models.CharField(_("name as printed"), max_length=150, blank=True)
    name_confirmed_at = models.DateTimeField(_("name confirmed"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    show_name = models.BooleanField(_("name is public"), default=False)
    show_company = models.BooleanField(_("company is public"), default=False)
    show_date = models.BooleanField(_("date is public"), default=False)
    visibility_decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)  # rendered files are deleted too

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        permissions = [("erase_recipient", _("May erase people for good"))]
        constraints = [
            # Nothing of a person is public by accident: only a decision opens it.
            models.CheckConstraint(
                condition=models.Q(visibility_decided_at__isnull=False)
                | models.Q(show_name=False, show_company=False, show_date=False),
                name="lms_badges_public_by_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(name="", user__isnull=True, show_name=False, show_company=False),
                name="lms_badges_erased_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name


class RecipientAddress(models.Model):
    """An address that belongs to a recipient; lower case, so that it is found and hashed alike."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField(_("e-mail address"), unique=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="lms_badges_address_in_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ForgottenAddress(models.Model):
    """A keyed digest of an address whose person was erased, so that no list brings them back."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"#{self.pk}"


class NameRequest(models.Model):
    """Another printed name that a holder asks for, once certificates carry the present one."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.CASCADE, related_name="name_requests", verbose_name=_("holder")
    )
    name = models.CharField(_("name asked for"), max_length=150)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    approved = models.BooleanField(_("approved"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("name change")
        verbose_name_plural = _("name changes")
        ordering = [models.F("decided_at").desc(nulls_first=True), "-pk"]  # the open ones first
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(decided_at__isnull=True),
                name="lms_badges_one_open_name_request",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, approved__isnull=True)
                | models.Q(decided_at__isnull=False, approved__isnull=False),
                name="lms_badges_decided_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # audit entries keep this text: an id, never a name
