"""``manage.py prepare_keys``"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from badges.actions.keys import prepare_keys


class Command(BaseCommand):
    help = "Make the signing key if there is none yet, and print its id."

    def handle(self, **options: Any) -> None:
        self.stdout.write(prepare_keys(now=timezone.now()))
