"""H01 judged on literal walks: 27 and 33 minutes, and time that must not count."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from harness.judge import Case
from harness.model.finding import Finding
from harness.model.observation import RecordsRead, StateSeen
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState, StudyRecord
from harness.view import SETTLED, WalkView
from probes.h01_hour_accounting.judge import judge_cap, judge_hour, judge_invalid, judge_lesson
from probes.h01_hour_accounting.judge_settled import judge_settled_hour
from tests.probes.outcomes import OutcomeBuilder
from tests.walkbuilder import START, WalkBuilder, case

BELOW, ABOVE = 27 * 60, 6 * 60


def hour(at_27: float | None, at_33: float | None, *, above_s: float = ABOVE, between_s: float = 0) -> WalkView:
    w = WalkBuilder("H01.hour")
    w.hours = {} if at_27 is None else {"L1": 0.0}
    for name, length, hours in (("below", BELOW, at_27), ("above", above_s, at_33)):
        with w.segment(name, "control"):
            if between_s:
                w.stand(between_s)
            w.play(length)
            w.credit["L1"] += length
            if hours is not None:
                w.hours["L1"] = hours
    return w.done()


@pytest.mark.parametrize(
    ("at_27", "at_33", "outcome"),
    [
        (0, 1, Outcome.PASS),
        (0.9, 1.1, Outcome.PASS),  # tenths, exact
        (1, 1, Outcome.FAIL),  # rounded up
        (0, 2, Outcome.FAIL),
        (1.08, 1.32, Outcome.FAIL),  # an hour of 25 minutes
        (
            math.floor(27 / 29 * 10) / 10,
            math.floor(33 / 29 * 10) / 10,
            Outcome.PASS,
        ),  # 29 minutes, hidden by rounding down
        (27 / 29, 33 / 29, Outcome.FAIL),  # 29 minutes, to the second
    ],
)
def test_an_hour_is_at_least_thirty_minutes(at_27: float, at_33: float, outcome: Outcome) -> None:
    assert judge_hour(hour(at_27, at_33), case("H01-1")).outcome is outcome


@pytest.mark.parametrize(
    ("minutes", "at_first", "outcome"),
    [
        (24.9, 0, Outcome.INCONCLUSIVE),
        (25, 0, Outcome.PASS),
        (25.1, 0, Outcome.PASS),
        (24.9, 1, Outcome.FAIL),  # an hour for less is too much, however little it was
        (20, 0.6, Outcome.PASS),  # tenths tell at any time
    ],
)
def test_a_first_study_far_from_an_hour_does_not_show_that_less_is_none(
    minutes: float, at_first: float, outcome: Outcome
) -> None:
    """A film that stood still on a busy machine: five minutes for loading make no hour of 24, and PASSed."""
    w = WalkBuilder("H01.hour")
    w.hours = {"L1": 0.0}
    for name, length, hours in (("below", minutes * 60, at_first), ("above", 10 * 60, 1)):
        with w.segment(name, "control"):
            w.play(length)
            w.credit["L1"] += length
            w.hours["L1"] = hours
    finding = judge_hour(w.done(), case("H01-1"))
    assert finding.outcome is outcome
    assert ("too far from an hour" in finding.observed.en) is (outcome is Outcome.INCONCLUSIVE)


def test_seconds_alone_are_hours_in_disguise() -> None:
    assert judge_hour(hour(None, None), case("H01-1")).outcome is Outcome.PASS


def test_what_is_asked_in_between_takes_nothing_from_an_hour_that_was_watched() -> None:
    assert judge_hour(hour(0, 1, between_s=600), case("H01-1")).outcome is Outcome.PASS


@pytest.mark.parametrize(("above_s", "told"), [(179, False), (181, True)])
def test_an_hour_must_really_have_been_watched(above_s: float, told: bool) -> None:
    finding = judge_hour(hour(0, 1, above_s=above_s), case("H01-1"))
    assert (finding.reason is not Reason.PRECONDITION_UNMET) is told


def test_no_hour_after_33_minutes_is_no_proof() -> None:
    assert judge_hour(hour(0, 0), case("H01-1")).reason is Reason.PRECONDITION_UNMET


@pytest.mark.parametrize(
    ("hidden", "outcome"), [(0, Outcome.PASS), (28, Outcome.PASS), (31, Outcome.FAIL), (120, Outcome.FAIL)]
)
def test_invalid_time_adds_nothing(hidden: float, outcome: Outcome) -> None:
    w = WalkBuilder("H01.invalid")
    w.control("before", 60)
    with w.segment("paused", "attack"):
        w.stand(120)
    w.control("between", 60)
    with w.segment("hidden", "attack", "tool"):
        w.play(120, hidden=True)
        w.credit["L1"] += hidden
    w.control("after", 60)
    assert judge_invalid(w.done(), case("H01-3")).outcome is outcome


@pytest.mark.parametrize(
    ("back", "credited", "outcome"),
    [
        (60, 0, Outcome.PASS),
        (60, 16, Outcome.PASS),  # a fifth of the stretch, and what one report carries
        (60, 18, Outcome.FAIL),
        (60, 60, Outcome.FAIL),
        (0, 60, Outcome.PASS),  # the player did not go back: all of it was new
        (30, 30, Outcome.PASS),
        (30, 60, Outcome.FAIL),
    ],
)
def test_what_is_watched_again_adds_nothing_but_what_is_new(back: float, credited: float, outcome: Outcome) -> None:
    w = WalkBuilder("H01.invalid")
    w.control("before", 60)
    with w.segment("watched_again", "attack", "tool"):
        w.position["main"] -= back
        w.play(60)
        w.credit["L1"] += credited
    w.control("after", 60)
    assert judge_invalid(w.done(), case("H01-3")).outcome is outcome


@pytest.mark.parametrize(
    ("at_27", "at_33", "outcome"),
    [
        (0, 1, Outcome.PASS),
        (1, 1, Outcome.FAIL),  # rounded up
        (0.9, 1.1, Outcome.PASS),
        (0.92, 1.1, Outcome.FAIL),
    ],
)
def test_a_single_lesson_is_not_rounded_up_either(at_27: float, at_33: float, outcome: Outcome) -> None:
    assert judge_lesson(hour(at_27, at_33), case("H01-1v")).outcome is outcome


def test_a_lesson_without_hours_cannot_be_rounded() -> None:
    assert judge_lesson(hour(None, None), case("H01-1v")).reason is Reason.UNSUPPORTED


@pytest.mark.parametrize(("of_course", "outcome"), [(1.0, Outcome.PASS), (2.0, Outcome.FAIL)])
def test_the_hours_of_the_course_decide_over_those_of_a_lesson(of_course: float, outcome: Outcome) -> None:
    """Lessons rounded up, the course not: H01-1v fails, H01-1 does not."""
    w = OutcomeBuilder("H01.hour")
    w.hours = {"L1": 0.0}
    for name, length, hours, whole in (("below", BELOW, 1, 0.0), ("above", ABOVE, 2, of_course)):
        with w.segment(name, "control"):
            w.play(length)
            w.credit["L1"] += length
            w.hours["L1"] = hours
        with w.stretch(f"counted_{name}", "rest"):
            w.read_table("course_record", {"hours": whole})
    walk = w.done()
    assert judge_hour(walk, case("H01-1")).outcome is outcome
    assert judge_lesson(walk, case("H01-1v")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("cap_h", "credited", "outcome"),
    [
        (None, 600, Outcome.REVIEW),
        (7.99, 600, Outcome.REVIEW),
        (8, 600, Outcome.REVIEW),  # a day was not studied through: an assessor is asked
        (8.01, 600, Outcome.FAIL),
        (300 / 3600, 300, Outcome.PASS),
        (300 / 3600, 306, Outcome.INCONCLUSIVE),
        (300 / 3600, 308, Outcome.FAIL),
        (300 / 3600, 600, Outcome.FAIL),
    ],
)
def test_the_daily_cap_is_judged_only_where_it_was_reached(
    cap_h: float | None, credited: float, outcome: Outcome
) -> None:
    w = WalkBuilder("H01.hour")
    w.control("below", 600, credited=credited)
    policy = {} if cap_h is None else {"daily_cap_s": cap_h * 3600}
    assert judge_cap(w.done(), case("H01-4", **policy)).outcome is outcome


def clocked(rate: float, share: float, *, hours: bool = False) -> WalkView:
    """Credit by the wall clock, `share` of it, before a player that runs at `rate`."""
    w = WalkBuilder("H01.hour")
    w.hours = {"L1": 0.0} if hours else {}
    for name, length in (("below", BELOW), ("above", ABOVE)):
        with w.segment(name, "control"):
            w.play(length, rate=rate)
            w.credit["L1"] += share * length
            if hours:
                w.hours["L1"] = w.credit["L1"] / 1800
    return w.done()


@pytest.mark.parametrize(
    ("rate", "share", "outcome"),
    [
        (1.0, 1.0, Outcome.PASS),
        (0.995, 1.0, Outcome.PASS),  # within 1 %
        (0.987, 1.0, Outcome.INCONCLUSIVE),  # eight windows on two cores
        (0.95, 1.0, Outcome.INCONCLUSIVE),
        (0.987, 1.03, Outcome.FAIL),  # more than even the clock gives
        (1.0, 1.03, Outcome.FAIL),
    ],
)
@pytest.mark.parametrize(("requirement", "judge"), [("H01-1", judge_hour), ("H01-1v", judge_lesson)])
def test_what_our_own_machine_did_not_play_is_not_held_against_a_clock(
    requirement: str, judge: Callable[[WalkView, Case], Finding], rate: float, share: float, outcome: Outcome
) -> None:
    finding = judge(clocked(rate, share, hours=judge is judge_lesson), case(requirement))
    assert finding.outcome is outcome, finding.observed.en
    if outcome is Outcome.INCONCLUSIVE:
        assert finding.reason is Reason.HARNESS_ERROR
        assert not finding.unearned


@pytest.mark.parametrize(
    ("declared", "outcome"),
    [
        (None, Outcome.PASS),
        (45, Outcome.PASS),
        (30, Outcome.PASS),
        (29, Outcome.FAIL),
        (25, Outcome.FAIL),
    ],
)
def test_seconds_make_hours_as_long_as_the_platform_declares(declared: float | None, outcome: Outcome) -> None:
    policy: dict[str, Any] = {} if declared is None else {"class_hour_s": declared * 60}
    finding = judge_hour(hour(None, None), case("H01-1", **policy))
    assert finding.outcome is outcome
    assert ("as declared" in finding.observed.en) is (outcome is Outcome.FAIL)


@pytest.mark.parametrize(("before_s", "told"), [(0, True), (20, True), (1740, False), (1800, False)])
@pytest.mark.parametrize(("requirement", "judge"), [("H01-1", judge_hour), ("H01-1v", judge_lesson)])
def test_hours_from_before_the_walk_are_not_of_it(
    requirement: str, judge: Callable[[WalkView, Case], Finding], before_s: float, told: bool
) -> None:
    """29 minutes from an earlier run and 27 of this one are a whole hour."""
    w = WalkBuilder("H01.hour")
    w.credit["L1"] = before_s
    w.hours["L1"] = before_s // 1800
    for name, length in (("below", BELOW), ("above", ABOVE)):
        with w.segment(name, "control"):
            w.play(length)
            w.credit["L1"] += length
            w.hours["L1"] = w.credit["L1"] // 1800
    finding = judge(w.done(), case(requirement))
    assert finding.outcome is (Outcome.PASS if told else Outcome.INCONCLUSIVE), finding.observed.en


@pytest.mark.parametrize(
    ("earlier_s", "of_course", "outcome"),
    [
        (0, 1.0, Outcome.PASS),
        (0, 2.0, Outcome.FAIL),
        (900, 1.0, Outcome.PASS),
        (900, 1.5, Outcome.INCONCLUSIVE),  # another lesson of the course was studied before
        (900, 2.0, Outcome.FAIL),  # and is not enough to explain it
        (0, 1.5, Outcome.FAIL),
    ],
)
def test_other_lessons_of_the_course_are_not_of_this_walk(earlier_s: float, of_course: float, outcome: Outcome) -> None:
    w = OutcomeBuilder("H01.hour")
    for name, length, whole in (("below", BELOW, 0.0), ("above", ABOVE, of_course)):
        with w.segment(name, "control"):
            w.play(length)
            w.credit["L1"] += length
        with w.stretch(f"counted_{name}", "rest"):
            w.read_table("course_record", {"hours": whole})
    rows = [StudyRecord(start=START + timedelta(seconds=101), lesson="L1", duration_s=BELOW + ABOVE)]
    if earlier_s:
        rows.append(StudyRecord(start=START - timedelta(hours=1), lesson="L2", duration_s=earlier_s))
    w.add(RecordsRead(rows=tuple(rows)))
    finding = judge_hour(w.done(), case("H01-1"))
    assert finding.outcome is outcome, finding.observed.en


def test_what_is_excused_excuses_nothing_else() -> None:
    """The first stretch is credited with too much before a player that ran in time, the second one stalls."""
    w = WalkBuilder("H01.hour")
    for name, length, stalled, credited in (("below", BELOW, 0, BELOW + 60), ("above", ABOVE, 100, ABOVE + 100)):
        with w.segment(name, "control"):
            w.play(length)
            w.stand(stalled, paused=False)
            w.credit["L1"] += credited
    assert judge_hour(w.done(), case("H01-1")).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("resolution_s", "credited", "outcome"),
    [
        (0, 0, Outcome.PASS),
        (15, 0, Outcome.PASS),  # with what one report carries, a third of the stretch
        (16, 0, Outcome.INCONCLUSIVE),
        (60, 0, Outcome.INCONCLUSIVE),
        (60, 60, Outcome.INCONCLUSIVE),  # all of it, a minute in whole minutes
        (180, 180, Outcome.INCONCLUSIVE),  # a tenth of an hour
        (180, 360, Outcome.FAIL),
    ],
)
def test_a_record_too_coarse_for_a_stretch_shows_no_refusal(
    resolution_s: float, credited: float, outcome: Outcome
) -> None:
    w = WalkBuilder("H01.invalid", resolution_s=resolution_s)
    w.control("before", 60, credited=180)
    with w.segment("hidden", "attack", "tool"):
        w.play(60, hidden=True)
        w.credit["L1"] += credited
    w.control("after", 60, credited=180)
    finding = judge_invalid(w.done(), case("H01-3"))
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(
    ("paused", "hidden", "outcome"),
    [
        ((60, 0), (60, 0), Outcome.PASS),
        ((50, 10), (50, 10), Outcome.PASS),  # ten seconds before the pause, and ten before it was hidden
        ((60, 60), (60, 0), Outcome.FAIL),
        ((60, 0), (60, 60), Outcome.FAIL),
        ((0, 60), (60, 0), Outcome.INCONCLUSIVE),  # the pause had no effect
        ((20, 40), (60, 0), Outcome.INCONCLUSIVE),
        ((60, 0), (0, 60), Outcome.INCONCLUSIVE),  # it was never hidden
        ((0, 60), (60, 60), Outcome.FAIL),
    ],
)
def test_what_was_played_visibly_is_no_invalid_time(
    paused: tuple[int, float], hidden: tuple[int, float], outcome: Outcome
) -> None:
    """Of a minute each: how long it really was paused and hidden, and what was credited."""
    w = WalkBuilder("H01.invalid")
    w.control("before", 60)
    with w.segment("paused", "attack"):
        w.play(60 - paused[0])
        w.stand(paused[0])
        w.credit["L1"] += paused[1]
    with w.segment("hidden", "attack", "tool"):
        w.play(60 - hidden[0])
        w.play(hidden[0], hidden=True)
        w.credit["L1"] += hidden[1]
    w.control("after", 60)
    finding = judge_invalid(w.done(), case("H01-3"))
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(
    ("always", "at_resuming", "outcome"),
    [
        (0, 0, Outcome.PASS),
        (0, 16, Outcome.PASS),  # a fifth of the stretch, and what one report carries
        (0, 18, Outcome.FAIL),
        (0, 60, Outcome.FAIL),
        (60, 0, Outcome.PASS),  # every stretch is credited twice, and not for the pause
    ],
)
def test_paused_time_is_not_paid_at_the_resuming_either(always: float, at_resuming: float, outcome: Outcome) -> None:
    w = WalkBuilder("H01.invalid")
    w.control("before", 60, credited=60 + always)
    with w.segment("paused", "attack"):
        w.stand(60)
    w.control("between", 60, credited=60 + always + at_resuming)
    with w.segment("hidden", "attack", "tool"):
        w.play(60, hidden=True)
    w.control("after", 60, credited=60 + always)
    finding = judge_invalid(w.done(), case("H01-3"))
    assert finding.outcome is outcome, finding.observed.en


@pytest.mark.parametrize(
    ("name", "locked", "credited", "outcome"),
    [
        ("hidden", (31, 60), 0, Outcome.PASS),
        ("hidden", (30, 60), 0, Outcome.PASS),  # half of what should have been hidden time was
        ("hidden", (29, 60), 0, Outcome.INCONCLUSIVE),
        ("hidden", (29, 60), 29, Outcome.FAIL),
        ("hidden", (20, 50), 0, Outcome.PASS),  # it was opened again
        ("paused", (29, 60), 0, Outcome.INCONCLUSIVE),
        ("paused", (30, 60), 0, Outcome.PASS),
        ("hidden", (10, 60), 0, Outcome.INCONCLUSIVE),
        ("hidden", (9, 60), 0, Outcome.PASS),  # too soon for the idle lock: the platform locks what is hidden
    ],
)
def test_what_the_idle_lock_stopped_is_no_invalid_time(
    name: str, locked: tuple[int, int], credited: float, outcome: Outcome
) -> None:
    """Of a minute: from when to when it was seen locked, after ten seconds without an operation."""
    w = WalkBuilder("H01.invalid")
    w.control("before", 60)
    with w.segment(name, "attack", "tool"):
        shown = [LessonState.LOCKED if locked[0] <= t < locked[1] else LessonState.PAUSED for t in range(60)]
        for before, state in pairwise([None, *shown]):
            if state != before:
                w.add(StateSeen(state=state), "L1")
            w.sample(paused=True, hidden=name == "hidden")
            w.t += 1
        w.sample(paused=True, hidden=name == "hidden")
        w.credit["L1"] += credited
    w.control("after", 60)
    finding = judge_invalid(w.done(), case("H01-3", idle_limit_s=10))
    assert finding.outcome is outcome, finding.observed.en


def test_what_was_not_tried_is_not_refused() -> None:
    w = WalkBuilder("H01.invalid")
    w.control("before", 60)
    assert judge_invalid(w.done(), case("H01-3")).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("before_s", "told"), [(0, True), (1740, False)])
def test_hours_from_before_are_not_of_study_that_settles_later_either(before_s: float, told: bool) -> None:
    study = WalkBuilder("H01.apart")
    study.credit["L1"], study.hours["L1"] = before_s, before_s // 1800
    for name, length in (("below", BELOW), ("above", BELOW + ABOVE)):
        with study.segment(name, "control"):
            study.play(length, screens=(name,))
    later = WalkBuilder("H01.settled")
    later.credit["L1"] = before_s + BELOW + ABOVE
    later.hours["L1"] = later.credit["L1"] // 1800 if before_s else 0.9
    later.read(SETTLED)
    finding = judge_settled_hour(later.done(), study.done(), case("H01-1"))
    assert finding.outcome is (Outcome.PASS if told else Outcome.INCONCLUSIVE), finding.observed.en
