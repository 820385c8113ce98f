"""``manage.py issue_credential --achievement SLUG --recipient EMAIL``"""

import json
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.credentials import AchievementUnknown, NotReady, SourceTaken, issue
from badges.actions.recipients import register_recipient
from badges.domain.identity import NotPrintable
from lms.conf import get_conf


class Command(BaseCommand):
    help = "Issue a credential by hand. The same achievement, address and day issue one only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--achievement", required=True, help="slug")
        parser.add_argument("--recipient", required=True, help="e-mail address")
        parser.add_argument("--name", default="", help="as printed; needed for a new address")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)
        parser.add_argument("--on", type=date.fromisoformat, help="YYYY-MM-DD, default today")
        parser.add_argument("--json", action="store_true", help="keys: code, created, urls")

    def handle(self, **options: Any) -> None:
        now = _noon(options["on"]) if options["on"] else timezone.now()
        slug, email = options["achievement"], options["recipient"].strip().lower()
        try:
            issued = issue(
                achievement=slug,
                recipient_id=register_recipient(email=email, name=options["name"], now=now),
                source=f"hand:{slug}:{email}:{timezone.localdate(now)}",
                language=options["language"],
                actor=None,
                now=now,
            )
        except (AchievementUnknown, NotReady, NotPrintable, SourceTaken) as error:
            raise CommandError(f"{slug} for {email}: {error}") from error
        urls = _urls(issued.code)
        answer = {"code": issued.code, "created": issued.created, "urls": urls}
        self.stdout.write(json.dumps(answer) if options["json"] else urls["page"])


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


def _urls(code: str) -> dict[str, str]:
    page = f"{get_conf().base_url}/c/{code}"
    return {
        "page": f"{page}/",
        **{form: f"{page}.{form}" for form in ("json", "jwt", "png", "svg", "pdf")},
        "ob2": f"{page}/ob2.json",
        "jws": f"{page}/ob2.jws",
        "strip": f"{get_conf().base_url}/s/{code}.png",
    }
