"""A learner before the camera: scenes that change, portraits that are read back, frames that are kept as evidence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from harness.aside import aside
from harness.camera.feed import CameraFeed
from harness.camera.framelog import FrameLog
from harness.camera.human import HumanCamera
from harness.camera.picture import encode_png
from harness.camera.portraits import Examiner
from harness.camera.scenes import BrowserState, Denied, Scene, Unplugged
from harness.camera.scenes import Learner as Genuine
from harness.camera.studio import AnyCamera, Studio
from harness.errors import NotDone, SubjectError, Unsupported
from harness.faces.preflight import Subject, preflight
from harness.led import lead
from harness.ledger import sha256
from harness.model.observation import FramesShown, PersonsCompared, PortraitSeen, PortraitsRead, SceneShown
from harness.model.values import StoredPortrait

if TYPE_CHECKING:
    from harness.camera.people import Person
    from harness.camera.picture import Image
    from harness.learner import Learner
    from harness.walk import Walk

COMPARED = ("neutral", "blink", "left_20", "right_20", "smile")
"""Poses in which two persons are told apart before one of them is shown in the other's place."""


def note_scene(learner: Learner, state: str | None = None) -> None:
    """Write down what is before the learner's camera now, or that the browser is in a `state` without frames."""
    camera = learner.session.camera
    if camera is not None:
        scene = camera.scene
        person = "" if state or isinstance(scene, BrowserState) else scene.person
        learner.note(SceneShown(camera=camera.name, scene=state or scene.name, person=person))


async def sits_down(learner: Learner, *, denied: bool) -> None:
    """The learner takes place before a camera that was just opened. Raises NotDone where a living person doesn't."""
    camera = learner.session.camera
    if isinstance(camera, HumanCamera):
        ask = learner.walk.platform.ask
        if ask is None:
            raise NotDone("nobody is there to lead the persons", where=learner.walk.spec.name)
        camera.lead = partial(lead, learner, ask)
        await camera.show(Denied if denied else Genuine(camera.person))
    note_scene(learner, "denied" if denied else None)


async def called(learner: Learner) -> None:
    """A face is about to be looked at: a living person is there, or comes; a rendered one is what the page sees.
    Raises NotDone.
    """
    if learner.session.camera is not None:
        await learner.session.camera.ready()


async def shows(learner: Learner, scene: Scene) -> None:
    """Change what is before the learner's camera. Raises Unsupported without a camera, NotDone where a living person
    can't do it.
    """
    camera = camera_of(learner)
    async with _standing_still(learner):
        await camera.show(scene)
    note_scene(learner)


async def pulled_out(learner: Learner) -> None:
    """Take the camera away while the page uses it: its plug is pulled. One that is built in has none; the browser then
    ends it, as it ends a rendered one. Raises what `shows` raises.
    """
    camera = camera_of(learner)
    by_browser = not isinstance(camera, HumanCamera)
    async with _standing_still(learner):
        try:
            await camera.show(Unplugged)
        except NotDone as error:
            if not error.cannot or (isinstance(camera, HumanCamera) and camera.phone):
                raise
            by_browser = True
    if by_browser:
        await learner.screen.end_camera()
    note_scene(learner, Unplugged.name)


async def stands_still(learner: Learner) -> bool:
    """Pause the lesson if it plays; was it playing?"""
    seen = await learner.sample()
    playing = seen is not None and not seen.paused and not seen.ended
    if playing:
        await learner.try_do("pause")
    return playing


@asynccontextmanager
async def _standing_still(learner: Learner) -> AsyncIterator[None]:
    """Living persons take a while to change places: nothing plays meanwhile, or it would be held against the scene
    that comes. A rendered scene changes at once, while the lesson plays."""
    if not isinstance(learner.session.camera, HumanCamera):
        yield
        return
    playing = await stands_still(learner)
    yield
    await learner.unlock_if_locked()  # changing places took longer than one may be idle
    if playing:
        await learner.try_do("play")


def camera_of(learner: Learner) -> AnyCamera:
    """The learner's camera. Raises Unsupported where the profile names no test persons."""
    if learner.session.camera is None:
        raise Unsupported(
            "the profile names no test persons, so nobody can be before a camera",
            where=learner.session.profile.path.name,
            expected="persons: {folder: ...}",
        )
    return learner.session.camera


def studio_of(walk: Walk) -> Studio:
    """Everybody who may be before a camera. Raises Unsupported where the profile names no test persons."""
    if walk.platform.studio is None:
        raise Unsupported("the profile names no test persons", where=walk.platform.profile.path.name)
    return walk.platform.studio


