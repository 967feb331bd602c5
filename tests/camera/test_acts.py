"""A person blinks unasked, and acts when asked, for as long as it says."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harness.camera.acts import ACTS, Actor, duration


def _poses(actor: Actor, since: float, seconds: float, step: float = 0.1) -> list[str]:
    return [actor.pose(since + i * step) for i in range(round(seconds / step))]


def test_nobody_goes_long_without_a_blink() -> None:
    poses = _poses(Actor(3), 100.0, 60.0)
    blinks = [i for i, pose in enumerate(poses) if pose == "blink" and poses[i - 1] != "blink"]
    gaps = [(b - a) * 0.1 for a, b in pairwise(blinks)]
    assert blinks[0] < 70
    assert max(gaps) < 8
    assert set(poses) == {"neutral", "blink_half", "blink"}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_shows_its_poses_and_ends(act: str) -> None:
    actor = Actor(3)
    actor.pose(50.0)
    seconds = actor.ask(act)
    poses = _poses(actor, 50.0, seconds, 0.05)
    assert {pose for _, pose in ACTS[act]} <= set(poses)
    assert poses[-1] == "neutral"
    assert seconds == pytest.approx(duration(act))


def test_acts_follow_one_another() -> None:
    actor = Actor(3)
    seconds = actor.ask("turn_left", "turn_right")
    poses = _poses(actor, 10.0, seconds, 0.05)
    assert poses.index("left_20") < poses.index("right_20")


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(KeyError):
        Actor().ask("dance")
