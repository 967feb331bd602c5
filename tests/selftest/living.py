"""The stage of cameras.py with living persons: one real camera, and a scripted assessor who does what is asked.

The assessor understands nothing but the words that a person would read. Frames carry no mark.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any, cast
from unittest import mock

from harness import led
from harness.browser.presence import CameraSeen
from harness.camera import scenes
from harness.camera.human import HumanCamera, Place
from harness.camera.instructions import ACTS, SCENES
from harness.errors import StepFailed
from harness.model.observation import Instructed
from harness.platform.profile import Account
from harness.probe import ASSESSOR, load_probes
from tests.selftest import cameras, stage
from tests.selftest.cameras import FRAME_S, FRAMES, NAMES, PEOPLE, CameraStage, CameraWindow, Eyes, Feed, picture
from tests.selftest.leap import LeapClock
from tests.selftest.spa import Browser

CHANGE_S = 3.0
"""What changing places takes here: the stage's idle limit is ten seconds, a platform's five minutes or more."""
PATIENCE_S = 120.0
MADE: Mapping[str, Callable[..., Any]] = {
    "learner": scenes.Learner, "other_photo": scenes.OtherPhoto, "stranger": scenes.Stranger, "print": scenes.Print,
    "screen_replay": scenes.ScreenReplay, "frozen": scenes.Frozen, "covered": scenes.Covered, "nobody": scenes.Nobody,
    "two_people": scenes.TwoPeople,
}  # fmt: skip
Does = Callable[[str], str | None]
"""What the assessor does with the name of a scene: Enter (empty), s, or None for no answer at all."""


class RealFeed(Feed):
    """The one camera of the room: no marks, and no two frames alike."""

    def frame(self) -> bytes:
        told = json.loads(super().frame())
        self._taken += 1
        return picture(**{**told, "since": 0.0, "taken": self._taken})


class RealEyes(Eyes):
    """Our own eyes, for stills too."""

    def see_still(self, still: bytes, person: str, scene: str) -> dict[str, object]:
        people = json.loads(still)["people"]
        found: dict[str, object] = {"faces": len(people), "contrast": 3.0 if scene == "covered" else 50.0}
        if people and person:
            found |= {"nearest": people[0], "likeness": "same" if people[0] == person else "other"}
        return found


class Room:
    """The assessor, the persons, and the camera they sit before."""

    def __init__(self, clock: LeapClock, does: Does, slip: str, change_s: float) -> None:
        self.change_s = change_s
        self.feed = RealFeed("camera", scenes.Nobody(), clock)
        self.does, self.slip = does, slip
        self.place = Place()
        self.asked: list[str] = []
        self.out = False

    async def ask(self, question: str, _page: bytes) -> str:
        """Do what the Chinese words say, as somebody who reads them."""
        self.asked.append(question)
        acts = [name for name, (zh, _) in ACTS.items() if "依次做" in question and zh in question]
        name, made = ("acts", None) if acts else understood(question)
        answer = self.does(name)
        if answer is None:
            await asyncio.sleep(10 * PATIENCE_S)
        await asyncio.sleep(1.0 if acts else self.change_s)
        if answer == "":
            self._done(name, made, acts)
        return answer or ""

    def _done(self, name: str, made: Any, acts: Sequence[str]) -> None:
        if acts:
            self.feed.scene.ask(*acts)
        elif name == self.slip:  # the assessor confirms, and the wrong person sits there
            self.feed.scene = scenes.Learner(PEOPLE[NAMES[0]])
        else:
            self.out = name == "unplugged"
            self.feed.scene = made if made is not None else self.feed.scene


def understood(question: str) -> tuple[str, Any]:
    """Which scene the words ask for, and who is in it. Raises ValueError for words that could mean two scenes."""
    found = []
    for name, (zh, _) in SCENES.items():
        pattern = re.escape(zh).replace(r"\{person\}", r"(?P<person>\w+)").replace(r"\{beside\}", r"(?P<beside>\w+)")
        match = re.search(pattern, question)
        if match:
            people = [PEOPLE[who] for who in match.groupdict().values() if who]
            found.append((name, MADE[name](*people) if name in MADE else None))
    if len(found) != 1:
        raise ValueError(f"{[name for name, _ in found]}: {question}")
    return found[0]


class LivingWindow(CameraWindow):
    """A window of the machine's own camera."""

    room: Room
    profile = mock.MagicMock()
    profile.model.persons.patience = PATIENCE_S
    profile.model.persons.assessor = "王评定"

    def _frame(self) -> bytes | None:
        return None if self.camera is None or self.denied or self.room.out else self.room.feed.frame()

    async def camera_frame(self) -> CameraSeen | None:
        if self._frame() is None:
            raise StepFailed("camera cannot be opened")
        return CameraSeen("HD Webcam", ("HD Webcam",), self.room.feed.frame())

    async def _pass_face_check(self) -> None:
        page = cast(Any, self._need())
        if page.overlay != "face" or page.face is None:
            raise StepFailed("no face is asked for")
        if self._frame() is None:
            raise StepFailed("no camera")
        await cast(HumanCamera, cast(Any, self.camera)).act([page.face["action"]])
        images = []
        for _ in range(FRAMES):
            await asyncio.sleep(FRAME_S)
            images.append(cameras.data_url(self._frame() or b""))
        given = [self.fed[n % len(self.fed)] for n in range(FRAMES)] if self.fed else images
        if page.over or not await page.answer(given):
            raise StepFailed("not accepted")


