"""Do nothing, and see whether the lesson notices."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import nullcontext

from harness.attacks import passage, presence, traffic
from harness.beside import beside
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Means, Stimulus
from harness.model.values import LessonState
from harness.walk import Walk
from probes.channel import learn, note_channels, note_sent
from probes.f13_idle_lock import LOCKED_S, RAISED_S, wait_s

MOST_CHECKS = 3
"""Face checks answered while waiting for the lock; a platform that asks more often than it locks has no idle lock."""
REPLAYED = 5
STOPPED_S = 6.0
"""A player that has stood still this long has been stopped: its lesson is over, locked, or wants an answer."""


async def idle(walk: Walk) -> None:
    """Nobody is there; then somebody comes back and unlocks; and leaves again."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    locked = await _do_nothing(walk, learner)
    if not locked:
        return
    async with walk.segment("locked", "attack", learner, pause=False):
        await learner.watch(walk.span(LOCKED_S, 12), active=False, answer=False, checks=False)
    await _come_back(walk, learner)
    if not walk.visitor.get("automated"):  # the comparison with an automated visitor needs the first lock only
        await _do_nothing(walk, learner, name="idle_again")


async def synthetic(walk: Walk) -> None:
    """Scripts pretend that somebody is there; where it locks all the same, they report on and tear the lock off;
    where the page still does not play, its reports are made to say that it does."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    patterns = learn(learner)
    learner.note(await presence.always_visible(learner.screen))
    mark = learner.screen.traffic.mark()
    await learner.open()
    longest = (MOST_CHECKS + 1) * wait_s(walk.setting)  # each check that is answered begins the wait anew
    locked = await _do_nothing(walk, learner, presence.synthetic_events(learner.screen, longest))
    if not locked:
        return
    patterns = learn(learner, mark) or patterns  # those of the sitting that is locked now
    if patterns:
        note_channels(learner, patterns)
        async with walk.segment("reported_while_locked", "attack", learner, means="tool", pause=False):
            for pattern in patterns:
                note_sent(learner, await traffic.replay(learner.screen, pattern, times=REPLAYED, interval_s=0.2))
                note_sent(learner, await traffic.forge(learner.screen, pattern, raise_s=RAISED_S))
    async with walk.segment("overlay_removed", "attack", learner, means="tool", pause=False):
        await learner.stimulate(await presence.remove_overlay(learner.screen))
        await learner.watch(walk.span(LOCKED_S, 12), active=False, answer=False, checks=False)
    seen = await learner.sample()
    if patterns and (seen is None or seen.paused):  # the page keeps the lock itself, and so reports no playing
        async with walk.segment("reports_changed", "attack", learner, means="tool", pause=False):
            async with passage.as_if_playing(learner.screen, patterns) as changed:
                await learner.watch(walk.span(LOCKED_S, 12), active=False, answer=False, checks=False)
            note_sent(learner, changed)
    await learner.session.close()  # its pages were patched: the honest learner comes back at a fresh device
    learner = await walk.learner()
    await learner.do("log_in")
    await learner.open()
    await walk.control("after", learner)


async def _do_nothing(
    walk: Walk, learner: Learner, meanwhile: Awaitable[Stimulus] | None = None, *, name: str = "idle"
) -> bool:
    """Play without a touch until the lesson stops or the wait is over; was it stopped?"""
    means: Means = "ordinary" if meanwhile is None else "tool"
    async with walk.segment(name, "attack", learner, means=means, pause=False):
        await learner.play()
        async with nullcontext() if meanwhile is None else beside(meanwhile):
            locked, start = await _until_stopped(walk, learner)
        learner.note(
            Stimulus(
                name="no_input" if meanwhile is None else "synthetic_events",
                means=means,
                params={"waited_s": round(walk.now() - start, 1)},
                effect={"stopped": locked, "state": (await learner.state()).value},
            )
        )
        if locked:
            await learner.keep_picture(Stimulus(name="stopped_picture", means="ordinary"))
    return locked


async def _until_stopped(walk: Walk, learner: Learner) -> tuple[bool, float]:
    """Was it stopped, and since when nothing had been done. A face check is no lock: it is answered, as by somebody
    who sits there, and the wait begins anew."""
    start, answered = walk.now(), 0
    stopped_since: float | None = None
    while walk.now() < start + wait_s(walk.setting):
        seen = await learner.sample()
        state = await learner.state()
        if state in (LessonState.LOCKED, LessonState.KICKED):
            return True, start
        if state is LessonState.FACE_CHECK and answered < MOST_CHECKS and await learner.answer_check():
            await learner.try_do("play")
            answered += 1
            start, stopped_since = walk.now(), None
            continue
        running = seen is not None and not seen.paused and not seen.ended
        if running:
            stopped_since = None
        else:
            stopped_since = stopped_since if stopped_since is not None else walk.now()
            if walk.now() - stopped_since >= STOPPED_S:
                return True, start
        await walk.clock.sleep(walk.sample_every_s)
    return False, start


async def _come_back(walk: Walk, learner: Learner) -> None:
    """Unlock as a learner would, else open the lesson anew; then study honestly again."""
    unlocked = walk.described("unlock") and await learner.try_do("unlock")
    if not unlocked:
        try:
            await learner.open()
        except SubjectError:
            await learner.enter()
    await walk.control("after", learner)
