"""F06, F07, F08 and the cross-checks on literal walks: a conforming course passes, each change fails its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from harness.model.finding import Finding, Text
from harness.model.observation import Media, PortraitSeen, RecordsRead, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import MOST_TEXT, MediaSample, Member, StudyRecord, Table
from harness.platform.profile import Account, Lesson
from harness.probe import load_probes
from harness.view import WalkView
from probes.outcome import filtered, unstudied_course
from tests.probes.outcomes import (
    BEGUN,
    COURSE,
    NUMBER,
    PARTS,
    STUDIED,
    Course,
    OutcomeBuilder,
    certificate,
    counted,
    member,
    stated,
)
from tests.probes.said import in_both_languages
from tests.walkbuilder import case

JUDGES = {
    j.requirement: probe.judge(j.judge)
    for probe in load_probes()
    for j in probe.judgements
    if "H01.hour" in j.walks and j.requirement != "H01-4" and probe.id not in ("F09", "F10")
}
"""Those that read what comes of a course; what a camera showed in it is judged in test_f09.py and test_f10.py."""


def found(requirement: str, course: Course, **policy: Any) -> Finding:
    policy.setdefault("capture_interval_s", 600.0)
    return JUDGES[requirement](course.walk(), case(requirement, **policy))


@pytest.mark.parametrize("requirement", JUDGES)
def test_a_conforming_course_passes_everything_and_says_on_what(requirement: str) -> None:
    finding = found(requirement, COURSE)
    assert finding.outcome is Outcome.PASS, finding.observed
    assert finding.accepted
    assert finding.refused
    in_both_languages(finding)


ELSEWHERE = (StudyRecord(lesson="第一课", duration_s=STUDIED), StudyRecord(lesson="别的", duration_s=900))
"""Rows that name no course, of two."""
AT = "2026-11-24T21:00:00+08:00"
WRONG: list[tuple[str, str, Course]] = [
    ("F06-1", "another person", COURSE.but(paper=certificate(name="李雪松"))),
    ("F06-1", "another course", COURSE.but(register=certificate(course="焊接", valid=True))),
    ("F06-1", "more hours", COURSE.but(paper=certificate(hours=2))),
    ("F06-1", "fewer hours", COURSE.but(paper=certificate(hours=0.5))),
    ("F06-1", "still valid after voiding", COURSE.but(register_after=certificate(valid=True))),
    ("F06-1", "still confirmed after voiding", COURSE.but(public_after=True)),
    ("F06-1", "another number", COURSE.but(record=stated(name="赵建国", id_number="1101**********0012"))),
    ("F06-1", "a first one of more hours", COURSE.but(paper=certificate(hours=9), then=(certificate(),))),
    ("F06-1", "more hours, and none a second time", COURSE.but(paper=certificate(hours=9), then=(None,))),
    ("F06-2", "no seal, and none a second time", COURSE.but(paper=certificate(seal=None), then=(None,))),
    ("F06-3", "late, beyond, and none a second time", COURSE.but(paper=certificate(hours=9), then=(None,))),
    ("X-01", "a first one of more hours", COURSE.but(paper=certificate(hours=9), then=(certificate(),))),
    ("X-09", "more hours, and none a second time", COURSE.but(paper=certificate(hours=9), then=(None,))),
    ("F06-3", "early, beyond, on paper alone",
     COURSE.but(early_ok=True, early_file=True, early_paper=certificate(hours=2))),
    ("F06-3", "early, on a record of seconds",
     COURSE.but(early_ok=True, early=certificate(hours=2), early_record={"credited": 1980})),
    ("F08-1v", "earlier days show today", COURSE.but(filters={**COURSE.filters, "other_date_before": 1})),
    *(("F06-2", name, COURSE.but(paper=certificate(**{name: None}), register=None))
      for name in ("name", "id_number", "hours", "period", "course", "seal")),
    ("F06-2a", "no number", COURSE.but(paper=certificate(number=None), register=certificate(number=None))),
    ("F06-2a", "altered number", COURSE.but(checks={**COURSE.checks, "altered_number": True})),
    ("F06-2a", "altered code", COURSE.but(checks={**COURSE.checks, "altered_code": True})),
    ("F06-2a", "altered paper", COURSE.but(checks={**COURSE.checks, "altered_paper": True})),
    ("F06-2a", "genuine refused", COURSE.but(checks={**COURSE.checks, "genuine_number": False})),
    ("F06-3", "early, beyond", COURSE.but(early_ok=True, early=certificate(hours=2))),
    ("F06-3", "early, completed", COURSE.but(early_ok=True, early=certificate(completed=True))),
    ("F06-3", "late, beyond", COURSE.but(paper=certificate(hours=2))),
    ("F07-1", "no file", COURSE.but(index=())),
    ("F07-1", "everybody's files", COURSE.but(index=(*COURSE.index, {"learner": "B", "period": "2026-11"}))),
    ("F07-1", "empty export", COURSE.but(parts=())),
    ("F07-1", "opens, and is exported in neither way", COURSE.but(exported=False)),
    ("F06-2", "a dash for a number", COURSE.but(paper=certificate(id_number="—"))),
    ("F06-2", "on the list alone", COURSE.but(paper=certificate(seal=None))),
    ("F06-3", "the whole theory on paper", COURSE.but(paper=certificate(theory_complete=True))),
    ("F07-13v", "the system alone", COURSE.but(log=({"at": AT, "actor": "系统"},))),
    ("F08-1v", "the learner's filter does nothing", COURSE.but(filters={**COURSE.filters, "other_learner": 1})),
    ("H02-3", "watching is practice", COURSE.but(theory={"online_hours": 1, "practice_hours": 1})),
    ("X-10", "seconds beyond", COURSE.but(archive=stated(1, STUDIED * 1.01 + 7.1), export=None)),
    *(("F07-12", part.name, COURSE.but(parts=tuple(p for p in PARTS if p is not part))) for part in PARTS[:3]),
    ("F07-12", "somebody else's certificate",
     COURSE.but(parts=(*PARTS[:2], member("学时证明/YL1.pdf", "pdf", "证书编号 YL1")))),
    ("F07-12", "fewer pictures than listed", COURSE.but(index=({**COURSE.index[0], "portraits": 2},))),
    ("F07-13", "altered confirmed", COURSE.but(checks={**COURSE.checks, "altered_archive": True})),
    ("F07-13", "genuine refused", COURSE.but(checks={**COURSE.checks, "genuine_archive": False})),
    ("F07-13", "not found", COURSE.but(index=())),
    ("F07-13v", "no trace", COURSE.but(log=())),
    ("F07-13v", "only a log-in", COURSE.but(log=({"at": AT, "actor": "reader", "action": "登录"},))),
    ("F07-13v", "only a look", COURSE.but(log=({"at": AT, "actor": "admin", "action": "查看学习记录"},))),
    ("F07-13v", "a log-in, in English", COURSE.but(log=({"at": AT, "actor": "reader", "action": "User logged in"},))),
    ("F07-13v", "nobody named", COURSE.but(log=({"at": AT, "action": "作废"},))),
    ("F07-13a", "a picture of a stamp",
     COURSE.but(parts=(*PARTS[:3], member("seal.png", "picture")), checks={"altered_paper": False})),
    ("F07-1", "everybody's files beside the one asked for",
     COURSE.but(asked="A", index=(*COURSE.index, {"learner": "B", "period": "2026-11"}))),
    ("F07-13a", "no seal", COURSE.but(parts=PARTS[:3], checks={**COURSE.checks, "altered_archive": True})),
    ("F07-13a", "nothing verifies", COURSE.but(parts=PARTS[:3], checks={**COURSE.checks, "genuine_archive": False})),
    ("F08-1", "not in the record", COURSE.but(records=())),
    ("F08-1", "not counted", COURSE.but(page=counted(0, 0))),
    *(("F08-1v", f"{name} loses it", COURSE.but(filters={**COURSE.filters, name: 0}))
      for name in ("by_course", "by_date", "by_period", "by_learner")),
    *(("F08-1v", f"{name} shows it", COURSE.but(filters={**COURSE.filters, name: 1}))
      for name in ("other_course", "other_date_before", "other_date_after", "other_period")),
    ("F08-2", "total beyond detail", COURSE.but(page=counted(1, STUDIED + 3), csv=None, xlsx=None)),
    ("F08-2", "detail beyond total", COURSE.but(page=counted(1, STUDIED - 3), csv=None, xlsx=None)),
    ("F08-2", "csv says other hours", COURSE.but(csv=counted(2))),
    ("F08-2", "xlsx says other seconds", COURSE.but(xlsx=counted(1, STUDIED + 2))),
    ("F08-2", "voided time counted", COURSE.but(page_after=counted(1, STUDIED))),
    ("X-01", "certificate", COURSE.but(paper=certificate(hours=2))),
    ("X-02", "archive", COURSE.but(archive=stated(2))),
    ("X-02", "a whole hour beside parts of it",
     COURSE.but(record=stated(1.2, None), archive=stated(1, None), export=None)),
    ("X-02", "minutes short of an hour", COURSE.but(record=stated(1, None), archive={"credited": 1740}, export=None)),
    ("X-02", "export alone", COURSE.but(export=stated(2))),
    ("X-02", "archive keeps what was voided", COURSE.but(archive_after=stated(1))),
    ("X-03", "statistics", COURSE.but(page=counted(2), csv=counted(2), xlsx=counted(2))),
    ("X-03", "seconds", COURSE.but(page=counted(1, STUDIED - 3), csv=None, xlsx=None)),
    ("X-03", "more than a minute", COURSE.but(page=counted(1, STUDIED - 121), csv=None, xlsx=None)),
    ("X-04", "archive", COURSE.but(archive=stated(0))),
    ("X-05", "statistics", COURSE.but(csv=counted(0))),
    ("X-08", "statistics", COURSE.but(xlsx=counted(2))),
    ("X-09", "more than studied", COURSE.but(paper=certificate(hours=2), register=certificate(hours=2))),
    ("X-10", "more than studied", COURSE.but(archive=stated(2, None))),
    ("X-11", "more than studied", COURSE.but(csv=counted(2))),
]  # fmt: skip


@pytest.mark.parametrize(
    "action", ["作废学习记录", "撤销登录期间的学时", "修改", "Voided", "read and deleted", "置为无效"]
)
def test_a_change_is_a_trace_beside_a_log_in(action: str) -> None:
    login = {"at": AT, "actor": "reader", "action": "登录"}
    finding = found("F07-13v", COURSE.but(log=(login, {"at": AT, "actor": "admin", "action": action})))
    assert finding.outcome is Outcome.PASS
    assert "登录" not in finding.observed.zh.replace("撤销登录期间", "")


OTHERS = (
    {"at": AT, "actor": "xunjian198197", "action": "注册"},
    {"at": AT, "actor": "learner005", "action": "开始学习"},
    {"at": AT, "actor": "learner006", "action": "User signed up"},
)


def test_what_others_do_meanwhile_is_no_trace_of_a_change() -> None:
    """Walks run side by side, and so do a platform's other learners."""
    assert found("F07-13v", COURSE.but(log=OTHERS)).outcome is Outcome.FAIL
    unclear = {"at": AT, "actor": "learner005", "action": "学习记录同步"}
    finding = found("F07-13v", COURSE.but(log=(*OTHERS, unclear)))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE, finding.observed
    in_both_languages(finding)
    for said in ({"actor": "A"}, {"detail": "管理员作废了学习记录", "action": ""}):  # A's account declared it void
        assert found("F07-13v", COURSE.but(log=(*OTHERS, unclear | said))).outcome is Outcome.PASS


