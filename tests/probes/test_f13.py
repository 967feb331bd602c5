"""F13 judged on literal walks: idle, locked, unlocked."""

from __future__ import annotations

import pytest

from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f13_idle_lock.judge import judge_limit, judge_lock, judge_locked_credit, judge_overlay
from tests.walkbuilder import WalkBuilder, case


def idle(*, waited: float, stopped: bool, credited: float, locked_credit: float = 0.0, after: float = 60) -> WalkView:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(waited)
        w.credit["L1"] += credited
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": waited}, effect={"stopped": stopped}))
    if stopped:
        with w.segment("locked", "attack"):
            w.stand(120)
            w.credit["L1"] += locked_credit
        w.control("after", 60, credited=after)
    return w.done()


def test_a_lesson_that_locks_passes() -> None:
    finding = judge_lock(idle(waited=300, stopped=True, credited=300), case("F13-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


def test_one_that_plays_on_and_earns_fails() -> None:
    assert judge_lock(idle(waited=660, stopped=False, credited=660), case("F13-1")).outcome is Outcome.FAIL


def test_playing_on_without_credit_is_a_warning() -> None:
    assert judge_lock(idle(waited=660, stopped=False, credited=5), case("F13-1")).outcome is Outcome.WARN


def test_a_lock_that_never_opens_again_concludes_nothing() -> None:
    finding = judge_lock(idle(waited=300, stopped=True, credited=300, after=0), case("F13-1"))
    assert finding.reason is Reason.PRECONDITION_UNMET


@pytest.mark.parametrize(
    ("waited", "outcome"),
    [(300, Outcome.PASS), (320, Outcome.PASS), (420, Outcome.WARN), (600, Outcome.WARN), (660, Outcome.FAIL)],
)
def test_the_moment_agrees_with_the_declared_limit_and_the_cap(waited: float, outcome: Outcome) -> None:
    walk = idle(waited=waited, stopped=True, credited=waited)
    assert judge_limit(walk, case("F13-1v", idle_limit_s=300.0)).outcome is outcome


CAP_S = 600.0
SECOND = 1.0


@pytest.mark.parametrize("scale", [1, 7, 13.3, 30])
@pytest.mark.parametrize(
    ("declared", "outcome"),
    [(CAP_S - SECOND, Outcome.PASS), (CAP_S, Outcome.PASS), (CAP_S + SECOND, Outcome.FAIL), (900.0, Outcome.FAIL)],
)
def test_what_is_declared_is_within_the_cap(declared: float, outcome: Outcome, scale: float) -> None:
    """The cap is inclusive. Beyond it the declaration is at fault, although the lock comes as declared or sooner."""
    locks = min(declared, CAP_S) / scale
    finding = judge_limit(
        idle(waited=locks, stopped=True, credited=locks), case("F13-1v", scale=scale, idle_limit_s=declared)
    )
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(("waited", "stopped"), [(300, True), (780, False)])
def test_a_limit_beyond_the_cap_is_called_the_harness_s_and_never_the_standard_s(waited: float, stopped: bool) -> None:
    """Whatever the lock does: what it does is judged by F13-1."""
    walk = idle(waited=waited, stopped=stopped, credited=waited)
    finding = judge_limit(walk, case("F13-1v", idle_limit_s=900.0))
    assert finding.outcome is Outcome.FAIL
    assert finding.observed.en == "15 min without operation declared, which exceeds the harness limit (10 min)"
    assert finding.observed.zh == "申报无操作 15 分钟锁屏，超出本工具限值（10 分钟）"
    assert "AQ 8011" not in finding.observed.zh + finding.observed.en


@pytest.mark.parametrize(
    ("credit", "outcome"), [(0, Outcome.PASS), (5, Outcome.PASS), (11, Outcome.FAIL), (120, Outcome.FAIL)]
)
def test_locked_time_earns_nothing(credit: float, outcome: Outcome) -> None:
    walk = idle(waited=300, stopped=True, credited=300, locked_credit=credit)
    assert judge_locked_credit(walk, case("F13-2")).outcome is outcome


@pytest.mark.parametrize(
    ("paid", "ran", "outcome"),
    [
        (0, 0, Outcome.PASS),
        (5, 0, Outcome.PASS),  # what one report carries
        (11, 0, Outcome.FAIL),
        (120, 0, Outcome.FAIL),
        (20, 20, Outcome.PASS),  # the player went on by itself after the unlocking, and that was study
        (120, 20, Outcome.FAIL),
    ],
)
def test_locked_time_is_not_paid_at_the_unlocking_either(paid: float, ran: float, outcome: Outcome) -> None:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    with w.segment("idle", "attack"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("locked", "attack"):
        w.stand(120)
    w.position["main"] += ran
    w.credit["L1"] += paid
    w.control("after", 60)
    assert judge_locked_credit(w.done(), case("F13-2")).outcome is outcome


@pytest.mark.parametrize(
    ("stopped", "credited", "outcome"),
    [
        (True, 300, Outcome.PASS),
        (False, 660, Outcome.FAIL),
        (False, 340, Outcome.FAIL),  # more than half of it
        (False, 330, Outcome.WARN),
        (False, 0, Outcome.WARN),
    ],
)
def test_it_locks_the_second_time_as_well(stopped: bool, credited: float, outcome: Outcome) -> None:
    w = WalkBuilder("F13.idle")
    w.control("before", 60)
    for name, waited, locks, gained in (("idle", 300, True, 300), ("idle_again", 660, stopped, credited)):
        with w.segment(name, "attack"):
            w.play(waited)
            w.credit["L1"] += gained
            w.add(Stimulus(name="no_input", means="ordinary", params={"waited_s": waited}, effect={"stopped": locks}))
        if name == "idle":
            w.control("after", 60)
    finding = judge_lock(w.done(), case("F13-1"))
    assert finding.outcome is outcome
    assert "second" in finding.observed.en or "once more" in finding.observed.en


def torn_off(*, reported: float, torn: float, changed: float) -> WalkView:
    w = WalkBuilder("F13.synthetic")
    w.control("before", 60)
    with w.segment("idle", "attack", "tool"):
        w.play(300)
        w.credit["L1"] += 300
        w.add(Stimulus(name="synthetic_events", means="tool", params={"waited_s": 300}, effect={"stopped": True}))
    with w.segment("reported_while_locked", "attack", "tool"):
        w.stand(4)
        w.credit["L1"] += reported
    with w.segment("overlay_removed", "attack", "tool"):
        w.play(60)
        w.credit["L1"] += torn
    with w.segment("reports_changed", "attack", "tool"):
        w.stand(60)
        w.credit["L1"] += changed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("reported", "torn", "changed", "outcome"),
    [
        (0, 0, 0, Outcome.PASS),
        (5, 5, 5, Outcome.PASS),
        (11, 0, 0, Outcome.FAIL),
        (0, 11, 0, Outcome.FAIL),
        (0, 0, 11, Outcome.FAIL),
        (3600, 0, 0, Outcome.FAIL),
    ],
)
def test_neither_reports_nor_a_torn_off_lock_earn_while_locked(
    reported: float, torn: float, changed: float, outcome: Outcome
) -> None:
    finding = judge_overlay(torn_off(reported=reported, torn=torn, changed=changed), case("F13-3"))
    assert finding.outcome is outcome
    if outcome is Outcome.PASS:
        assert len(finding.refused) == 3
        assert finding.accepted
    else:
        assert finding.unearned
