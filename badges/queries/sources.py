"""Finding what was issued for something."""

from django.db.models import Q

from badges.models import Credential
from badges.queries.credentials import CredentialCard, get_credential


def find_by_source(source: str) -> CredentialCard | None:
    """Return the credential that was issued or renewed for ``source``, if one has been yet."""
    by_source = Q(source=source) | Q(editions__source=source)
    code = Credential.objects.filter(by_source).values_list("code", flat=True).first()
    return get_credential(code) if code else None
