"""How finely a record tells time, and what honest study shows of a platform."""

from __future__ import annotations

import pytest

from harness.model.outcome import Reason
from harness.view import WalkView
from probes.bracket import paid_later_s, rounding_s, unmet
from tests.walkbuilder import WalkBuilder, case


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(8.4, 16.7, 0.0), (8.0, 16.7, 0.0), (8.0, 16.0, 1.0), (0.0, 16.0, 1.0), (0.0, 0.0, 0.0)],
)
def test_whole_seconds_give_themselves_away(before: float, after: float, expected: float) -> None:
    w = WalkBuilder("F11.seek")
    w.credit["L1"] = before
    with w.segment("playing", "control"):
        w.play(10)
        w.credit["L1"] = after
    assert rounding_s(w.done().segments["playing"]) == expected


def studied(*gains: float, seconds: float = 30, resolution: float = 0.0) -> WalkView:
    w = WalkBuilder("F11.seek_bar", resolution_s=resolution)
    for n, gain in enumerate(gains):
        w.control(f"control{n}", seconds, credited=gain)
    return w.done()


@pytest.mark.parametrize(
    ("seconds", "gain", "met"),
    [(30, 30, True), (30, 0, False), (4, 4, True), (4, 0, False)],
)
def test_a_control_that_stopped_at_once_shows_no_credit(seconds: float, gain: float, met: bool) -> None:
    """Reports come every 5 s: of 4 s played nothing need be in the record yet, which proves nothing of it."""
    assert (unmet(studied(gain, seconds=seconds), case("F11-1")) is None) is met


@pytest.mark.parametrize(("gains", "met"), [((0, 60), True), ((60, 0), True), ((0, 0), False), ((0,), False)])
def test_a_record_in_minutes_must_have_moved_at_least_once(gains: tuple[float, ...], met: bool) -> None:
    finding = unmet(studied(*gains, resolution=60), case("F11-1"))
    assert (finding is None) is met
    assert finding is None or finding.reason is Reason.PRECONDITION_UNMET


def around(before: tuple[float, float], after: tuple[float, float]) -> float:
    """What was paid later, seconds. Each stretch: the share of its minute that the film lost, and what it earned."""
    w = WalkBuilder("F13.idle")
    for name, kind, (slow, earned) in (
        ("before", "control", before),
        ("locked", "attack", (0.0, 0.0)),
        ("after", "control", after),
    ):
        with w.segment(name, kind):
            w.play(60 if kind == "control" else 0, slow=slow)
            w.credit["L1"] += earned
    walk = w.done()
    return paid_later_s(walk, walk.segments["locked"], case("F13-2"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0.0, 60), (0.0, 60), 0),
        ((0.0, 60), (0.0, 90), 30),
        ((0.0, 105), (0.0, 105), 0),  # a press of play is worth 45 s
        ((0.0, 105), (0.0, 135), 30),
        ((0.1, 60), (0.1, 60), 0),  # paid by the clock, whatever the film does
        ((0.1, 54), (0.1, 54), 0),  # paid by what was played
        ((0.1, 54 + 45), (0.0, 105), 0),
        ((0.0, 105), (0.1, 54 + 45), 0),
        ((0.0, 60), (0.1, 90), 30),
        ((0.1, 54), (0.0, 90), 30),
        ((0.0, 60), (0.1, 54 + 30), 24),  # of which 6 may have been for what was lost
        ((0.1, 60), (0.0, 90), 24),
    ],
)
def test_what_honest_study_is_paid_later_is_less_what_a_slow_film_explains(
    before: tuple[float, float], after: tuple[float, float], expected: float
) -> None:
    assert around(before, after) == pytest.approx(expected)