class LivingStage(CameraStage):
    """The reference platform, and one real camera."""

    def __init__(self, staged: CameraStage, room: Room) -> None:
        super().__init__(staged.app, staged.platform, staged.folder, staged.clock)
        self.room, self.ask = room, room.ask
        self.studio.real = mock.Mock(phone=False)  # type: ignore[union-attr]
        self.studio.examiner = RealEyes()  # type: ignore[union-attr, misc, assignment]

    async def session(
        self, role: str, who: Account | None = None, *, denied: bool = False, unplugged: bool = False, **look: Any
    ) -> stage.Window:
        assert who is not None
        camera = None
        if not unplugged:
            self._cameras += 1

            async def nobody(_: Any) -> None:
                raise AssertionError("the walk leads")

            own = cameras.person_of(who.username)
            camera = HumanCamera(own, f"camera-{self._cameras}", nobody, self.room.place, self.clock.now)
        browser = Browser(self.app, bool(look.get("automated")), look.get("device", "pc"))
        window = LivingWindow(browser, who, cast(Any, camera), denied=denied)
        window.room = self.room
        return window


@contextmanager
def in_person(does: Does = lambda scene: "", slip: str = "", change_s: float = CHANGE_S) -> Iterator[list[Room]]:
    """Let stage.perform play with living persons; gives the rooms of the walks that were made.

    `slip` is a scene at which the assessor confirms although the first person of all sits there.
    """
    rooms: list[Room] = []
    rendered = cameras.staged

    @asynccontextmanager
    async def staged(defects: Sequence[str], clock: LeapClock) -> AsyncIterator[LivingStage]:
        async with rendered(defects, clock) as made:
            rooms.append(Room(clock, does, slip, change_s))
            yield LivingStage(made, rooms[-1])

    def called() -> Any:
        return tuple(
            replace(p, walks=tuple(replace(w, exclusive=(*w.exclusive, ASSESSOR)) for w in p.walks))
            for p in load_probes()
        )

    with (
        cameras.on_camera(),
        mock.patch.object(stage, "staged", staged),
        mock.patch.object(stage, "SETTING", replace(cameras.SETTING, presence="human")),
        mock.patch.object(stage, "load_probes", called),
        mock.patch.object(led, "aside", cameras.at_once),
    ):
        yield rooms


def told(view: Any) -> list[Instructed]:
    """Every instruction of a walk, as it was written down."""
    return [o.data for o in view.observations if isinstance(o.data, Instructed)]


__all__ = ["LivingStage", "Room", "in_person", "told", "understood"]
