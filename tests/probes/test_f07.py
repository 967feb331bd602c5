"""F07.file on literal walks: a second period, and a closed account."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.view import WalkView
from probes.f07_archive_management.judge import judge_closed, judge_periods
from probes.f08_query_statistics.judge import judge_closed_totals
from tests.probes.outcomes import PARTS, OutcomeBuilder, member
from tests.probes.said import in_both_languages
from tests.walkbuilder import case

ONE = {"learner": "A", "period": "2026-11", "records": 1}
TWO = {"learner": "A", "period": "2026-12", "records": 0}
STUDIED = 61.0
SCANNED = (member("档案.pdf", "pdf"),)
EMPTY = member("学习记录.csv", text="课时\n").model_copy(update={"sha256": "1" * 64})


def walk(
    *,
    before: tuple[dict[str, Any], ...] = (ONE,),
    after: tuple[dict[str, Any], ...] = (ONE, TWO),
    enrolled: bool | None = True,
    closed: bool | None = True,
    exported: bool = True,
    first: tuple[Any, ...] = PARTS,
    parts: tuple[Any, ...] = PARTS,
    total: float = STUDIED,
    detail: float = STUDIED,
) -> WalkView:
    w = OutcomeBuilder("F07.file")
    w.control("before", 60)
    with w.stretch("one_period"):
        w.read_table("archives", *before)
    with w.stretch("open"):
        w.did("export_archive")
        w.file("archive", "zip", *first)
    if enrolled is not None:
        with w.stretch("two_periods"):
            w.did("enrol", ok=enrolled)
            w.read_table("archives", *after)
    if closed is not None:
        with w.stretch("closed", "attack"):
            w.did("close_account", ok=closed)
            if closed:
                w.did("export_archive", ok=exported)
                if exported:
                    w.file("archive", "zip", *parts)
            w.read_table("statistics", {"hours": 0, "credited": total})
            w.add(RecordsRead(rows=(StudyRecord(lesson="第一课", duration_s=detail),)))
    return w.done()


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ((ONE, TWO), Outcome.PASS),
        (({**ONE, "period": "2026-11、2026-12"},), Outcome.FAIL),  # both periods have one file
        ((ONE, {**TWO, "records": None}), Outcome.PASS),
        (({**ONE, "records": 2}, TWO), Outcome.PASS),  # the list shows the sitting only now
        ((ONE, {**TWO, "records": 1}), Outcome.FAIL),  # the first period's study in both
        ((ONE, TWO, TWO), Outcome.FAIL),
        (({**ONE, "records": 0}, TWO), Outcome.FAIL),
        ((ONE, {**TWO, "period": "2026-11"}), Outcome.FAIL),
    ],
)
def test_each_period_has_one_file_of_its_own(after: tuple[dict[str, Any], ...], outcome: Outcome) -> None:
    finding = judge_periods(walk(after=after), case("F07-11"))
    assert finding.outcome is outcome, finding.observed
    assert finding.accepted
    in_both_languages(finding)


NOTHING = {**ONE, "records": 0}
COURSES = {**ONE, "title": "高处作业"}, {**ONE, "title": "焊接", "records": 0}
UNDESCRIBED = {"learner": "A", "period": "2026-11"}, {"learner": "A", "period": "2026-12"}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ((ONE,), (ONE,), Reason.PRECONDITION_UNMET),  # refused, not listed yet, or made when something is studied there
        ((NOTHING,), (NOTHING, TWO), Reason.INSUFFICIENT_EVIDENCE),  # nothing that could stand in the wrong file
        (UNDESCRIBED[:1], UNDESCRIBED, Reason.UNSUPPORTED),
        (COURSES, (*COURSES, TWO), Reason.INSUFFICIENT_EVIDENCE),  # a line for each course
    ],
)
def test_a_file_that_shows_no_study_shows_no_period_kept_apart(
    before: tuple[dict[str, Any], ...], after: tuple[dict[str, Any], ...], reason: Reason
) -> None:
    finding = judge_periods(walk(before=before, after=after), case("F07-11"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason), finding.observed
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ((ONE, TWO), Outcome.PASS),
        ((ONE, {**TWO, "records": 1}), Outcome.FAIL),
        ((ONE, TWO, TWO), Outcome.FAIL),
        ((NOTHING, TWO), Outcome.INCONCLUSIVE),
        (UNDESCRIBED, Outcome.INCONCLUSIVE),
        ((*COURSES, TWO), Outcome.INCONCLUSIVE),
        (({**ONE, "records": 40}, TWO), Outcome.INCONCLUSIVE),  # reports are counted, not sittings
    ],
)
def test_a_learner_who_is_in_two_periods_already_tells_it_too(
    before: tuple[dict[str, Any], ...], outcome: Outcome
) -> None:
    finding = judge_periods(walk(before=before, enrolled=None), case("F07-11"))
    assert finding.outcome is outcome, finding.observed
    assert finding.accepted or outcome is Outcome.INCONCLUSIVE
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, Outcome.PASS),
        ({"exported": False}, Outcome.FAIL),
        ({"parts": PARTS[1:]}, Outcome.FAIL),
        ({"parts": PARTS[:3]}, Outcome.PASS),  # a seal may be made anew
        ({"parts": (EMPTY, *PARTS[1:])}, Outcome.FAIL),  # its rows went with the account
        ({"parts": tuple(m.model_copy(update={"name": f"20261124-{m.name}"}) for m in PARTS)}, Outcome.PASS),
        ({"first": (EMPTY, *PARTS[1:])}, Outcome.INCONCLUSIVE),  # nothing to lose
        ({"first": (), "parts": ()}, Outcome.INCONCLUSIVE),
        ({"first": SCANNED, "parts": SCANNED}, Outcome.PASS),  # nobody can read it, and it is the same file
    ],
)
def test_the_file_outlives_the_account(changed: dict[str, Any], outcome: Outcome) -> None:
    finding = judge_closed(walk(**changed), case("F07-2"))
    assert finding.outcome is outcome, finding.observed
    in_both_languages(finding)


@pytest.mark.parametrize(
    ("total", "outcome"),
    [(STUDIED, Outcome.PASS), (STUDIED - 2, Outcome.PASS), (STUDIED - 2.1, Outcome.FAIL), (0, Outcome.FAIL)],
)
def test_totals_keep_what_a_closed_account_studied(total: float, outcome: Outcome) -> None:
    assert judge_closed_totals(walk(total=total), case("F08-2")).outcome is outcome


@pytest.mark.parametrize(
    ("judge", "requirement", "changed", "reason"),
    [
        (judge_periods, "F07-11", {"enrolled": None}, Reason.UNSUPPORTED),
        (judge_periods, "F07-11", {"enrolled": False}, Reason.PRECONDITION_UNMET),
        (judge_closed, "F07-2", {"closed": None}, Reason.UNSUPPORTED),
        (judge_closed, "F07-2", {"closed": False}, Reason.PRECONDITION_UNMET),
        (judge_closed_totals, "F08-2", {"closed": None}, Reason.UNSUPPORTED),
        (judge_closed_totals, "F08-2", {"closed": False}, Reason.PRECONDITION_UNMET),
        (judge_closed_totals, "F08-2", {"detail": 0.0}, Reason.PRECONDITION_UNMET),
    ],
)
def test_what_could_not_be_done_tells_nothing(
    judge: Any, requirement: str, changed: dict[str, Any], reason: Reason
) -> None:
    finding = judge(walk(**changed), case(requirement))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason)
