"""A table's cells in the columns in which they are seen, where some reach over several rows or columns. Pure.

Lists on these platforms often show a learner, a course or a day once, beside all the rows that belong to it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

Cell = tuple[str, int, int]
"""Its text, and how many columns and rows it reaches over; 0 rows: to the end of its part of the table."""
TO_THE_END = 65_534
MOST_WIDE = 1_000
"""What browsers take at most for rows and columns."""


class Carried(str):
    """A cell's text in the rows below the first that it reaches over: it says whose they are, and counts no amount
    anew."""

    __slots__ = ()


def grid(rows: Iterable[tuple[Hashable, Sequence[Cell]]]) -> list[list[str]]:
    """Rows of texts by column. Each row names the part of the table that it is in: no cell reaches beyond that.

    What reaches over rows is `Carried` in those below; what reaches over columns stands in the first of them, and the
    others are empty.
    """
    made: list[list[str]] = []
    below: dict[Hashable, dict[int, tuple[str, int]]] = {}
    for part, cells in rows:
        down = below.get(part, {})  # of its own part: a table within a cell lies between the rows of the outer one
        line: list[str] = []
        begun: dict[int, tuple[str, int]] = {}
        for text, wide, high in cells:
            _carry(line, down)
            for n in range(min(max(1, wide), MOST_WIDE)):
                begun[len(line)] = (text if n == 0 else "", (high or TO_THE_END) - 1)
                line.append(text if n == 0 else "")
        if cells:
            _carry(line, down)
        made.append(line)
        left = {place: (text, rest - 1) for place, (text, rest) in down.items()} | begun
        below[part] = {place: told for place, told in left.items() if told[1] > 0}
    return made


def _carry(line: list[str], down: dict[int, tuple[str, int]]) -> None:
    """Put what reaches down from above into the next places of a row."""
    while len(line) in down:
        line.append(Carried(down[len(line)][0]))
