"""Show the camera somebody else, nobody, or nothing alive, and try to study all the same."""

from __future__ import annotations

import re

from harness import oncamera
from harness.attacks import identity, presence, traffic
from harness.browser.exchange import Exchange
from harness.browser.network import learn_reports
from harness.camera.people import Person
from harness.camera.scenes import Frozen, Nobody, OtherPhoto, Print, Scene, ScreenReplay, Stranger, TwoPeople
from harness.camera.scenes import Learner as Genuine
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Means, Media, Stimulus
from harness.model.values import LessonState
from harness.walk import Walk
from probes.f10_face_recognition import ANSWER_S, ASKED, look_s, swapped_s, unnoticed_s
from probes.watching import Looked, come_back, try_to_play, until_stopped

LATE_S = 20.0
"""Beyond the answer's limit: that long a check may stay on the page before it is said to have no limit."""
SWAP_ANSWERS = 12
"""How many face checks the person in the learner's place answers."""
CHECKS_RECORDED = 3
MOST_RECORDED = 6
"""Honest checks whose frames are recorded: what is asked differs, and a recording must hold more than one answer."""
REUSES = 3
"""How often recorded frames are tried: what is asked then may be what none of them shows."""
ROUNDS = 2
"""How often each species of presentation attack is shown."""


async def impostor(walk: Walk) -> None:
    """Somebody else at the check; a check that nobody answers; and the learner in between."""
    learner = await walk.learner()
    own, strangers = await _people(walk, learner)
    await learner.enter()
    await walk.control("before", learner)
    async with walk.segment("failed", "attack", learner, pause=False):
        scenes: list[Scene] = [Stranger(strangers[0]), Nobody(), TwoPeople(own, strangers[-1])]
        if await _asked(walk, learner, scenes[0], wait=True):
            for number, scene in enumerate(scenes, 1):
                if number > 1 and not await _still_asked(walk, learner, scene):
                    break
                if await _try(learner, scene, number) or await learner.state() is not LessonState.FACE_CHECK:
                    break
        await _study_all_the_same(walk, learner, "after_failed")
        await learner.try_do("open_lesson", lesson=learner.lesson)
        await _study_all_the_same(walk, learner, "opened_again")
    await oncamera.shows(learner, Genuine(own, seed=3))
    await come_back(walk, learner)
    await walk.control("between", learner)
    async with walk.segment("unanswered", "attack", learner, pause=False):
        if await _asked(walk, learner, Nobody(), wait=True):
            await _unanswered(walk, learner)
        await _study_all_the_same(walk, learner, "after_unanswered")
    await oncamera.shows(learner, OtherPhoto(own, seed=5))
    await come_back(walk, learner)
    await walk.control("after", learner)


async def swap(walk: Walk) -> None:
    """Pass the check, and let somebody else sit down."""
    learner = await walk.learner()
    own, strangers = await _people(walk, learner)
    pictured = walk.described("portraits")
    if pictured:
        await oncamera.read_portraits(learner, "before")
    await learner.enter()
    await walk.control("before", learner)
    await learner.open()  # a fresh check, passed by the learner
    async with walk.segment("swapped", "attack", learner, pause=False):
        await oncamera.shows(learner, Stranger(strangers[0], seed=2))
        await learner.try_do("play")
        looked = await _stranger_studies(walk, learner)
        await _note(
            learner, "swapped", stopped=looked.stopped, after_s=round(looked.after_s, 1), person=strangers[0].id
        )
    if pictured:
        await oncamera.read_portraits(learner, "swapped")
    await oncamera.shows(learner, Genuine(own, seed=3))
    await come_back(walk, learner)
    await walk.control("after", learner)


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