@pytest.mark.parametrize(("requirement", "course"), [pytest.param(r, c, id=f"{r}: {n}") for r, n, c in WRONG])
def test_each_change_fails_its_requirement(requirement: str, course: Course) -> None:
    finding = found(requirement, course)
    assert finding.outcome is Outcome.FAIL, finding.observed
    in_both_languages(finding)


def test_a_failed_archive_is_not_said_to_have_done_what_it_did_not() -> None:
    everybody = (*COURSE.index, {"learner": "B", "period": "2026-11"})
    assert found("F07-1", COURSE.but(index=everybody)).refused == ()
    unconfirmed = found("F07-13", COURSE.but(checks={**COURSE.checks, "genuine_archive": False}))
    assert unconfirmed.accepted == (Text(zh="查得档案 1 份", en="1 file found"),)
    lost = found("F07-13", COURSE.but(index=()))
    assert lost.accepted == (Text(zh="真实的档案通过核验", en="genuine archive confirmed"),)


def test_a_file_that_is_record_and_certificate_at_once_is_counted_once() -> None:
    both = member(f"{NUMBER}.csv", text=f"第一课 {NUMBER}")
    finding = found("F07-12", COURSE.but(parts=(both, *PARTS[1:2])))
    assert finding.outcome is Outcome.PASS
    assert finding.refused == (Text(zh="不含课时名称和证明编号的文件 1 个", en="1 member without lesson and number"),)


