"""Cells that reach over rows and columns."""

from __future__ import annotations

import pytest

from harness.model.grid import Carried, Cell, grid


def one(text: str, wide: int = 1, high: int = 1) -> Cell:
    return text, wide, high


@pytest.mark.parametrize(
    ("rows", "made"),
    [
        ([("a", [one("x"), one("y")])], [["x", "y"]]),
        ([("a", [one("x", 2), one("y")])], [["x", "", "y"]]),
        ([("a", [one("x", high=2), one("y")]), ("a", [one("z")])], [["x", "y"], ["x", "z"]]),
        ([("a", [one("x"), one("y", high=2)]), ("a", [one("z")])], [["x", "y"], ["z", "y"]]),
        ([("a", [one("x", 2, 2), one("y")]), ("a", [one("z")])], [["x", "", "y"], ["x", "", "z"]]),
        ([("a", [one("x", high=0)]), ("a", []), ("a", [one("y")]), ("b", [one("z")])], [["x"], [], ["x", "y"], ["z"]]),
        ([("a", [one("x", high=9)]), ("b", [one("y")])], [["x"], ["y"]]),
        ([("a", [one("x", high=2)]), ("in", [one("i")]), ("a", [one("y")])], [["x"], ["i"], ["x", "y"]]),
        ([("a", [one("x", 0)])], [["x"]]),
    ],
)
def test_each_text_is_in_its_column(rows: list[tuple[str, list[Cell]]], made: list[list[str]]) -> None:
    assert grid(rows) == made


def test_what_is_carried_is_told_from_what_stands_there() -> None:
    first, second = grid([("a", [one("x", high=2), one("y")]), ("a", [one("z")])])
    assert [type(text) for text in (*first, *second)] == [str, str, Carried, str]


def test_a_table_of_a_million_columns_is_no_trap() -> None:
    ((row),) = grid([("a", [one("x", 10**9)])])
    assert len(row) == 1000
