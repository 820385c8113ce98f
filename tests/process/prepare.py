"""Run in the site's environment: a site with its programme, once; prints the sample sign-ins."""

import sys
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    django.setup()
    quiet = StringIO()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", stdout=quiet)
    call_command("prepare_keys", stdout=quiet)
    call_command("prepare_site", stdout=quiet)
    call_command("load_programme", str(ROOT / "samples/halden"), without_history=True, stdout=quiet)
    call_command("prepare_demo", stdout=sys.stdout)


if __name__ == "__main__":
    main()
