"""Numbers of companies from outside: revenue, retention, deals, declared staff."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.partner import Partner


class MetricReading(models.Model):
    """A value of a metric as known on a day; another value for the day takes its place.

    Decisions keep the values they rested on, so a correction reaches later ones alone.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="readings", verbose_name=_("partner")
    )
    metric = models.SlugField(
        _("metric"), max_length=80, help_text=_("As the programme's rules call it.")
    )
    on = models.DateField(_("as of"), help_text=_("The day up to which the value counts."))
    value = models.DecimalField(pgettext_lazy("number", "value"), max_digits=19, decimal_places=4)
    office = models.CharField(_("office"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    source = models.CharField(
        pgettext_lazy("number", "source"),
        max_length=200,
        blank=True,
        help_text=_("Where the value comes from."),
    )
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("number of a partner")
        verbose_name_plural = _("numbers of partners")
        ordering = ["-on", "partner__name", "metric", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "metric", "on", "office", "region", "country"],
                name="lms_metric_once_a_day",
                violation_error_message=_("There is a value for this day already; change that."),
            ),
        ]
        indexes = [models.Index(fields=["metric", "on"], name="lms_metric_by_day")]

    def __str__(self) -> str:
        return f"{self.metric} {self.on}"
