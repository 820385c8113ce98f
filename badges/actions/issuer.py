"""Who issues."""

from datetime import datetime

from django.db import transaction

from badges.actions.actors import record, require_permission
from badges.models import IssuerProfile


@transaction.atomic
def define_issuer(
    *, name: str, url: str, email: str, description: str, actor: int | None, now: datetime
) -> None:
    """Write the issuer that editions issued from ``now`` on are signed for; idempotent."""
    require_permission(actor, "lms_badges.change_issuerprofile")
    values = {"name": name, "url": url, "email": email, "description": description}
    issuer, _created = IssuerProfile.objects.update_or_create(pk=1, defaults=values)
    record(issuer, "lms_badges.issuer.defined", actor)
