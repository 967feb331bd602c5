"""Looking on while something is wrong, until the lesson stops or the time is over. For observers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from harness.learner import Learner
from harness.model.values import LessonState
from harness.walk import Walk

STOPPED_S = 12.0
"""A player that has stood still this long has been stopped. Longer than any page needs to load or to take a picture."""
REFUSING = (LessonState.FACE_CHECK, LessonState.LOCKED, LessonState.KICKED, LessonState.FINISHED)


@dataclass(frozen=True, slots=True)
class Looked:
    """How looking on ended."""

    stopped: bool
    """The player stood still, or the page showed what ends the looking; False: the time was over."""
    after_s: float
    """When it stood still, or how long was looked on."""
    state: LessonState


async def until_stopped(
    walk: Walk, learner: Learner, seconds: float, *, active: bool = True, leave: Collection[LessonState] = ()
) -> Looked:
    """Play on without answering anything, until the player has stood still for a while or the page shows one of
    `leave`. `active` gives input now and then: somebody sits there, only not before the camera.
    """
    start, since = walk.now(), None
    next_input = learner.input_due(0.3, 0.8)
    state = await learner.state()
    while (now := walk.now()) < start + seconds:
        seen = await learner.sample()
        state = await learner.state()
        if state in leave:
            return Looked(True, now - start, state)
        running = seen is not None and not seen.paused and not seen.ended
        since = None if running else since if since is not None else now
        if since is not None and now - since >= STOPPED_S:
            return Looked(True, since - start, state)
        if active and now >= next_input:
            await learner.give_input()
            next_input = learner.input_due(0.7, 1.0)
        await walk.clock.sleep(walk.sample_every_s)
    return Looked(False, walk.now() - start, state)


async def try_to_play(walk: Walk, learner: Learner, seconds: float) -> bool:
    """Press play as anybody would, unless a check covers it, and look on; did the player ever move?

    Whoever sits there has the password, and is not idle.
    """
    first = await learner.sample()
    await learner.give_input()
    await learner.unlock_if_locked()
    if await learner.state() not in (LessonState.FACE_CHECK, LessonState.LOCKED):
        await learner.try_do("play")
    end, moved = walk.now() + seconds, False
    while walk.now() < end:
        seen = await learner.sample()
        await learner.state()
        if seen is not None and first is not None and not seen.paused and seen.position_s > first.position_s + 0.2:
            moved = True
        first = first or seen
        await walk.clock.sleep(walk.sample_every_s)
    return moved


async def come_back(walk: Walk, learner: Learner, patience_s: float = 100.0) -> bool:
    """Open the lesson anew as the genuine learner, again and again while the platform makes one wait; is it open?"""
    end = walk.now() + patience_s
    while True:
        await learner.try_do("open_lesson", lesson=learner.lesson)
        await learner.answer_check()
        await learner.unlock_if_locked()
        if await learner.state() not in REFUSING:
            return True
        if walk.now() >= end:
            return False
        await walk.clock.sleep(5.0)
