"""Take the picture away, in every ordinary way, and see whether credit goes on; then give it back."""

from __future__ import annotations

from harness import oncamera
from harness.attacks import identity
from harness.browser.exchange import Exchange
from harness.camera.picture import encode_jpeg
from harness.camera.scenes import Covered
from harness.camera.scenes import Learner as Genuine
from harness.errors import SubjectError
from harness.model.observation import Means, Stimulus
from harness.walk import Learner, Walk
from probes.f09_portrait_capture import without_s
from probes.watching import come_back, try_to_play, until_stopped

REPLAY_EVERY_S = 3.0


async def covered(walk: Walk) -> None:
    """A thumb on the lens, in the middle of a lesson."""
    learner = await _begun(walk)
    async with walk.segment("covered", "attack", learner, pause=False):
        await learner.play()
        await oncamera.shows(learner, Covered())
        stopped, after = await until_stopped(walk, learner, without_s(walk.setting))
        await _note(learner, "camera_covered", "ordinary", stopped, after)
    await _uncovered(walk, learner)
    await oncamera.read_portraits(learner, "after")


async def denied(walk: Walk) -> None:
    """The permission refused; and no camera at all."""
    learner = await _begun(walk)
    await learner.session.close()
    for name, look in (("denied", {"denied": True}), ("unplugged", {"unplugged": True})):
        without = await walk.learner(screen=name, **look)
        await without.do("log_in")
        async with walk.segment(name, "attack", without, pause=False):
            opened = await without.try_do("open_lesson", lesson=without.lesson)
            moved = opened and await try_to_play(walk, without, 6.0)
            stopped, after = True, 0.0
            if moved:
                stopped, after = await until_stopped(walk, without, without_s(walk.setting))
            await _note(without, f"camera_{name}", "ordinary", stopped, after)
        await without.session.close()
    again = await walk.learner(screen="again")
    await again.do("log_in")
    await come_back(walk, again)
    await walk.control("after", again)
    await oncamera.read_portraits(again, "after")


async def uploads(walk: Walk) -> None:
    """Earlier uploads sent again, other pictures in their place, while the lens is covered."""
    learner = await walk.learner()
    await oncamera.read_portraits(learner, "before")
    mark = learner.screen.traffic.mark()
    await learner.enter()
    await walk.control("before", learner)
    recorded = identity.latest(learner.screen.traffic.since(mark))
    other = oncamera.studio_of(walk).strangers(oncamera.camera_of(learner).person)
    pictures = {"enrolment": oncamera.camera_of(learner).person.enrol}
    if other:
        pictures["stranger"] = encode_jpeg(other[0].neutral)
    async with walk.segment("uploads", "attack", learner, means="tool", pause=False):
        await learner.play()
        await oncamera.shows(learner, Covered())
        for fact in (
            *await identity.replay(learner.screen, recorded),
            *await identity.post(learner.screen, recorded, pictures),
        ):
            learner.note(fact)
        stopped, after = await _replaying(walk, learner, recorded)
        await _note(learner, "uploads_sent", "tool", stopped, after, recorded=len(recorded))
    await oncamera.read_portraits(learner, "attacked")
    await _uncovered(walk, learner)


async def _replaying(walk: Walk, learner: Learner, recorded: list[Exchange]) -> tuple[bool, float]:
    """Play on with the lens covered, sending the recorded uploads again and again."""
    start = walk.now()
    end = start + without_s(walk.setting)
    while walk.now() < end:
        stopped, _ = await until_stopped(walk, learner, min(REPLAY_EVERY_S * 5, end - walk.now()))
        if stopped:
            return True, walk.now() - start
        if recorded:
            for fact in await identity.replay(learner.screen, recorded):
                learner.note(fact)
    return False, walk.now() - start


async def _begun(walk: Walk) -> Learner:
    learner = await walk.learner()
    await oncamera.read_portraits(learner, "before")
    await learner.enter()
    await walk.control("before", learner)
    return learner


async def _note(learner: Learner, name: str, means: Means, stopped: bool, after: float, **params: float) -> None:
    await learner.stimulate(
        Stimulus(
            name=name,
            means=means,
            params=dict(params),
            effect={"stopped": stopped, "after_s": round(after, 1), "state": (await learner.state()).value},
        )
    )


async def _uncovered(walk: Walk, learner: Learner) -> None:
    """The genuine learner sits before the camera again and studies."""
    await oncamera.shows(learner, Genuine(oncamera.camera_of(learner).person, seed=7))
    try:
        if not await come_back(walk, learner):
            await learner.enter()
    except SubjectError:
        await learner.enter()
    await walk.control("after", learner)
