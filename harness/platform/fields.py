"""From rows to what a reading returns: which rows count, how each field is read, what several rows come to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from harness.errors import ReadingFailed
from harness.model.grid import Carried
from harness.model.reading import FIELDS, Column, Parser, Reading
from harness.model.values import Credit, StoredPortrait, StudyRecord, Table
from harness.platform.readings import (
    is_blank,
    is_total,
    normal,
    parse_bool,
    parse_count,
    parse_duration,
    parse_hours,
    parse_percent,
    parse_time,
)

Row = Mapping[str, str]
AMOUNTS: frozenset[Parser] = frozenset({"duration", "hours", "count", "percent"})
"""Parsers of what is added up."""

_PARSERS: dict[Parser, Callable[[str, Column], Any]] = {
    "text": lambda text, column: text,
    "duration": lambda text, column: parse_duration(text, column.unit),
    "hours": lambda text, column: parse_hours(text),
    "time": lambda text, column: parse_time(text, column.zone, column.time_format),
    "count": lambda text, column: parse_count(text),
    "percent": lambda text, column: parse_percent(text, column.unit),
    "bool": lambda text, column: parse_bool(text),
}


def select(table: Table, where: Mapping[str, str]) -> list[Row]:
    """The rows whose columns equal the texts, blanks and width of characters aside.

    Raises ReadingFailed when a column does not exist, unless there is no row at all.
    """
    for name in where:
        if table.rows and not _known(name, table.columns):
            raise ReadingFailed("no such column", got=", ".join(table.columns)[:300], expected=name)
    return [row for row in table.rows if all(normal(row.get(c, "")) == normal(text) for c, text in where.items())]


def listed(table: Table, where: Mapping[str, str]) -> list[Row]:
    """The rows that count, without a line of totals below others: what is added up already must not be added again."""
    rows = select(table, where)
    return rows if any(is_total(text) for text in where.values()) else _single(rows)


def _single(rows: list[Row]) -> list[Row]:
    """Without lines of totals, unless there is nothing else."""
    return [row for row in rows if not any(is_total(cell) for cell in row.values())] or rows


def _known(name: str, columns: tuple[str, ...]) -> bool:
    """Is there such a column? `user.name` is known where `user` is null."""
    return name in columns or any(name.startswith(f"{column}.") for column in columns)


def read_field(row: Row, name: str, column: Column, parser: Parser, known: tuple[str, ...]) -> Any:
    """One field of one row; None when the row says nothing. Raises ReadingFailed with the field's name."""
    if column.value is not None:
        text: str | None = column.value
    else:
        assert column.column is not None
        if not _known(column.column, known):
            raise ReadingFailed("no such column", where=name, got=", ".join(known)[:300], expected=column.column)
        text = row.get(column.column)
        if isinstance(text, Carried) and parser in AMOUNTS:
            return None  # one amount beside several rows is that of all of them
    if text is not None and column.pattern is not None:
        found = re.search(column.pattern, text)
        text = None if found is None else found.group(1 if found.re.groups else 0)
    if text is None:
        return None
    text = column.map.get(text.strip(), text)
    # 无 and × are answers where yes or no is asked; elsewhere they say nothing.
    if not text.strip() or (parser not in ("bool", "text") and is_blank(text)):
        return None
    try:
        return _PARSERS[parser](text, column)
    except ReadingFailed as error:
        raise ReadingFailed(error.message, where=name, got=error.got, expected=error.expected) from error


def combined(rows: list[Row], name: str, column: Column, parser: Parser, known: tuple[str, ...]) -> Any:
    """One field over all rows, as `pick` says. Raises ReadingFailed when they disagree and it says nothing."""
    rows = _single(rows) if column.pick == "sum" else rows
    values = [value for row in rows if (value := read_field(row, name, column, parser, known)) is not None]
    if not values:
        return None
    if column.pick == "sum":
        return sum(values)
    if column.pick == "max":
        return max(values)
    if column.pick == "same" and any(value != values[0] for value in values):
        raise ReadingFailed(
            "rows disagree", where=name, got=", ".join(map(str, values[:4])), expected="one value, or `pick:`"
        )
    return values[-1 if column.pick == "last" else 0]


