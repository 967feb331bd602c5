"""Cells that say nothing are not taken for something."""

from __future__ import annotations

import pytest

from harness.model.values import Table
from probes.tables import Read, mark, says


def read(**row: str) -> Read:
    return Read(1, Table(columns=tuple(row), rows=(row,)))


@pytest.mark.parametrize(
    ("cell", "said"),
    [("", ""), ("—", ""), (" -- ", ""), ("－", ""), ("无", ""), ("N/A", ""), ("0", "0"), (" XJ-1 ", "XJ-1")],
)
def test_a_dash_is_no_text(cell: str, said: str) -> None:
    assert read(number=cell).text("number") == said


@pytest.mark.parametrize("cell", ["—", "[]", "none", "无", "/"])
def test_a_dash_is_no_mark(cell: str) -> None:
    assert not says(cell)
    assert mark([cell, "补录", "补录"]) == "补录"


ROW = {"learner": "A", "hours": "2"}


@pytest.mark.parametrize(
    ("others", "rows", "hours"),
    [
        (({"learner": "B", "hours": "1"},), 2, 3.0),
        (({"learner": "合计", "hours": "2"},), 1, 2.0),
        (({"learner": " 总计：", "hours": "2"},), 1, 2.0),
        (({"learner": "Total", "hours": "2"},), 1, 2.0),
        (({"learner": "合计明", "hours": "1"},), 2, 3.0),
    ],
)
def test_a_row_that_adds_up_the_others_is_no_row_of_its_own(
    others: tuple[dict[str, str], ...], rows: int, hours: float
) -> None:
    found = Read(1, Table(columns=("learner", "hours"), rows=(ROW, *others)))
    assert (len(found.rows), found.number("hours")) == (rows, hours)


def test_a_sum_that_stands_alone_is_what_is_shown() -> None:
    alone = Read(1, Table(columns=("learner", "hours"), rows=({"learner": "合计", "hours": "2"},)))
    assert alone.number("hours") == 2.0


@pytest.mark.parametrize(
    "said", ["暂无数据", "没有找到匹配的记录", "无记录！", "No data available in table", "No matching records"]
)
def test_a_table_that_says_it_is_empty_has_no_row(said: str) -> None:
    found = Read(1, Table(columns=("learner", "hours"), rows=({"learner": said},)))
    assert found.rows == ()
    assert found.number("hours") == 0.0


@pytest.mark.parametrize(
    "row", [{"learner": "无"}, {"learner": "吴数据", "hours": "1"}, {"name": "暂无数据", "hours": "1"}]
)
def test_a_row_that_says_more_counts(row: dict[str, str]) -> None:
    assert Read(1, Table(columns=tuple(row), rows=(row,))).rows == (row,)
