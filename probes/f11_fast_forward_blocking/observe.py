"""Try to get ahead of what was watched: by bar, button, keys and rates as anybody can, by script as cheats do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from harness.attacks import media
from harness.browser.player import Player
from harness.browser.session import Screen
from harness.errors import SubjectError, Unsupported
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.walk import Walk
from probes.f11_fast_forward_blocking import (
    AFTER_SEEK_S,
    CLOCK_FACTOR,
    RATE_S,
    SCRIPT_RATE,
    SCRIPT_RATE_S,
    SHORT_LESSON_S,
)

BUTTON_PRESSES = 6
SET_BACK_S = 5.0
"""Media seconds that go by at most while a bar is dragged and looked at; more than that was a jump."""
KEY_PRESSES = 20
LEAST_AHEAD = 0.05
"""A place must be so much of the lesson further on, for what is played until it is sought not to reach it."""
MENU_RATES = (2, 1.75, 1.5, 1.25)
"""Tried in this order: the first that the menu has is the fastest."""


async def seek_bar(walk: Walk) -> None:
    """The bar, and the forward button where the player has one."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    fraction = await _ahead(learner, walk.chance("bar").uniform(0.4, 0.5))
    await _try(walk, learner, "seek_by_bar", lambda: _bar_twice(learner, fraction))
    if walk.described("seek_by_button"):
        await _try(walk, learner, "seek_by_button", lambda: _button(learner))
    await _control_after(walk, learner)


async def seek_keys(walk: Walk) -> None:
    """The arrow keys; and the bar once more after the lesson was opened anew."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    await _try(walk, learner, "seek_by_keys", lambda: media.seek_by_keys(learner.screen, presses=KEY_PRESSES))
    await learner.open()
    fraction = await _ahead(learner, walk.chance("bar").uniform(0.6, 0.7))
    await _try(walk, learner, "seek_by_bar_anew", lambda: _bar(learner, fraction))
    await _control_after(walk, learner)


async def _control_after(walk: Walk, learner: Learner) -> None:
    """Honest study once more, unless a seek has left nothing to study: that the lesson is over is then the result."""
    if not await _at_end(learner):
        await walk.control("after", learner)


async def _try(walk: Walk, learner: Learner, name: str, way: Callable[[], Awaitable[Stimulus]]) -> None:
    async with walk.segment(name, "attack", learner):
        await learner.play()
        await learner.stimulate(await way())
        await learner.watch(walk.span(AFTER_SEEK_S))


async def seek_script(walk: Walk) -> None:
    """Set currentTime far ahead, again and again; and once more with the page's own guards taken away."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    for name, low, high in (("seek_by_script", 0.4, 0.55), ("seek_unguarded", 0.6, 0.75)):
        async with walk.segment(name, "attack", learner, means="tool"):
            await learner.play()
            if name == "seek_unguarded":
                learner.note(await media.unguard(learner.screen))
            seen = await learner.sample()
            length = (seen.duration_s if seen is not None else None) or learner.lesson.duration_s or 600.0
            to = length * await _ahead(learner, walk.chance(name).uniform(low, high))
            await learner.stimulate(await media.seek_by_script(learner.screen, to))
            await learner.watch(walk.span(AFTER_SEEK_S))
    await learner.screen.reload()  # a page loaded anew has its guards back; opening alone may not load it
    await learner.open()
    await walk.control("after", learner)