RIGHT: list[tuple[str, str, Course]] = [
    (
        "X-02",
        "tenths of a class hour beside hundredths",
        COURSE.but(record=stated(1.21, None), archive=stated(1.2, None), export=None),
    ),
    (
        "X-02",
        "whole minutes beside hundredths of a class hour",
        COURSE.but(record=stated(1.21, None), archive={"credited": 2160}, export=None),
    ),
    (
        "F07-1",
        "a search that also finds longer names",
        COURSE.but(asked="A", index=(*COURSE.index, {"learner": "A1", "period": "2026-11"})),
    ),
    (
        "F07-12",
        "a search that also finds longer names",
        COURSE.but(asked="A", index=(*COURSE.index, {"learner": "A1", "period": "2026-11", "portraits": 5})),
    ),
    (
        "F07-12",
        "a lesson's name across two lines of a PDF",
        COURSE.but(parts=(member("档案.pdf", "pdf", f"课时 第一\n课 编号 {NUMBER[:6]}\n{NUMBER[6:]}"), PARTS[1])),
    ),
    (
        "F07-13",
        "numbers one after another do not matter where the archive itself is checked",
        COURSE.but(checks={**COURSE.checks, "altered_number": True}, neighbour="李雪松"),
    ),
    ("F06-3", "a truthful proof of part hours", COURSE.but(early_ok=True, early=certificate(hours=1, completed=False))),
    ("F06-1", "nothing to void with", COURSE.but(voided=False)),
    ("F06-1", "a name that the record masks", COURSE.but(record=stated(name="赵**", course="再培训", completed=True))),
    ("F06-1", "a name that both mask", COURSE.but(record=stated(name="赵**"), paper=certificate(name="*建国"))),
    ("F06-1", "a number instead of a name", COURSE.but(record=stated(id_number="身份证 1101**********0011"))),
    ("F06-1", "a course in quotation marks", COURSE.but(paper=certificate(course="《再培训》"))),
    (
        "F06-1",
        "another form of characters",
        COURSE.but(record=stated(name="高明（女）"), register=None, paper=certificate(name="⾼明(女)")),
    ),
    ("F06-1", "handed out once only", COURSE.but(then=(None,))),
    ("F06-2", "handed out once only", COURSE.but(then=(None,))),
    (
        "F06-2a",
        "the number next to it is another's",
        COURSE.but(checks={**COURSE.checks, "altered_number": True}, neighbour="李雪松"),
    ),
    (
        "F06-3",
        "a record of seconds",
        COURSE.but(
            record={"name": "赵建国", "credited": STUDIED, "completed": True},
            early_record={"credited": 1980, "completed": False},
        ),
    ),
    (
        "F06-3",
        "a record of whole minutes",
        COURSE.but(
            record={"credited": STUDIED // 60 * 60, "completed": True}, paper=certificate(hours="1.2"), register=None
        ),
    ),
    (
        "F08-1",
        "a row of totals",
        COURSE.but(page=counted(1), page_totals={"learner": "合计", "hours": 1, "credited": STUDIED}),
    ),
    (
        "X-03",
        "a row of totals",
        COURSE.but(page=counted(1), page_totals={"learner": "合计", "hours": 1, "credited": STUDIED}),
    ),
    ("X-02", "hundredths of an hour", COURSE.but(archive=stated(1, 0.59 * 3600), export=None)),
    ("F08-1v", "other courses on the same day", COURSE.but(filters={**COURSE.filters, "by_learner": 2, "by_date": 2})),
    (
        "F08-1v",
        "an account that studied the day before",
        COURSE.but(filters={**COURSE.filters, "by_learner": 3, "by_date": 2, "other_date_before": 1}),
    ),
    ("F08-2", "a page of minutes, a table of seconds", COURSE.but(page=counted(1, STUDIED - 61))),
    (
        "F08-2",
        "rows of whole minutes",
        COURSE.but(records=tuple(StudyRecord(lesson="第一课", course="再培训", duration_s=660) for _ in range(3))),
    ),
    ("F06-1", "no certificate any more", COURSE.but(register_after=None)),
    (
        "X-03",
        "whole seconds",
        COURSE.but(page=counted(1, STUDIED - 2), csv=counted(1, STUDIED), xlsx=counted(1, STUDIED)),
    ),
    ("X-02", "whole minutes", COURSE.but(archive=stated(1, STUDIED - 61), export=None)),
    ("X-01", "hours alone", COURSE.but(record=stated(1, None, name="赵建国", course="再培训"))),
    ("X-02", "seconds alone, the hour not rounded up", COURSE.but(archive={"credited": STUDIED}, export=None)),
    ("F08-2", "total of whole minutes", COURSE.but(page=counted(1, STUDIED - 61), csv=None, xlsx=None)),
    (
        "F06-3",
        "a theory that is complete",
        COURSE.but(
            paper=certificate(theory_complete=True), theory={"complete": True, "online_hours": 1, "practice_hours": 0}
        ),
    ),
    (
        "X-10",
        "seconds within a hundredth and a report",
        COURSE.but(archive=stated(1, STUDIED * 1.01 + 6.9), export=None),
    ),
    ("F07-13a", "a seal, although nobody checks", COURSE.but(checks={"altered_paper": False})),
]


@pytest.mark.parametrize(("requirement", "course"), [pytest.param(r, c, id=f"{r}: {n}") for r, n, c in RIGHT])
def test_what_a_conforming_platform_may_do(requirement: str, course: Course) -> None:
    assert found(requirement, course).outcome is Outcome.PASS


def test_a_certificate_alone_that_can_be_checked_is_a_warning_for_the_archive() -> None:
    checks = {name: valid for name, valid in COURSE.checks.items() if not name.endswith("archive")}
    finding = found("F07-13", COURSE.but(checks=checks))
    assert finding.outcome is Outcome.WARN
    in_both_languages(finding)


@pytest.mark.parametrize("requirement", [r for r in JUDGES if r not in ("H01-1", "H01-1v")])
def test_a_course_that_was_not_finished_tells_nothing(requirement: str) -> None:
    walk = COURSE.walk()
    cut = next(n for n, o in enumerate(walk.observations) if getattr(o.data, "segment", "") == "early")
    finding = JUDGES[requirement](WalkView(walk.name, 1, walk.observations[:cut]), case(requirement))
    assert finding.outcome is Outcome.INCONCLUSIVE


NUMBERS = {name: valid for name, valid in COURSE.checks.items() if not name.endswith("archive")}
TWO_FILES = (*COURSE.index, {"learner": "A", "period": "2026-12", "records": 0, "portraits": 0})
TWO = {"hours": 2, "credited": STUDIED + 1800}
BEFORE = COURSE.but(
    before_s=1800.0, paper=certificate(hours=2), register=None, archive=stated(**TWO), export=stated(**TWO),
    page=counted(**TWO), csv=counted(**TWO), xlsx=counted(**TWO),
)  # fmt: skip
"""Half an hour stood in the lesson's record before the walk."""


def test_a_wrong_number_that_brings_ones_own_certificate_is_confirmed() -> None:
    own = COURSE.but(checks=NUMBERS | {"altered_number": True}, neighbour="赵建国")
    assert found("F07-13", own).outcome is Outcome.FAIL


def test_what_an_account_had_before_does_not_excuse_more_than_it_and_the_study() -> None:
    three = {"hours": 3, "credited": STUDIED + 3600}
    assert found("X-10", BEFORE.but(archive=stated(**three))).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("requirement", "course", "reason"),
    [
        ("F06-1", COURSE.but(paper=None, register=None), Reason.PRECONDITION_UNMET),
        ("F06-1", COURSE.but(void_ok=False), Reason.PRECONDITION_UNMET),
        ("F06-1", COURSE.but(unread_after=True), Reason.PRECONDITION_UNMET),
        ("F06-1", COURSE.but(stopped="log_in step 4"), Reason.PRECONDITION_UNMET),
        ("F08-2", COURSE.but(stopped="log_in step 4"), Reason.PRECONDITION_UNMET),
        ("F06-1", COURSE.but(record=stated()), Reason.INSUFFICIENT_EVIDENCE),  # nobody is named
        ("F06-2", COURSE.but(paper={k: v for k, v in certificate().items() if k != "seal"}), Reason.UNSUPPORTED),
        ("F06-2a", COURSE.but(checks={**COURSE.checks, "genuine_number": None}), Reason.PRECONDITION_UNMET),
        ("F06-3", COURSE.but(record={"name": "赵建国", "course": "再培训"}), Reason.INSUFFICIENT_EVIDENCE),
        (
            "F06-3",
            COURSE.but(early_ok=True, early=certificate(completed=True), early_record=stated()),
            Reason.INSUFFICIENT_EVIDENCE,
        ),
        ("F06-3", COURSE.but(paper=certificate(theory_complete=True), theory=None), Reason.INSUFFICIENT_EVIDENCE),
        (
            "X-01",
            COURSE.but(paper=certificate(hours=None), register=certificate(hours=None)),
            Reason.INSUFFICIENT_EVIDENCE,
        ),
        ("X-03", COURSE.but(page={"learner": "A"}, csv=None, xlsx=None), Reason.INSUFFICIENT_EVIDENCE),
        (
            "F08-2",
            COURSE.but(records=(StudyRecord(start=BEGUN, lesson="第一课", course="再培训"),)),
            Reason.UNSUPPORTED,
        ),
        ("F08-2", COURSE.but(records=ELSEWHERE, filters={**COURSE.filters, "by_learner": 2}), Reason.UNSUPPORTED),
        ("F06-1", COURSE.but(record_after=stated(1)), Reason.PRECONDITION_UNMET),  # voiding did nothing
        ("F06-1", COURSE.but(record=stated(0, 0)), Reason.PRECONDITION_UNMET),
        ("F06-2a", COURSE.but(checks={"genuine_number": True, "genuine_paper": True}), Reason.INSUFFICIENT_EVIDENCE),
        ("F07-1", COURSE.but(exported=False, archive=None), Reason.PRECONDITION_UNMET),
        (  # it came, and the profile does not know its columns
            "F07-1",
            COURSE.but(exported=False, unread_export="archive_export: hours: no such column; got 课程, 学时"),
            Reason.PRECONDITION_UNMET,
        ),
        (  # 0.6小时
            "X-02",
            COURSE.but(record=stated(1, 2339), archive=stated(1, 2160), export=None),
            Reason.INSUFFICIENT_EVIDENCE,
        ),
        ("F07-12", COURSE.but(exported=False), Reason.PRECONDITION_UNMET),
        ("H02-3", COURSE.but(theory={"online_hours": 0, "practice_hours": 0}), Reason.PRECONDITION_UNMET),
        ("H02-3", COURSE.but(theory=None), Reason.UNSUPPORTED),
        ("F07-12", COURSE.but(records=(), records_after=()), Reason.PRECONDITION_UNMET),
        ("F07-13", COURSE.but(checks={**COURSE.checks, "altered_archive": None}), Reason.PRECONDITION_UNMET),
        # The page said something that the profile's pattern does not know.
        ("F07-13", COURSE.but(checks={**COURSE.checks, "altered_archive": ""}), Reason.INSUFFICIENT_EVIDENCE),
        ("F07-13", COURSE.but(checks={**COURSE.checks, "genuine_archive": ""}), Reason.INSUFFICIENT_EVIDENCE),
        # The number next to it may be another's: the check of certificates stands in for that of the archive.
        ("F07-13", COURSE.but(checks=NUMBERS | {"altered_number": True}), Reason.INSUFFICIENT_EVIDENCE),
        (
            "F07-13",
            COURSE.but(checks=NUMBERS | {"altered_number": True}, neighbour="李雪松"),
            Reason.INSUFFICIENT_EVIDENCE,
        ),
        (
            "F07-12",
            COURSE.but(index=({**COURSE.index[0], "portraits": 0},), before_a_camera=False),
            Reason.PRECONDITION_UNMET,
        ),
        # A learner in two classes has two files, and the other may be the one.
        *(
            (requirement, course, Reason.PRECONDITION_UNMET)
            for requirement, course in (
                ("F07-1", COURSE.but(index=TWO_FILES, parts=())),
                ("F07-12", COURSE.but(index=TWO_FILES, parts=PARTS[3:])),
                ("X-02", COURSE.but(index=TWO_FILES, archive=stated(0, 0))),
                ("X-04", COURSE.but(index=TWO_FILES, export=stated(0, 0))),
                ("X-05", COURSE.but(index=TWO_FILES, archive=stated(0, 0))),
            )
        ),
        # Studied before: an account that was used in an earlier run.
        *((requirement, BEFORE, Reason.PRECONDITION_UNMET) for requirement in ("X-09", "X-10", "X-11")),
        ("F07-13v", COURSE.but(void_ok=False), Reason.PRECONDITION_UNMET),
        ("F08-2", COURSE.but(void_ok=False), Reason.PRECONDITION_UNMET),
        ("X-02", COURSE.but(archive=None, export=None), Reason.UNSUPPORTED),
        ("X-02", COURSE.but(record=stated(0, 0), archive=stated(0, 0), export=None), Reason.PRECONDITION_UNMET),
        ("X-09", COURSE.but(paper=certificate(hours=0), register=None), Reason.PRECONDITION_UNMET),
        # A place whose cells of hours are empty agrees with no other.
        (
            "X-01",
            COURSE.but(paper=certificate(hours="—"), register=certificate(hours="")),
            Reason.INSUFFICIENT_EVIDENCE,
        ),
        ("X-02", COURSE.but(archive=stated(None, None), export=None), Reason.INSUFFICIENT_EVIDENCE),
        ("X-03", COURSE.but(record=stated(None, None)), Reason.INSUFFICIENT_EVIDENCE),
    ],
)
def test_what_was_not_seen_is_neither_right_nor_wrong(requirement: str, course: Course, reason: Reason) -> None:
    finding = found(requirement, course)
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason), finding.observed