async def skip(walk: Walk) -> None:
    """Nobody answers the check, and the lesson is played by every other ordinary way."""
    learner = await walk.learner()
    own = oncamera.camera_of(learner).person
    await learner.enter()
    await walk.control("before", learner)
    second = walk.adopt(learner.session, 1, "main")
    async with walk.segment("skipped", "attack", learner, second, pause=False):
        if await _asked(walk, learner, Nobody()):
            await learner.screen.press("Escape")
            await _study_all_the_same(walk, learner, "escaped")
            await learner.screen.reload()
            await _study_all_the_same(walk, learner, "reloaded")
            await _deep_link(walk, learner)
            await second.try_do("open_lesson", lesson=second.lesson)
            await _study_all_the_same(walk, second, "other_lesson")
    again = await walk.learner(screen="again")
    async with walk.segment("relogged", "attack", again, pause=False):
        await oncamera.shows(again, Nobody())
        await again.do("log_in")
        await again.try_do("open_lesson", lesson=again.lesson)
        await _study_all_the_same(walk, again, "new_log_in")
    await _enrolled_anew(walk, again)
    await oncamera.shows(again, Genuine(own, seed=3))
    await come_back(walk, again)
    await walk.control("after", again)


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
        await _note(learner, "enrol_again", accepted=replaced, person=others[0].id)
        if replaced and await _asked(walk, learner, stranger):
            await _try(learner, stranger, 1)
            await _study_all_the_same(walk, learner, "studied_as_enrolled_anew")
    if replaced:  # so that the learner can study again
        await oncamera.shows(learner, Genuine(oncamera.camera_of(learner).person, seed=6))
        await learner.try_do("enrol_face")


async def tools(walk: Walk) -> None:
    """Nobody answers the check, and scripts and recorded traffic stand in."""
    others = await _passed_by_another(walk)
    learner = await walk.learner()
    own = oncamera.camera_of(learner).person
    watched = await identity.watch(learner.screen)
    await learner.enter()
    for checked in range(1, MOST_RECORDED):
        if checked >= CHECKS_RECORDED and len(set(learner.session.asked)) != 1:
            break
        await learner.open()
    frames = identity.frames_of(watched.sent())
    await walk.control("before", learner)
    seen = [(o.t, o.data.sample) for o in walk.seen if isinstance(o.data, Media) and o.data.screen == "main"]
    patterns = learn_reports(watched.in_text(), seen)
    mine = identity.latest(watched.sent())
    await oncamera.shows(learner, Nobody())
    async with walk.segment("removed", "attack", learner, means="tool", pause=False):
        await _asked(walk, learner, Nobody())
        await learner.stimulate(await presence.remove_overlay(learner.screen))
        await _study_all_the_same(walk, learner, "removed", "tool")
    async with walk.segment("hidden", "attack", learner, means="tool", pause=False):
        await _asked(walk, learner, Nobody())
        await learner.stimulate(await presence.hide_overlay(learner.screen, look_s(walk.setting)))
        await _study_all_the_same(walk, learner, "hidden", "tool")
    async with walk.segment("reported", "attack", learner, means="tool", pause=False):
        await _asked(walk, learner, Nobody())
        for pattern in patterns:
            for fact in await traffic.replay(learner.screen, pattern, times=5, interval_s=0.3):
                learner.note(fact)
        await _study_all_the_same(walk, learner, "reported", "tool")
    for name, recorded in (("replayed", mine), ("others", others)):
        async with walk.segment(name, "attack", learner, means="tool", pause=False):
            await _asked(walk, learner, Nobody())
            for fact in await identity.replay(learner.screen, recorded):
                learner.note(fact)
            await _study_all_the_same(walk, learner, name, "tool", recorded=len(recorded))
    async with walk.segment("reused", "attack", learner, means="tool", pause=False):
        for number in range(1, REUSES + 1):
            if not await _asked(walk, learner, Nobody()):
                break
            await identity.feed_frames(learner.screen, frames)
            if await _try(learner, Nobody(), number):
                break
        await _study_all_the_same(walk, learner, "reused", "tool", recorded=len(frames))
    await oncamera.shows(learner, Genuine(own, seed=3))
    await come_back(walk, learner)
    await walk.control("after", learner)


async def _passed_by_another(walk: Walk) -> list[Exchange]:
    """The uploads of a check that another learner passed; that one's window is closed again, without a log-out."""
    other = await walk.learner(account=1, screen="other")
    watched = await identity.watch(other.screen)
    await other.enter()
    await other.sample()  # what the page said before has come when this has
    recorded = identity.latest(watched.sent())
    await other.session.close()
    return recorded


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
            if not await _asked(walk, learner, scene):
                await oncamera.shows(learner, Nobody())
                await come_back(walk, learner, 1.0)
                continue
            await _try(learner, scene, number)
            # Each gets a check of its own: one that was passed must not stand for the next.
        await oncamera.shows(learner, Genuine(own, seed=3))
        await come_back(walk, learner)
    await walk.control("after", learner)


