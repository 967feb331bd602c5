"""How the second and the first place are set playing: a refusal is an answer, a face check or an idle lock is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from harness.model.observation import ActionDone
from probes.f12_multi_login_prevention.observe import _start

pytestmark = pytest.mark.anyio


class Place:
    """Plays once as many face checks as there are were answered; `passes`: whether there is somebody to answer them.
    `waits`: the check is answered while one waits for the picture to move, as learners do. `locked`: it is an idle lock
    that is answered so."""

    def __init__(
        self, checks: int, *, passes: bool = True, refuses: bool = False, waits: bool = False, locked: bool = False
    ) -> None:
        self.checks, self.passes, self.refuses, self.waits = checks, passes, refuses, waits or locked
        self.answer = "unlock" if locked else "pass_face_check"
        self.presses = 0
        self.walk = self
        self.seen: list[Any] = []

    async def try_do(self, action: str) -> bool:
        assert action == "play"
        self.presses += 1
        return self.waits or not self.checks

    async def moves(self, _within_s: float) -> bool:
        if self.checks and self.waits:
            await self.answer_check()
            return False
        return not self.checks and not self.refuses

    async def answer_check(self) -> bool:
        if self.checks and self.passes:
            self.checks -= 1
            self.seen.append(SimpleNamespace(data=ActionDone(name=self.answer, ok=True, took_s=1)))
        return self.passes


@pytest.mark.parametrize(
    ("place", "plays", "presses"),
    [
        (Place(0), True, 1),
        (Place(1), True, 2),
        (Place(1, waits=True), True, 2),
        (Place(1, locked=True), True, 2),
        (Place(3, locked=True), False, 2),
        (Place(1, passes=False), False, 1),
        (Place(2), False, 2),  # asked again and again, it is not let on
        (Place(0, refuses=True), False, 1),
    ],
)
async def test_a_place_is_set_playing(place: Place, plays: bool, presses: int) -> None:
    learner: Any = place
    assert await _start(learner) is plays
    assert place.presses == presses
