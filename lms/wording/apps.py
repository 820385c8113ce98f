"""The wording policy as a Django app: no models, only its name and its translations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordingConfig(AppConfig):
    """Registers the wording policy with the site."""

    name = "lms.wording"
    label = "lms_wording"
    verbose_name = _("Wording policy")
