"""``manage.py prepare_keys``"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.keys import prepare_keys
from badges.keystore import KeyMissing


class Command(BaseCommand):
    help = "Make the signing keys if there are none yet, and print their names."

    def handle(self, **options: Any) -> None:
        try:
            self.stdout.write("\n".join(prepare_keys(now=timezone.now())))
        except KeyMissing as error:
            raise CommandError(str(error)) from error