async def rate_menu(walk: Walk) -> None:
    """Two minutes at the fastest rate that the menu offers."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    async with walk.segment("rate_by_menu", "attack", learner):
        await learner.play()
        await learner.stimulate(await _menu(learner))
        await learner.watch(walk.span(RATE_S, 16))
    await learner.try_do("set_rate_by_menu", rate=1)
    await walk.control("after", learner)


async def rate_script(walk: Walk) -> None:
    """A page whose clock, and whose player, run too fast, so that it signs the lie itself; then rates 2 and 16 by
    script, held against the page's will. These come last: at 16x a short lesson is over in half a minute.
    """
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    await learner.session.close()
    await _lied_to(walk, "clock_too_fast", lambda screen: media.patch_clock(screen, CLOCK_FACTOR))
    await _lied_to(walk, "player_too_fast", lambda screen: media.patch_player(screen, SCRIPT_RATE))
    learner = await walk.learner()
    await learner.enter()
    seconds = walk.span(SCRIPT_RATE_S, 12)
    for rate in walk.chance("rates").sample((2.0, SCRIPT_RATE), 2):
        async with walk.segment(f"rate_{rate:g}_by_script", "attack", learner, means="tool"):
            await learner.play()
            held, _ = await asyncio.gather(
                media.hold_rate(learner.screen, rate, seconds), learner.watch(seconds, answer=True)
            )
            await learner.stimulate(held)
        await learner.screen.evaluate_in_media("(el) => { el.playbackRate = 1; return true; }")
    if not await _at_end(learner):
        await walk.control("after", learner)


async def _lied_to(walk: Walk, name: str, lie: Callable[[Screen], Awaitable[Stimulus]]) -> None:
    """A window of its own, whose pages are lied to from the first line on, once somebody has logged in honestly.

    A page that does not work under the lie has refused it.
    """
    learner = await walk.learner()
    await learner.do("log_in")
    learner.note(await lie(learner.screen))
    async with walk.segment(name, "attack", learner, means="tool"):
        mark = learner.screen.traffic.mark()
        plays = await _opens_anew(learner) and await learner.try_play()
        if plays:
            await learner.watch(walk.span(SCRIPT_RATE_S, 12))
        await learner.stimulate(
            Stimulus(
                name=name,
                means="tool",
                effect={"plays": plays, "requests": len(learner.screen.traffic.since(mark))},
            )
        )
    await learner.session.close()


async def _opens_anew(learner: Learner) -> bool:
    """Load the page again, so that scripts begin anew, and open the lesson."""
    try:
        await learner.screen.reload()
        await learner.open()
    except SubjectError:
        return False
    return True


async def finish_fast(walk: Walk) -> None:
    """A short lesson to its end at the menu's fastest rate."""
    learner = await walk.learner()
    length = learner.lesson.duration_s or SHORT_LESSON_S
    await learner.enter()
    await walk.control("before", learner, min(walk.setting.control_s(), length / 6))
    async with walk.segment("to_the_end", "attack", learner):
        await learner.play()
        await learner.stimulate(await _menu(learner))
        end = walk.now() + length
        latest = end + length
        while walk.now() < min(end, latest) and not await _at_end(learner):
            began = walk.now()
            await learner.watch(3.0)
            if (seen := await learner.sample()) is not None and seen.paused and not seen.ended:
                await learner.try_do("play")  # a lock or a face check was answered: a learner goes on
                end += walk.now() - began
            # A lesson may count as completed long before its end was reached.
            await walk.reader.credit("during:to_the_end", learner)


async def _at_end(learner: Learner) -> bool:
    seen = await learner.sample()
    return seen is not None and (seen.ended or (seen.duration_s is not None and seen.position_s > seen.duration_s - 1))


async def _ahead(learner: Learner, share: float) -> float:
    """A share of the lesson that lies ahead: the one asked for, or, where an account has been there in an earlier run,
    one that leads as much further into what is left."""
    seen = await Player(learner.screen).sample()
    done = seen.position_s / seen.duration_s if seen is not None and seen.duration_s else 0.0
    return share if done < share - LEAST_AHEAD else done + (1 - done) * share / 2


async def _bar(learner: Learner, fraction: float) -> Stimulus:
    before = await Player(learner.screen).sample()
    await learner.try_do("seek_by_bar", fraction=round(fraction, 3))
    position = None if before is None else round(before.position_s, 2)
    return await media.observed("seek_by_bar", "ordinary", learner.screen, position, fraction=round(fraction, 3))


async def _bar_twice(learner: Learner, fraction: float) -> Stimulus:
    """Drag it again where the first try was set back: some platforms block only that."""
    first = await _bar(learner, fraction)
    from_s, later_s = first.params.get("from_s"), first.effect.get("later_s")
    if not isinstance(from_s, float) or not isinstance(later_s, float) or later_s - from_s > SET_BACK_S:
        return first
    learner.note(first)
    return await _bar(learner, fraction)


async def _button(learner: Learner) -> Stimulus:
    before = await Player(learner.screen).sample()
    for _ in range(BUTTON_PRESSES):
        await learner.try_do("seek_by_button")
    position = None if before is None else round(before.position_s, 2)
    return await media.observed("seek_by_button", "ordinary", learner.screen, position, presses=BUTTON_PRESSES)


async def _menu(learner: Learner) -> Stimulus:
    chosen = None
    for rate in MENU_RATES:
        try:
            await learner.do("set_rate_by_menu", rate=rate)
        except Unsupported:
            raise
        except SubjectError:
            continue
        chosen = rate
        break
    await asyncio.sleep(media.AFTER_S)
    seen = await learner.sample()
    return Stimulus(
        name="rate_by_menu",
        means="ordinary",
        params={"rate": chosen},
        effect={"rate_seen": None if seen is None else seen.rate},
    )
