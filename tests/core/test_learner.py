"""A learner sits there while scripts work, looks on until a film was really played, answers what covers it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.clock import FakeClock
from harness.learner import MOST_TRIES, Learner
from harness.model.values import LessonState, MediaSample
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


class Looking(Learner):
    """Before a film that plays at `rates`, one for each second; its own looking on is the clock's."""

    def __init__(self, clock: FakeClock, rates: Iterator[float]) -> None:
        self.walk = cast(Walk, SimpleNamespace(now=lambda: clock.mono_ns() / 1e9))
        self._clock, self._rates, self._position_s = clock, rates, 100.0

    async def sample(self) -> MediaSample | None:
        return MediaSample(
            position_s=self._position_s,
            duration_s=9e3,
            rate=1,
            paused=False,
            ended=False,
            seeking=False,
            hidden=False,
            ready=4,
        )

    async def watch(self, seconds: float, **_how: Any) -> None:
        whole = max(1, round(seconds))
        for _ in range(whole):
            self._position_s += next(self._rates) * seconds / whole
            await self._clock.advance(seconds / whole)


@pytest.mark.parametrize(
    ("rates", "took_s", "played_s"),
    [
        (repeat(1.0), 60, 60),
        (chain(repeat(0.0, 10), repeat(1.0)), 70, 60),  # it stood still for ten seconds
        (repeat(0.99), 60, 59.4),  # not worth another look
        (repeat(0.0), 90, 0),  # it never plays: not for ever
    ],
)
async def test_what_stood_still_is_watched_besides(rates: Iterator[float], took_s: float, played_s: float) -> None:
    clock = FakeClock()
    began = clock.mono_ns()
    learner = Looking(clock, rates)
    await learner.watch_through(60.0)
    assert ((clock.mono_ns() - began) / 1e9, learner._position_s - 100.0) == pytest.approx((took_s, played_s))


class AtTheButton(Learner):
    """Before a page that puts `covers` over the player one after another: each when play is pressed, or the one before
    was answered. Whom it does not know it asks for ever."""

    def __init__(self, *covers: LessonState, goes_on: bool = False, known: bool = True) -> None:
        self.clock = FakeClock()
        walk = SimpleNamespace(
            clock=SimpleNamespace(sleep=self.clock.advance), now=lambda: self.clock.mono_ns() / 1e9,
            described=lambda action: True,
        )  # fmt: skip
        self.walk = cast(Walk, walk)
        self._turned_away = False
        self._covers, self._goes_on, self._known = list(covers), goes_on, known
        self._cover: LessonState | None = None
        self._runs, self._position_s = False, 0.0
        self.pressed = 0

    async def state(self, *, always: bool = False) -> LessonState:
        return self._cover or (LessonState.PLAYING if self._runs else LessonState.PAUSED)

    async def try_do(self, action: str, **args: Any) -> bool:
        if action == "play":
            self.pressed += 1
            self._cover = self._cover or self._next()
            self._runs = self._cover is None
            return self._runs
        if action == "pass_face_check" and not self._known:
            return False
        self._cover = self._next()
        self._runs = self._goes_on and self._cover is None
        return True

    def _next(self) -> LessonState | None:
        return self._covers.pop(0) if self._covers else None

    async def sample(self) -> MediaSample | None:
        self._position_s += 0.3 if self._runs else 0.0
        return MediaSample(
            position_s=self._position_s, duration_s=9e3, rate=1, paused=not self._runs, ended=False, seeking=False,
            hidden=False, ready=4,
        )  # fmt: skip


LOCK, CHECK = LessonState.LOCKED, LessonState.FACE_CHECK


@pytest.mark.parametrize(
    ("learner", "plays", "pressed"),
    [
        (AtTheButton(), True, 1),
        (AtTheButton(CHECK), True, 2),
        (AtTheButton(LOCK, CHECK), True, 2),  # behind the lock there is a check
        (AtTheButton(LOCK, CHECK, goes_on=True), True, 1),  # pressed again it would stand still
        (AtTheButton(*[CHECK] * MOST_TRIES), True, 2),
        (AtTheButton(*[LOCK, CHECK] * 2 * MOST_TRIES), False, 2),  # not for ever
        (AtTheButton(CHECK, known=False), False, 2),  # turned away is an answer
        (AtTheButton(LOCK, CHECK, known=False), False, 2),
    ],
)
async def test_what_comes_over_the_button_is_answered_and_play_pressed_again(
    learner: AtTheButton, plays: bool, pressed: int
) -> None:
    assert (await learner._plays(), learner.pressed) == (plays, pressed)
