"""A learner sits there while scripts are at work."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import pytest

from harness.clock import FakeClock
from harness.learner import Learner
from harness.walk import Walk

pytestmark = pytest.mark.anyio
EVERY_S = 4.0


class Sitting(Learner):
    """Writes down when input was given."""

    def __init__(self, clock: FakeClock) -> None:
        walk = SimpleNamespace(
            clock=clock, now=lambda: clock.mono_ns() / 1e9, input_every_s=EVERY_S, rhythm=random.Random(7)
        )
        self.walk = cast(Walk, walk)
        self._input_at = None
        self.given: list[float] = []

    async def give_input(self) -> None:
        self._input_at = self.walk.now()
        self.given.append(self._input_at)


async def test_input_goes_on_while_a_script_works_and_ends_with_it() -> None:
    clock = FakeClock()
    learner = Sitting(clock)
    async with learner.staying_active():
        await asyncio.sleep(0)  # it begins
        for _ in range(60):
            await clock.advance(1.0)
    given = list(learner.given)
    assert all(after - before <= EVERY_S for before, after in pairwise([0.0, *given, 60.0]))
    await clock.advance(60.0)
    assert learner.given == given


async def test_what_the_script_runs_into_is_raised_and_ends_the_input() -> None:
    clock = FakeClock()
    learner = Sitting(clock)
    with pytest.raises(ValueError, match="script"):
        async with learner.staying_active():
            raise ValueError("the script failed")
    await clock.advance(60.0)
    assert learner.given == []