UNREAD = (
    (member("档案.pdf", "pdf", f"第一课 {NUMBER}"),),  # portraits may stand on its pages
    (member("档案.pdf", "pdf"), PARTS[1]),  # a scan
    (member("档案.xlsx", "table", "姓名\t赵建国"), PARTS[1]),  # more than one sheet
    (member("档案.zip", "zip"),),
    (member("档案.docx", "other"), *PARTS[1:]),
    (member("档案.pdf", "pdf", "封面" * (MOST_TEXT // 2)), PARTS[1]),  # more pages than are kept as text
)


@pytest.mark.parametrize("parts", UNREAD)
def test_a_file_that_is_not_read_whole_is_for_somebody_to_look_at(parts: tuple[Member, ...]) -> None:
    finding = found("F07-12", COURSE.but(parts=parts))
    assert finding.outcome is Outcome.REVIEW, finding.observed
    assert finding.refs
    in_both_languages(finding)


def test_lessons_that_the_record_knows_by_number_need_not_be_named_so_in_a_file() -> None:
    records = (StudyRecord(start=BEGUN, lesson="11", course="再培训", duration_s=STUDIED),)
    named = COURSE.but(records=records, records_after=records)
    dates = member("登录.csv", text="日期\n2026-11-24 11:30")
    assert found("F07-12", named.but(parts=(dates, *PARTS[1:]))).outcome is Outcome.REVIEW
    cell = member("学习记录.csv", text="课时编号\t时长\n11\t2161")
    assert found("F07-12", named.but(parts=(cell, *PARTS[1:]))).outcome is Outcome.PASS


@pytest.mark.parametrize(("stored", "outcome"), [(None, Outcome.REVIEW), ((), Outcome.REVIEW), ("0", Outcome.PASS)])
def test_the_photograph_on_file_is_no_capture(stored: Any, outcome: Outcome) -> None:
    """A file with one picture, whose list does not say how many were captured."""
    kept = (PortraitSeen(id="1", picture=f"{'0' * 64}.jpg"),) if stored else stored
    index = ({k: v for k, v in COURSE.index[0].items() if k != "portraits"},)
    assert found("F07-12", COURSE.but(index=index, stored=kept)).outcome is outcome
    on_file = (PortraitSeen(id="1", picture=f"{'0' * 64}.jpg", enrolment=True),)
    assert found("F07-12", COURSE.but(index=index, stored=on_file)).outcome is Outcome.REVIEW


def test_no_portrait_where_none_was_declared_is_for_f09_to_say() -> None:
    course = COURSE.but(parts=(PARTS[0], PARTS[2]), index=({**COURSE.index[0], "portraits": 0},))
    assert found("F07-12", course, capture_interval_s=None).reason is Reason.PRECONDITION_UNMET
    assert found("F07-12", course).outcome is Outcome.FAIL
    without = course.but(before_a_camera=False)
    assert found("F07-12", without).reason is Reason.PRECONDITION_UNMET
    listed = without.but(index=COURSE.index)
    assert found("F07-12", listed).outcome is Outcome.FAIL


def test_portraits_of_another_class_period_are_not_lacking() -> None:
    """An account that was in a class before has a file for it; the other was exported."""
    (own,) = COURSE.index
    earlier = {**own, "period": "2026-10", "portraits": 7}
    assert found("F07-12", COURSE.but(index=(own, earlier))).outcome is Outcome.PASS
    assert found("F07-12", COURSE.but(index=({**own, "portraits": 2}, earlier))).outcome is Outcome.INCONCLUSIVE
    unnamed = tuple({k: v for k, v in row.items() if k != "period"} for row in ({**own, "portraits": 2}, earlier))
    # Which file lists how many can't be told, nor then whether the picture is the photograph on file.
    assert found("F07-12", COURSE.but(index=unnamed)).outcome is Outcome.REVIEW


@pytest.mark.parametrize("requirement", ["F07-1", "F07-12", "X-02", "X-04", "X-05"])
def test_a_file_of_another_class_period_says_nothing_of_this_study(requirement: str) -> None:
    """The first file of an account that was in a class before may be that of the other class."""
    (own,) = COURSE.index
    nothing = {"course": "暂无数据", "hours": None, "credited": None}
    course = COURSE.but(archive=nothing, export=nothing, parts=PARTS[1:])
    wrong = found(requirement, course)
    assert wrong.outcome is Outcome.FAIL, wrong.observed
    unknown = found(requirement, course.but(index=(own, {**own, "period": "2026-10"})))
    assert (unknown.outcome, unknown.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET), unknown.observed
    in_both_languages(unknown)


@pytest.mark.parametrize("requirement", ["F07-12", "X-02", "X-04", "X-05"])
@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        ({}, Outcome.FAIL),  # nothing is in it: what the first lacks can't stand there
        ({"records": 1}, Outcome.INCONCLUSIVE),
        ({"portraits": 1}, Outcome.INCONCLUSIVE),
        ({"records": None}, Outcome.INCONCLUSIVE),  # how much is in it nobody says
        ({"portraits": None, "certificates": None}, Outcome.FAIL),
    ],
)
def test_what_one_file_lacks_is_not_in_another_that_the_platform_lists_as_empty(
    requirement: str, second: dict[str, Any], outcome: Outcome
) -> None:
    """A learner was put into the next class before the first was over."""
    (own,) = COURSE.index
    empty = {**own, "period": "2026-12", "records": 0, "portraits": 0, "certificates": 0}
    twice = {"hours": 2, "credited": 2 * STUDIED}
    course = COURSE.but(archive=twice, export=twice, parts=(PARTS[0], PARTS[2]), index=(own, {**empty, **second}))
    assert found(requirement, course).outcome is outcome
    other = {"course": "暂无数据", "hours": None, "credited": None}  # perhaps the empty one's page
    not_it = course.but(export=other, parts=(PARTS[3],))
    assert found(requirement, not_it).outcome is Outcome.INCONCLUSIVE
    both_empty = course.but(index=(empty, {**empty, "period": "2026-11"}))
    assert found(requirement, both_empty).outcome is Outcome.INCONCLUSIVE


WHOLE = f"学员档案\n学习记录 第一\n课 36分\n学时证明 证书编号 {NUMBER}"


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ((member("档案.pdf", "pdf", WHOLE), PARTS[1]), Outcome.PASS),  # a name that a PDF breaks over two lines
        ((member("档案.pdf", "pdf", WHOLE),), Outcome.REVIEW),  # its portraits may be on its pages
        ((member("档案.doc", "other"),), Outcome.REVIEW),
        ((member("扫描件.pdf", "pdf"), PARTS[1]), Outcome.REVIEW),
        ((member("学习记录.csv", text="其他课时\n" + "x" * MOST_TEXT), *PARTS[1:3]), Outcome.REVIEW),
        ((*PARTS[:2], member("学时证明.jpg", "picture")), Outcome.REVIEW),
        ((*PARTS[:2], member("抓拍照片/2.jpg", "picture")), Outcome.REVIEW),  # one more than there are portraits
        ((PARTS[0], member("档案.doc", "other")), Outcome.REVIEW),
        ((*PARTS[1:3], member("扫描件.csv", text="没有课时的表")), Outcome.FAIL),
        ((PARTS[0], PARTS[2]), Outcome.FAIL),  # the certificate's own page is no place for portraits
    ],
)
def test_a_part_that_nobody_could_read_is_not_lacking(parts: tuple[Any, ...], outcome: Outcome) -> None:
    """Archives in one PDF, in Word, scanned or very long hold what they hold, though no word of it is found."""
    finding = found("F07-12", COURSE.but(parts=parts))
    assert finding.outcome is outcome, finding.observed
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("requirement", "course"),
    [
        ("F06-1", COURSE.but(unread_paper=True)),
        ("F06-1", COURSE.but(paper=certificate(hours=None))),
        ("F06-2", COURSE.but(unread_paper=True)),
        ("F06-3", COURSE.but(unread_paper=True)),
        ("F06-3", COURSE.but(early_ok=True, early_file=True)),
        ("F06-3", COURSE.but(early_ok=True, early_file=True, early=certificate(completed=False))),
    ],
)
def test_a_paper_that_was_not_read_is_for_somebody_to_look_at(requirement: str, course: Course) -> None:
    finding = found(requirement, course)
    assert finding.outcome is Outcome.REVIEW, finding.observed
    assert finding.refs
    in_both_languages(finding)
    beyond = course.but(register=certificate(hours=9, valid=True))
    assert requirement == "F06-2" or found(requirement, beyond).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("rows", "other"),
    [
        ((), "B"),
        ((StudyRecord(course="A", lesson="a1"),), "B"),
        ((StudyRecord(lesson="b1"),), "C"),
        ((StudyRecord(lesson="第二课"),), "C"),
        ((StudyRecord(course="C"), StudyRecord(lesson="b1")), None),
        (None, None),
    ],
)
def test_a_course_that_an_earlier_walk_studied_is_not_asked_for_as_empty(
    rows: tuple[StudyRecord, ...] | None, other: str | None
) -> None:
    lessons = (Lesson("a1", course="A"), Lesson("b1", "第二课", course="B"), Lesson("c1", course="C"), Lesson("x"))
    seen = OutcomeBuilder("F08.query")
    seen.add(RecordsRead(rows=rows))
    walk = SimpleNamespace(
        seen=seen.done().observations, platform=SimpleNamespace(profile=SimpleNamespace(lessons=lessons))
    )
    assert unstudied_course(walk, "A") == other  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("used", "unasked"),
    [
        ({"learner", "course", "since", "until"}, set()),
        ({"learner", "since", "until"}, {"by_course", "other_course"}),
        ({"learner", "course", "since"}, {"by_date", "other_date_before", "other_date_after"}),
    ],
)
def test_a_filter_that_the_profile_does_not_use_is_not_asked_for(used: set[str], unasked: set[str]) -> None:
    """The platform may well filter by it; statistics that are read without would show study where none was."""
    asked: list[str] = []

    @asynccontextmanager
    async def stretch(name: str, *more: Any) -> AsyncIterator[None]:
        asked.append(name)
        yield

    async def table(reading: str, **filters: Any) -> None:
        assert set(filters) <= used

    now = datetime(2026, 11, 24, tzinfo=UTC)
    learners = (Account("A", "learner", "a"), Account("B", "learner", "b"))
    seen = OutcomeBuilder("F08.query")
    seen.add(RecordsRead(rows=()))
    walk = SimpleNamespace(
        described=lambda name: name == "statistics",
        clock=SimpleNamespace(utc=lambda: now),
        started_utc=now,
        seen=seen.done().observations,
        stretch=stretch,
        reader=SimpleNamespace(table=table),
        platform=SimpleNamespace(
            profile=SimpleNamespace(
                lessons=(Lesson("a1", course="A"), Lesson("b1", course="B")),
                accounts={"learner": learners},
                uses=lambda reading, argument: argument in used,
            )
        ),
    )
    learner = SimpleNamespace(account=learners[0], lesson=Lesson("a1", course="A"))
    asyncio.run(filtered(walk, learner))  # type: ignore[arg-type]
    every = {"by_learner", "by_course", "other_course", "by_date", "other_date_before", "other_date_after"}
    assert set(asked) == (every | {"other_learner"}) - unasked


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [
        ((27, 6, 3), Outcome.PASS),
        ((24, 5, 1), Outcome.PASS),  # thirty, to the minute
        ((24, 5, 0.75), Outcome.PASS),  # within one per cent
        ((24, 5, 0.5), Outcome.FAIL),  # 29 min 30 s for an hour
    ],
)
def test_hours_beyond_what_was_studied(minutes: tuple[float, ...], outcome: Outcome) -> None:
    hours = {"credited": None}
    course = COURSE.but(
        studied=tuple(int(60 * m) for m in minutes),
        archive=stated(**hours), export=stated(**hours), page=stated(**hours), csv=stated(**hours),
        xlsx=stated(**hours),
    )  # fmt: skip
    for requirement in ("X-09", "X-10", "X-11"):
        assert found(requirement, course).outcome is outcome


