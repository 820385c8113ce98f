"""What the wheel holds, and what it does not."""

import zipfile
from pathlib import Path

import pytest

from tests.hostsite.conftest import ROOT

pytestmark = pytest.mark.hostsite

TOP_LEVEL = {"badges", "courses", "lms", "partners"}
LEFT_OUT = {".po", ".pyc"}


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_only_our_packages_are_inside(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    [metadata] = tops - TOP_LEVEL
    assert metadata.endswith(".dist-info")


def test_everything_of_ours_is_inside(names: set[str]) -> None:
    """Code, templates, static files, fonts, documents, wording; nothing that was deleted."""
    ours = {
        path.relative_to(ROOT).as_posix()
        for top in TOP_LEVEL
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.suffix not in LEFT_OUT
    }
    assert {name for name in names if ".dist-info/" not in name} == ours


def test_every_catalogue_is_compiled(names: set[str]) -> None:
    catalogues = {
        path.relative_to(ROOT).with_suffix(".mo").as_posix()
        for top in TOP_LEVEL
        for path in (ROOT / top).rglob("*.po")
    }
    assert catalogues
    assert catalogues <= names


def test_licences_of_the_fonts_are_inside(names: set[str]) -> None:
    licences = {name for name in names if "/licenses/" in name}
    assert any(name.endswith("LICENSE") for name in licences)
    assert any(name.endswith("OFL.txt") for name in licences)
