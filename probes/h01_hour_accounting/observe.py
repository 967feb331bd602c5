"""Study a class hour and a little more; and spend time that must not count."""

from __future__ import annotations

from harness.attacks import media
from harness.model.observation import Stimulus
from harness.walk import Learner, Walk
from probes.h01_hour_accounting import ABOVE_S, BELOW_S, REST_S


async def hour(walk: Walk) -> None:
    """27 minutes, read; six more, read."""
    learner = await walk.learner()
    await learner.enter()
    scale = walk.setting.scale
    await walk.control("below", learner, BELOW_S / scale)
    await walk.control("above", learner, (ABOVE_S - BELOW_S) / scale)
    await walk.read_records(learner)


async def invalid(walk: Walk) -> None:
    """Paused, watched again, and hidden; honest study between."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    async with walk.segment("paused", "attack", learner):
        await learner.watch(walk.span(REST_S, 12), active=False)
    await walk.control("between", learner)
    await _watch_again(walk, learner)
    async with walk.segment("hidden", "attack", learner, means="tool"):
        await learner.play()
        how = await learner.screen.set_hidden(True)
        learner.note(Stimulus(name="hidden", means="tool", effect={"how": how}))
        await learner.watch(walk.span(REST_S, 12), active=False)
        await learner.screen.set_hidden(False)
    await walk.control("after", learner)


async def _watch_again(walk: Walk, learner: Learner) -> None:
    """Go back by as much as is then watched, so that it ends about where what was watched before ended."""
    seconds = walk.span(REST_S, 12)
    async with walk.segment("watched_again", "attack", learner, means="tool"):
        await learner.play()
        seen = await learner.sample()
        if seen is not None:
            await learner.stimulate(await media.seek_by_script(learner.screen, max(0.0, seen.position_s - seconds - 2)))
        await learner.watch(seconds)
