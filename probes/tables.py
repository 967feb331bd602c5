"""Tables that a walk read, as judges need them: one row's figures by the names that docs/profile.md gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from harness.model.observation import ActionDone, FileSeen, TableRead
from harness.model.values import Table
from harness.platform.readings import is_blank, is_total, normal
from harness.view import SegmentView

TRUE = frozenset({"true", "True", "1"})
MORE_TOTALS = frozenset({"totals", "sum"})
"""What else stands in a row that adds up the rows above it, where a table is no study record."""
NO_ROW = re.compile(
    r"(暂无|没有|未查询到|未找到|查无|无)\D{0,6}(数据|记录|结果|信息|内容)\W*"
    r"|no \w{0,10} ?(data|records?|results?)\b.{0,20}",
    re.IGNORECASE,
)
"""What stands in the one cell of a table that is empty."""
UNMARKED = "[]"
"""A list of marks without any, as some exports write it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of a table: its ledger line, and the table if it could be read."""

    seq: int
    table: Table | None
    error: str = ""
    learner: str = ""
    """Whom it was asked about; empty where it was about nobody in particular."""

    @property
    def rows(self) -> tuple[dict[str, str], ...]:
        """Its rows, without one that adds up the others or says that there is none; none where it could not be read."""
        rows = tuple(row for row in self.table.rows if not _empty(row)) if self.table is not None else ()
        return tuple(row for row in rows if not _adds_up(row)) or rows

    @property
    def own(self) -> Read:
        """The rows of the learner asked about, where it names learners: a search for xy1 also finds xy12."""
        return self.only("learner", self.learner)

    def only(self, column: str, text: str) -> Read:
        """The rows in which a column says so; all of them where none does."""
        rows = tuple(row for row in self.rows if text and row.get(column) == text)
        if self.table is None or not rows:
            return self
        return replace(self, table=Table(columns=self.table.columns, rows=rows))

    def asks_for(self, column: str) -> bool:
        """Does the profile describe this column? What it doesn't, nobody has looked for."""
        return self.table is not None and column in self.table.columns

    def text(self, column: str) -> str:
        """A column of the first row that has it; empty when none does, or a dash stands there."""
        said = next((row[column].strip() for row in self.rows if column in row), "")
        return "" if is_blank(said) else said

    def number(self, column: str) -> float | None:
        """A column summed over the rows; None when no row has it, or what stands there is no number.

        No row at all is zero: nothing of the kind is recorded.
        """
        if self.table is None:
            return None
        if not self.rows:
            return 0.0 if column in self.table.columns else None
        values = [row[column] for row in self.rows if column in row]
        try:
            return sum(float(value) for value in values) if values else None
        except ValueError:
            return None

    def yes(self, column: str) -> bool | None:
        """A yes or no of the first row that has it; None when none does."""
        said = self.text(column)
        return None if not said else said in TRUE


def _empty(row: Mapping[str, str]) -> bool:
    said = {normal(text) for text in row.values() if not is_blank(text)}
    return len(said) == 1 and NO_ROW.fullmatch(said.pop()) is not None


def _adds_up(row: Mapping[str, str]) -> bool:
    return any(is_total(text) or normal(text).strip(" :").lower() in MORE_TOTALS for text in row.values())


def reading(segment: SegmentView | None, name: str) -> Read | None:
    """The last reading of that name in a stretch; None when it was not made."""
    return next(iter(reversed(readings(segment, name))), None)


def readings(segment: SegmentView | None, name: str) -> list[Read]:
    """Every reading of that name in a stretch."""
    if segment is None:
        return []
    return [
        Read(o.seq, o.data.table, o.data.error, o.data.filters.get("learner", ""))
        for o in segment.observations
        if isinstance(o.data, TableRead) and o.data.reading == name
    ]


def action(segment: SegmentView | None, name: str) -> ActionDone | None:
    """The last action of that name in a stretch; None when it was not tried."""
    if segment is None:
        return None
    return next((a for a in reversed(segment.facts(ActionDone)) if a.name == name), None)


def answer(segment: SegmentView | None, name: str) -> Read | None:
    """The table that an action brought the last time; None when it was not tried. One that failed has no table."""
    return next(iter(reversed(answers(segment, name))), None)


def answers(segment: SegmentView | None, name: str) -> list[Read]:
    """What an action brought, each time that it was tried: a second try may be refused, or say something else."""
    if segment is None:
        return []
    return [
        Read(o.seq, o.data.table, o.data.error)
        for o in segment.observations
        if isinstance(o.data, ActionDone) and o.data.name == name
    ]


def file(segment: SegmentView | None, name: str) -> FileSeen | None:
    """The last file of that name that a stretch saw."""
    if segment is None:
        return None
    return next((f for f in reversed(segment.facts(FileSeen)) if f.name == name), None)


def refs_of(*segments: SegmentView | None) -> tuple[int, ...]:
    """The ledger lines of what was read, done and seen in these stretches."""
    return tuple(
        sorted(
            {
                o.seq
                for segment in segments
                if segment is not None
                for o in segment.observations
                if isinstance(o.data, TableRead | ActionDone | FileSeen)
            }
        )
    )


def evidence_of(*segments: SegmentView | None) -> tuple[str, ...]:
    """The files that were kept in these stretches."""
    kept = (name for s in segments if s is not None for o in s.observations for name in o.evidence)
    return tuple(dict.fromkeys(kept))


def says(text: str) -> bool:
    """Does a cell of marks say anything?"""
    return not is_blank(text) and text.strip() != UNMARKED


def mark(texts: Iterable[str]) -> str:
    """What is marked in some cells; empty when they say nothing."""
    return "；".join(dict.fromkeys(text.strip() for text in texts if says(text)))
