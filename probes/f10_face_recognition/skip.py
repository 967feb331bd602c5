"""Nobody answers the check: every ordinary way round it."""

from __future__ import annotations

from harness import oncamera
from harness.camera.scenes import Learner as Genuine
from harness.camera.scenes import Nobody, Stranger
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.walk import Walk
from probes.f10_face_recognition.asking import answer, asked, note, study_all_the_same, the_learner_again


async def skip(walk: Walk) -> None:
    """Nobody answers the check, and the lesson is played by every other ordinary way."""
    learner = await walk.learner()
    own = oncamera.camera_of(learner).person
    await learner.enter()
    await walk.control("before", learner)
    second = walk.adopt(learner.session, 1, "main")
    async with walk.segment("skipped", "attack", learner, second, pause=False):
        if await asked(walk, learner, Nobody()):
            await learner.screen.press("Escape")
            await study_all_the_same(walk, learner, "escaped")
            await learner.screen.reload()
            await study_all_the_same(walk, learner, "reloaded")
            await _deep_link(walk, learner)
            await second.try_do("open_lesson", lesson=second.lesson)
            await study_all_the_same(walk, second, "other_lesson")
    again = await walk.learner(screen="again")
    async with walk.segment("relogged", "attack", again, pause=False):
        await oncamera.shows(again, Nobody())
        await again.do("log_in")
        await again.try_do("open_lesson", lesson=again.lesson)
        await study_all_the_same(walk, again, "new_log_in")
    await _enrolled_anew(walk, again)
    await the_learner_again(walk, again, own)


async def _enrolled_anew(walk: Walk, learner: Learner) -> None:
    """Somebody else takes a photograph on file of their own, and passes by it."""
    if not walk.described("enrol_face"):
        return
    others = oncamera.studio_of(walk).strangers(oncamera.camera_of(learner).person)
    walk.rng.shuffle(others)
    stranger = Stranger(others[0], seed=4)
    async with walk.segment("enrolled_anew", "attack", learner, pause=False):
        await oncamera.shows(learner, stranger)
        replaced = await learner.try_do("enrol_face")
        await note(learner, "enrol_again", accepted=replaced, person=others[0].id)
        if replaced and await asked(walk, learner, stranger):
            await answer(learner, stranger, 1)
            await study_all_the_same(walk, learner, "studied_as_enrolled_anew")
    if replaced:  # so that the learner can study again
        await oncamera.shows(learner, Genuine(oncamera.camera_of(learner).person, seed=6))
        await learner.try_do("enrol_face")


async def _deep_link(walk: Walk, learner: Learner) -> None:
    """Open the player's own page in place of the lesson's."""
    address = (await learner.screen.media_frame()).url
    try:
        await learner.screen.goto(address)
    except SubjectError as error:
        learner.note(Stimulus(name="deep_link", means="ordinary", effect={"opened": False, "said": str(error)[:200]}))
        return
    await study_all_the_same(walk, learner, "deep_link")
