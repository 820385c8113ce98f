"""Sizes that keep the code readable: files, functions, hooks; and no missing migration."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
APPS = ("badges", "courses", "partners", "lms")
SOURCES = [
    path
    for folder in (*APPS, "tests", "scripts", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
FILE, MODELS, HOOKS, FUNCTION = 400, 300, 80, 50
# Words a module may be called by inside an app; import-linter says which may import which.
WORDS = {
    "__init__", "actions", "api", "apps", "blocks", "checks", "domain", "events", "forms",
    "keystore", "ledger", "locale", "management", "migrations", "models", "pages", "queries",
    "receivers", "static", "templates", "templatetags", "urls", "views", "viewsets",
    "wagtail_hooks", "data", "fonts",
}  # fmt: skip


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def limit(path: Path) -> int:
    if path.name == "wagtail_hooks.py":
        return HOOKS
    return MODELS if "models" in (*path.parts, path.stem) else FILE


def test_no_file_is_too_long() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in SOURCES}
    too_long = {name: n for name, n in long.items() if n > limit(ROOT / name)}
    assert too_long == {}


def test_no_function_is_too_long() -> None:
    too_long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION:
                    too_long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert too_long == {}


@pytest.mark.parametrize("app", ["badges", "courses", "partners"])
def test_an_app_uses_the_houses_words(app: str) -> None:
    found = {path.stem for path in (ROOT / app).iterdir() if path.name != "__pycache__"}
    assert found - WORDS == set()


def test_each_app_has_one_first_migration() -> None:
    for folder in [*ROOT.glob("*/migrations"), *ROOT.glob("lms/*/migrations")]:
        names = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        assert names in ([], ["0001_initial"]), folder


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