def test_voided_records_that_say_they_are_not_credited_are_no_detail() -> None:
    after = (StudyRecord(lesson="第一课", course="再培训", duration_s=STUDIED, credited=False),)
    assert found("F08-2", COURSE.but(records_after=after)).outcome is Outcome.PASS


def test_the_study_of_other_courses_is_not_part_of_this_ones_detail() -> None:
    more = (*COURSE.records, StudyRecord(lesson="别的", course="焊接", duration_s=900))
    assert found("F08-2", COURSE.but(records=more)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("rate", "stated_s", "outcome"),
    [
        (1.0, STUDIED, Outcome.PASS),
        (0.97, STUDIED, Outcome.INCONCLUSIVE),  # by the clock, before a player of ours that was too slow
        (0.97, STUDIED + 120, Outcome.FAIL),
        (1.0, STUDIED + 120, Outcome.FAIL),
    ],
)
def test_what_our_own_machine_did_not_play_is_not_held_against_a_place(
    rate: float, stated_s: float, outcome: Outcome
) -> None:
    w = OutcomeBuilder("H01.hour")
    with w.segment("below", "control"):
        w.play(STUDIED, rate=rate)
    with w.stretch("early", "attack"):
        w.did("request_certificate", ok=False)
    with w.stretch("issued"):
        for name in ("statistics", "statistics_csv", "statistics_xlsx"):
            w.read_table(name, counted(1, stated_s))
    finding = JUDGES["X-11"](w.done(), case("X-11"))
    assert finding.outcome is outcome, finding.observed.en


