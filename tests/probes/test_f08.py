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
from tests.probes.said import in_both_languages
from tests.walkbuilder import case

ME = {"learner": "A", "credited": 40}
INSIDE = ("by_learner", "by_period", "by_course", "by_date")
OUTSIDE = ("other_date_before", "other_date_after", "other_period", "other_course")


def asked(
    *,
    rows: int = 1,
    total: float = 40,
    credited: float = 40,
    page: dict[str, Any] | None = None,
    without: tuple[str, ...] = (),
    leaks: tuple[str, ...] = (),
) -> WalkView:
    """A walk of 40 s of study, and what the record and every filter show of it. `page`: the statistics' row instead."""
    w = OutcomeBuilder("F08.query")
    w.control("before", 40, credited=credited)
    mine: dict[str, Any] = page or ME | {"credited": total}
    with w.stretch("queried"):
        shown = [mine] if total or page else []
        w.read_table("statistics", *shown, columns=() if page else ("learner", "credited"))
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


def test_what_was_studied_and_is_not_found_fails() -> None:
    finding = judge_query(asked(total=0), case("F08-1"))
    assert finding.outcome is Outcome.FAIL
    assert "what was studied" in finding.observed.en


@pytest.mark.parametrize(
    ("walk", "reason"),
    [
        (asked(rows=0), Reason.INSUFFICIENT_EVIDENCE),  # a row may be written when the sitting ends
        (asked(credited=0, rows=0, total=0), Reason.PRECONDITION_UNMET),  # nothing was credited that could be found
        (asked(page={"learner": "A", "hours": 0}), Reason.INSUFFICIENT_EVIDENCE),  # forty seconds are no class hour
        (asked(page={"learner": "A", "credited": 0}), Reason.INSUFFICIENT_EVIDENCE),  # and less than a minute
    ],
)
def test_a_little_study_need_not_show(walk: WalkView, reason: Reason) -> None:
    finding = judge_query(walk, case("F08-1"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason), finding.observed
    in_both_languages(finding)


def test_statistics_that_show_nothing_of_it_show_no_filter() -> None:
    walk = asked(page={"learner": "A", "hours": 0})
    assert judge_filters(walk, case("F08-1v")).reason is Reason.INSUFFICIENT_EVIDENCE


def test_a_filter_that_loses_half_of_the_time_fails() -> None:
    whole = asked(page={"learner": "A", "credited": 40})
    assert judge_filters(whole, case("F08-1v")).outcome is Outcome.PASS
    w = OutcomeBuilder("F08.query")
    w.lines += [o for o in whole.observations[1:-1] if o.kind != "walk_finished"]
    with w.stretch("by_date"):
        w.read_table("statistics", {"learner": "A", "credited": 20})
    assert judge_filters(w.done(), case("F08-1v")).outcome is Outcome.FAIL


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
