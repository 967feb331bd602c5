"""Take the picture away, in every ordinary way, and see whether credit goes on; then give it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness import oncamera
from harness.attacks import identity
from harness.browser.exchange import Exchange
from harness.camera.picture import encode_jpeg
from harness.camera.scenes import Covered
from harness.camera.scenes import Learner as Genuine
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Means, Stimulus
from harness.model.values import LessonState
from harness.walk import Walk
from probes.channel import note_sent
from probes.f09_portrait_capture import REACTION_S, STRETCHES, interval_s, without_s
from probes.watching import Looked, come_back, try_to_play, until_stopped

REPLAY_EVERY_S = 20.0


async def covered(walk: Walk) -> None:
    """A thumb on the lens, in the middle of a lesson."""
    learner = await _begun(walk)
    async with walk.segment("covered", "attack", learner, pause=False):
        await learner.open()  # what is checked by time is checked afresh, so that nothing else comes in between
        await _in_stretches(
            walk,
            learner,
            "camera_covered",
            "ordinary",
            lambda _: until_stopped(walk, learner, without_s(walk.setting), leave=(LessonState.FACE_CHECK,)),
        )
    await _uncovered(walk, learner)
    await oncamera.read_portraits(learner, "after")


async def _in_stretches(
    walk: Walk,
    learner: Learner,
    name: str,
    means: Means,
    play_on: Callable[[int], Awaitable[Looked]],
    **params: float,
) -> None:
    """Cover the lens and play on, until it stops or a face is asked for; the learner answers, and disappears again. The
    record is read before and after each stretch."""
    for number in range(STRETCHES):
        await _cover(walk, learner, number)
        looked = await play_on(number)
        await walk.reader.settled_credit(f"stretch:{number}:to", learner)
        await _note(learner, name, means, looked, stretch=number, **params)
        if looked.state is not LessonState.FACE_CHECK or number + 1 == STRETCHES:
            break
        await _answered(learner)


async def _cover(walk: Walk, learner: Learner, number: int) -> None:
    """Read the record, cover the lens, and play on."""
    await walk.reader.credit(f"stretch:{number}:from", learner)
    await learner.clear()  # a record that was read slowly left time for a lock, which is about no picture
    await oncamera.shows(learner, Covered())
    if walk.setting.living:  # which took a person a while
        await oncamera.stands_still(learner)
        await walk.reader.settled_credit(f"stretch:{number}:from", learner)
    await learner.try_do("play")


async def _answered(learner: Learner) -> None:
    """The learner answers the check, and disappears again."""
    await oncamera.shows(learner, Genuine(oncamera.camera_of(learner).person, seed=5))
    await learner.answer_check()


async def denied(walk: Walk) -> None:
    """The plug pulled in the middle of a lesson; the permission refused; and no camera at all."""
    learner = await _begun(walk)
    async with walk.segment("pulled_out", "attack", learner, pause=False):
        await learner.clear()
        await learner.try_do("play")
        await oncamera.pulled_out(learner)
        looked = await until_stopped(walk, learner, without_s(walk.setting))
        await _note(learner, "camera_pulled_out", "ordinary", looked)
    await learner.session.close()
    for name, look in (("denied", {"denied": True}), ("unplugged", {"unplugged": True})):
        without = await walk.learner(screen=name, **look)
        await without.do("log_in")
        async with walk.segment(name, "attack", without, pause=False):
            opened = await without.try_do("open_lesson", lesson=without.lesson)
            moved = opened and await try_to_play(walk, without, 6.0)
            looked = Looked(True, 0.0, await without.state())
            if moved:
                looked = await until_stopped(walk, without, without_s(walk.setting))
            await _note(without, f"camera_{name}", "ordinary", looked)
        await without.session.close()
    again = await walk.learner(screen="again")
    await again.do("log_in")
    await come_back(walk, again)
    await walk.control("after", again)
    await oncamera.read_portraits(again, "after")


async def uploads(walk: Walk) -> None:
    """Earlier uploads sent again, by hand and by the page, and other pictures in their place, while the lens is
    covered."""
    learner = await walk.learner()
    await oncamera.read_portraits(learner, "before")
    watched = await identity.watch(learner.screen)
    await learner.enter()
    asked = len(identity.latest(watched.sent()))
    await walk.control("before", learner)
    await _until_captured(walk, learner, watched, asked)
    recorded = identity.latest(watched.sent())
    frames = identity.single_frames_of(recorded)
    other = oncamera.studio_of(walk).strangers(oncamera.camera_of(learner).person)
    pictures = {"enrolment": oncamera.camera_of(learner).person.enrol}
    if other:
        pictures["stranger"] = encode_jpeg(other[0].neutral)

    async def send(number: int) -> Looked:
        start = walk.now()
        if number == 0:
            async with learner.staying_active():
                note_sent(learner, await identity.post(learner.screen, recorded, pictures))
        # What the page takes of the covered lens is replaced as well: it answers whatever is asked of it, and signs.
        await identity.feed_frames(learner.screen, frames)
        try:
            return await _replaying(walk, learner, recorded, start)
        finally:
            await identity.feed_frames(learner.screen, [])

    async with walk.segment("uploads", "attack", learner, means="tool", pause=False):
        await _in_stretches(walk, learner, "uploads_sent", "tool", send, recorded=len(recorded), fed=len(frames))
    await oncamera.read_portraits(learner, "attacked")
    await _uncovered(walk, learner)


async def _until_captured(walk: Walk, learner: Learner, watched: identity.Watched, known: int) -> None:
    """Study on until the page has sent a picture that no face check at the beginning asked for."""

    def captured() -> bool:
        return len(identity.latest(watched.sent())) > known

    if captured():
        return
    async with walk.segment("until_captured", "control", learner):
        await learner.play()
        end = walk.now() + interval_s(walk.setting) + REACTION_S
        while walk.now() < end and not captured():
            await learner.watch(2.0)


async def _replaying(walk: Walk, learner: Learner, recorded: list[Exchange], start: float) -> Looked:
    """Play on with the lens covered since `start`, sending the recorded uploads again and again, until it stops or a
    face is asked for."""
    end = start + without_s(walk.setting)
    while walk.now() < end:
        async with learner.staying_active():
            note_sent(learner, await identity.replay(learner.screen, recorded))
        left = min(walk.span(REPLAY_EVERY_S, 2.0), end - walk.now())
        looked = await until_stopped(walk, learner, left, leave=(LessonState.FACE_CHECK, LessonState.FINISHED))
        if looked.stopped:
            return Looked(True, walk.now() - start, looked.state)
    return Looked(False, walk.now() - start, await learner.state())


async def _begun(walk: Walk) -> Learner:
    learner = await walk.learner()
    await oncamera.read_portraits(learner, "before")
    await learner.enter()
    await walk.control("before", learner)
    return learner


async def _note(learner: Learner, name: str, means: Means, looked: Looked, **params: float) -> None:
    await learner.stimulate(
        Stimulus(
            name=name,
            means=means,
            params=dict(params),
            effect={"stopped": looked.stopped, "after_s": round(looked.after_s, 1), "state": looked.state.value},
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
