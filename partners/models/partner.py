"""Companies and people's dated links to them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.programme import Programme, RulesVersion


class Partner(models.Model):
    """A company in a programme. Its tier is what the latest decision said."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="partners", verbose_name=_("programme")
    )
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, such as PL."))
    city = models.CharField(_("city"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True)
    joined_on = models.DateField(_("joined on"))

    tier = models.CharField(_("tier"), max_length=80, blank=True)
    held_since = models.DateField(_("held since"), null=True, blank=True)
    rules_version = models.ForeignKey(
        RulesVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evaluated_on = models.DateField(null=True, blank=True)
    next_change_on = models.DateField(_("next change"), null=True, blank=True)
    # While a simulated past is being filled in: the day it has come to. Later days wait.
    replayed_to = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["next_change_on"],
                name="lms_partner_due",
                condition=Q(next_change_on__isnull=False),
            ),
            models.Index(fields=["tier", "country"], name="lms_partner_tier"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's link to a company, from ``since`` to the day before ``until``."""

    class Job(models.TextChoices):
        SALES = "sales", _("sales")
        ENGINEER = "engineer", _("engineer")
        OTHER = "other", _("other")

    class Role(models.TextChoices):
        MANAGER = "manager", _("manager")
        MEMBER = "member", _("member")

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("partner")
    )
    recipient = models.ForeignKey(
        "lms_badges.Recipient",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    since = models.DateField(_("since"))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day the link no longer holds.")
    )
    job = models.CharField(_("job"), max_length=10, choices=Job, default=Job.OTHER)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("link to a company")
        verbose_name_plural = _("people of partners")
        ordering = ["partner__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="lms_membership_until_after_since",
                violation_error_message=_("A link ends after the day it starts."),
            ),
            # Overlaps of closed spans are refused by the action, which holds the person's row.
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(until__isnull=True),
                name="lms_membership_one_open",
            ),
        ]
        indexes = [models.Index(fields=["partner", "until"], name="lms_membership_current")]

    def __str__(self) -> str:
        return f"{self.partner} · {self.get_job_display()}, {self.get_role_display()}"
