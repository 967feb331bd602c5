"""Show the camera somebody else, nobody, or nothing alive, and try to study all the same."""

from __future__ import annotations

from harness import oncamera
from harness.camera.scenes import Frozen, Nobody, OtherPhoto, Print, Scene, ScreenReplay, Stranger, TwoPeople
from harness.camera.scenes import Learner as Genuine
from harness.learner import Learner
from harness.model.values import LessonState
from harness.walk import Walk
from probes.f10_face_recognition import ANSWER_S, swapped_s
from probes.f10_face_recognition.asking import (
    answer,
    asked,
    note,
    people,
    still_asked,
    study_all_the_same,
    the_learner_again,
)
from probes.f10_face_recognition.consent import consent
from probes.f10_face_recognition.skip import skip
from probes.f10_face_recognition.tools import tools
from probes.watching import Looked, come_back, until_stopped

__all__ = ["consent", "impostor", "skip", "species", "swap", "tools"]

LATE_S = 20.0
"""Beyond the answer's limit: that long a check may stay on the page before it is said to have no limit."""
SWAP_ANSWERS = 12
"""How many face checks the person in the learner's place answers."""
ROUNDS = 2
"""How often each species of presentation attack is shown."""


async def impostor(walk: Walk) -> None:
    """Somebody else at the check; a check that nobody answers; and the learner in between."""
    learner = await walk.learner()
    own, strangers = await people(walk, learner)
    await learner.enter()
    await walk.control("before", learner)
    async with walk.segment("failed", "attack", learner, pause=False):
        # The stranger comes twice: who may go on trying may be let on in the end, though they were refused before.
        again = Stranger(strangers[0], seed=2)
        scenes: list[Scene] = [Stranger(strangers[0]), Nobody(), TwoPeople(own, strangers[-1]), again]
        if await asked(walk, learner, scenes[0], wait=True):
            for number, scene in enumerate(scenes, 1):
                if number > 1 and not await still_asked(walk, learner, scene):
                    break
                if await answer(learner, scene, number) or await learner.state() is not LessonState.FACE_CHECK:
                    break
        await study_all_the_same(walk, learner, "after_failed")
        await learner.try_do("open_lesson", lesson=learner.lesson)
        await study_all_the_same(walk, learner, "opened_again")
    await oncamera.shows(learner, Genuine(own, seed=3))
    await come_back(walk, learner)
    await walk.control("between", learner)
    async with walk.segment("unanswered", "attack", learner, pause=False):
        if await asked(walk, learner, Nobody(), wait=True):
            await _unanswered(walk, learner)
        await study_all_the_same(walk, learner, "after_unanswered")
    await oncamera.shows(learner, OtherPhoto(own, seed=5))
    await come_back(walk, learner)
    await walk.control("after", learner)


async def _unanswered(walk: Walk, learner: Learner) -> None:
    """Leave the check open until it goes or its time is clearly over."""
    start = walk.now()
    while walk.now() < start + ANSWER_S + LATE_S and await learner.state() is LessonState.FACE_CHECK:
        await walk.clock.sleep(0.5)
    state = await learner.state()
    gone = state is not LessonState.FACE_CHECK
    await note(learner, "unanswered", gone=gone, waited_s=round(walk.now() - start, 1), state=state.value)


async def swap(walk: Walk) -> None:
    """Pass the check, and let somebody else sit down."""
    learner = await walk.learner()
    own, strangers = await people(walk, learner)
    pictured = walk.described("portraits")
    if pictured:
        await oncamera.read_portraits(learner, "before")
    await learner.enter()
    await walk.control("before", learner)
    await learner.open()  # a fresh check, passed by the learner
    async with walk.segment("swapped", "attack", learner, pause=False):
        await learner.try_play()  # who asks for a face at the start of play is shown the learner's, too
        await oncamera.shows(learner, Stranger(strangers[0], seed=2))
        looked = await _stranger_studies(walk, learner)
        await note(learner, "swapped", stopped=looked.stopped, after_s=round(looked.after_s, 1), person=strangers[0].id)
    if pictured:
        await oncamera.read_portraits(learner, "swapped")
    await the_learner_again(walk, learner, own)


async def _stranger_studies(walk: Walk, learner: Learner) -> Looked:
    """Somebody else sits there, plays, and answers whatever face check comes."""
    start, answers = walk.now(), 0
    end = start + swapped_s(walk.setting)
    while walk.now() < end:
        looked = await until_stopped(walk, learner, end - walk.now(), leave=(LessonState.FACE_CHECK,))
        if looked.state is not LessonState.FACE_CHECK:
            return Looked(looked.stopped, walk.now() - start, looked.state)
        if answers == SWAP_ANSWERS:
            return Looked(True, walk.now() - start, looked.state)
        answers += 1
        begun = walk.now()
        if await learner.try_do("pass_face_check"):
            await learner.try_do("play")
        end += walk.now() - begun
    return Looked(False, walk.now() - start, await learner.state())


async def species(walk: Walk) -> None:
    """A print, a screen and a frozen picture at the check, in turn."""
    learner = await walk.learner()
    own = oncamera.camera_of(learner).person
    await learner.enter()
    await walk.control("before", learner)
    for _ in range(ROUNDS):
        shown: list[Scene] = [Print(own), ScreenReplay(own), Frozen(own)]
        walk.rng.shuffle(shown)
        for number, scene in enumerate(shown, 1):
            if not await asked(walk, learner, scene):
                await oncamera.shows(learner, Nobody())
                await come_back(walk, learner, 1.0)
                continue
            await answer(learner, scene, number)
            # Each gets a check of its own: one that was passed must not stand for the next.
        await oncamera.shows(learner, Genuine(own, seed=3))
        await come_back(walk, learner)
    await walk.control("after", learner)
