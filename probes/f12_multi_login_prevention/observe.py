"""Study in two places at once with one account: second login, second tab, copied session."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from harness.attacks import session, traffic
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import ActionDone, Stimulus
from harness.model.values import LessonState
from harness.walk import Walk
from probes.channel import learn, note_channels, note_sent
from probes.f12_multi_login_prevention import LOG_INS, OVERLAP_S, RAISED_S, noticed_s
from probes.watching import until_stopped

AFTER_KICK = 5
ANSWERS = ("pass_face_check", "unlock")
"""What a learner is asked that says nothing of the other place."""


async def two_devices(walk: Walk) -> None:
    """A second device logs in while the first plays."""
    await _two_places(walk, lambda _: _logs_in(walk), "second_login")


async def pc_and_phone(walk: Walk) -> None:
    """A phone logs in while a PC plays: platforms that keep one session of each kind of device let both earn."""
    await _two_places(walk, lambda _: _logs_in(walk, device="mobile"), "phone_login")


async def _logs_in(walk: Walk, **visitor: Any) -> Learner:
    other = await walk.learner(lesson=1, screen="second", **visitor)
    await other.enter()
    return other


async def two_tabs(walk: Walk) -> None:
    """A second tab of the same browser opens another lesson."""

    async def second(first: Learner) -> Learner:
        tab = await first.screen.new_tab()
        other = walk.adopt(walk.platform.adopt(first.account, tab, first.session.camera), 1, "second")
        await other.open()
        return other

    await _two_places(walk, second, "second_tab")


async def copied_session(walk: Walk) -> None:
    """Another browser gets the first one's cookies and storage."""

    async def second(first: Learner) -> Learner:
        copied, fact = await session.copy_session(first.screen)
        first.note(fact)
        other = await walk.learner(lesson=1, screen="second", storage=copied)
        await other.open()
        return other

    await _two_places(walk, second, "copied_session")


async def _two_places(walk: Walk, open_second: Callable[[Learner], Awaitable[Learner]], name: str) -> None:
    first = await walk.learner(screen="first")
    await first.enter()
    await walk.control("before", first)
    await first.play()
    try:
        async with first.staying_active():
            second = await open_second(first)
        started = True
    except SubjectError as error:
        # The platform refused the second place: as right as throwing out the first.
        await first.stimulate(Stimulus(name=name, means="ordinary", effect={"opened": False, "said": str(error)[:200]}))
        started = False
    if not started:
        async with walk.segment("refused_second", "attack", first):
            await first.play()
            await first.watch(walk.setting.control_s())
        await walk.control("after", first)
        if name in LOG_INS:
            await _second_alone(walk, first, open_second)
        return
    async with second.staying_active():
        await _stand_still(walk, first)
    async with walk.segment("overlap", "attack", first, second):
        async with first.staying_active():
            plays = await _start(second)
        await second.stimulate(Stimulus(name=name, means="ordinary", effect={"opened": True, "plays": plays}))
        async with second.staying_active():
            first_plays = await _start(first)
        first.note(Stimulus(name="first_goes_on", means="ordinary", effect={"plays": first_plays}))
        await second.give_input()  # who waited there meanwhile has not gone away
        await asyncio.gather(
            first.watch(walk.span(OVERLAP_S, 24), answer=False), second.watch(walk.span(OVERLAP_S, 24), answer=False)
        )
    if await first.state() is LessonState.KICKED and first.screen.traffic is not second.screen.traffic:
        await _after_kick(walk, first)
    await _lone_again(walk, first, second)


async def _stand_still(walk: Walk, first: Learner) -> None:
    """Stand still for a moment, so that what each place earns from here on can be told apart.

    A place that the platform stops of itself is let be: its notice would come between the pointer and the button.
    """
    looked = await until_stopped(walk, first, noticed_s(walk.setting), leave=(LessonState.KICKED, LessonState.FINISHED))
    if not looked.stopped:
        await first.try_do("pause")


async def _second_alone(walk: Walk, first: Learner, open_second: Callable[[Learner], Awaitable[Learner]]) -> None:
    """The device that was refused beside the first must work without it: else it was refused for another reason."""
    if walk.described("log_out"):
        await first.try_do("log_out")
    await first.session.close()
    try:
        second = await open_second(first)
        await walk.control("second_alone", second)
    except SubjectError as error:
        walk.note(Stimulus(name="second_alone", means="ordinary", effect={"opened": False, "said": str(error)[:200]}))


async def _after_kick(walk: Walk, first: Learner) -> None:
    """The one that was thrown out reports on all the same."""
    patterns = learn(first)
    if not patterns:
        return
    note_channels(first, patterns)
    async with walk.segment("after_kick", "attack", first, means="tool", pause=False):
        for pattern in patterns:
            note_sent(first, await traffic.replay(first.screen, pattern, times=AFTER_KICK, interval_s=0.2))
            note_sent(first, await traffic.forge(first.screen, pattern, raise_s=RAISED_S))


async def _start(learner: Learner) -> bool:
    """Try to play; being refused is an answer. To be asked for one's face, or to be found locked after a while at the
    other place, is none: it is answered, and tried once more."""
    seen = learner.walk.seen
    for _ in range(2):
        mark = len(seen)
        if await learner.try_do("play") and await learner.moves(6.0):
            return True
        await learner.answer_check()
        if not any(isinstance(o.data, ActionDone) and o.data.name in ANSWERS for o in seen[mark:]):
            return False
    return False


async def _lone_again(walk: Walk, first: Learner, second: Learner) -> None:
    """Afterwards one device alone must earn again: the last that logged in, else the first after logging in anew."""
    if first.screen.traffic is second.screen.traffic:  # two tabs of one browser: closing it would close both
        await first.try_do("pause")
    else:
        await first.session.close()
    try:
        await walk.control("after", second)
    except SubjectError:
        again = await walk.learner(lesson=1, screen="again")
        await again.enter()
        await walk.control("after_login", again)
