"""The calculator's arithmetic, run by Node: exact where people expect it, and never as code."""

import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.node
SOURCE = Path(__file__).parents[2] / "courses/static/courses/attempt/arithmetic.js"
RUN = """
import { work, turnSign } from "./arithmetic.mjs";
let last = null;
const told = JSON.parse(process.argv[1]).map(([text, comma]) => {
    try {
        last = work(text, { comma, last });
        return last.text;
    } catch (reason) {
        if (reason.constructor.name !== "Unworkable") throw reason;
        return `!${reason.message}`;
    }
});
console.log(JSON.stringify([told, JSON.parse(process.argv[1]).map(([text]) => turnSign(text))]));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Node takes the file for a module: there is no package.json to say so."""
    folder = tmp_path_factory.mktemp("arithmetic")
    shutil.copy(SOURCE, folder / "arithmetic.mjs")
    return folder


def ask(folder: Path, *lines: str, comma: bool = False) -> list[list[str]]:
    sent = json.dumps([[line, comma] for line in lines])
    done = subprocess.run(
        ["node", "--input-type=module", "-e", RUN, sent],
        cwd=folder, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    told: list[list[str]] = json.loads(done.stdout)
    return told


def work(folder: Path, *lines: str, **more: Any) -> list[str]:
    return ask(folder, *lines, **more)[0]


def test_what_people_expect(folder: Path) -> None:
    expected = {
        "0.1+0.2": "0.3",
        "0.1 + 0.2 - 0.3": "0",
        "600*0.008/0.6": "8",
        "1/3": "0.333333333333",
        "2 ÷ 3": "0.666666666667",
        "1/3*3": "1",
        "2+3×4": "14",
        "(2+3)×4": "20",
        "2(3+4)": "14",
        "(1+2": "3",
        "8-5-2": "1",
        "64/4/2": "8",
        "-5 - -3": "−2",
        "2×−3": "−6",
        "−(3)": "−3",
        "√9": "3",
        "r(2+2)": "2",
        "√√16": "2",
        "√0.25": "0.5",
        "√2×√2": "2",
        "√2": "1.41421356237",
        "5√4": "10",
        ".5+5.": "5.5",
        "1 000 000": "1000000",
    }
    for line, result in expected.items():
        assert work(folder, line) == [result], line


def test_percent_is_of_what_stands_before_it(folder: Path) -> None:
    lines = ["200+10%", "200−10%", "200×10%", "50%", "100+50%×2", "40/80%", "12%+3"]
    assert work(folder, *lines) == ["220", "180", "20", "0.5", "101", "50", "3.12"]


def test_the_comma_is_a_point_where_people_write_it_so(folder: Path) -> None:
    assert work(folder, "0,1+0,2", "1,5×2", "0.1+0.2", comma=True) == ["0,3", "3", "0,3"]
    assert work(folder, "1,000×2") == ["!unclear"], "in English it would be misread"


def test_a_result_goes_on_unrounded(folder: Path) -> None:
    assert work(folder, "1/3", "0.333333333333×3") == ["0.333333333333", "1"]
    assert work(folder, "−1/3", "−0.333333333333×3") == ["−0.333333333333", "−1"]
    assert work(folder, "1/3", "0,333333333333×3", comma=True)[1] == "1"
    assert work(folder, "0.333333333333×3") == ["0.999999999999"]


def test_large_and_small(folder: Path) -> None:
    expected = {
        "123456789012345": "123456789012345",
        "12345678901234567": "1.23456789012E16",
        "1.23456789012E16/2": "6.1728394506E15",
        "999999999999.95": "1000000000000",
        "0.9999999999999": "1",
        "9999999999999999.9": "1E16",
        "0.000001": "0.000001",
        "1/300000000": "3.33333333333E−9",
        "3E−9×3": "9E−9",
        "1E99×10": "!large",
        "1E400": "!large",
        "9" * 101: "!large",
    }
    for line, result in expected.items():
        assert work(folder, line) == [result], line


def test_what_cannot_be_worked_out_is_said(folder: Path) -> None:
    zero, root = ["1/0", "5÷(3−3)", "1/√0"], ["√−1", "√(2−3)"]
    assert work(folder, *zero) == ["!zero"] * len(zero)
    assert work(folder, *root) == ["!root"] * len(root)
    unclear = ["", "1+", "×2", "1.5.2", "2^3", "5)", "()", "1 + a", "alert(1)", "E5", "√", "%"]
    unclear += ["constructor", "1;2", "[]", "(" * 50]
    assert work(folder, *unclear) == ["!unclear"] * len(unclear)


def test_the_sign_turns_round_and_back(folder: Path) -> None:
    turned = ["−5", "5", "−(1+2)", "1+2", "−", "−1.5E−9"]
    assert ask(folder, "5", "−5", "1+2", "−(1+2)", "", "1.5E−9")[1] == turned


number = st.decimals(-9999, 9999, places=3, allow_nan=False)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(number, st.sampled_from("+-*"), number), min_size=200, max_size=200))
def test_it_agrees_with_another_arithmetic(
    folder: Path, sums: list[tuple[Decimal, str, Decimal]]
) -> None:
    acts = {"+": Decimal.__add__, "-": Decimal.__sub__, "*": Decimal.__mul__}
    told = work(folder, *(f"{one}{sign}({other})" for one, sign, other in sums))
    exact = [acts[sign](one, other) for one, sign, other in sums]
    for result, wanted in zip(told, exact, strict=True):
        shown = Decimal(result.replace("−", "-"))
        assert abs(shown - wanted) <= abs(wanted) * Decimal("5E-12")
