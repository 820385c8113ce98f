"""The keys: public ones for everybody, the private one for signing."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from badges.models import SigningKey
from lms.conf import get_conf


class KeyMissing(Exception):
    """The database names a key whose private file is not in the data folder."""


class NoKeyYet(KeyMissing):
    """Nothing was ever signed here: the first need makes the key."""


@dataclass(frozen=True)
class Signer:
    """The key that signs now."""

    id: int
    kid: str
    private: Ed25519PrivateKey


def keys_folder() -> Path:
    """Return the folder of the private keys."""
    return get_conf().data_dir / "keys"


def get_active_key() -> SigningKey | None:
    """Return the row of the key that signs, or ``None`` before the first start."""
    return SigningKey.objects.filter(retired_at__isnull=True).first()


def list_kids() -> list[str]:
    """Return the ids of all keys, retired ones too, newest first."""
    return list(SigningKey.objects.order_by("-pk").values_list("kid", flat=True))


def get_signer() -> Signer:
    """Return the signing key; ``KeyMissing`` if there is none or its file is gone."""
    active = get_active_key()
    if active is None:
        raise NoKeyYet("no signing key yet: run manage.py prepare_keys")
    return Signer(active.pk, active.kid, _load(keys_folder() / f"{active.kid}.pem"))


@lru_cache(maxsize=8)
def _load(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        raise KeyMissing(f"the private key {path} is missing: restore it from the backup")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{path} is not an Ed25519 key")
    return key
