"""manage.py simulate_past: plans a past, fills it in, says how far it has come."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from partners.queries.past import list_unfinished
from tests.factories.courses import make_training
from tests.factories.partners import RECOVERY, SALES
from tests.factories.past import document

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(programme: None, tmp_path: Path) -> Path:
    make_training("recovery", RECOVERY)
    make_training("selling", SALES)
    return write(tmp_path)


def write(folder: Path, **changes: Any) -> Path:
    text = yaml.safe_dump(document(**changes), allow_unicode=True)
    (folder / "simulation.yaml").write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str, **options: Any) -> str:
    said = StringIO()
    call_command("simulate_past", *arguments, stdout=said, **options)
    return said.getvalue()


def test_it_plans_stops_goes_on_and_ends(folder: Path) -> None:
    assert "0 of" in run(str(folder), schedule=True)
    [planned] = list_unfinished()
    until = (localdate() - timedelta(days=500)).isoformat()
    told = json.loads(run("--json", "--until", until))
    assert 0 < told["done"] < told["total"] == planned.total
    assert not told["finished"]
    told = json.loads(run(str(folder), "--json"))
    assert told["finished"]
    assert told["done"] == told["total"]
    assert 0 < told["passed"] < told["tried"]
    assert list_unfinished() == []
    assert json.loads(run(str(folder), "--json")) == told


def test_what_is_missing_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No past is being filled in"):
        run()
    with pytest.raises(CommandError, match="there is no such file"):
        run(str(ROOT / "docs"))
    with pytest.raises(CommandError, match="load its programme first"):
        run(str(write(tmp_path, programme="another")))
    with pytest.raises(CommandError, match=r"simulation\.yaml, years"):
        run(str(write(tmp_path, years=0)))
    assert list_unfinished() == []


def test_loading_a_programme_plans_no_past(db: None) -> None:
    call_command(
        "load_programme", str(ROOT / "samples/halden"), without_history=True, stdout=StringIO()
    )
    assert list_unfinished() == []
    assert "0 of" in run(str(ROOT / "samples/halden"), schedule=True)
    assert list_unfinished()[0].total > 3000
