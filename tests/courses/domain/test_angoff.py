"""A cut from judges; every figure here is worked out by hand."""

from math import sqrt

import pytest

from courses.domain.angoff import DISPUTED, RatedItem, Rating, RoundReport, describe_round, to_whole
from courses.domain.ratings import read_ratings

# Two items of the log, one of restoring; a test draws one of the log and three of restoring.
ITEMS = [RatedItem(id=1, cell="wal"), RatedItem(id=2, cell="wal"), RatedItem(id=3, cell="restore")]
COUNTS = {"wal": 1, "restore": 3}
SAID = {1: {1: 60, 2: 40, 3: 80}, 2: {1: 70, 2: 50, 3: 90}, 3: {1: 80, 2: 90, 3: 70}}


def report(said: dict[int, dict[int, int]], counts: dict[str, int] = COUNTS) -> RoundReport:
    ratings = [
        Rating(judge=judge, item=item, percent=percent)
        for judge, own in said.items()
        for item, percent in own.items()
    ]
    return describe_round(ITEMS, counts, list(SAID), ratings)


def test_the_cut_weighs_cells_as_the_test_draws_them() -> None:
    told = report(SAID)
    # Items: 70, 60, 80. Cells: (70 + 60) / 2 = 65 once, 80 three times: (65 + 240) / 4.
    assert [one.mean for one in told.items] == [70, 60, 80]
    assert told.cut == pytest.approx(76.25)
    # A plain mean of the items would say 70: the bank is not the test.
    assert to_whole(76.25) == 76


def test_spread_of_an_item_is_the_sample_deviation() -> None:
    told = report(SAID)
    # 60, 70, 80: squares 100 + 0 + 100 over two. 40, 50, 90: 400 + 100 + 900 over two.
    assert [one.spread for one in told.items] == pytest.approx([10, sqrt(700), 10])
    assert [one.is_disputed for one in told.items] == [False, True, False]
    assert told.spread == pytest.approx((20 + sqrt(700)) / 3)
    assert sqrt(700) > DISPUTED == 15


def test_the_error_is_over_the_judges_own_cuts() -> None:
    told = report(SAID)
    # Own cuts: (50 + 240) / 4, (60 + 270) / 4, (85 + 210) / 4.
    assert [one.cut for one in told.judges] == pytest.approx([72.5, 82.5, 73.75])
    # Mean 76.25; squares 14.0625 + 39.0625 + 6.25 = 59.375 over two, its root over root three.
    assert told.error == pytest.approx(sqrt(59.375 / 2) / sqrt(3))


def test_severity_is_how_far_a_judge_stands_from_the_panel() -> None:
    told = report(SAID)
    assert [one.mean for one in told.judges] == pytest.approx([60, 70, 80])
    assert [one.severity for one in told.judges] == pytest.approx([-10, 0, 10])


def test_missing_ratings_are_told_and_do_not_make_a_judge_severe() -> None:
    said = {1: {1: 60, 2: 40, 3: 80}, 2: {3: 90}}
    told = report(said)
    assert (told.ratings, told.missing) == (4, 5)
    # Judge 2 rated the easiest item alone: compared with the panel on that one, 90 beside 85.
    assert [one.severity for one in told.judges] == [pytest.approx(-5 / 3), 5, None]
    assert [one.mean for one in told.judges] == [60, 90, None]
    # Only judge 1 rated something in every cell: no error of one.
    assert [one.cut for one in told.judges] == [72.5, None, None]
    assert told.error is None
    assert told.cut == pytest.approx((50 + 3 * 85) / 4)


def test_without_a_cell_there_is_no_cut() -> None:
    told = report({1: {1: 60, 2: 40}})
    assert told.cut is None
    assert told.items[2].percents == ()
    assert (told.items[2].mean, told.items[2].spread, told.items[2].is_disputed) == (
        None,
        None,
        False,
    )
    assert report({}).spread is None


def test_a_cell_that_draws_nothing_weighs_nothing() -> None:
    assert report(SAID, {"wal": 2, "restore": 0}).cut == pytest.approx(65)
    assert report(SAID, {}).cut is None


@pytest.mark.parametrize(("cut", "whole"), [(67.5, 68), (68.49, 68), (0.2, 1), (99.9, 100)])
def test_a_test_has_a_whole_percentage(cut: float, whole: int) -> None:
    assert to_whole(cut) == whole


class TestTables:
    HEADER = ("Judge", "Item", "Round", "Percent")

    def test_rows_are_read_whatever_the_columns_are_called(self) -> None:
        rows, faults = read_ratings(
            ("Раунд", "E-mail", "Код", "%", "note"), [(2, ("1", "Dee@x.example", "wal-1", "60 %"))]
        )
        assert faults == []
        assert [(one.judge, one.item, one.round, one.percent) for one in rows] == [
            ("dee@x.example", "wal-1", 1, 60)
        ]

    @pytest.mark.parametrize(
        ("cells", "field", "said"),
        [
            (("Dee", "wal-1", "1", "60"), "judge", "e-mail address is needed"),
            (("d@x.example", "", "1", "60"), "item", "the code of the item is needed"),
            (("d@x.example", "wal-1", "0", "60"), "round", "a number from 1 to 9"),
            (("d@x.example", "wal-1", "1", "101"), "percent", "from 0 to 100"),
            (("d@x.example", "wal-1", "1", "6.5"), "percent", "from 0 to 100"),
            (("d@x.example", "wal-1", "1"), "percent", "from 0 to 100"),
        ],
    )
    def test_a_fault_names_row_and_field(
        self, cells: tuple[str, ...], field: str, said: str
    ) -> None:
        rows, faults = read_ratings(self.HEADER, [(7, cells)])
        assert rows == []
        assert [(one.row, one.field) for one in faults] == [(7, field)]
        assert said in str(faults[0].error)

    def test_a_rating_stands_once(self) -> None:
        cells = ("d@x.example", "wal-1", "1", "60")
        rows, faults = read_ratings(self.HEADER, [(2, cells), (3, cells)])
        assert len(rows) == 1
        assert (faults[0].row, faults[0].field) == (3, "item")
        assert "row 2 already" in str(faults[0].error)

    def test_columns_that_are_missing_are_named(self) -> None:
        rows, faults = read_ratings(("judge", "item"), [])
        assert rows == []
        assert [(one.row, one.field) for one in faults] == [(1, "round"), (1, "percent")]
