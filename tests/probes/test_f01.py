"""F01 judged on literal walks: a course from draft to withdrawal, and what catalogues promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.model.finding import Text
from harness.model.observation import ActionDone, Media, RecordsRead, Stimulus, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import MediaSample, StudyRecord, Table
from harness.view import WalkView
from probes.f01_course_management.judge import (
    judge_management,
    judge_measured_content,
    judge_review_first,
    judge_stated_content,
    judge_version,
)
from tests.probes.said import in_both_languages
from tests.walkbuilder import WalkBuilder, case

SEEDED = {"id": "1", "title": "高处作业", "outline": "大纲一", "hours": "6", "content": "12960", "state": "published"}
DRAFT = {"id": "9", "title": "专题七", "outline": "大纲一", "hours": "1", "content": "2160", "state": "draft"}
EDITED = DRAFT | {"title": "专题七修订"}
ONLINE, OFFLINE = EDITED | {"state": "published"}, EDITED | {"state": "offline"}
CATALOGUE: dict[str, dict[str, str] | None] = {
    "create": DRAFT,
    "edit": EDITED,
    "publish_unreviewed": EDITED,
    "submit": EDITED,
    "review": EDITED,
    "publish": ONLINE,
    "withdraw": OFFLINE,
    "submit_again": OFFLINE,
    "review_again": OFFLINE,
    "publish_again": ONLINE,
}
ADDRESS = "http://a/lesson/9"
AFTER_EDIT = {name: row for name, row in CATALOGUE.items() if row is not None and name != "create"}
AGAIN = ("withdraw", "submit_again", "review_again", "publish_again")
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
OLD, NEW = StudyRecord(start=NINE, version="1"), StudyRecord(start=NINE + timedelta(hours=1), version="2")


def managed(
    *,
    shown: dict[str, dict[str, str] | None] | None = None,
    seeded: dict[str, str] | None = None,
    failing: str = "",
    withdrawn: float = 0.0,
    studied: float = 60.0,
    replaced: bool | None = True,
    described: bool = True,
    before: tuple[StudyRecord, ...] = (OLD,),
    after: tuple[StudyRecord, ...] = (OLD, NEW),
    columns: tuple[str, ...] = tuple(SEEDED),
    unread: tuple[str, ...] = (),
    beside: tuple[dict[str, str], ...] = (),
    looked_again: dict[str, str] | None = None,
    step_s: float = 0.0,
    opened_at: str = "",
    by_address: bool = False,
    refused: str = "no link",
) -> WalkView:
    w = WalkBuilder("F01.manage", resolution_s=step_s)
    for name, row in (CATALOGUE | (shown or {})).items():
        if name == "withdraw":
            if opened_at:
                w.add(ActionDone(name="open_lesson", ok=True, url=ADDRESS, took_s=1))
            w.control("before", 60, credited=studied)
            w.add(RecordsRead(rows=before))
        if name == "submit_again":
            with w.segment("withdrawn", "attack"):
                if opened_at:
                    w.add(ActionDone(name="open_lesson", ok=False, error="no link", url=opened_at, took_s=1))
                    effect = {"refused": refused, "at": "L1", "by_address": by_address}
                    w.add(Stimulus(name="open_withdrawn", means="ordinary", effect=effect))
                else:
                    w.play(30)
                w.credit["L1"] += withdrawn
            if replaced is not None:
                params: dict[str, Any] = {"version_described": described}
                w.add(Stimulus(name="replace_media", means="ordinary", params=params, effect={"done": replaced}))
        with w.segment(name, "rest"):
            title = {"create": "专题七", "edit": "专题七修订"}.get(name, "")
            error = "no button" if name == failing else ""
            w.add(ActionDone(name=name, args={"title": title}, ok=not error, error=error, took_s=1))
            rows = tuple(r for r in (seeded or SEEDED, *beside, row) if r is not None)
            plain = tuple({k: v for k, v in r.items() if k in columns} for r in rows)
            table = None if name in unread else Table(columns=columns, rows=plain)
            w.add(TableRead(reading="courses", table=table))
        if name == "create" and looked_again is not None:
            w.add(TableRead(reading="courses", table=Table(columns=columns, rows=(looked_again,))))
    w.control("after", 60, credited=studied)
    w.add(RecordsRead(rows=after))
    return w.done()


def test_a_course_that_can_be_managed_passes() -> None:
    finding = judge_management(managed(), case("F01-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shown": dict.fromkeys(CATALOGUE)}, "not in the catalogue"),
        ({"shown": {name: DRAFT | {"state": row["state"]} for name, row in AFTER_EDIT.items()}}, "edited title"),
        (
            {"shown": {"publish": ONLINE | {"hours": "0"}, **dict.fromkeys(AGAIN, ONLINE | {"hours": "0"})}},
            "the course that was made shows no hours",
        ),
        ({"shown": dict.fromkeys(AGAIN, ONLINE)}, "still on line"),
        ({"withdrawn": 30.0}, "30.0 s recorded"),
        ({"seeded": SEEDED | {"outline": ""}}, "without outline or hours: 高处作业"),
        ({"seeded": SEEDED | {"outline": "—"}}, "without outline or hours: 高处作业"),
        ({"seeded": SEEDED | {"hours": "0"}}, "without outline or hours"),
    ],
)
def test_each_shortfall_fails(changes: dict[str, Any], said: str) -> None:
    finding = judge_management(managed(**changes), case("F01-1"))
    assert finding.outcome is Outcome.FAIL
    assert said in finding.observed.en
    in_both_languages(finding)


@pytest.mark.parametrize(("credit", "outcome"), [(4.9, Outcome.PASS), (5.0, Outcome.PASS), (5.1, Outcome.FAIL)])
def test_a_withdrawn_course_earns_no_more_than_the_record_lags(credit: float, outcome: Outcome) -> None:
    assert judge_management(managed(withdrawn=credit), case("F01-1")).outcome is outcome


@pytest.mark.parametrize("changes", [{"failing": "review"}, {"studied": 0.0}, {"shown": {"publish": EDITED}}])
def test_what_was_not_possible_concludes_nothing(changes: dict[str, Any]) -> None:
    assert judge_management(managed(**changes), case("F01-1")).reason is Reason.PRECONDITION_UNMET


STATELESS = tuple(name for name in SEEDED if name != "state")
LEFT = {
    "id": "7",
    "title": "高处作业专题（测试000123）修订",
    "outline": "",
    "hours": "",
    "content": "300",
    "state": "published",
}
"""A course that an earlier run of this tool made and left."""


@pytest.mark.parametrize(
    "changes",
    [
        {"shown": {"edit": DRAFT, "publish_unreviewed": DRAFT}},
        {"shown": {"withdraw": ONLINE}},
        {"shown": {"publish": ONLINE | {"hours": ""}}},
        {"shown": {"create": None}, "looked_again": DRAFT},
        {"beside": (LEFT,)},
        {"shown": {"submit_again": None, "review_again": None}},  # a list of those on line only
        {"opened_at": "http://a/courses", "by_address": True},
        {"opened_at": ADDRESS},
    ],
)
def test_a_list_that_is_a_moment_behind_and_what_an_earlier_run_left_fail_nobody(changes: dict[str, Any]) -> None:
    finding = judge_management(managed(**changes), case("F01-1"))
    assert finding.outcome is Outcome.PASS, finding.observed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"failing": "withdraw", "withdrawn": 30.0}, Reason.PRECONDITION_UNMET),  # then it could be studied, of course
        ({"failing": "withdraw", "withdrawn": 30.0, "shown": dict.fromkeys(AGAIN, ONLINE)}, Reason.PRECONDITION_UNMET),
        ({"columns": STATELESS, "beside": (LEFT | {"title": "草稿"},)}, Reason.INSUFFICIENT_EVIDENCE),  # maybe a draft
        ({"beside": (LEFT | {"title": "草稿", "state": ""},)}, None),
        ({"unread": AGAIN[:3]}, Reason.PRECONDITION_UNMET),
        ({"unread": ("publish",)}, Reason.PRECONDITION_UNMET),
        ({"shown": {"publish": None}}, Reason.PRECONDITION_UNMET),
        ({"opened_at": "http://a/courses"}, Reason.PRECONDITION_UNMET),  # it left the lists; its address was not tried
        (
            {"opened_at": ADDRESS, "refused": "page did not open; got net::ERR_CONNECTION_RESET"},
            Reason.PRECONDITION_UNMET,
        ),
        ({"opened_at": ADDRESS, "refused": "page did not open; got Timeout 30000ms"}, Reason.PRECONDITION_UNMET),
        ({"opened_at": ADDRESS, "refused": "page did not open; got HTTP 403"}, None),
        ({"shown": {name: row | {"outline": ""} for name, row in AFTER_EDIT.items()}}, Reason.INSUFFICIENT_EVIDENCE),
    ],
)
def test_what_was_not_seen_of_a_course_is_neither_right_nor_wrong(
    changes: dict[str, Any], reason: Reason | None
) -> None:
    finding = judge_management(managed(**changes), case("F01-1"))
    assert finding.reason is reason, finding.observed
    assert finding.outcome is (Outcome.PASS if reason is None else Outcome.INCONCLUSIVE)
    if "failing" not in changes:  # a platform's own words stand as they are
        in_both_languages(finding)


@pytest.mark.parametrize("bare", [{"hours": ""}, {"outline": ""}])
def test_one_course_without_hours_among_others_is_for_somebody_to_look_at(bare: dict[str, str]) -> None:
    notice = SEEDED | {"id": "3", "title": "入学须知"} | bare
    finding = judge_management(managed(beside=(notice,)), case("F01-1"))
    assert finding.outcome is Outcome.REVIEW, finding.observed
    assert "《入学须知》" in finding.observed.zh
    in_both_languages(finding)
    assert judge_management(managed(beside=(notice,), withdrawn=30.0), case("F01-1")).outcome is Outcome.FAIL


@pytest.mark.parametrize("gained", [0.0, 60.0])
def test_a_record_of_minutes_does_not_show_what_a_withdrawn_course_earned(gained: float) -> None:
    finding = judge_management(managed(withdrawn=gained, step_s=60.0), case("F01-1"))
    assert finding.reason is Reason.INSUFFICIENT_EVIDENCE, finding.observed
    assert judge_management(managed(withdrawn=120.0, step_s=60.0), case("F01-1")).outcome is Outcome.FAIL
    in_both_languages(finding)


def test_a_step_that_was_not_possible_is_named_in_both_languages() -> None:
    said = judge_management(managed(failing="review"), case("F01-1")).observed
    assert said == Text(zh="步骤“审核”未能完成：no button", en="step 'review' was not possible: no button")


def test_an_empty_walk_concludes_nothing() -> None:
    empty = WalkBuilder("F01.manage").done()
    for judge, name in ((judge_management, "F01-1"), (judge_review_first, "F01-2a"), (judge_version, "F01-3")):
        assert judge(empty, case(name)).outcome is Outcome.INCONCLUSIVE
    empty = WalkBuilder("F01.catalogue").done()
    for judge, name in ((judge_stated_content, "F01-1v"), (judge_measured_content, "X-07")):
        assert judge(empty, case(name)).outcome is Outcome.INCONCLUSIVE


def test_review_comes_first() -> None:
    late = judge_review_first(managed(), case("F01-2a"))
    early = judge_review_first(managed(shown={"publish_unreviewed": ONLINE}), case("F01-2a"))
    assert (late.outcome, early.outcome) == (Outcome.PASS, Outcome.FAIL)
    in_both_languages(late)
    in_both_languages(early)
    assert late.refused == early.accepted == (Text(zh="未经审核发布", en="publishing without review"),)
    behind = managed(shown={"submit": ONLINE})
    assert judge_review_first(behind, case("F01-2a")).outcome is Outcome.FAIL, "the list was a moment behind"
    never = managed(shown={"publish": EDITED})
    assert judge_review_first(never, case("F01-2a")).reason is Reason.PRECONDITION_UNMET


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ((OLD, NEW), Outcome.PASS),
        ((OLD, NEW.model_copy(update={"version": "1"})), Outcome.FAIL),
        ((OLD.model_copy(update={"version": "2"}), NEW), Outcome.FAIL),
        ((OLD, NEW.model_copy(update={"version": None})), Outcome.FAIL),
        ((OLD,), Outcome.INCONCLUSIVE),
    ],
)
def test_the_record_keeps_the_version_studied(after: tuple[StudyRecord, ...], outcome: Outcome) -> None:
    finding = judge_version(managed(after=after), case("F01-3"))
    assert finding.outcome is outcome
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"replaced": None}, Reason.UNSUPPORTED),
        ({"described": False}, Reason.UNSUPPORTED),
        ({"replaced": False}, Reason.PRECONDITION_UNMET),
        ({"studied": 0.0}, Reason.PRECONDITION_UNMET),
    ],
)
def test_without_a_replacement_nothing_is_concluded(changes: dict[str, Any], reason: Reason) -> None:
    assert judge_version(managed(**changes), case("F01-3")).reason is reason


def catalogue(content: str, hours: str = "1", lengths: tuple[float, ...] = (), lessons: int | None = None) -> WalkView:
    w = WalkBuilder("F01.catalogue")
    row = ONLINE | {"content": content, "hours": hours}
    w.add(TableRead(reading="courses", table=Table(columns=tuple(row), rows=(row, DRAFT | {"content": "1"}))))
    count = len(lengths) if lessons is None else lessons
    rows = tuple({"id": f"L{n}"} for n in range(count))
    w.add(TableRead(reading="lessons", filters={"course": "9"}, table=Table(columns=("id",), rows=rows)))
    for n, length in enumerate(lengths):
        sample = MediaSample(position_s=0, duration_s=length, rate=1, paused=True, ended=False, seeking=False,
                             hidden=False, ready=4)  # fmt: skip
        w.add(Media(sample=sample), lesson=f"L{n}")
    return w.done()


@pytest.mark.parametrize(
    ("content", "outcome"), [("1801", Outcome.PASS), ("1800", Outcome.PASS), ("1799", Outcome.FAIL)]
)
def test_hours_shown_are_covered_by_stated_content(content: str, outcome: Outcome) -> None:
    finding = judge_stated_content(catalogue(content), case("F01-1v"))
    assert finding.outcome is outcome
    in_both_languages(finding)


def stated(*rows: dict[str, str], columns: tuple[str, ...] = tuple(SEEDED)) -> WalkView:
    w = WalkBuilder("F01.catalogue")
    plain = tuple({k: v for k, v in row.items() if k in columns} for row in rows)
    w.add(TableRead(reading="courses", table=Table(columns=columns, rows=plain)))
    return w.done()


def test_only_courses_that_are_on_line_and_not_our_own_promise_hours() -> None:
    ours = LEFT | {"hours": "1"}
    assert judge_stated_content(stated(SEEDED, ours), case("F01-1v")).outcome is Outcome.PASS
    assert judge_stated_content(stated(ours), case("F01-1v")).outcome is Outcome.INCONCLUSIVE
    draft = DRAFT | {"content": "0"}
    told = judge_stated_content(stated(SEEDED, draft, columns=STATELESS), case("F01-1v"))
    assert told.reason is Reason.INSUFFICIENT_EVIDENCE, told.observed
    in_both_languages(told)
    assert judge_stated_content(stated(SEEDED, columns=STATELESS), case("F01-1v")).outcome is Outcome.PASS
    short = SEEDED | {"content": "60"}
    assert judge_stated_content(stated(short, draft | {"state": ""}), case("F01-1v")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("lengths", "outcome"),
    [
        ((1000.0, 802.0), Outcome.PASS),
        ((1000.0, 800.0), Outcome.PASS),
        ((1000.0, 799.5), Outcome.INCONCLUSIVE),
        ((1000.0, 798.9), Outcome.FAIL),
    ],
)
def test_hours_shown_are_covered_by_measured_media(lengths: tuple[float, ...], outcome: Outcome) -> None:
    finding = judge_measured_content(catalogue("9999", lengths=lengths), case("X-07"))
    assert finding.outcome is outcome
    assert bool(finding.accepted) is (outcome is Outcome.PASS), "what can't be told is not called covered"
    in_both_languages(finding)


def test_a_course_measured_in_part_concludes_nothing() -> None:
    part = catalogue("9999", lengths=(100.0,), lessons=2)
    assert judge_measured_content(part, case("X-07")).reason is Reason.PRECONDITION_UNMET
