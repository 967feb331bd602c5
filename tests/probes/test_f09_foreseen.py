"""F09-2: captures at even intervals can be foreseen; what chance may have made even can't be called a schedule."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.observation import ActionDone, StateSeen
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from probes.f09_portrait_capture.foreseen import BY_CHANCE, chance
from probes.f09_portrait_capture.judge import judge_gaps
from tests.probes.portraitwalk import CameraWalk, hour
from tests.walkbuilder import case

HOUR = {"class_hour_s": 1800.0, "capture_interval_s": 600.0}


def walk(gaps: tuple[float, ...], **portrait: Any) -> CameraWalk:
    """Captures these seconds of playing apart, the first after as many as the first gap."""
    return hour((gaps[0], *gaps), **portrait)


def marked(gaps: tuple[float, ...], half_s: float) -> CameraWalk:
    """The same on a platform that dates no picture; each mark was shown so long before and after."""
    w = walk(gaps, time=None)
    for place, one in enumerate(w.stored):
        at = sum(one.shown[0]) / 2 - 1.0  # where the builder put it
        w.stored[place] = one.model_copy(update={"shown": ((at - half_s, at + half_s),)})
    return w


def judged(w: CameraWalk, *, report_s: float = 5.0) -> tuple[Outcome, Reason | None, str]:
    w.read_portraits("after")
    finding = judge_gaps(w.done(), case("F09-2", **HOUR, report_interval_s=report_s))
    return finding.outcome, finding.reason, finding.observed.en


@pytest.mark.parametrize(("gaps", "surely"), [(3, True), (4, True), (5, True)])
def test_of_long_gaps_few_are_enough(gaps: int, surely: bool) -> None:
    outcome, *_ = judged(walk((380.0,) * gaps))
    assert (outcome is Outcome.FAIL) is surely


@pytest.mark.parametrize(
    ("gaps", "outcome"),
    [
        ((11, 11), Outcome.INCONCLUSIVE),
        ((11, 11, 11), Outcome.INCONCLUSIVE),
        ((11, 11, 11, 11), Outcome.FAIL),
        ((11, 12, 11, 11), Outcome.INCONCLUSIVE),
        ((11, 12, 11, 11, 12), Outcome.FAIL),
        ((11, 13, 11, 11, 12), Outcome.PASS),
    ],
)
def test_of_short_gaps_it_takes_more_unless_they_are_alike_to_the_second(
    gaps: tuple[float, ...], outcome: Outcome
) -> None:
    """As in a rehearsal: some eleven seconds each, and a report every second."""
    found, reason, _ = judged(walk(gaps), report_s=1.0)
    assert found is outcome
    assert (reason is Reason.INSUFFICIENT_EVIDENCE) is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("late_s", "outcome"),
    [
        ((0.1, 0.3, 0.2), Outcome.INCONCLUSIVE),
        ((0.1, 0.3, 0.2, 0.25), Outcome.FAIL),
        ((0.1, 0.9, 0.1, 0.1), Outcome.INCONCLUSIVE),
        ((0.1, 0.6, 0.1, 0.1, 0.1), Outcome.FAIL),
        ((0.1, 1.0, 0.1, 0.1, 0.1), Outcome.PASS),
    ],
)
def test_of_dates_finer_than_a_second_fewer_are_enough(late_s: tuple[float, ...], outcome: Outcome) -> None:
    """Every eleven seconds, each dated so much later."""
    w = hour((11.0,) * len(late_s), rest=5.0)
    for place, (one, late_by) in enumerate(zip(w.stored, late_s, strict=True)):
        assert one.time is not None
        w.stored[place] = one.model_copy(update={"time": one.time + timedelta(seconds=late_by)})
    assert judged(w, report_s=1.0)[0] is outcome


def late(gaps: tuple[float, ...], late_s: float, **more: Any) -> CameraWalk:
    """The second picture shows what the camera had shown so long before it is dated, as on a busy machine."""
    w = walk(gaps)
    one = w.stored[1]
    assert one.time is not None
    until = one.time.timestamp() - late_s
    w.stored[1] = one.model_copy(update={"shown": ((until - 10.0, until),), **more})
    return w


@pytest.mark.parametrize(("late_s", "outcome"), [(1.9, Outcome.FAIL), (2.0, Outcome.FAIL), (2.1, Outcome.INCONCLUSIVE)])
def test_what_the_platform_dates_evenly_is_even_though_a_mark_makes_one_moment_vague(
    late_s: float, outcome: Outcome
) -> None:
    assert judged(late((11.0,) * 5, late_s), report_s=1.0)[0] is outcome


def test_what_the_platform_dates_unevenly_is_not_cleared_by_its_own_dates() -> None:
    assert judged(late((11.0, 11.0, 13.0, 11.0, 11.0), 1.9), report_s=1.0)[0] is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("wider", "outcome"), [(5.5, Outcome.FAIL), (6.2, Outcome.PASS)])
def test_what_the_reports_blur_is_still_even(wider: float, outcome: Outcome) -> None:
    assert judged(walk((380.0, 380.0 + wider, 380.0, 380.0, 380.0)))[0] is outcome


def test_what_is_counted_in_time_played_is_even_though_a_check_came_between() -> None:
    w = walk((380.0, 380.0))
    for pause in (30.0, 0.0, 50.0):
        w.play(190.0)
        w.add(StateSeen(state=LessonState.FACE_CHECK))
        w.t += pause
        w.add(StateSeen(state=LessonState.PLAYING))
        w.play(190.0)
        w.portrait()
    assert judged(w)[0] is Outcome.FAIL


@pytest.mark.parametrize(("calm", "outcome"), [(4, Outcome.FAIL), (3, Outcome.PASS)])
def test_a_check_that_lets_the_counting_begin_anew_hides_no_schedule(calm: int, outcome: Outcome) -> None:
    """Six minutes after the last capture or check, whichever was later: between two captures that is as long as the
    check was late."""
    w = walk((360.0,) * (calm - 1))
    for late in (250.0, 110.0):
        w.play(late)
        w.add(StateSeen(state=LessonState.FACE_CHECK))
        w.t += 6.0
        w.add(StateSeen(state=LessonState.PLAYING))
        w.play(360.0)
        w.portrait()
    w.play(360.0)
    w.portrait()
    assert judged(w)[0] is outcome


def test_what_is_counted_by_the_clock_is_even_though_the_player_stood_still() -> None:
    w = walk((380.0, 380.0))
    for pause in (30.0, 0.0, 50.0):
        w.play(190.0 - pause)
        w.stand(pause)
        w.play(190.0)
        w.portrait()
    assert judged(w)[0] is Outcome.FAIL


def disturbed(undisturbed: tuple[float, ...]) -> CameraWalk:
    """Six minutes apart by the clock, but the player stood still, each time longer, right before most captures; the
    others as long after the last as is said, and the first one second more."""
    w = hour((360.0,))
    for number, gap in enumerate((*undisturbed, 0.0, 0.0, 0.0, 0.0), 1):
        if gap:
            w.play(gap)
        else:
            w.play(359.0 - 20.0 * number)
            w.stand(20.0 * number)
            w.play(1.0)
        w.portrait()
    return w


@pytest.mark.parametrize(
    ("undisturbed", "outcome"),
    [
        ((), Outcome.INCONCLUSIVE),
        ((360.0,), Outcome.INCONCLUSIVE),
        ((360.0, 361.0), Outcome.INCONCLUSIVE),
        ((360.0, 365.0), Outcome.INCONCLUSIVE),
        ((360.0, 366.0), Outcome.INCONCLUSIVE),
        ((360.0, 367.0), Outcome.PASS),
        ((360.0, 361.0, 361.0), Outcome.FAIL),
    ],
)
def test_a_schedule_that_was_hardly_ever_left_alone_is_not_excluded(
    undisturbed: tuple[float, ...], outcome: Outcome
) -> None:
    """By the time played they are uneven, as the player stood still; that clears no clock. Five seconds are allowed."""
    assert judged(disturbed(undisturbed), report_s=4.3)[0] is outcome


@pytest.mark.parametrize(("anew", "outcome"), [(True, Outcome.FAIL), (False, Outcome.PASS)])
def test_a_lesson_that_is_opened_anew_may_begin_to_count_anew(anew: bool, outcome: Outcome) -> None:
    w = walk((380.0, 380.0, 380.0))
    w.play(100.0)
    if anew:
        w.add(ActionDone(name="open_lesson", ok=True, took_s=1.0))
    w.play(380.0)
    w.portrait()
    assert judged(w)[0] is outcome


@pytest.mark.parametrize(
    ("half_s", "outcome"), [(1.0, Outcome.FAIL), (1.5, Outcome.INCONCLUSIVE), (60.0, Outcome.INCONCLUSIVE)]
)
def test_a_mark_without_a_stated_time_says_when_only_as_far_as_it_was_shown(half_s: float, outcome: Outcome) -> None:
    assert judged(marked((380.0,) * 5, half_s))[0] is outcome


@pytest.mark.parametrize(("half_s", "outcome"), [(15.0, Outcome.PASS), (60.0, Outcome.INCONCLUSIVE)])
def test_uneven_is_uneven_only_beyond_what_the_marks_leave_open(half_s: float, outcome: Outcome) -> None:
    assert judged(marked((300.0, 380.0, 290.0, 400.0, 330.0), half_s))[0] is outcome


@given(st.integers(3, 12), st.floats(0.0, 1.0))
def test_chance_is_a_probability_that_grows_with_the_part_and_falls_with_the_number(gaps: int, part: float) -> None:
    found = chance(gaps, part)
    assert 0.0 <= found <= 1.0 + 1e-12
    assert chance(gaps + 1, part) <= found + 1e-12
    assert chance(gaps, min(1.0, part + 0.01)) >= found - 1e-12


def test_chance_is_what_dice_show() -> None:
    dice, part, times = random.Random(7), 0.3, 20_000
    for gaps in (3, 4, 5):
        drawn = [[dice.random() for _ in range(gaps)] for _ in range(times)]
        share = sum(max(one) - min(one) <= part for one in drawn) / times
        assert share == pytest.approx(chance(gaps, part), abs=4 * (0.25 / times) ** 0.5)


def test_a_platform_that_draws_its_gaps_is_hardly_ever_called_even() -> None:
    """The reference platform's own rule in a rehearsal: 6 to 16 s apart, seen to the second."""
    dice, even = random.Random(11), 0
    for turn in range(600):
        gaps = tuple(round(dice.uniform(6.0, 16.0)) for _ in range(4 + turn % 2))
        even += judged(walk(tuple(map(float, gaps))), report_s=1.0)[0] is Outcome.FAIL
    assert even <= 600 * BY_CHANCE * 4


def test_all_pairs_of_equal_gaps_are_found_whatever_their_length() -> None:
    for gap, number in itertools.product((120.0, 300.0, 600.0), (5, 6)):
        assert judged(walk((gap,) * number))[0] is Outcome.FAIL
