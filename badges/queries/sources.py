"""Finding what was issued for something."""

from badges.models import Credential
from badges.queries.credentials import CredentialCard, get_credential


def find_by_source(source: str) -> CredentialCard | None:
    """Return the credential that was issued for ``source``, if it has been issued yet."""
    code = Credential.objects.filter(source=source).values_list("code", flat=True).first()
    return get_credential(code) if code else None
