"""Nobody answers the check: scripts and recorded traffic stand in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from harness import oncamera
from harness.attacks import identity, passage, presence, traffic
from harness.browser.exchange import Exchange
from harness.browser.network import learn_reports
from harness.camera.scenes import Nobody
from harness.learner import Learner
from harness.model.observation import ActionDone, Media
from harness.walk import Walk
from probes.channel import note_sent
from probes.f10_face_recognition import look_s
from probes.f10_face_recognition.asking import answer, asked, study_all_the_same, the_learner_again

CHECKS_RECORDED = 3
MOST_RECORDED = 6
"""Honest checks whose frames are recorded: what is asked differs, and there must be more than one answer."""
REUSES = 3
"""How often recorded frames are tried: what is asked then may be what none of them shows."""
Recordings = dict[tuple[str, ...], list[str]]
"""The frames of a check in their order, by the acts that were asked for in it."""


async def tools(walk: Walk) -> None:
    """Nobody answers the check, and scripts and recorded traffic stand in."""
    others = await _passed_by_another(walk)
    learner = await walk.learner()
    own = oncamera.camera_of(learner).person
    watched = await identity.watch(learner.screen)
    recordings = await _record(walk, learner, watched)
    await walk.control("before", learner)
    seen = [(o.t, o.data.sample) for o in walk.seen if isinstance(o.data, Media) and o.data.screen == "main"]
    patterns = learn_reports(watched.in_text(), seen)
    mine = identity.latest(watched.sent())
    await oncamera.shows(learner, Nobody())
    async with walk.segment("removed", "attack", learner, means="tool", pause=False):
        await asked(walk, learner, Nobody())
        await learner.stimulate(await presence.remove_overlay(learner.screen))
        await study_all_the_same(walk, learner, "removed", "tool")
    async with walk.segment("hidden", "attack", learner, means="tool", pause=False):
        await asked(walk, learner, Nobody())
        await learner.stimulate(await presence.hide_overlay(learner.screen, look_s(walk.setting)))
        await study_all_the_same(walk, learner, "hidden", "tool")
    async with walk.segment("reports_changed", "attack", learner, means="tool", pause=False):
        await asked(walk, learner, Nobody())
        # A page that knows of its check reports that nothing plays, whatever is taken from over the player.
        async with passage.as_if_playing(learner.screen, patterns) as changed:
            await learner.stimulate(await presence.hide_overlay(learner.screen, look_s(walk.setting)))
            await study_all_the_same(walk, learner, "reports_changed", "tool")
        note_sent(learner, changed)
    async with walk.segment("reported", "attack", learner, means="tool", pause=False):
        await asked(walk, learner, Nobody())
        for pattern in patterns:
            note_sent(learner, await traffic.replay(learner.screen, pattern, times=5, interval_s=0.3))
        await study_all_the_same(walk, learner, "reported", "tool")
    for name, recorded in (("replayed", mine), ("others", others)):
        async with walk.segment(name, "attack", learner, means="tool", pause=False):
            await asked(walk, learner, Nobody())
            note_sent(learner, await identity.replay(learner.screen, recorded))
            await study_all_the_same(walk, learner, name, "tool", recorded=len(recorded))
    async with walk.segment("reused", "attack", learner, means="tool", pause=False):
        for number in range(1, REUSES + 1):
            if not await asked(walk, learner, Nobody()):
                break
            async with fed(learner, recordings, number):
                accepted = await answer(learner, Nobody(), number)
            if accepted:
                break
        await study_all_the_same(walk, learner, "reused", "tool", recorded=sum(map(len, recordings.values())))
    await the_learner_again(walk, learner, own)


async def _record(walk: Walk, learner: Learner, watched: identity.Watched) -> Recordings:
    """Pass checks honestly until there are frames of different answers, or enough of one. Of a check that was passed
    at the second try only, the frames of the first are among its own, and would be the ones that the page takes."""
    found: Recordings = {}
    asked = learner.session.asked
    for checked in range(MOST_RECORDED):
        if checked >= CHECKS_RECORDED and len(set(asked)) != 1:
            break
        before, seen = len(asked), len(walk.seen)
        await (learner.open() if checked else learner.enter())
        await learner.sample()  # what the page said before has come when this has
        frames = identity.frames_of(watched.new())
        if frames and not any(isinstance(o.data, ActionDone) and not o.data.ok for o in walk.seen[seen:]):
            found[tuple(act for acts in asked[before:] for act in acts)] = frames
    return found


@asynccontextmanager
async def fed(learner: Learner, recordings: Recordings, number: int) -> AsyncIterator[None]:
    """For the block the page gets recorded frames: of the check in which the same was asked as now, where there is one;
    until the page asks, and where it asks nothing, the recordings take turns."""
    asked: list[str] = []

    async def answer_it(acts: Sequence[str]) -> None:
        asked.extend(acts)
        for known, frames in recordings.items():
            if known[: len(asked)] == tuple(asked):
                await identity.feed_frames(learner.screen, frames)
                return

    if recordings:
        await identity.feed_frames(learner.screen, [*recordings.values()][number % len(recordings)])
    learner.session.stand_in = answer_it
    try:
        yield
    finally:
        learner.session.stand_in = None


async def _passed_by_another(walk: Walk) -> list[Exchange]:
    """The uploads of a check that another learner passed; that one's window is closed again, without a log-out."""
    other = await walk.learner(account=1, screen="other")
    watched = await identity.watch(other.screen)
    await other.enter()
    await other.sample()  # what the page said before has come when this has
    recorded = identity.latest(watched.sent())
    await other.session.close()
    return recorded
