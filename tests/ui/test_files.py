"""What holds for every file of the UI kernel: no inline code, budgets, fonts as declared."""

import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from lms.ui.seal import seal_svg

UI = Path(__file__).parents[2] / "lms/ui"
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
SKIN = [UI.parents[1] / "templates" / name for name in ("403.html", "404.html", "500.html")]
STYLES = sorted((UI / "static/lms").glob("*.css"))
SHIPPED = [*TEMPLATES, *SKIN]
FORBIDDEN = re.compile(r"\b(educat|teach|course|diploma)", re.IGNORECASE)


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", SHIPPED, ids=named)
class TestTemplates:
    def test_nothing_inline(self, path: Path) -> None:
        text = re.sub(r"\{#.*?#\}", "", path.read_text())
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)

    def test_words(self, path: Path) -> None:
        assert not FORBIDDEN.search(path.read_text())
        assert not re.search(r'trans "[^"]*!', path.read_text())

    def test_text_is_translatable(self, path: Path) -> None:
        text = re.sub(
            r"\{#.*?#\}|\{% comment.*?endcomment %\}|\{%.*?%\}|\{\{.*?\}\}",
            "",
            path.read_text(),
            flags=re.S,
        )
        if "blocktrans" in path.read_text():
            text = text.replace(" of ", "")
        assert not re.search(r">[^<]*[A-Za-z]{3,}[^<]*<", text)

    def test_is_sound(self, path: Path) -> None:
        root = path.parents[0] if path in SKIN else UI / "templates"
        get_template(str(path.relative_to(root)))


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if "components" in p.parts and p.name[0] != "_"], ids=named
)
def test_components_state_their_context(path: Path) -> None:
    assert path.read_text().startswith(f"{{# {path.stem}: ")


@pytest.mark.parametrize("path", STYLES, ids=named)
class TestStyles:
    def test_budget_and_layer(self, path: Path) -> None:
        text = path.read_text()
        assert len(text.splitlines()) <= 400
        assert "@import" not in text
        assert path.name == "fonts.css" or text.split("*/\n", 1)[1].startswith("@layer lms {")

    def test_colours_come_from_the_tokens(self, path: Path) -> None:
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b", path.read_text())

    def test_directions_are_logical(self, path: Path) -> None:
        physical = r"(?:margin|padding|border)-(?:left|right|top|bottom)|[^-](?:left|right):"
        assert not re.search(physical, path.read_text())

    def test_is_linked_by_the_page(self, path: Path) -> None:
        assert f"lms/{path.name}" in (UI / "templates/lms/base.html").read_text()

    def test_tokens_exist(self, path: Path) -> None:
        known = set(re.findall(r"(--[\w-]+):", (UI / "static/lms/tokens.css").read_text()))
        used = set(re.findall(r"var\((--lms-[\w-]+)\)", path.read_text()))
        assert used <= known


class TestFonts:
    def test_sums_are_those_of_source_md(self) -> None:
        stated = dict(
            re.findall(
                r"`(Inter_\w+\.ttf)` \| \d+ \| `(\w{64})`", (UI / "fonts/SOURCE.md").read_text()
            )
        )
        found = {
            p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (UI / "fonts").glob("*.ttf")
        }
        assert stated == found
        assert len(found) == 3

    def test_every_face_has_its_file_and_the_other_way_round(self) -> None:
        faces = set(
            re.findall(r'url\("fonts/([\w.-]+)"\)', (UI / "static/lms/fonts.css").read_text())
        )
        assert faces == {p.name for p in (UI / "static/lms/fonts").glob("*.woff2")}
        assert len(faces) == 9

    def test_licence_beside_each_copy(self) -> None:
        for folder in ("fonts", "static/lms/fonts"):
            assert "SIL OPEN FONT LICENSE Version 1.1" in (UI / folder / "OFL.txt").read_text()


def test_the_icon_of_the_site_is_the_seal() -> None:
    drawn = set(re.findall(r' d="([^"]+)"', seal_svg("valid", 32)))
    stored = set(re.findall(r' d="([^"]+)"', (UI / "static/lms/seal.svg").read_text()))
    assert drawn == stored
