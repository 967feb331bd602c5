"""What was concluded of an attack stands only while its record does: literal walks, read once more at the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from harness.judge import judge_attempt
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, WalkFinished
from harness.model.outcome import Outcome, Reason
from harness.view import END_OF_RUN, WalkView, walks
from tests.walkbuilder import WalkBuilder, case

PASS, WARN, REVIEW, OPEN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.REVIEW, Outcome.INCONCLUSIVE, Outcome.FAIL
U_S = 1.0 + 5.0
"""Whole seconds are rounded; the record of a paused player lags behind by a report."""


def attacked(
    *, later: float = 0.0, completed: bool = False, kind: str = "attack", runs_on: bool = False
) -> WalkBuilder:
    """A walk whose record gains `later` seconds after all walks; `runs_on`: its player could not be paused."""
    w = WalkBuilder("F11.seek")
    w.control("before", 60)
    with w.segment("jump", kind):
        w.stand(10, paused=not runs_on)
    w.done()
    w.t += 600
    w.credit["L1"] += later
    w.completed["L1"] = completed
    w.read(END_OF_RUN)
    return w


def judged(w: WalkBuilder, outcome: Outcome, refs: tuple[int, ...] | None = None) -> Finding:
    """What stands of a conclusion that cites what the attack's record said, or other lines."""
    (walk,) = walks(w.lines)
    cites = walk.segments["jump"].refs if refs is None else refs
    said = Text(zh="甲", en="a")
    reason = Reason.UNSTABLE if outcome is OPEN else None
    finding = Finding(outcome=outcome, reason=reason, expected=said, observed=said, refs=cites)
    probe: Any = SimpleNamespace(judge=lambda name: lambda walk, case: finding)
    judgement: Any = SimpleNamespace(judge="any", beside=())
    return judge_attempt(probe, judgement, walk, case("F11-1"))


@pytest.mark.parametrize(
    ("later", "outcome"),
    [(0, PASS), (U_S - 1, PASS), (U_S, PASS), (U_S + 1, OPEN), (1500, OPEN), (-50, PASS)],
)
def test_credit_that_came_late_may_be_the_attacks(later: float, outcome: Outcome) -> None:
    finding = judged(attacked(later=later), PASS)
    assert finding.outcome is outcome
    if outcome is OPEN:
        assert finding.reason is Reason.INSUFFICIENT_EVIDENCE
        assert f"{60 + later:.1f} s" in finding.observed.en
        assert "settling_delay" in finding.observed.zh


@pytest.mark.parametrize(
    ("later", "outcome"),
    [(0, FAIL), (-U_S, FAIL), (-U_S - 1, OPEN), (1500, FAIL)],
)
def test_credit_that_was_taken_back_was_not_kept(later: float, outcome: Outcome) -> None:
    assert judged(attacked(later=later), FAIL).outcome is outcome


def test_a_lesson_that_is_called_completed_later_is_credit_too() -> None:
    assert judged(attacked(completed=True), PASS).outcome is OPEN
    assert judged(attacked(completed=True), FAIL).outcome is FAIL


@pytest.mark.parametrize(("outcome", "stands"), [(WARN, OPEN), (REVIEW, REVIEW), (OPEN, OPEN)])
def test_what_concludes_nothing_stays(outcome: Outcome, stands: Outcome) -> None:
    finding = judged(attacked(later=1500), outcome)
    assert finding.outcome is stands
    assert (finding.reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is WARN)


def test_what_does_not_rest_on_the_record_stands() -> None:
    assert judged(attacked(later=1500), PASS, refs=(1,)).outcome is PASS


def test_honest_study_alone_may_be_credited_late() -> None:
    assert judged(attacked(later=1500, kind="control"), PASS).outcome is PASS


def test_a_player_that_could_not_be_paused_played_on_until_its_window_was_closed() -> None:
    """The walk says that it took as long as its clock shows: more than the ten seconds that were looked on."""
    assert judged(attacked(later=60), PASS).outcome is OPEN
    assert judged(attacked(later=60, runs_on=True), PASS).outcome is PASS


def test_what_staff_did_afterwards_is_no_movement_of_the_records_own() -> None:
    """The walk itself has its record voided at its end, say."""
    for role, outcome in (("admin", FAIL), ("learner", OPEN)):
        w = attacked(later=-60)
        end = next(n for n, line in enumerate(w.lines) if isinstance(line.data, WalkFinished))
        w.lines[end:end] = [
            w.lines[end].model_copy(
                update={"role": role, "data": ActionDone(name="void_record", ok=True, took_s=1), "kind": "action"}
            )
        ]
        assert judged(w, FAIL).outcome is outcome


def test_what_could_not_be_read_again_changes_nothing() -> None:
    w = attacked(later=1500)
    kept = [line for line in w.lines if getattr(line.data, "at", "") != END_OF_RUN]
    w.lines = kept
    assert judged(w, PASS).outcome is PASS


def test_readings_at_the_end_are_no_part_of_the_walk() -> None:
    (walk,) = walks(attacked(later=1500).lines)
    assert isinstance(walk, WalkView)
    assert [r.at for r in walk.read_later] == [END_OF_RUN]
    assert walk.readings(END_OF_RUN) == []
    assert walk.finished is not None
    assert walk.observations[-1].data is walk.finished
