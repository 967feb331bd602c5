"""Study a class hour and a little more; and spend time that must not count."""

from __future__ import annotations

import asyncio

from harness.attacks import media
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Fault, Stimulus
from harness.walk import Walk
from probes.h01_hour_accounting import ABOVE_S, BELOW_S, FINISH_EXTRA_S, FINISH_S, REST_S
from probes.outcome import ask_too_early, finish, read_stated, see_outcome


async def hour(walk: Walk) -> None:
    """27 minutes, read; six more, read."""
    learner = await walk.learner()
    pictured = learner.session.camera is not None and walk.described("portraits")
    if pictured:
        from harness import oncamera

        await oncamera.read_portraits(learner, "before")
    await learner.enter()
    if pictured:
        await learner.open()  # a lesson that is taken up again must be watched just as one that is begun
    scale = walk.setting.scale
    await walk.control("below", learner, BELOW_S / scale)
    await _count(walk, learner, "below")
    await walk.control("above", learner, (ABOVE_S - BELOW_S) / scale)
    await _count(walk, learner, "above")
    await walk.reader.records(learner)
    if all(lesson.test_course for lesson in walk.lessons) and walk.described("request_certificate"):
        try:
            await _to_the_certificate(walk, learner)
        except SubjectError as error:  # the hour was measured all the same
            walk.note(Fault(whose="subject", type=type(error).__name__, message=str(error)))
    elif pictured:
        await _to_the_end(walk, learner)
    if pictured:
        await oncamera.read_portraits(learner, "after")


async def apart(walk: Walk) -> None:
    """27 minutes and 33, side by side: a record that is settled at night shows only what came of each in the end."""
    scale = walk.setting.scale
    lengths = {"below": BELOW_S / scale, "above": ABOVE_S / scale}
    learners = [await walk.learner(account=place, screen=name) for place, name in enumerate(lengths)]
    studies = [
        asyncio.create_task(_study(walk, learner, length))
        for learner, length in zip(learners, lengths.values(), strict=True)
    ]
    try:
        await asyncio.gather(*studies)
    finally:  # of the other, when one could not go on
        for study in studies:
            study.cancel()


async def _study(walk: Walk, learner: Learner, seconds: float) -> None:
    await learner.enter()
    await walk.control(learner.name, learner, seconds)


async def settled(walk: Walk) -> None:
    """What both learners are credited in the end."""
    await walk.reader.studied_earlier()


async def _count(walk: Walk, learner: Learner, at: str) -> None:
    """The hours of the whole course, where the platform shows them beside those of a lesson."""
    if walk.described("course_record"):
        async with walk.stretch(f"counted_{at}", "rest"):
            await read_stated(walk, learner.account, learner.lesson.course or "", ("course_record",))


async def _to_the_certificate(walk: Walk, learner: Learner) -> None:
    """Finish the course that was begun, and see what comes of it: certificate, archive, statistics."""
    await ask_too_early(walk, learner)
    await learner.open()
    await finish(walk, learner)
    for number, lesson in enumerate(walk.lessons[1:], 2):
        learner = Learner(walk, learner.session, lesson, learner.name)
        await learner.open()
        await finish(walk, learner, f"finish_{number}")
    await see_outcome(walk, learner)


async def _to_the_end(walk: Walk, learner: Learner) -> None:
    """Watch the little that is left, to see whether the end asks for a face."""
    seen = await learner.sample()
    if seen is None or seen.duration_s is None or seen.duration_s - seen.position_s > FINISH_S / walk.setting.scale:
        return
    async with walk.segment("finish", "rest", learner):
        await learner.play()
        end = walk.now() + seen.duration_s - seen.position_s + FINISH_EXTRA_S
        while walk.now() < end and not (seen is not None and seen.ended):
            await learner.watch(1.0)
            seen = await learner.sample()
        await learner.watch(FINISH_EXTRA_S)


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
