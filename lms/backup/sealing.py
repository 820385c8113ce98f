"""One encrypted stream: scrypt makes a key of the passphrase, AES-256-GCM seals chunk by chunk.

The nonce of a chunk is a random prefix, its number and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár), and the header is authenticated with each
chunk. So a chunk that was changed, moved, left out or cut off is noticed. A tag after the header
tells a wrong passphrase from a damaged file.
"""

import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC, VERSION = b"laurel-backup", 1
CHUNK, TAG = 1 << 20, 16
COST, MOST_COST = 17, 20  # powers of two; 17 takes 128 MB and a third of a second
_HEADER = struct.Struct(f">{len(MAGIC)}sBB16s7s")  # magic, version, cost, salt, nonce prefix
_LAST_NUMBER = 2**32 - 1
DAMAGED = "it is damaged or cut off"


class NotOpened(Exception):
    """A file cannot be opened: not a backup, another passphrase, or damaged."""


class Sealer:
    """A file to write into; without ``finish`` nobody can open what was written."""

    def __init__(self, file: BinaryIO, passphrase: str, cost: int | None = None) -> None:
        self._file, self._buffer, self._number = file, bytearray(), 0
        cost = COST if cost is None else cost
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._header = _HEADER.pack(MAGIC, VERSION, cost, salt, self._prefix)
        self._key = AESGCM(_derive(passphrase, salt, cost))
        file.write(self._header + self._key.encrypt(_check_nonce(self._prefix), b"", self._header))

    def write(self, data: bytes) -> int:
        """Take plain bytes. A chunk leaves only once another byte follows it."""
        self._buffer += data
        while len(self._buffer) > CHUNK:
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._buffer), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last)
        self._file.write(self._key.encrypt(nonce, chunk, self._header))
        self._number += 1


class Opener:
    """A sealed file to read from; every byte it returns was authenticated.

    ``NotOpened`` from the first call on which something is wrong; the end is sure only once
    ``read`` has returned nothing.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file, self._buffer, self._number = file, bytearray(), 0
        self._header = file.read(_HEADER.size)
        if not self._header.startswith(MAGIC) or len(self._header) < _HEADER.size:
            raise NotOpened("it is not a backup of Laurel")
        _magic, version, cost, salt, self._prefix = _HEADER.unpack(self._header)
        if version != VERSION or not 1 <= cost <= MOST_COST:
            raise NotOpened(f"its format {version} is not known here; a newer Laurel may read it")
        self._key = AESGCM(_derive(passphrase, salt, cost))
        try:
            self._key.decrypt(_check_nonce(self._prefix), file.read(TAG), self._header)
        except InvalidTag:
            raise NotOpened("the passphrase is not the one it was made with") from None
        self._next = file.read(CHUNK + TAG)
        if not self._next:
            raise NotOpened(DAMAGED)  # even of nothing there is a last chunk

    def read(self, size: int) -> bytes:
        """Return up to ``size`` plain bytes; none at the end."""
        while len(self._buffer) < size and self._next:
            self._buffer += self._open()
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found

    def _open(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG)
        nonce = _nonce(self._prefix, self._number, last=not self._next)
        self._number += 1
        try:
            return self._key.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise NotOpened(DAMAGED) from None


def _derive(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase.encode())


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number > _LAST_NUMBER:
        raise OverflowError("more than four pebibytes do not fit into one backup")
    return prefix + struct.pack(">IB", number, last)


def _check_nonce(prefix: bytes) -> bytes:
    return prefix + struct.pack(">IB", 0, 2)
