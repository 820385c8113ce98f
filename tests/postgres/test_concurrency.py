"""Runs the stories on PostgreSQL, in a process whose only database it is.

The models of the search index are chosen by database when they are imported, so a suite that
began on SQLite cannot change over.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parent.parent.parent
STORIES = [
    "tests/postgres/stories.py",
    "tests/backup/on_postgres.py",
    "tests/backup/test_round_trip.py",
    # What locks rows, and was written on SQLite, which locks none.
    "tests/courses/test_joined_features.py tests/courses/test_cases.py tests/courses/test_panels.py"
    " tests/courses/test_regrading.py tests/courses/test_contests.py tests/courses/test_sections.py"
    " tests/courses/test_breaks.py tests/partners/actions/test_metrics.py",
]
# One that trusts local connections, as a fresh cluster of .ci/run does.
URL = os.environ.get("LMS_TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"


@pytest.mark.parametrize("stories", STORIES)
def test_the_stories_hold_on_postgresql(stories: str) -> None:
    """Migrates a database of its own from nothing, then runs every story of a file."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_XDIST_WORKER"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--create-db", "-m", "", "-v", *stories.split()],
        cwd=ROOT,
        env={**environment, "LMS_DATABASE_URL": URL},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"on {URL}:\n{done.stdout[-20000:]}\n{done.stderr[-2000:]}"
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
