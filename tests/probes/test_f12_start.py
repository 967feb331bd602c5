"""How the second and the first place are set playing: a refusal is an answer, a face check is not."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.values import LessonState
from probes.f12_multi_login_prevention.observe import _start

pytestmark = pytest.mark.anyio


class Place:
    """Plays once as many face checks as there are were answered; `passes`: whether there is somebody to answer them."""

    def __init__(self, checks: int, *, passes: bool = True, refuses: bool = False) -> None:
        self.checks, self.passes, self.refuses = checks, passes, refuses
        self.presses = 0

    async def try_do(self, action: str) -> bool:
        assert action == "play"
        self.presses += 1
        return not self.checks

    async def moves(self, _within_s: float) -> bool:
        return not self.checks and not self.refuses

    async def state(self) -> LessonState:
        return LessonState.FACE_CHECK if self.checks else LessonState.PAUSED

    async def answer_check(self) -> bool:
        self.checks -= self.passes
        return self.passes


@pytest.mark.parametrize(
    ("place", "plays", "presses"),
    [
        (Place(0), True, 1),
        (Place(1), True, 2),
        (Place(1, passes=False), False, 1),
        (Place(2), False, 2),  # asked again and again, it is not let on
        (Place(0, refuses=True), False, 1),
    ],
)
async def test_a_place_is_set_playing(place: Place, plays: bool, presses: int) -> None:
    learner: Any = place
    assert await _start(learner) is plays
    assert place.presses == presses
