"""Where private keys lie: a folder by default, the environment, or a class of the host's own.

A store of one's own has the methods of ``KeyStore`` and is named by ``LMS["KEY_STORE"]``.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.utils.module_loading import import_string

from lms.conf import get_conf

PrivateKey = Ed25519PrivateKey | RSAPrivateKey


class KeyMissing(Exception):
    """A private key is not where it should be, or cannot be opened; the message says which."""


class KeyStore(Protocol):
    """What Laurel asks of a store."""

    def read(self, kid: str) -> PrivateKey:
        """Return a key; ``KeyMissing`` if it is not there or cannot be opened."""

    def write(self, kid: str, key: PrivateKey) -> None:
        """Keep a new key; ``KeyMissing`` if this store takes none."""

    def delete(self, kid: str) -> None:
        """Drop a key that never signed anything."""

    def provided(self) -> list[PrivateKey]:
        """Return keys the operator has given, for the database to take up; mostly none."""


class FolderStore:
    """Encrypted PEM files in ``keys/`` of the data folder, readable by their owner only.

    The passphrase is ``LMS["KEY_PASSPHRASE"]``; without one the first start makes it, in a file
    beside the folder: enough against a stray copy of the folder, not of the whole disk.
    """

    def __init__(self) -> None:
        self.folder = get_conf().data_dir / "keys"

    def read(self, kid: str) -> PrivateKey:
        return _load(self._path(kid), self._passphrase())

    def write(self, kid: str, key: PrivateKey) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        locked = BestAvailableEncryption(self._passphrase())
        _create(self._path(kid), key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))

    def delete(self, kid: str) -> None:
        self._path(kid).unlink(missing_ok=True)

    def provided(self) -> list[PrivateKey]:
        return []

    def _path(self, kid: str) -> Path:
        return self.folder / f"{kid}.pem"

    def _passphrase(self) -> bytes:
        if given := get_conf().key_passphrase:
            return given.encode()
        path = self.folder.parent / "key_passphrase"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _create(path, secrets.token_urlsafe(32).encode())
        except FileExistsError:
            pass  # made by an earlier start
        return path.read_bytes().strip()


class EnvironmentStore:
    """Keys from ``LMS_SIGNING_KEYS``: PEM texts one after the other, as a secret manager hands
    them over; ``KEY_PASSPHRASE`` opens them if they are encrypted.
    """

    def read(self, kid: str) -> PrivateKey:
        # Imported names of keys are only in the database: the caller compares public parts.
        raise KeyMissing(f"LMS_SIGNING_KEYS does not name keys; {kid} is found by its public part")

    def write(self, kid: str, key: PrivateKey) -> None:
        raise KeyMissing("the keys come from LMS_SIGNING_KEYS: add a new one there first")

    def delete(self, kid: str) -> None:
        raise KeyMissing("the keys come from LMS_SIGNING_KEYS: nothing can be deleted there")

    def provided(self) -> list[PrivateKey]:
        return list(_parse(os.environ.get("LMS_SIGNING_KEYS", ""), get_conf().key_passphrase))


def get_store() -> KeyStore:
    """Return the site's store."""
    store: KeyStore = import_string(get_conf().key_store)()
    return store


def forget_keys() -> None:
    """Drop what was loaded: after a restore other files may lie under the same names."""
    _load.cache_clear()
    _parse.cache_clear()


@lru_cache(maxsize=16)
def _load(path: Path, passphrase: bytes) -> PrivateKey:
    """Opening an RSA key costs as much as a hundred signatures, so it is done once."""
    if not path.exists():
        raise KeyMissing(f"the private key {path} is missing: restore it from the backup")
    try:
        key = load_pem_private_key(path.read_bytes(), password=passphrase)
    except (ValueError, TypeError) as error:
        raise KeyMissing(f"{path} cannot be opened with the passphrase: {error}") from error
    return _checked(key, str(path))


@lru_cache(maxsize=4)
def _parse(text: str, passphrase: str) -> tuple[PrivateKey, ...]:
    end = "-----END"
    found = [part for part in text.replace("\\n", "\n").split("-----BEGIN") if end in part]
    try:
        return tuple(
            _checked(
                load_pem_private_key(
                    f"-----BEGIN{part}".encode(),
                    password=passphrase.encode() if "ENCRYPTED" in part else None,
                ),
                "LMS_SIGNING_KEYS",
            )
            for part in found
        )
    except (ValueError, TypeError) as error:
        raise KeyMissing(f"LMS_SIGNING_KEYS cannot be read: {error}") from error


def _checked(key: object, place: str) -> PrivateKey:
    if not isinstance(key, Ed25519PrivateKey | RSAPrivateKey):
        raise KeyMissing(f"{place} is neither an Ed25519 nor an RSA key")
    return key


def _create(path: Path, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