def credit(reading: Reading, table: Table, where: Mapping[str, str]) -> Credit:
    """What the record says that a learner has earned."""
    rows = select(table, where)
    if not rows:
        if reading.when_empty == "zero":
            return Credit(
                credited_s=0.0 if "credited" in reading.fields else None,
                hours=0.0 if "hours" in reading.fields else None,
                completed=False if "completed" in reading.fields else None,
                progress=0.0 if "progress" in reading.fields else None,
                resolution_s=reading.resolution,
                raw="no row",
            )
        raise _no_row(where)
    parsers = FIELDS["credited_time"]
    got = {
        name: combined(rows, name, column, column.parse or parsers[name], table.columns)
        for name, column in reading.fields.items()
    }
    return Credit(
        credited_s=got.get("credited"),
        hours=got.get("hours"),
        completed=got.get("completed"),
        progress=got.get("progress"),
        resolution_s=reading.resolution,
        raw=_raw(rows, reading),
    )


def position(reading: Reading, table: Table, where: Mapping[str, str]) -> float | None:
    """Where the platform would resume, in seconds; None when it has no position."""
    rows = select(table, where)
    if not rows:
        if reading.when_empty == "zero":
            return None
        raise _no_row(where)
    column = reading.fields["position"]
    found = combined(rows, "position", column, column.parse or "duration", table.columns)
    return None if found is None else float(found)


def records(
    reading: Reading,
    table: Table,
    where: Mapping[str, str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[StudyRecord, ...]:
    """Rows of the study record, between two moments where they are given. No row is an answer: nothing studied."""
    parsers = FIELDS["study_records"]
    made = []
    for row in listed(table, where):
        got = {
            name: read_field(row, name, column, column.parse or parsers[name], table.columns)
            for name, column in reading.fields.items()
        }
        got = {name: None if isinstance(value, str) and is_blank(value) else value for name, value in got.items()}
        got["duration_s"] = got.pop("duration", None)
        made.append(StudyRecord(**got))
    return tuple(
        one
        for one in made
        if (since is None or one.start is None or one.start >= since)
        and (until is None or one.start is None or one.start <= until)
    )


def portraits(reading: Reading, table: Table, where: Mapping[str, str]) -> list[StoredPortrait]:
    """The portraits listed, without their pictures, oldest first. No row is an answer: nothing is kept."""
    parsers = FIELDS["portraits"]
    made = [
        {
            name: value
            for name, column in reading.fields.items()
            if (value := read_field(row, name, column, column.parse or parsers[name], table.columns)) is not None
        }
        for row in select(table, where)
    ]
    made.sort(key=lambda got: ("time" not in got, got["time"].timestamp() if "time" in got else 0.0))
    # Numbered by age where the platform names none: by its place a new one on top would pass for the one before it.
    return [StoredPortrait(**({"id": str(number)} | got)) for number, got in enumerate(made, 1)]


def as_table(
    fields: Mapping[str, Column], table: Table, where: Mapping[str, str], parsers: Mapping[str, Parser] | None = None
) -> Table:
    """The rows that count, with the profile's headings where it gives some. Parsed values are written plainly:
    durations in seconds, times in ISO 8601. `parsers` are those of headings that judges know."""
    own = parsers or {}
    rows = listed(table, where)
    if not fields:
        return Table(columns=table.columns, rows=tuple(dict(row) for row in rows))
    made = []
    for row in rows:
        got = {
            name: read_field(row, name, column, column.parse or own.get(name, "text"), table.columns)
            for name, column in fields.items()
        }
        made.append({name: _plain(value) for name, value in got.items() if value is not None})
    return Table(columns=tuple(fields), rows=tuple(made))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _raw(rows: list[Row], reading: Reading) -> str:
    """What stood there, for the ledger: the cells that were read, of the first few rows."""
    wanted = [column.column for column in reading.fields.values() if column.column is not None]
    return "; ".join(", ".join(f"{name}={row.get(name, '')}" for name in wanted) for row in rows[:3])[:300]


def _no_row(where: Mapping[str, str]) -> ReadingFailed:
    wanted = ", ".join(f"{name} = {text}" for name, text in where.items()) or "at least one row"
    return ReadingFailed("no row", got="none", expected=wanted, hint="`when_empty: zero` if none means nothing earned.")
