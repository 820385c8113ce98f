"""``manage.py prepare_site``: the reference site's front page in every language."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext, override
from wagtail.models import Locale, Page, Site

from lms.pages.models import HomePage


class Command(BaseCommand):
    help = "Create the front page in every language; an existing one stays as it is."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.get(is_default_site=True)
        site.site_name = settings.WAGTAIL_SITE_NAME
        if not isinstance(site.root_page.specific, HomePage):
            site.root_page = self._replace_welcome(site.root_page)
        site.save()
        for code, _name in settings.LANGUAGES:
            locale, _ = Locale.objects.get_or_create(language_code=code)
            if not HomePage.objects.filter(locale=locale).exists():
                page = site.root_page.specific.copy_for_translation(locale, copy_parents=True)
                self._write(page, code)

    def _replace_welcome(self, welcome: Page) -> Page:
        root, locale = Page.get_first_root_node(), Locale.get_default()
        page = root.add_child(instance=HomePage(title="-", slug="laurel", locale=locale))
        Site.objects.filter(root_page=welcome).update(root_page=page)
        if not welcome.get_children().exists():
            welcome.delete()
        self._write(page, locale.language_code)
        return page

    def _write(self, page: HomePage, language: str) -> None:
        with override(language):
            page.title = page.draft_title = gettext("Certified, and anyone can check it")
            page.lead = gettext(
                "Trainings for partners, tests drawn from item banks, and certificates that "
                "any independent software verifies."
            )
            page.body = "<p>{}</p>".format(
                gettext(
                    "Read at your own pace, take the test when you are ready, and put the "
                    "certificate into your signature within seconds. Your company sees at any "
                    "hour which status it holds, and why."
                )
            )
        page.live = True
        page.save()
        page.save_revision().publish()
