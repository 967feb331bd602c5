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
