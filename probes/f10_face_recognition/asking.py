"""Being asked for a face with something else before the camera, and studying all the same. For observers."""

from __future__ import annotations

from collections.abc import Sequence

from harness import oncamera
from harness.camera.people import Person
from harness.camera.scenes import Learner as Genuine
from harness.camera.scenes import Scene
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Means, Stimulus
from harness.model.steps import verb_of
from harness.model.values import LessonState
from harness.walk import Walk
from probes.f10_face_recognition import ASKED, look_s, unnoticed_s
from probes.watching import come_back, try_to_play, until_stopped


async def people(walk: Walk, learner: Learner) -> tuple[Person, list[Person]]:
    """The learner's person and two strangers, told apart beforehand by our own engine."""
    own = oncamera.camera_of(learner).person
    strangers = oncamera.studio_of(walk).strangers(own)
    walk.rng.shuffle(strangers)
    await oncamera.compare(walk, own, *strangers[:2])
    return own, strangers[:2]


async def asked(walk: Walk, learner: Learner, scene: Scene, *, wait: bool = False) -> bool:
    """Open the lesson anew with this before the camera; is a face asked for? Nothing is answered.

    With `wait` a platform that asks for nothing at the beginning is played until it asks, at most as long as somebody
    else may go unnoticed. What is credited from the question on counts.
    """
    await learner.unlock_if_locked()  # a lock that came while a record was read slowly asks for no face
    await oncamera.shows(learner, scene)
    await learner.try_do("open_lesson", lesson=learner.lesson)
    came = await learner.state() is LessonState.FACE_CHECK
    if not came and wait:
        await learner.try_do("play")
        await until_stopped(walk, learner, unnoticed_s(walk.setting), leave=(LessonState.FACE_CHECK,))
        came = await learner.state() is LessonState.FACE_CHECK
    learner.note(Stimulus(name="asked", means="ordinary", params={"scene": scene.name}, effect={"asked": came}))
    if came:
        await walk.reader.credit(ASKED, learner)
    return came


async def still_asked(walk: Walk, learner: Learner, scene: Scene) -> bool:
    """Put something else before the camera while the check is open; is it still open then?

    Living persons take a while to change places, and a check may be over meanwhile: then one more is asked for.
    """
    await oncamera.shows(learner, scene)
    if not walk.setting.living or await learner.state() is LessonState.FACE_CHECK:
        return True
    await learner.try_do("open_lesson", lesson=learner.lesson)
    return await learner.state() is LessonState.FACE_CHECK


async def answer(learner: Learner, scene: Scene, number: int) -> bool:
    """Answer the check with what is before the camera; was it accepted?"""
    await learner.give_input()  # somebody sits there, and is not locked out for idling
    accepted, begun = True, True
    try:
        await learner.do("pass_face_check")
    except SubjectError as error:
        accepted, begun = False, not _at_the_first_press(learner, error)
    state = await learner.state()
    await learner.stimulate(
        Stimulus(
            name="face_try",
            means="ordinary",
            params={"scene": scene.name, "person": scene.person, "number": number},
            effect={"accepted": accepted, "begun": begun, "state": state.value},
        )
    )
    return accepted


def _at_the_first_press(learner: Learner, failed: SubjectError) -> bool:
    """Was there nothing to press, so that no answer was given at all? After a failed try some pages show another button
    than at first."""
    number = getattr(failed, "step", 0)
    if not number:
        return False
    steps = learner.session.profile.action(learner.account.role, "pass_face_check").steps
    return number <= first_press([verb_of(step) for step in steps])


def first_press(verbs: Sequence[str | None]) -> int:
    """The number of the step that begins an answer, counted from 1; 0 where that can't be told from its verbs."""
    for number, verb in enumerate(verbs, 1):
        if verb in ("click", "click_at", "press"):
            return number
        if verb not in ("wait_for", "pause"):
            break
    return 0


async def study_all_the_same(
    walk: Walk, learner: Learner, name: str, means: Means = "ordinary", **params: float
) -> None:
    """Press play without the check, look on for a while, and read the record."""
    try:
        moved = await try_to_play(walk, learner, look_s(walk.setting))
    except SubjectError:
        moved = False
    await learner.stimulate(
        Stimulus(
            name=name,
            means=means,
            params=dict(params),
            effect={"moved": moved, "state": (await learner.state()).value},
        )
    )
    await walk.reader.credit(name, learner)


async def the_learner_again(walk: Walk, learner: Learner, own: Person) -> None:
    """The learner sits before the camera again, and studies honestly."""
    await oncamera.shows(learner, Genuine(own, seed=3))
    await come_back(walk, learner)
    await walk.control("after", learner)


async def note(learner: Learner, name: str, **effect: str | float | bool) -> None:
    """Write down what was done, what came of it, and a picture of the page."""
    await learner.stimulate(Stimulus(name=name, means="ordinary", effect=dict(effect)))
