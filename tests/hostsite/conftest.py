"""The wheel, and a virtual environment a host would have; each made once a session."""

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def host_environment() -> dict[str, str]:
    """Ours, without what our suite set for itself."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "LMS_"))}


def run(*command: str | Path, cwd: Path, within: int = 600) -> str:
    """Run a command and return its standard output; its failure tells all it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=host_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )
    said = f"$ {' '.join(map(str, command))}\n{done.stdout[-8000:]}\n{done.stderr[-8000:]}"
    assert done.returncode == 0, said
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the distribution as a release would."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def host_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel and what it asks for, in the versions our lock names."""
    folder = tmp_path_factory.mktemp("host-venv")
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    locked = (ROOT / "requirements.lock").read_text()
    # Name, version and marker, without extras and hashes, is what pip takes as a constraint.
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?(==.+?) *\\?$", locked, re.MULTILINE)
    assert len(pins) > 50
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{name}{version}\n" for name, version in pins))
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(python, *install, "--constraint", constraints, wheel, cwd=folder, within=1200)
    run(python, "-m", "pip", "check", cwd=folder)
    return python