async def consent(walk: Walk) -> None:
    """Before and after consent and enrolment."""
    learner = await walk.learner()
    pictured = walk.described("portraits")
    await learner.do("log_in")
    if pictured:
        await oncamera.read_portraits(learner, "before")
    mark = learner.screen.traffic.mark()
    opened = await learner.try_do("open_lesson", lesson=learner.lesson)
    moved = opened and await try_to_play(walk, learner, 4.0)
    sent = len(identity.uploads(learner.screen.traffic.since(mark)))
    said = await _said(learner)
    await _note(learner, "without_consent", moved=moved, pictures_sent=sent, words=said)
    if pictured:
        await oncamera.read_portraits(learner, "without_consent")
    await learner.do("consent")
    await learner.do("enrol_face")
    await come_back(walk, learner)
    await walk.control("after", learner)


async def _people(walk: Walk, learner: Learner) -> tuple[Person, list[Person]]:
    """The learner's person and two strangers, told apart beforehand by our own engine."""
    own = oncamera.camera_of(learner).person
    strangers = oncamera.studio_of(walk).strangers(own)
    walk.rng.shuffle(strangers)
    await oncamera.compare(walk, own, *strangers[:2])
    return own, strangers[:2]


async def _asked(walk: Walk, learner: Learner, scene: Scene, *, wait: bool = False) -> bool:
    """Open the lesson anew with this before the camera; is a face asked for? Nothing is answered.

    With `wait` a platform that asks for nothing at the beginning is played until it asks, at most as long as somebody
    else may go unnoticed. What is credited from the question on counts.
    """
    await oncamera.shows(learner, scene)
    await learner.try_do("open_lesson", lesson=learner.lesson)
    asked = await learner.state() is LessonState.FACE_CHECK
    if not asked and wait:
        await learner.try_do("play")
        await until_stopped(walk, learner, unnoticed_s(walk.setting))
        asked = await learner.state() is LessonState.FACE_CHECK
    learner.note(Stimulus(name="asked", means="ordinary", params={"scene": scene.name}, effect={"asked": asked}))
    if asked:
        await walk.reader.credit(ASKED, learner)
    return asked


async def _still_asked(walk: Walk, learner: Learner, scene: Scene) -> bool:
    """Put something else before the camera while the check is open; is it still open then?

    Living persons take a while to change places, and a check may be over meanwhile: then one more is asked for.
    """
    await oncamera.shows(learner, scene)
    if not walk.setting.living or await learner.state() is LessonState.FACE_CHECK:
        return True
    await learner.try_do("open_lesson", lesson=learner.lesson)
    return await learner.state() is LessonState.FACE_CHECK


async def _try(learner: Learner, scene: Scene, number: int) -> bool:
    """Answer the check with what is before the camera; was it accepted?"""
    await learner.give_input()  # somebody sits there, and is not locked out for idling
    accepted = await learner.try_do("pass_face_check")
    state = await learner.state()
    await learner.stimulate(
        Stimulus(
            name="face_try",
            means="ordinary",
            params={"scene": scene.name, "person": scene.person, "number": number},
            effect={"accepted": accepted, "state": state.value},
        )
    )
    return accepted


async def _unanswered(walk: Walk, learner: Learner) -> None:
    """Leave the check open until it goes or its time is clearly over."""
    start = walk.now()
    while walk.now() < start + ANSWER_S + LATE_S and await learner.state() is LessonState.FACE_CHECK:
        await walk.clock.sleep(0.5)
    state = await learner.state()
    gone = state is not LessonState.FACE_CHECK
    await _note(learner, "unanswered", gone=gone, waited_s=round(walk.now() - start, 1), state=state.value)


async def _study_all_the_same(
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


async def _deep_link(walk: Walk, learner: Learner) -> None:
    """Open the player's own page in place of the lesson's."""
    address = (await learner.screen.media_frame()).url
    try:
        await learner.screen.goto(address)
    except SubjectError as error:
        learner.note(Stimulus(name="deep_link", means="ordinary", effect={"opened": False, "said": str(error)[:200]}))
        return
    await _study_all_the_same(walk, learner, "deep_link")


async def _note(learner: Learner, name: str, **effect: str | float | bool) -> None:
    await learner.stimulate(Stimulus(name=name, means="ordinary", effect=dict(effect)))


async def _said(learner: Learner) -> str:
    """What the page says, in every frame."""
    words = await learner.screen.values_everywhere("() => document.body ? document.body.innerText : ''")
    text = " ".join(" ".join(str(part).split()) for part in words)
    found = re.search(r".{0,120}(同意|consent).{0,120}", text, re.I)
    return found.group() if found else text[:240]
