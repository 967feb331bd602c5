"""F08 on platforms whose courses can't be finished in a run: a little study is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.plan import select
from harness.probe import Setting, load_probes
from harness.view import WalkView
from probes.f08_query_statistics import SPEC
from probes.f08_query_statistics.judge import judge_filters, judge_query, judge_totals
from tests.probes.outcomes import OutcomeBuilder
from tests.walkbuilder import case

ME = {"learner": "A", "credited": 40}
INSIDE = ("by_learner", "by_period", "by_course", "by_date")
OUTSIDE = ("other_date_before", "other_date_after", "other_period", "other_course")


def asked(*, rows: int = 1, total: float = 40, without: tuple[str, ...] = (), leaks: tuple[str, ...] = ()) -> WalkView:
    """A walk of 40 s of study, and what the record and every filter show of it."""
    w = OutcomeBuilder("F08.query")
    w.control("before", 40)
    mine: dict[str, Any] = ME | {"credited": total}
    with w.stretch("queried"):
        w.read_table("statistics", *([mine] if total else []), columns=("learner", "credited"))
        w.add(RecordsRead(rows=tuple(StudyRecord(course="C", duration_s=40) for _ in range(rows))))
    for name in (*INSIDE, *OUTSIDE, "other_learner"):
        if name in without:
            continue
        with w.stretch(name, "control" if name in INSIDE else "attack"):
            if name == "other_learner":
                w.read_table("statistics", {"learner": "B", "credited": 5})
            else:
                shown = name in INSIDE or name in leaks
                w.read_table("statistics", *([mine] if shown else []), columns=("learner", "credited"))
    return w.done()


def test_what_was_studied_is_found_and_counted() -> None:
    finding = judge_query(asked(), case("F08-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


@pytest.mark.parametrize("walk", [asked(rows=0), asked(total=0)])
def test_what_was_studied_and_is_not_found_fails(walk: WalkView) -> None:
    finding = judge_query(walk, case("F08-1"))
    assert finding.outcome is Outcome.FAIL
    assert "what was studied" in finding.observed.en


def test_every_filter_must_have_been_seen_to_take_something_away() -> None:
    assert judge_filters(asked(), case("F08-1v")).outcome is Outcome.PASS
    assert judge_filters(asked(leaks=("other_course",)), case("F08-1v")).outcome is Outcome.FAIL
    blind = judge_filters(asked(without=("other_course",)), case("F08-1v"))
    assert blind.reason is Reason.UNSUPPORTED
    assert "course" in blind.observed.en


@pytest.mark.parametrize(("total", "outcome"), [(40, Outcome.PASS), (42, Outcome.PASS), (43, Outcome.FAIL)])
def test_a_total_is_the_sum_of_its_detail(total: float, outcome: Outcome) -> None:
    assert judge_totals(asked(total=total), case("F08-2")).outcome is outcome


@pytest.mark.parametrize(("course_s", "walks"), [(None, ("F08.query",)), (3600.0, ("H01.hour",))])
def test_a_course_that_can_be_finished_is_asked_for_instead(course_s: float | None, walks: tuple[str, ...]) -> None:
    setting = Setting({}, test_course_s=course_s)
    selection = select(load_probes(), ["F08-1"]).on(setting)
    ((_, judgement),) = selection.judgements
    assert judgement.walks == walks
    assert [spec.applies(setting) for spec in SPEC.walks] == [course_s is None]
