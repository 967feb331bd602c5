"""A literal walk that finishes a course and reads what every place states of it; tests change one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from harness.model.observation import (
    ActionDone,
    Fault,
    FileSeen,
    PortraitSeen,
    PortraitsRead,
    RecordsRead,
    SceneShown,
    SegmentEnded,
    SegmentStarted,
    TableRead,
)
from harness.model.values import FileKind, Member, StudyRecord, Table
from harness.view import WalkView
from tests.walkbuilder import WalkBuilder

STUDIED = 36 * 60 + 1
"""Seconds of honest study: 27, 6 and 3 minutes, and a second so that it is no whole minute."""
NUMBER = "YL202611-000001"
BEGUN = datetime(2026, 11, 24, 12, tzinfo=UTC)
Row = Mapping[str, object]


class OutcomeBuilder(WalkBuilder):
    """A walk with stretches in which tables are read, actions done and files seen."""

    @contextmanager
    def stretch(self, name: str, kind: Any = "control") -> Iterator[None]:
        self.add(SegmentStarted(segment=name, segment_kind=kind))
        yield
        self.add(SegmentEnded(segment=name))
        self.t += 1

    def read_table(self, reading: str, *rows: Row, columns: Sequence[str] = ("hours",), asked: str = "") -> None:
        filters = {"learner": asked} if asked else {}
        self.add(TableRead(reading=reading, filters=filters, table=table(*rows, columns=columns)))

    def could_not_read(self, reading: str, error: str = "HTTP 500") -> None:
        self.add(TableRead(reading=reading, table=None, error=error))

    def did(self, action: str, *, ok: bool = True, row: Row | None = None) -> None:
        came = table(row) if row is not None else None
        self.add(ActionDone(name=action, ok=ok, error="" if ok else "refused", took_s=1.0, table=came))

    def file(self, name: str, kind: FileKind, *members: Member, size: int = 1000) -> None:
        self.add(FileSeen(name=name, format=kind, size=size, sha256="0" * 64, members=members))


def table(*rows: Row, columns: Sequence[str] = ("hours",)) -> Table:
    """A table of texts; None leaves a cell out."""
    plain = tuple({k: str(v) for k, v in row.items() if v is not None} for row in rows)
    return Table(columns=tuple(dict.fromkeys([*(k for row in rows for k in row), *columns])), rows=plain)


def member(name: str, kind: FileKind = "table", text: str = "") -> Member:
    return Member(name=name, kind=kind, size=100, sha256="0" * 64, text=text)


PARTS = (
    member("学习记录.csv", text="课时\n第一课\n"),
    member("抓拍照片/1.jpg", "picture"),
    member(f"学时证明/{NUMBER}.pdf", "pdf", f"证书编号 {NUMBER}"),
    member("manifest.json", "text", "{}"),
)


@dataclass(frozen=True)
class Course:
    """What a conforming platform says of a finished course of one hour; every field is a place for a defect."""

    record: Row | None = field(
        default_factory=lambda: _stated(name="赵建国", course="再培训", completed=True, marks="")
    )
    paper: Row | None = field(default_factory=lambda: _certificate())
    unread_paper: bool = False
    """It came as a file, and the profile does not say how it is read."""
    then: Sequence[Row | None] = ()
    """What came when it was asked for again; None: nothing, it was refused."""
    register: Row | None = field(default_factory=lambda: _certificate(valid=True))
    archive: Row | None = field(default_factory=lambda: _stated())
    export: Row | None = field(default_factory=lambda: _stated())
    page: Row | None = field(default_factory=lambda: _counted())
    page_totals: Row | None = None
    """A last row that adds up the others."""
    csv: Row | None = field(default_factory=lambda: _counted())
    xlsx: Row | None = field(default_factory=lambda: _counted())
    theory: Row | None = field(
        default_factory=lambda: {"outline_hours": 2, "online_hours": 1, "complete": False, "practice_hours": 0}
    )
    asked: str = ""
    """Whose files were looked for, where the ledger says so."""
    index: Sequence[Row] = ({"learner": "A", "period": "2026-11", "records": 1, "portraits": 1, "certificates": 1},)
    records: tuple[StudyRecord, ...] = (StudyRecord(start=BEGUN, lesson="第一课", course="再培训", duration_s=STUDIED),)
    parts: tuple[Member, ...] = PARTS
    exported: bool = True
    unread_export: str = "HTTP 500"
    """What the reader says of its own export, where there is none."""
    early_ok: bool = False
    early: Row | None = None
    """A certificate in the register while the course was not finished."""
    early_paper: Row | None = None
    """What was read of a certificate that was handed out then; None: nothing was."""
    early_file: bool = False
    early_record: Row = field(default_factory=lambda: _stated(completed=False))
    neighbour: str | None = None
    """Whose certificate the altered number is, where the public page says so."""
    checks: Mapping[str, object] = field(default_factory=lambda: _CHECKED)
    filters: Mapping[str, float] = field(default_factory=lambda: _FILTERED)
    """Hours that the statistics show, by stretch."""
    stopped: str = ""
    """What the platform did before the study could be voided; the walk goes no further then."""
    voided: bool = True
    void_ok: bool = True
    record_after: Row = field(default_factory=lambda: _stated(0, 0, completed=True, marks="人工作废"))
    register_after: Row | None = field(default_factory=lambda: _certificate(valid=False))
    public_after: bool | None = False
    unread_after: bool = False
    """Register and public page could not be read after voiding."""
    archive_after: Row = field(default_factory=lambda: _stated(0, 0))
    page_after: Row = field(default_factory=lambda: _counted(0, 0, STUDIED))
    records_after: tuple[StudyRecord, ...] = (
        StudyRecord(lesson="第一课", course="再培训", duration_s=0, marked="人工作废"),
    )
    log: Sequence[Row] = (
        {"at": "2026-11-24T21:00:00+08:00", "actor": "admin", "action": "作废学习记录", "target": "study:1"},
    )
    studied: tuple[int, int, int] = (27 * 60, 6 * 60, 3 * 60 + 1)
    before_a_camera: bool = True
    before_s: float = 0.0
    """What the lesson's record held before the walk."""
    stored: tuple[PortraitSeen, ...] | None = None
    """The portraits that the platform keeps; None: nobody looked."""

    def but(self, **changes: Any) -> Course:
        """The same with something else."""
        return replace(self, **changes)

    def walk(self) -> WalkView:
        """The walk H01.hour as its ledger would hold it."""
        w = OutcomeBuilder("H01.hour")
        w.hours = {"L1": 0.0}
        w.credit["L1"] = self.before_s
        if self.before_a_camera:
            w.add(SceneShown(camera="main", scene="learner", person="p1"))
        below, above, rest = self.studied
        w.control("below", below)
        with w.segment("above", "control"):
            w.play(above)
            w.credit["L1"] += above
            w.hours["L1"] = 1.0
        with w.stretch("early", "attack"):
            w.did("request_certificate", ok=self.early_ok, row=self.early_paper)
            if self.early_file:
                w.file("certificate", "pdf")
            w.read_table("course_record", self.early_record)
            w.read_table("certificate", *([self.early] if self.early else []))
        with w.segment("finish", "control"):
            w.play(rest)
            w.credit["L1"] += rest
            w.completed["L1"] = True
        self._issued(w)
        if self.stored is not None:
            w.add(PortraitsRead(at="after", portraits=self.stored))
        self._filtered(w)
        for stretch, valid in self.checks.items():
            kind, _, what = stretch.partition("_")
            action = {
                "number": "verify_certificate",
                "code": "verify_certificate",
                "paper": "verify_certificate_file",
                "archive": "verify_archive",
            }
            with w.stretch(stretch, "control" if kind == "genuine" else "attack"):
                name = self.neighbour if stretch == "altered_number" else None
                row = None if valid is None else {"valid": valid, "name": name}
                w.did(action[what], ok=valid is not None, row=row)
            if stretch == "altered_paper":
                with w.stretch("exported"):
                    w.did("export_archive", ok=self.exported)
                    if self.exported:
                        w.file("archive", "zip", *self.parts)
        if self.stopped:
            w.add(Fault(whose="subject", type="StepFailed", message=self.stopped))
        elif self.voided:
            self._voided(w)
        return w.done()

    def _issued(self, w: OutcomeBuilder) -> None:
        with w.stretch("issued"):
            w.did("request_certificate", ok=self.paper is not None, row=None if self.unread_paper else self.paper)
            if self.paper is not None:
                w.file("certificate", "pdf")
            for row in self.then:
                w.did("request_certificate", ok=row is not None, row=row)
            w.read_table(
                "archives", *self.index, columns=("learner", "period", "records", "portraits"), asked=self.asked
            )
            for reading, row in (
                ("course_record", self.record),
                ("certificate", self.register),
                ("archive_hours", self.archive),
                ("archive_export", self.export),
                ("statistics", self.page),
                ("statistics_csv", self.csv),
                ("statistics_xlsx", self.xlsx),
                ("completion", self.theory),
            ):
                if reading == "archive_export" and not self.exported:
                    w.could_not_read(reading, self.unread_export)
                elif row is not None:
                    totals = self.page_totals if reading == "statistics" else None
                    w.read_table(reading, *([row] if totals is None else [row, totals]), columns=())
            w.add(RecordsRead(rows=self.records))

    def _filtered(self, w: OutcomeBuilder) -> None:
        for stretch, hours in self.filters.items():
            with w.stretch(stretch, "control" if stretch.startswith("by_") else "attack"):
                rows = [_counted(hours, hours * 1800)] if hours else []
                w.read_table("statistics", *rows, columns=("hours", "credited"))

    def _voided(self, w: OutcomeBuilder) -> None:
        with w.stretch("untouched"):
            w.read_table("audit_log", {"at": "2026-11-24T20:00:00+08:00", "actor": "系统", "action": "签发学时证明"})
        with w.stretch("voided", "attack"):
            w.did("void_record", ok=self.void_ok)
            w.read_table("course_record", self.record_after)
            if self.unread_after:
                w.could_not_read("certificate")
            elif self.register_after is not None:
                w.read_table("certificate", self.register_after)
            w.read_table("archive_hours", self.archive_after)
            w.read_table("statistics", self.page_after)
            w.add(RecordsRead(rows=self.records_after))
            old = {"at": "2026-11-24T20:00:00+08:00", "actor": "系统", "action": "签发学时证明"}
            w.read_table("audit_log", old, *self.log)
            public = None if self.unread_after else {"valid": self.public_after, "hours": 1}
            w.did("verify_certificate", ok=public is not None, row=public)


