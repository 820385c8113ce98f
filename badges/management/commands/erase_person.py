"""``manage.py erase_person ADDRESS --reason TEXT``"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from badges.actions.erasure import erase_recipient
from badges.actions.withdrawal import ReasonMissing
from badges.queries.recipients import find_recipient


class Command(BaseCommand):
    help = "Forget a person for good: name, addresses, documents, pictures; counts stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="an e-mail address of the person")
        parser.add_argument("--reason", required=True, help="kept in the log; name nobody")

    def handle(self, **options: Any) -> None:
        found = find_recipient(options["address"])
        if found is None:
            raise CommandError(f"{options['address']}: nobody has this address.")
        try:
            erase_recipient(
                recipient_id=found.id, reason=options["reason"], actor=None, now=timezone.now()
            )
        except ReasonMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Person {found.id} is erased; rendered files go within a minute.")
