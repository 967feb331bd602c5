"""How a profile describes a reading: where its rows come from, which of them count, and what each column means."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from harness.model.short import Duration, Short, Text
from harness.model.steps import Condition, Request, Steps, Target
from harness.model.values import Frozen, LessonState
from harness.platform.readings import UNITS_S

Parser = Literal["text", "duration", "hours", "time", "count", "percent", "bool"]
Format = Literal["auto", "json", "csv", "html", "xlsx", "xls", "pdf", "text"]

FIELDS: dict[str, dict[str, Parser]] = {
    "credited_time": {"credited": "duration", "hours": "hours", "completed": "bool", "progress": "percent"},
    "lesson_position": {"position": "duration"},
    "study_records": {
        "start": "time",
        "end": "time",
        "duration": "duration",
        "course": "text",
        "lesson": "text",
        "device": "text",
        "version": "text",
        "credited": "bool",
        "marked": "text",
    },
    "portraits": {"id": "text", "time": "time", "label": "text", "verdict": "text", "marked": "text"},
}
"""Names of the fields of typed readings, with the parser each has unless the profile says another. The other
readings are tables, and their fields are headings of the profile's choice."""
STATED: dict[str, Parser] = {"hours": "hours", "credited": "duration", "added": "duration", "marks": "text"}
"""What each place states of a learner's course: class hours, time, time that an operator entered, and its marks."""
CERTIFICATE: dict[str, Parser] = {
    "number": "text", "code": "text", "name": "text", "id_number": "text", "course": "text", "hours": "hours",
    "period": "text", "seal": "text", "completed": "bool", "theory_complete": "bool", "valid": "bool",
    "marks": "text",
}  # fmt: skip

HEADINGS: dict[str, dict[str, Parser]] = {
    "courses": {"id": "text", "title": "text", "outline": "text", "hours": "hours", "content": "duration",
                "state": "text"},
    "lessons": {"id": "text", "title": "text", "duration": "duration", "version": "text"},
    "learners": {"username": "text", "name": "text", "id_number": "text", "state": "text", "remark": "text"},
    "questions": {"question": "text", "answer": "text"},
    "see_answer": {"thread": "text"},
    "course_record": {"name": "text", "id_number": "text", "course": "text", "completed": "bool", **STATED},
    "certificate": CERTIFICATE,
    "request_certificate": CERTIFICATE,
    "verify_certificate": {"valid": "bool", "hours": "hours", "name": "text"},
    "verify_certificate_file": {"valid": "bool", "hours": "hours", "name": "text"},
    "verify_archive": {"valid": "bool"},
    "archives": {"learner": "text", "period": "text", "title": "text", "records": "count", "portraits": "count",
                 "certificates": "count"},
    "archive_hours": {"course": "text", **STATED},
    "archive_export": {"course": "text", **STATED},
    "statistics": {"learner": "text", "voided": "duration", **STATED},
    "statistics_csv": {"learner": "text", "voided": "duration", **STATED},
    "statistics_xlsx": {"learner": "text", "voided": "duration", **STATED},
    "portrait_list": {"at": "time", "kind": "text", "marks": "text"},
    "completion": {"outline_hours": "hours", "online_hours": "hours", "offline_hours": "hours", "share_met": "bool",
                   "complete": "bool", "practice_hours": "hours"},
    "attendance": {"kind": "text", "minutes": "text", "marks": "text"},
    "audit_log": {"at": "time", "actor": "text", "action": "text", "target": "text", "detail": "text"},
}  # fmt: skip
"""Headings of tables that judges know, with their parsers. A table may have others beside them."""


class Column(Short):
    """One field: the column it comes from, and how its text is read.

    Without `parse` the field's own parser is used. `pick` says what several rows come to; without it they must agree.
    """

    short: ClassVar[str] = "column"
    column: Text | None = None
    """Heading of a table, path of a JSON row (`user.name`), name of a selector, or `text`."""
    value: Text | None = None
    """A constant or template instead of a column."""
    pattern: str | None = None
    """A regular expression: its first group, or the whole match, is what is read."""
    parse: Parser | None = None
    unit: str | None = None
    """What a bare number counts: a unit of time, or `percent` or `fraction`."""
    zone: str = "Asia/Shanghai"
    time_format: str | None = None
    """strptime format, for times that nothing else understands."""
    map: dict[str, Text] = Field(default_factory=dict)
    """What the platform's words mean: `{学习完成: 是}`."""
    pick: Literal["same", "first", "last", "sum", "max"] = "same"

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value

    @field_validator("unit")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in UNITS_S and value not in ("percent", "fraction"):
            raise ValueError("unknown unit, expected one of s, ms, min, h, d, percent, fraction")
        return value

    @model_validator(mode="after")
    def _one(self) -> Column:
        if (self.column is None) == (self.value is None):
            raise ValueError("a field needs either column or value")
        return self


class Source(Frozen):
    """Where rows come from: a request, a table or texts on the page, or a downloaded file."""

    fetch: Request | None = None
    table: Target | None = None
    """A table on the page; its first row (or `header_row`) holds the headings."""
    page: dict[str, Target] | None = None
    """One row of texts on the page, each under a name of its own."""
    download: Steps | None = None
    format: Format = "auto"
    rows: str | None = None
    """Path to the list of rows in JSON (`data.records`); without it the whole answer, a list or one row."""
    member: str | None = None
    """File inside a zip, as a pattern like `*.csv`."""
    header_row: int = Field(default=1, ge=1)
    """Which row holds the headings: exports often carry a title above them."""
    sheet: str | None = None
    encoding: str | None = None
    """Without it UTF-8, with or without a mark, and GBK are told apart."""

    @model_validator(mode="after")
    def _one(self) -> Source:
        if sum(place is not None for place in (self.fetch, self.table, self.page, self.download)) != 1:
            raise ValueError("`from` needs exactly one of fetch, table, page, download")
        return self


class Reading(Frozen):
    """One reading of the contract."""

    role: str = Field(default="reader", alias="as")
    steps: Steps = ()
    """What to do in the reader's window first."""
    source: Source = Field(alias="from")
    where: dict[str, Text] = Field(default_factory=dict)
    """Rows that count: column equals text. A condition whose argument is not given is left out."""
    fields: dict[str, Column] = Field(default_factory=dict)
    when_empty: Literal["error", "zero"] = "error"
    """What no row at all means: not understood, or nothing earned yet."""
    resolution: Duration | None = None
    """Smallest step that shown credit can take."""
    picture: Request | None = None
    """How one row's picture is fetched, for `portraits`: `{row.id}` is the row's own field."""

    @model_validator(mode="after")
    def _pictures(self) -> Reading:
        if self.picture is not None and "id" not in self.fields:
            raise ValueError("picture needs the field id, by which a row's picture is known")
        return self


class Action(Short):
    """One action of the contract; `result` reads what it returns when that is a table."""

    short: ClassVar[str] = "steps"
    steps: Steps
    result: Source | None = None
    fields: dict[str, Column] = Field(default_factory=dict)


States = dict[LessonState, Condition | tuple[Condition, ...]]
"""What the learner's page shows in each state, tried in the order written; one of several conditions is enough."""