def test_a_machine_that_played_too_slowly_blames_nobody_for_more_than_was_studied() -> None:
    """The platform's clock went on while our picture stood for a moment again and again."""
    w = COURSE.walk()
    lines = tuple(
        o.model_copy(update={"data": o.data.model_copy(update={"sample": _slowed(o.data.sample, 0.95)})})
        if isinstance(o.data, Media)
        else o
        for o in w.observations
    )
    for requirement in ("X-10", "X-11"):
        finding = JUDGES[requirement](WalkView(w.name, 1, lines), case(requirement))
        assert finding.reason is Reason.HARNESS_ERROR, (requirement, finding.observed)


def _slowed(sample: MediaSample, rate: float) -> MediaSample:
    return sample.model_copy(update={"position_s": sample.position_s * rate})


OTHER = {"course": "焊接", "hours": 3, "credited": 5400}


@pytest.mark.parametrize(
    ("named", "outcome"), [("再培训", Outcome.PASS), ("", Outcome.INCONCLUSIVE), ("培训", Outcome.INCONCLUSIVE)]
)
def test_other_courses_of_the_same_file_are_not_this_ones_hours(named: str, outcome: Outcome) -> None:
    """An account may have studied other courses in this run, and an archive may list them all."""
    w = COURSE.but(archive=stated(course=named), export=None).walk()
    lines = [
        o.model_copy(update={"data": o.data.model_copy(update={"table": _with_another(o.data.table)})})
        if isinstance(o.data, TableRead) and o.data.reading == "archive_hours" and o.data.table is not None
        else o
        for o in w.observations
    ]
    for requirement in ("X-02", "X-04", "X-10"):
        finding = JUDGES[requirement](WalkView(w.name, 1, tuple(lines)), case(requirement))
        assert finding.outcome is outcome, (requirement, finding.observed)


def _with_another(table: Table) -> Table:
    other = {name: str(value) for name, value in OTHER.items()}
    return Table(columns=tuple(dict.fromkeys([*table.columns, *other])), rows=(*table.rows, other))