def _stated(hours: float | None = 1, credited: float | None = STUDIED, **more: object) -> dict[str, object]:
    return {"hours": hours, "credited": credited, "added": 0, **more}


def _counted(hours: float = 1, credited: float = STUDIED, voided: float = 0) -> dict[str, object]:
    return {"learner": "A", "hours": hours, "credited": credited, "added": 0, "voided": voided}


def _certificate(**more: object) -> dict[str, object]:
    return {
        "number": NUMBER,
        "code": "AB",
        "name": "赵建国",
        "id_number": "110101********0011",
        "course": "再培训",
        "hours": 1,
        "period": "2026-11-24 至 2026-11-24",
        "seal": "培训中心（电子印章）",
        "marks": "无",
        **more,
    }


stated, counted, certificate = _stated, _counted, _certificate
_CHECKED: dict[str, object] = {
    "genuine_number": True,
    "altered_number": False,
    "altered_code": False,
    "genuine_paper": True,
    "altered_paper": False,
    "genuine_archive": True,
    "altered_archive": False,
}
_FILTERED: dict[str, float] = {
    "by_learner": 1,
    "by_course": 1,
    "by_date": 1,
    "by_period": 1,
    "other_date_before": 0,
    "other_date_after": 0,
    "other_period": 0,
    "other_course": 0,
    "other_learner": 0,
}
COURSE = Course()
