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
DRAFT = {"id": "9", "title": "专题", "outline": "大纲一", "hours": "1", "content": "2160", "state": "draft"}
EDITED = DRAFT | {"title": "专题修订"}
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
) -> WalkView:
    w = WalkBuilder("F01.manage")
    for name, row in (CATALOGUE | (shown or {})).items():
        if name == "withdraw":
            w.control("before", 60, credited=studied)
            w.add(RecordsRead(rows=before))
        if name == "submit_again":
            with w.segment("withdrawn", "attack"):
                w.play(30)
                w.credit["L1"] += withdrawn
            if replaced is not None:
                params: dict[str, Any] = {"version_described": described}
                w.add(Stimulus(name="replace_media", means="ordinary", params=params, effect={"done": replaced}))
        with w.segment(name, "rest"):
            title = {"create": "专题", "edit": "专题修订"}.get(name, "")
            error = "no button" if name == failing else ""
            w.add(ActionDone(name=name, args={"title": title}, ok=not error, error=error, took_s=1))
            rows = tuple(r for r in (seeded or SEEDED, row) if r is not None)
            w.add(TableRead(reading="courses", table=Table(columns=tuple(SEEDED), rows=rows)))
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
        ({"shown": {"create": None}}, "not in the catalogue"),
        ({"shown": {"edit": DRAFT}}, "edited title"),
        ({"shown": {"publish": ONLINE | {"hours": "0"}}}, "the course that was made shows no hours"),
        ({"shown": {"withdraw": ONLINE}}, "still on line"),
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
