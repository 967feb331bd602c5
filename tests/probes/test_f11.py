"""F11 judged on literal walks: seeking and speed."""

from __future__ import annotations

import pytest

from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f11_fast_forward_blocking.judge import judge_rate, judge_seek
from tests.walkbuilder import WalkBuilder, case


def seek(
    *, jump: float, credited: float, completed: bool = False, set_back: bool = False, control: float = 60
) -> WalkView:
    w = WalkBuilder("F11.seek")
    w.control("before", 60, credited=control)
    with w.segment("seek_by_bar", "attack"):
        w.sample()
        start = w.position["main"]
        w.position["main"] = start + jump
        w.t += 1
        w.add(
            Stimulus(name="seek_by_bar", means="ordinary", params={"from_s": start}, effect={"at_once_s": start + jump})
        )
        if set_back:
            w.sample()
            w.position["main"] = start
            w.t += 1
        w.play(40)
        w.credit["L1"] += credited
        w.completed["L1"] = completed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("jump", "credited", "outcome"),
    [
        (400, 40, Outcome.FAIL),
        (400, 0, Outcome.WARN),
        (4, 40, Outcome.PASS),  # inside the tolerance of 5 s
        (5, 40, Outcome.PASS),
        (20, 40, Outcome.FAIL),
    ],
)
def test_playing_on_beyond_what_was_watched_must_not_be_credited(
    jump: float, credited: float, outcome: Outcome
) -> None:
    assert judge_seek(seek(jump=jump, credited=credited), case("F11-1")).outcome is outcome


def test_a_player_that_sets_back_passes() -> None:
    finding = judge_seek(seek(jump=400, credited=40, set_back=True), case("F11-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.accepted
    assert finding.refused


def set_back_late(beyond: float, credited: float, *, means: str = "tool") -> WalkView:
    """Sought forward, played on there until the server's answer set it back, then played where it was."""
    w = WalkBuilder("F11.seek_script")
    w.control("before", 60)
    with w.segment("seek_unguarded", "attack", means):
        w.sample()
        start = w.position["main"]
        w.position["main"] = start + 400
        w.t += 1
        w.play(beyond)
        w.position["main"] = start
        w.t += 1
        w.play(20)
        w.credit["L1"] += credited
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("beyond", "credited", "outcome"),
    [
        (6, 0, Outcome.PASS),  # the server's answer to the next report, 5 s apart, sets it back
        (10, 20, Outcome.PASS),  # what was played after that is credited, as it should be
        (11, 20, Outcome.WARN),
        (30, 20, Outcome.WARN),
        (30, 50, Outcome.FAIL),
    ],
)
def test_a_page_without_its_guards_is_set_back_by_its_server(beyond: float, credited: float, outcome: Outcome) -> None:
    assert judge_seek(set_back_late(beyond, credited), case("F11-1t")).outcome is outcome


def test_by_hand_nobody_plays_on_beyond_what_was_watched() -> None:
    assert judge_seek(set_back_late(6, 20, means="ordinary"), case("F11-1")).outcome is Outcome.WARN


def test_completion_by_seeking_fails_even_without_time() -> None:
    assert judge_seek(seek(jump=400, credited=0, completed=True), case("F11-1")).outcome is Outcome.FAIL


def test_an_uncredited_control_concludes_nothing() -> None:
    finding = judge_seek(seek(jump=400, credited=40, control=0), case("F11-1"))
    assert finding.reason is Reason.PRECONDITION_UNMET


def fast(*, credited: float, rate: float = 2.0, completed: bool = False) -> WalkView:
    w = WalkBuilder("F11.rate_menu")
    w.control("before", 60)
    with w.segment("rate_by_menu", "attack"):
        w.play(120, rate=rate)
        w.credit["L1"] += credited
        w.completed["L1"] = completed
    w.control("after", 60)
    return w.done()


@pytest.mark.parametrize(
    ("credited", "outcome"),
    [
        (120, Outcome.PASS),
        (122.4, Outcome.PASS),
        (127.3, Outcome.PASS),
        (127.5, Outcome.FAIL),
        (240, Outcome.FAIL),
        (128, Outcome.PASS),
        (129, Outcome.FAIL),  # whole seconds are rounded, so one of them is nobody's fault
    ],
)
def test_credit_stays_within_the_wall_clock(credited: float, outcome: Outcome) -> None:
    assert judge_rate(fast(credited=credited), case("F11-2")).outcome is outcome


def test_completion_before_the_time_has_gone_by_fails() -> None:
    finding = judge_rate(fast(credited=120, completed=True), case("F11-2"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


def test_a_record_too_coarse_to_tell_is_inconclusive() -> None:
    w = WalkBuilder("F11.rate_menu", resolution_s=180)
    w.control("before", 400)
    with w.segment("rate_by_menu", "attack"):
        w.play(120, rate=2.0)
    w.control("after", 400)
    assert judge_rate(w.done(), case("F11-2")).reason is Reason.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("completed_at", "outcome"),
    [(1000, Outcome.PASS), (913, Outcome.PASS), (911, Outcome.FAIL), (600, Outcome.FAIL), (None, Outcome.PASS)],
)
def test_a_lesson_counts_as_completed_when_the_record_first_says_so(completed_at: int | None, outcome: Outcome) -> None:
    """A lesson of 1,080 s, 60 s of it watched before: nine tenths have gone by 912 s into the stretch."""
    w = WalkBuilder("F11.finish_fast")
    w.control("before", 60)
    with w.segment("to_the_end", "attack"):
        w.play(completed_at or 1020)
        if completed_at is not None:
            w.completed["L1"] = True
            w.read("during:to_the_end")
            w.play(1020 - completed_at)
        w.credit["L1"] += 1020
        w.completed["L1"] = True
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome


def test_a_lesson_that_a_seek_has_finished_needs_no_more_study() -> None:
    w = WalkBuilder("F11.seek_keys")
    w.control("before", 60)
    with w.segment("seek_by_keys", "attack"):
        w.position["main"] = 1079.0
        w.t += 1
        w.sample()
        w.completed["L1"] = True
    assert judge_seek(w.done(), case("F11-1")).outcome is Outcome.FAIL


def test_nothing_left_to_study_is_no_excuse() -> None:
    """The lesson was finished by skipping, so honest study afterwards cannot be credited any more."""
    w = WalkBuilder("F11.seek_keys")
    w.control("before", 60)
    with w.segment("seek_by_keys", "attack"):
        w.position["main"] = 1079.0
        w.t += 1
        w.sample()
        w.completed["L1"] = True
    w.control("after", 60, credited=0)
    assert judge_seek(w.done(), case("F11-1")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("played", "outcome"),
    [(600, Outcome.INCONCLUSIVE), (911, Outcome.INCONCLUSIVE), (912, Outcome.PASS), (1020, Outcome.PASS)],
)
def test_what_was_not_played_to_its_end_was_not_seen_to_complete_in_time(played: float, outcome: Outcome) -> None:
    """Nine tenths of 1,080 s, 60 s of them before."""
    w = WalkBuilder("F11.finish_fast")
    w.control("before", 60)
    with w.segment("to_the_end", "attack"):
        w.play(played)
        w.credit["L1"] += played
    assert judge_rate(w.done(), case("F11-2")).outcome is outcome