async def compare(walk: Walk, *people: Person) -> bool:
    """Prove on the very pictures that will be shown that these persons can be told apart, and write it down."""
    real = studio_of(walk).real is not None
    subjects = [Subject(one.id, _enrolment(one), _pictures(one, living=real)) for one in people]
    found = await asyncio.to_thread(preflight, subjects)
    walk.note(
        PersonsCompared(
            persons=tuple(one.id for one in people),
            passed=found.passed,
            own_max=round(found.own_max, 3),
            others_min=None if found.others_min is None else round(found.others_min, 3),
            compared=found.compared,
            shortfalls=tuple(f"{'/'.join(s.persons)} {s.picture}: {s.reason}" for s in found.shortfalls),
        )
    )
    return found.passed


def _pictures(person: Person, *, living: bool) -> dict[str, Image]:
    """What will be shown of a person; of a living one the photographs only, which no pose was bent from."""
    if living:
        return {"neutral": person.neutral, **person.given}
    return {pose: person.pose(pose) for pose in COMPARED}


def _enrolment(person: Person) -> Image:
    from harness.camera.picture import decode

    return decode(person.enrol)


async def read_portraits(learner: Learner, at: str) -> None:
    """Read what portraits the platform keeps of the learner; each is looked at and written down later (Walk.later).

    A failed reading is written down as unknown. Pictures that were seen before in this walk are not looked at again.
    """
    walk = learner.walk
    try:
        stored: tuple[StoredPortrait, ...] = await walk.platform.read("portraits", learner=learner.account)
    except SubjectError as error:
        learner.note(PortraitsRead(at=at, portraits=None, error=str(error)))
        return
    walk.reads_portraits = True
    walk.later(_look(learner, at, stored, camera_or_person(learner), walk.platform.offset_s))


async def _look(learner: Learner, at: str, stored: Sequence[StoredPortrait], own: Person, offset_s: float) -> None:
    walk = learner.walk
    examiner, logs = studio_of(walk).examiner, _logs(walk)
    known = {seen.id: seen for seen in walk.portraits if seen.picture}
    made: list[PortraitSeen] = []
    evidence: list[str] = []
    earlier: list[tuple[str, str]] = []
    for one in stored:
        picture = one.picture or b""
        name = walk.ledger.evidence.put(picture, _extension(picture)) if picture else ""
        seen = known.get(one.id)
        if seen is None or seen.picture != name:
            seen = await aside(examiner.examine, one, own, logs, tuple(earlier), walk.frames)
        made.append(seen.model_copy(update={"picture": name}))
        if picture:
            evidence.append(name)
            earlier.append((one.id, sha256(picture)))
    walk.portraits = list(made)
    learner.note(
        PortraitsRead(at=at, portraits=tuple(made), offset_s=offset_s), evidence=tuple(dict.fromkeys(evidence))
    )


def camera_or_person(learner: Learner) -> Person:
    """The test person that the learner's account is."""
    if learner.session.camera is not None:
        return learner.session.camera.person
    profile = learner.session.profile
    name = profile.person_of(learner.account)
    if name is None:
        raise Unsupported("the account names no test person", where=profile.where("persons"), got=learner.account.id)
    return studio_of(learner.walk).person(name)


def keep_frames(walk: Walk) -> None:
    """Keep what every camera of the walk showed; with the pictures themselves where portraits were read.

    Without the pictures nobody could read the marks again; shown.jsonl says when each was before the camera.
    """
    for feed in _feeds(walk):
        log = feed.log
        lines = "".join(json.dumps(asdict(shown)) + "\n" for shown in log.shown)
        written = walk.ledger.evidence.put(lines.encode(), "jsonl")
        frames: dict[str, str] = {}
        if walk.reads_portraits:
            for digest in dict.fromkeys(shown.frame for shown in log.shown if shown.frame):
                frames[digest] = walk.ledger.evidence.put(encode_png(log.frame(digest)), "png")
        open_s = None if feed.open_s is None else round(feed.open_s, 1)
        fact = FramesShown(camera=feed.name, changes=len(log.shown), codes=len(log.codes), frames=frames, open_s=open_s)
        walk.note(fact, evidence=(written, *frames.values()))


def _logs(walk: Walk) -> Mapping[str, FrameLog]:
    return {feed.name: feed.log for feed in _feeds(walk)}


def _feeds(walk: Walk) -> list[CameraFeed]:
    return [camera.feed for camera in walk.cameras if not isinstance(camera, HumanCamera)]


def _extension(picture: bytes) -> str:
    return "png" if picture.startswith(b"\x89PNG") else "jpg"


__all__ = ["Examiner", "camera_of", "compare", "keep_frames", "note_scene", "read_portraits", "shows", "studio_of"]
