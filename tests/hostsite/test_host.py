"""A blank Wagtail project takes Laurel in by the lines of the guide, and nothing else."""

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.hostsite.conftest import ROOT, host_environment, run
from tests.process.browser import GONE
from tests.process.site import free_port, wait_for

pytestmark = pytest.mark.hostsite

GUIDE = ROOT / "docs" / "guides" / "host-site.md"
BLOCK = re.compile(r"<!-- block: ([\w-]+) -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def blocks() -> dict[str, str]:
    """The guide's code, by the name its comment gives."""
    return dict(BLOCK.findall(GUIDE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Host:
    """A project of somebody else's."""

    folder: Path
    python: Path

    @property
    def settings(self) -> Path:
        return self.folder / "host" / "settings" / "base.py"

    @property
    def urls(self) -> Path:
        return self.folder / "host" / "urls.py"

    def manage(self, *arguments: str | Path) -> str:
        return run(self.python, "manage.py", *arguments, cwd=self.folder, within=900)

    def append(self, file: Path, *texts: str) -> None:
        file.write_text("\n".join([file.read_text(), *texts]))

    def replace(self, file: Path, old: str, new: str) -> None:
        text = file.read_text()
        assert old in text, f"wagtail start writes another {file.name} now"
        file.write_text(text.replace(old, new))


@pytest.fixture
def host(host_python: Path, tmp_path: Path) -> Host:
    """What ``wagtail start`` makes; it must not find our repository on its path."""
    folder = tmp_path / "project"
    folder.mkdir()
    run(host_python.parent / "wagtail", "start", "host", ".", cwd=folder)
    return Host(folder, host_python)


def swap_base_page(host: Host, _blocks: dict[str, str]) -> None:
    """The host's own base page, from before its first migration, as Wagtail's manual has it.

    Wagtail ships one for its own tests, with the hand-made migrations such a page needs.
    """
    where = run(host.python, "-c", "import wagtail; print(wagtail.__path__[0])", cwd=host.folder)
    shipped = Path(where.strip()) / "test" / "basepage"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(shipped, host.folder / "basepage", ignore=ignored)
    host.replace(host.folder / "basepage" / "apps.py", '"wagtail.test.basepage"', '"basepage"')
    # The project's own two apps are written for Wagtail's page.
    shutil.rmtree(host.folder / "home")
    shutil.rmtree(host.folder / "search")
    host.replace(host.settings, '    "home",\n    "search",\n', '    "basepage",\n')
    host.replace(host.urls, "from search import views as search_views\n", "")
    host.replace(host.urls, '    path("search/", search_views.search, name="search"),\n', "")
    host.append(host.settings, 'WAGTAIL_PAGE_MODEL = "basepage.BasePage"\n')


def write_own_pages(host: Host, blocks: dict[str, str]) -> None:
    app = host.folder / "trainings"
    (app / "migrations").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    (app / "models.py").write_text(blocks["own-pages"])


def add_laurel(host: Host, blocks: dict[str, str], pages: str) -> None:
    """Sections 2 to 4 of the guide."""
    other_pages = {"settings-pages", "settings-own-pages"} - {pages}
    wanted = [name for name in blocks if name.startswith("settings") and name not in other_pages]
    host.append(host.settings, *(blocks[name] for name in wanted))
    host.append(host.urls, blocks["urls"])


def start_and_visit(host: Host) -> dict[str, Any]:
    """Section 5 of the guide, then a visit."""
    assert "no issues" in host.manage("check")
    host.manage("migrate", "--verbosity=0")
    host.manage("makemigrations", "--check", "--dry-run")
    host.manage("prepare_keys")
    sample = ROOT / "samples" / "halden"
    loaded = json.loads(host.manage("load_programme", sample, "--without-history", "--json"))
    assert loaded["created"] > 100
    again = json.loads(host.manage("load_programme", sample, "--without-history", "--json"))
    assert (again["created"], again["changed"], again["conflicts"]) == (0, 0, [])
    script = (ROOT / "tests" / "hostsite" / "visit.py").read_text()
    said = host.manage("shell", "--verbosity=0", "-c", script)
    visited: dict[str, Any] = json.loads(said.partition("VISITED ")[2])
    return visited


def assert_up_serves(host: Host) -> None:
    """``manage.py up`` serves a host's own application, and SIGINT ends it."""
    port = free_port()
    up = subprocess.Popen(
        [str(host.python), "manage.py", "up", "--port", str(port)],
        cwd=host.folder,
        env=host_environment(),
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for("the first page", lambda: up.poll() is not None or _answers(port), 120)
    finally:
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=60) == 0


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/verify/", timeout=10) as page:
            return bool(page.status == 200)
    except GONE:
        return False


def assert_at_home(visited: dict[str, Any], lesson_model: str) -> None:
    assert visited["lesson_model"] == lesson_model
    assert visited["lessons"] == 16
    assert "/admin/login/?next=" in visited["stranger_is_sent_to"]
    assert visited["lesson_has_title"]
    assert visited["styles"]
    assert visited["statuses"] == dict.fromkeys(visited["statuses"], 200)


def test_the_guide_marks_its_blocks(blocks: dict[str, str]) -> None:
    assert {"settings", "urls", "settings-pages", "own-pages", "settings-own-pages"} <= set(blocks)


def test_a_blank_project(host: Host, blocks: dict[str, str]) -> None:
    add_laurel(host, blocks, "settings-pages")
    assert_at_home(start_and_visit(host), "lms_pages.LessonPage")
    assert_up_serves(host)


def test_a_project_with_a_base_page_of_its_own(host: Host, blocks: dict[str, str]) -> None:
    """Without ``lms.pages``: the host's classes over the mixins are filled and answer."""
    swap_base_page(host, blocks)
    write_own_pages(host, blocks)
    add_laurel(host, blocks, "settings-own-pages")
    host.manage("makemigrations", "trainings")
    assert_at_home(start_and_visit(host), "trainings.LessonPage")


def leave_out(name: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf'^    "{re.escape(name)}.*",\n', "", text, flags=re.MULTILINE)


def test_a_project_without_the_optional_apps(host: Host, blocks: dict[str, str]) -> None:
    """No ``lms.notifications``, no ``lms.cabinet``: the rest stands without them."""
    without = blocks["settings"]
    for name in ("lms.notifications", "lms.cabinet"):
        without = leave_out(name)(without)
    add_laurel(host, {**blocks, "settings": without}, "settings-pages")
    assert "lms.cabinet" not in host.settings.read_text()
    visited = start_and_visit(host)
    assert visited["statuses"].pop("cabinet") == 404
    assert_at_home(visited, "lms_pages.LessonPage")
