"""F12 judged on literal walks: two places at once."""

from __future__ import annotations

import pytest

from harness.model.observation import RequestSent
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f12_multi_login_prevention.judge import judge_after_kick, judge_overlap, judge_two_places
from tests.walkbuilder import WalkBuilder, case


def overlap(first: float, second: float) -> WalkView:
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        w.play(180, screens=("first", "second"))
        w.credit["L1"] += first
        w.credit["L2"] += second
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


@pytest.mark.parametrize(
    ("requirement", "limit"), [("F12-1", 120), ("F12-1v", 60), ("F12-1t", 120)], ids=lambda value: str(value)
)
@pytest.mark.parametrize(
    ("beyond", "outcome"),
    [(-120, Outcome.PASS), (-1, Outcome.PASS), (0, Outcome.PASS), (3, Outcome.INCONCLUSIVE), (6, Outcome.FAIL)],
)
def test_the_loser_stops_in_time(requirement: str, limit: float, beyond: float, outcome: Outcome) -> None:
    loser = max(0.0, limit + beyond)
    assert judge_two_places(overlap(loser, 180), case(requirement)).outcome is outcome
    assert judge_two_places(overlap(180, loser), case(requirement)).outcome is outcome


def test_two_places_that_both_go_on_fail() -> None:
    finding = judge_two_places(overlap(180, 180), case("F12-1"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


@pytest.mark.parametrize(
    ("first", "second", "outcome"), [(0, 180, Outcome.PASS), (60, 180, Outcome.PASS), (180, 180, Outcome.FAIL)]
)
def test_overlap_is_credited_once(first: float, second: float, outcome: Outcome) -> None:
    assert judge_overlap(overlap(first, second), case("F12-2")).outcome is outcome


def test_refusing_the_second_place_passes() -> None:
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("refused_second", "attack"):
        w.play(60)
        w.credit["L1"] += 60
    w.control("after", 60)
    finding = judge_two_places(w.done(), case("F12-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


def kicked(gain: float, *, completed: bool = False) -> WalkView:
    w = WalkBuilder("F12.two_devices", ("L1", "L2"))
    w.control("before", 60)
    with w.segment("overlap", "attack"):
        w.play(150, screens=("second",))
        w.credit["L2"] += 150
    with w.segment("after_kick", "attack", "tool"):
        w.stand(5)
        w.add(RequestSent(name="replay", method="POST", url="http://h/x", status=200))
        w.credit["L1"] += gain
        w.completed["L1"] = completed
    with w.segment("after", "control"):
        w.play(60, screens=("second",))
        w.credit["L2"] += 60
    return w.done()


@pytest.mark.parametrize(
    ("gain", "outcome"),
    [(0, Outcome.PASS), (30, Outcome.PASS), (33, Outcome.INCONCLUSIVE), (36, Outcome.FAIL), (3600, Outcome.FAIL)],
)
def test_who_was_thrown_out_earns_nothing_by_reporting_on(gain: float, outcome: Outcome) -> None:
    finding = judge_after_kick(kicked(gain), case("F12-1t"))
    assert finding.outcome is outcome
    assert finding.unearned is (outcome is Outcome.FAIL)


def test_completing_the_lesson_after_the_kick_fails_without_any_time() -> None:
    assert judge_after_kick(kicked(0, completed=True), case("F12-1t")).outcome is Outcome.FAIL


def test_where_nobody_is_thrown_out_the_two_places_tell() -> None:
    assert judge_after_kick(overlap(0, 180), case("F12-1t")).outcome is Outcome.PASS
    both = judge_after_kick(overlap(180, 180), case("F12-1t"))
    assert (both.outcome, both.reason, both.settled) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET, True)
