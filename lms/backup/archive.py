"""What is in a backup: a compressed tar whose last member names every other with its SHA-256."""

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol

MANIFEST = "manifest.json"
SQLITE, DUMP = "database.sqlite3", "database.dump"
SINGLE = ("key_passphrase", "secret_key", "base_url", "sample-loaded")  # files of the data folder
PIECE = 1 << 20
_OWNERS = 0o600


class BadArchive(Exception):
    """A backup holds what no backup of ours does; the message names it."""


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Target(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Packer:
    """An archive being written."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive, self.members = archive, dict[str, dict[str, Any]]()

    def add(self, name: str, path: Path) -> int:
        """Add a file as it is now; return its size. ``OSError`` if it shrinks meanwhile."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            stat = os.fstat(file.fileno())
            info.size, info.mtime, info.mode = (
                stat.st_size,
                int(stat.st_mtime),
                stat.st_mode & 0o777,
            )
            hashed = _Hashed(file)
            self._archive.addfile(info, hashed)  # type: ignore[arg-type]
        self.members[name] = {"size": info.size, "sha256": hashed.digest.hexdigest()}
        return info.size

    def add_manifest(self, facts: dict[str, Any]) -> None:
        body = json.dumps({**facts, "members": self.members}, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(body), _OWNERS
        self._archive.addfile(info, BytesIO(body))


class _Hashed:
    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        body = self._file.read(size)
        self.digest.update(body)
        return body


@contextmanager
def pack(target: Target) -> Iterator[Packer]:
    """Write an archive into ``target``."""
    with tarfile.open(fileobj=target, mode="w|gz") as archive:  # type: ignore[call-overload]
        yield Packer(archive)


def unpack(source: Source, folder: Path) -> dict[str, Any]:
    """Write every member below an empty folder and return the manifest.

    ``BadArchive`` unless each member is a plain file under a name of ours, and just those the
    manifest names, with the content it names.
    """
    seen: dict[str, dict[str, Any]] = {}
    try:
        with tarfile.open(fileobj=source, mode="r|gz") as archive:  # type: ignore[call-overload]
            for info in archive:
                name = _checked(info, seen)
                body = archive.extractfile(info)
                if body is None:
                    raise BadArchive(f"its member {name} is no plain file")
                seen[name] = _write(body, folder / name, info)
    except (tarfile.TarError, zlib.error, EOFError, OverflowError) as error:
        raise BadArchive(f"its archive cannot be read: {error}") from error
    while source.read(PIECE):
        pass  # what follows the archive's end is authenticated too
    return _manifest(folder, seen)


def _checked(info: tarfile.TarInfo, seen: dict[str, dict[str, Any]]) -> str:
    if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
        raise BadArchive(f"its member {info.name!r} is no plain file")
    if not is_ours(info.name) or info.name in seen:
        raise BadArchive(f"its member {info.name!r} has no place in a backup")
    return info.name


def is_ours(name: str) -> bool:
    """Say whether a member may have this name."""
    parts = name.split("/")
    if any(ord(sign) < 32 or sign == "\\" for sign in name):
        return False
    if any(part in ("", ".", "..") for part in parts):
        return False
    if len(parts) == 1:
        return name in (MANIFEST, SQLITE, DUMP)
    if parts[0] == "data":
        return parts[1:] in [[one] for one in SINGLE] or (len(parts) == 3 and parts[1] == "keys")
    return parts[0] == "media"


def _write(body: Any, path: Path, info: tarfile.TarInfo) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = info.mode & 0o644 if info.name.startswith("media/") else 0  # as the web server needs
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _OWNERS)
    with os.fdopen(descriptor, "wb") as file:
        while piece := body.read(PIECE):
            file.write(piece)
            digest.update(piece)
    path.chmod(mode | _OWNERS)
    os.utime(path, (info.mtime, info.mtime))
    return {"size": info.size, "sha256": digest.hexdigest()}


def _manifest(folder: Path, seen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if seen.pop(MANIFEST, None) is None:
        raise BadArchive("it has no manifest")
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        named = dict(manifest["members"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadArchive("its manifest cannot be read") from error
    if wrong := sorted(name for name in {*named, *seen} if named.get(name) != seen.get(name)):
        raise BadArchive(f"its member {wrong[0]} is not as its manifest says")
    return manifest
