"""Unguessable codes for new rows."""

import secrets

from badges.domain.identity import CODE_LENGTH, code_from


def new_code() -> str:
    """Return a fresh code of 85 random bits."""
    return code_from(secrets.randbits(5 * CODE_LENGTH))
