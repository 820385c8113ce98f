"""What an archive may hold: plain files under names of ours, and nothing the manifest omits."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from lms.backup.archive import BadArchive, is_ours, pack, unpack


def member(name: str, body: bytes = b"x", **kind: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(body)
    for key, value in kind.items():
        setattr(info, key, value)
    return info, body


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w|gz") as tar:
        for info, body in members:
            tar.addfile(info, io.BytesIO(body) if info.isreg() else None)
    return io.BytesIO(file.getvalue())


def manifest(**members: dict[str, Any]) -> tuple[tarfile.TarInfo, bytes]:
    return member("manifest.json", json.dumps({"members": members}).encode())


def test_packed_is_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(b"\x89PNG" * 400_000)
    source.chmod(0o640)
    file = io.BytesIO()
    with pack(file) as packer:
        assert packer.add("media/images/ключ.png", source) == 1_600_000
        packer.add("data/keys/a.pem", source)
        packer.add_manifest({"made_at": "today"})
    told = unpack(io.BytesIO(file.getvalue()), tmp_path / "out")
    assert told["made_at"] == "today"
    found = tmp_path / "out" / "media" / "images" / "ключ.png"
    assert found.read_bytes() == source.read_bytes()
    assert found.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "out" / "data" / "keys" / "a.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "../x", "media/../../x", "media//x", "media/./x", "media", "data/keys",
        "data/keys/a/b", "data/db.sqlite3", "data/ledger/credentials.jsonl", "keys/a.pem", "x",
        "media\\x", "media/a\nb", "media/a\0b", "",
    ],
)  # fmt: skip
def test_names_that_are_refused(name: str) -> None:
    assert not is_ours(name)


@pytest.mark.parametrize("name", ["/etc/cron.d/x", "media/../../../x", "data/ledger/x"])
def test_a_member_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadArchive, match="no place in a backup"):
        unpack(archive(member(name), manifest()), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
     tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE],
)  # fmt: skip
def test_only_plain_files_are_taken(tmp_path: Path, kind: bytes) -> None:
    strange = member("media/x", b"", type=kind, linkname="/etc/passwd")
    with pytest.raises(BadArchive):
        unpack(archive(strange, manifest()), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_name_comes_once(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="no place"):
        unpack(archive(member("media/x"), member("media/x", b"y"), manifest()), tmp_path)


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ([], "no manifest"),
        ([member("manifest.json", b"{")], "cannot be read"),
        ([member("manifest.json", b"[]")], "cannot be read"),
        ([manifest(**{"media/y": {"size": 1, "sha256": ""}})], "media/y is not as"),
        ([member("media/x"), manifest()], "media/x is not as"),
        ([member("media/x"), manifest(**{"media/x": {"size": 1, "sha256": "0"}})], "is not as"),
    ],
)
def test_the_manifest_is_the_measure(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]], match: str
) -> None:
    with pytest.raises(BadArchive, match=match):
        unpack(archive(*members), tmp_path)


@pytest.mark.parametrize(
    "body",
    [b"", b"not gzip", archive(manifest()).getvalue()[:60]],
    ids=["nothing", "not gzip", "cut"],
)
def test_what_is_no_archive_is_said(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(BadArchive, match="cannot be read"):
        unpack(io.BytesIO(body), tmp_path)
