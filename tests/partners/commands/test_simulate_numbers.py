"""``simulate`` with numbers, companies and ranks, on the sample of Google Ads Partners."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

RULES = Path(__file__).parents[3] / "samples" / "programmes" / "google-ads.yaml"
DAY = "2024-01-02"
PEOPLE = """partner,email,achievement,state
one,a@one.example,google-ads-search,
one,b@one.example,google-ads-search,suspended
two,a@two.example,google-ads-video,
three,,,
"""
METRICS = f"""partner,metric,on,value
one,strategists,{DAY},2
one,spend,{DAY},10000
one,spend-video,{DAY},499
one,score,{DAY},70.5
one,growth,{DAY},3
two,strategists,{DAY},1
two,spend,{DAY},9000
two,growth,{DAY},4
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "people": PEOPLE.replace("three,,,\n", "three,c@three.example,,\n"),
        "metrics": METRICS,
        "partners": "partner,joined_on,country\none,2020-01-01,PL\ntwo,2020-01-01,DE\nfour,,PL\n",
    }
    found = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, text in texts.items():
        found[name].write_text(text, encoding="utf-8")
    return found


def run(files: dict[str, Path], *more: str) -> str:
    out = StringIO()
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    call_command("simulate", str(RULES), *options, "--on", DAY, *more, stdout=out)
    return out.getvalue()


def lines(told: dict[str, Any], partner: str, tier: str) -> dict[str, Any]:
    found = told["partners"][partner]["lines"]
    return {one["id"]: one for one in found if one["tier"] == tier}


def test_numbers_ranks_and_states_are_read_from_files(files: dict[str, Path]) -> None:
    told = json.loads(run(files, "--json"))
    assert {name: one["tier"] for name, one in told["partners"].items()} == {
        "one": "premier",
        "two": "member",
        "three": "member",
        "four": "member",
    }
    one = lines(told, "one", "partner")
    assert (one["video"]["state"], one["score"]["value"]) == ("not_asked", 70.5)
    assert one["certified"]["not_counted"] == [
        {"person": "b@one.example", "reason": "suspended", "line": None}
    ]
    # The best of its country each: with one company there, that is the first of one.
    assert lines(told, "two", "premier")["best"]["state"] == "met"
    assert lines(told, "two", "premier")["certified"]["part_of"] == "partner"
    assert told["partners"]["two"]["missing"] == {"spend": 1000, "score": 70}


def test_without_countries_all_are_ranked_together(files: dict[str, Path]) -> None:
    told = json.loads(run({name: files[name] for name in ("people", "metrics")}, "--json"))
    assert told["partners"]["one"]["tier"] == "partner"
    assert lines(told, "one", "premier")["best"]["value"] == 2


def test_a_person_at_a_terminal_reads_the_same(files: dict[str, Path]) -> None:
    told = run(files)
    assert "partner/score: 70.5 (at least 70), met" in told
    assert "partner/video: 0 of 0 (nobody)" not in told
    assert "not counted: b@one.example, suspended" in told
    assert "partner/score: not on record (at least 70), unknown" in told
    assert "missing for partner: 1000 × spend, 70 × score" in told


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("metrics", f"one,profit,{DAY},1", "row 10, metric: the rules have no such metric"),
        ("metrics", f"one,spend,{DAY},much", "row 10, value"),
        ("partners", "one,yesterday,PL", "row 5, joined_on"),
    ],
)
def test_a_row_at_fault_is_named(files: dict[str, Path], name: str, row: str, message: str) -> None:
    files[name].write_text(files[name].read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        run(files)
