"""Reports of misuse: kept for the vendor, told to whoever listens."""

from datetime import datetime

from django.db import transaction

from badges.actions.withdrawal import CredentialUnknown
from badges.events import MisuseReported
from badges.models import Credential, MisuseReport
from lms.events.publish import publish


@transaction.atomic
def report_misuse(*, code: str, text: str, email: str = "", now: datetime) -> int:
    """Keep what a stranger saw and return the report's id; ``CredentialUnknown`` if it is none."""
    credential = Credential.objects.filter(code=code).first()
    if credential is None:
        raise CredentialUnknown(code)
    report = MisuseReport.objects.create(
        credential=credential, text=text.strip(), email=email, reported_at=now
    )
    publish(MisuseReported(occurred_at=now, report_id=report.pk, code=code))
    return report.pk
