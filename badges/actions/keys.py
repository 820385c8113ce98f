"""Making the signing key: a row for everybody, a file for its owner."""

import os
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import IntegrityError, transaction

from badges.domain.keys import multibase_of
from badges.models import SigningKey
from badges.queries.keys import get_active_key, keys_folder


def prepare_keys(*, now: datetime) -> str:
    """Return the id of the key that signs; the first call makes it. Safe to call at once twice."""
    active = get_active_key()
    return active.kid if active else _make(now)


def _make(now: datetime) -> str:
    private = Ed25519PrivateKey.generate()
    kid = multibase_of(private.public_key().public_bytes_raw())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    folder = keys_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{kid}.pem"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    try:
        with transaction.atomic():
            SigningKey.objects.create(kid=kid, created_at=now)
    except IntegrityError:
        path.unlink()  # another process was first: its key signs
        return SigningKey.objects.get(retired_at__isnull=True).kid
    return kid
