"""The stage of stage.py with a camera: the lesson page asks for faces, and pictures say in words what they show.

No picture is painted and no face engine runs: a picture is a JSON text with the people in it, which way they look, and
when it was taken. Who is recognised, what is kept and what is credited is decided by the platform's own code.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

from fixtures.faceengine.face import Face, Limits
from fixtures.refplatform.defects import f09, load
from fixtures.refplatform.domain.platform import Platform
from fixtures.refplatform.domain.policy import Policy
from fixtures.refplatform.domain.rules import build_rules
from fixtures.refplatform.domain.seed import EnrolledFace, seed
from fixtures.refplatform.web.app import build_app
from harness import oncamera
from harness.attacks import identity, presence
from harness.camera import scenes
from harness.camera.feed import ARRIVED_S
from harness.camera.framelog import FrameLog
from harness.camera.people import Person
from harness.camera.people import load as load_people
from harness.camera.picture import HEIGHT, WIDTH
from harness.camera.studio import Camera
from harness.errors import StepFailed
from harness.faces.preflight import Preflight
from harness.model.observation import PortraitSeen
from harness.model.values import LessonState, StoredPortrait
from harness.platform.profile import Account, Lesson
from harness.settings import make_setting
from tests.selftest import stage
from tests.selftest.leap import LeapClock
from tests.selftest.spa import BASE, Browser, LessonPage
from tests.walkbuilder import STANDARD

PEOPLE = {p.id: p for p in load_people(Path(__file__).parents[2] / "fixtures" / "personas" / "people")}
NAMES = list(PEOPLE)
POLICY = {
    **stage.POLICY, "capture_interval_s": 480.0, "face_answer_s": 60.0, "face_moments": ["start", "during", "end"],
}  # fmt: skip
DESCRIBED = stage.DESCRIBED | {"pass_face_check", "consent", "refuse_consent", "enrol_face", "portraits"}
SETTING = make_setting(POLICY, stage.SCALE, STANDARD, list(stage.LENGTHS.values()), camera=True)
LEARNERS, NEWCOMER = 16, "learner009"
PERIOD = "2026-11"
FRAMES, FRAME_S, ENGINE_S = 8, 0.4, 1.0
YAW = {"left_10": -8.0, "left_20": -14.0, "right_10": 8.0, "right_20": 14.0}
"""As the engine sees the poses of the rendered people: positive towards the picture's left."""
CODE_S = 10.0
LAG_S = 0.6
"""How long a page still gets the scene before; longer than the first of a check's pictures takes."""
RANDOM_MARK = 1 << 40


def picture(**what: Any) -> bytes:
    """A picture that says what it shows."""
    return json.dumps(what, sort_keys=True).encode()


def data_url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def person_of(username: str) -> Person:
    """Learners take turns being the people, as seed.py does it."""
    return PEOPLE[NAMES[(int(username.removeprefix("learner")) - 1) % len(NAMES)]]


def embedding(person: str) -> tuple[float, ...]:
    return tuple(10.0 if name == person else 0.0 for name in NAMES)  # far apart by the engine's measure


class Engine:
    """Recognises whoever a picture says is in it."""

    async def describe(self, jpeg: bytes, limits: Limits | None = None) -> list[Face]:
        try:
            told = json.loads(jpeg)
        except ValueError:
            return []
        return [
            Face(
                box=(0, 0, 100 - place, 100), score=0.9, embedding=embedding(name), yaw_deg=told["yaw"], pitch_deg=0.0,
                eye_left=0.1 if told["closed"] else 0.3, eye_right=0.1 if told["closed"] else 0.3,
            )
            for place, name in enumerate(told["people"])
        ]  # fmt: skip


class Feed:
    """What is before a camera, and its pictures in words."""

    filename = "camera"
    open_s: float | None = None

    def __init__(self, name: str, scene: Any, clock: LeapClock) -> None:
        self.name, self.scene, self.clock = name, scene, clock
        self.log = FrameLog()
        self._taken = 0
        self._before, self._since = scene, -math.inf

    async def show(self, scene: Any) -> None:
        self._before, self.scene, self._since = self.scene, scene, self.clock.now()

    async def arrived(self) -> None:
        await asyncio.sleep(max(0.0, self._since + ARRIVED_S - self.clock.now()))

    async def perform(self, *acts: str) -> None:
        await asyncio.sleep(self.scene.ask(*acts))

    async def close(self) -> None:
        pass

    def frame(self) -> bytes:
        """One picture, marked with the moment; of the scene before, while the new one is on its way."""
        now = self.clock.now()
        scene = self.scene if now >= self._since + LAG_S else self._before
        if isinstance(scene, scenes.BrowserState):
            scene = self.scene
        if isinstance(scene, scenes.Frozen):
            return picture(people=[scene.person], yaw=0.0, closed=False, scene=scene.name, since=0.0)
        self._taken += 1
        since = math.floor(now / CODE_S) * CODE_S
        pose = _pose(scene, now)
        people = [scene.person] if scene.person and not isinstance(scene, scenes.Covered | scenes.Dark) else []
        if isinstance(scene, scenes.TwoPeople):
            people.append(next(name for name in NAMES if name != scene.person))
        return picture(
            people=people, yaw=YAW.get(pose, 0.0), closed=pose == "blink", scene=scene.name, since=since,
            camera=self.name, taken=self._taken,
        )  # fmt: skip


def _pose(scene: Any, now: float) -> str:
    """How the person in a scene holds the head; a film goes round by itself."""
    if isinstance(scene, scenes.Learner):
        return scene._actor.pose(now)
    if isinstance(scene, scenes.ScreenReplay):
        return scene._LOOP[math.floor(now / scene._FRAME_S) % len(scene._LOOP)]
    return "neutral"


def made_small(data: bytes) -> bytes:
    """What defects.f09.made_small makes of a JPEG, for a picture in words."""
    return picture(**json.loads(data), size=(480, 360))


def made_blurred(data: bytes) -> bytes:
    """What defects.f09.made_blurred makes of a JPEG, for a picture in words."""
    return picture(**{**json.loads(data), "people": [], "since": 0}, blurred=True)


class Eyes:
    """Our own eyes, for pictures in words."""

    def examine(
        self, stored: StoredPortrait, own: Person, logs: Mapping[str, Any], earlier: Any = (), frames: Any = None
    ) -> PortraitSeen:
        told = PortraitSeen(
            id=stored.id, time=stored.time, label=stored.label, verdict=stored.verdict, marked=stored.marked,
            width=WIDTH, height=HEIGHT, brightness=120.0,
        )  # fmt: skip
        assert stored.picture is not None
        repeats = next((name for name, other in earlier if other == oncamera.sha256(stored.picture)), "")
        try:
            seen = json.loads(stored.picture)
        except ValueError:  # painted by a defect
            return told.model_copy(update={"faces": 0, "contrast": 0.0, "repeats": repeats})
        people = seen["people"]
        marked = seen["since"] > 0
        return told.model_copy(
            update={
                "code": f"{int(seen['since']) % RANDOM_MARK:012x}" if marked else None,
                "shown": ((seen["since"], seen["since"] + CODE_S),) if marked else (),
                "scene": seen["scene"],
                "width": seen.get("size", (WIDTH, HEIGHT))[0],
                "height": seen.get("size", (WIDTH, HEIGHT))[1],
                "contrast": 50.0 if people or seen["scene"] == "nobody" or "blurred" in seen else 3.0,
                "sharpness": 1.0 if "blurred" in seen else 50.0,
                "faces": len(people),
                "distances": {name: 0.2 if name in people[:1] else 0.8 for name in NAMES} if people else {},
                "nearest": people[0] if people else "",
                "likeness": None if not people else "same" if people[0] == own.id else "other",
                "enrolment": seen["scene"] == "enrolment",
                "repeats": repeats,
            }
        )


class CameraPage(LessonPage):
    """player/face.js and player/capture.js."""

    def __init__(self, browser: Browser, lesson: int, take: Any) -> None:
        super().__init__(browser, lesson)
        self.take = take
        self.face: dict[str, Any] | None = None
        self.was_playing = self.unpausable = self.away = False
        self._capturing = ""

    def obey(self, view: dict[str, Any]) -> None:
        super().obey(view)
        if self.over:
            return
        if view["state"] == "face_check" and view.get("face"):
            self._stop_for("face")
            self.face = view["face"]
        elif self.overlay == "face":
            self.overlay = ""
        if view["state"] == "camera":
            self._stop_for("camera")
        elif self.overlay == "camera":
            self.overlay = ""
            self.go_on()
        if view.get("capture") and not self._capturing:
            self._capturing = view["capture"]["nonce"]
            self._tasks.append(asyncio.create_task(self._capture(self._capturing)))

    def _pause_film(self) -> None:
        if not self.unpausable:
            super()._pause_film()

    def _stop_for(self, kind: str) -> None:
        self.was_playing = self.was_playing or not self.film.paused
        self._pause_film()
        self.overlay = "" if self.away else kind

    def go_on(self) -> None:
        if self.was_playing and not self.over:
            self.was_playing = False
            self.play()

    async def _capture(self, nonce: str) -> None:
        await asyncio.sleep(0.2)
        try:
            image = self.take()
            if image is not None:
                body = {"study": self.study, "nonce": nonce, "image": image}
                answer = await self.browser.call("POST", "/api/learn/portrait", body)
                if answer.status_code == 200:
                    self.obey(answer.json()["view"])
        finally:
            await asyncio.sleep(1.5)
            self._capturing = ""
        if not self.over:
            answer = await self.browser.call("GET", f"/api/learn/state?study={self.study}")
            if answer.status_code == 200:
                self.obey(answer.json())

    async def answer(self, images: Sequence[str]) -> bool:
        assert self.face is not None
        body = {"study": self.study, "check": self.face["id"], "nonce": self.face["nonce"], "images": list(images)}
        answer = await self.browser.call("POST", "/api/learn/face", body)
        if answer.status_code != 200:
            return False
        told = answer.json()
        if told["result"] == "passed":
            self.overlay = ""
        self.obey(told["view"])
        if told["result"] == "passed":
            self.go_on()
        return str(told["result"]) == "passed"


class CameraWindow(stage.Window):
    """A session whose page may ask for a face."""

    def __init__(self, browser: Browser, who: Account, camera: Camera | None, *, denied: bool = False) -> None:
        super().__init__(browser, who)
        self.camera = camera  # type: ignore[assignment]
        self.denied = denied
        self.fed: list[str] = []
        self._given = 0

    def _drawn(self) -> str | None:
        """What the page's canvas gives: the camera's picture, or what a script put in its place."""
        if self.fed:
            self._given += 1
            return self.fed[self._given % len(self.fed)]
        frame = self._frame()
        return None if frame is None else data_url(frame)

    def _frame(self) -> bytes | None:
        if self.camera is None or self.denied:
            return None
        return cast(Feed, cast(Camera, self.camera).feed).frame()

    async def end_camera(self) -> None:
        self.denied = True

    async def _open_lesson(self, lesson: Lesson, *, inputs: int = 1) -> None:
        await self._leave()
        await asyncio.sleep(0.5)
        self.page = CameraPage(self.browser, int(lesson.id), self._drawn)
        self.browser.pages.append(self.page)
        self.fed = []
        await self.page.begin(inputs)

    async def _pass_face_check(self) -> None:
        page = cast(CameraPage, self._need())
        if page.overlay != "face" or page.lost or page.face is None:
            raise StepFailed("no face is asked for")
        if self.camera is None or self.denied:
            raise StepFailed("no camera")
        self.asked.append((page.face["action"],))
        if self.stand_in is not None:
            await self.stand_in(self.asked[-1])
        acting = asyncio.create_task(cast(Camera, self.camera).act(self.asked[-1]))
        images = []
        for _ in range(FRAMES):
            await asyncio.sleep(FRAME_S)
            images.append(data_url(self._frame() or b""))
        await acting
        await asyncio.sleep(ENGINE_S)
        given = [self.fed[n % len(self.fed)] for n in range(FRAMES)] if self.fed else images
        if page.over or not await page.answer(given):
            raise StepFailed("not accepted")

    async def _consent(self) -> None:
        await self._posted("/api/consent", {"agree": True})

    async def _enrol_face(self) -> None:
        await self._leave()
        await self._posted("/api/face/enrol", {"image": data_url(self._frame() or b"")})

    async def _posted(self, path: str, body: dict[str, Any]) -> None:
        answer = await self.browser.call("POST", path, body)
        if answer.status_code != 200:
            raise StepFailed("refused", where=path, got=answer.status_code)

    async def reload(self) -> None:
        page = self._need()
        await self._open_lesson(Lesson(str(page.lesson), "", 72.0, "1"), inputs=0)

    async def goto(self, _url: str) -> None:
        await self.reload()

    async def media_frame(self) -> Any:
        return SimpleNamespace(url=f"{BASE}/player.html?lesson={self._need().lesson}")

    async def read_state(self) -> LessonState:
        if self.page is not None and self.page.overlay == "face" and not self.page.lost:
            return LessonState.FACE_CHECK
        return await super().read_state()

    async def evaluate_everywhere(self, js: str, arg: Any = None) -> int:
        if js == identity.FEED:
            self.fed = list(arg)
            return 1
        return await super().evaluate_everywhere(js, arg)

    async def values_everywhere(self, js: str, arg: Any = None) -> list[Any]:
        page = self._need()
        if js == presence.HIDE:
            if page.over or not page.overlay:
                return [0]
            cast(CameraPage, page).away, page.overlay = True, ""
            return [1]
        if "body.innerText" in js:
            return [page.refused]
        return await super().values_everywhere(js, arg)

    async def evaluate_in_media(self, js: str, arg: Any = None) -> Any:
        page = self.page
        if page is not None and js in ("(el) => el.currentTime", presence.PLAY_ON):
            if js == presence.PLAY_ON:
                cast(CameraPage, page).unpausable = True
                if page.film.paused:
                    page.play()
            return page.film.position
        return await super().evaluate_in_media(js, arg)


class CameraStage(stage.Stage):
    """The reference platform with faces and portraits."""

    offset_s = 0.0

    def __init__(self, app: Any, platform: Platform, folder: Path, clock: LeapClock) -> None:
        super().__init__(app, platform, folder)
        self.clock = clock
        self.studio = SimpleNamespace(  # type: ignore[assignment]
            people=PEOPLE,
            real=None,
            examiner=Eyes(),
            strangers=lambda own: [p for p in PEOPLE.values() if p.id != own.id],
        )
        self._cameras = 0

    def described(self, name: str) -> bool:
        return name in DESCRIBED

    async def session(
        self, role: str, who: Account | None = None, *, automated: bool = False, device: str = "pc",
        storage: Any = None, denied: bool = False, unplugged: bool = False, **_look: Any,
    ) -> stage.Window:  # fmt: skip
        assert who is not None
        camera = None
        if not unplugged:
            self._cameras += 1
            own = person_of(who.username)
            feed = Feed(f"camera-{self._cameras}", scenes.Learner(own, seed=self._cameras), self.clock)
            camera = Camera(own, feed, self.folder / "camera")  # type: ignore[arg-type]
        window = CameraWindow(Browser(self.app, automated, device), who, camera, denied=denied)
        if storage is not None:
            window.browser.token = storage["origins"][0]["localStorage"][0]
        return window

    async def read(self, reading: str, *, learner: Account, lesson: Lesson | None = None, **more: Any) -> Any:
        if reading != "portraits":
            return await super().read(reading, learner=learner, lesson=lesson, **more)
        rows = cast(list[dict[str, Any]], self.platform.archives.open(learner.username, PERIOD)["portraits"])
        found = [
            StoredPortrait(
                id=str(row["id"]), time=stage._when(row["at"]), label=str(row["kind"]), verdict=str(row["verdict"]),
                marked=str(row["mark"] or ""), picture=self.platform.faces.picture(int(row["id"])),
            )
            for row in rows
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: one.time.timestamp() if one.time else 0.0))


@asynccontextmanager
async def staged(defects: Sequence[str], clock: LeapClock) -> AsyncIterator[CameraStage]:
    """A fresh platform in rehearsal with faces, and the sweep that makes its time pass."""
    from fixtures.faceengine.face import similarity

    platform = Platform(build_rules(Policy().scaled(stage.SCALE), load(defects)), clock=clock, similarity=similarity)
    faces = [
        EnrolledFace(
            name, name, picture(people=[name], yaw=0.0, closed=False, scene="enrolment", since=0.0), embedding(name)
        )
        for name in NAMES
    ]
    seed(platform, learners=LEARNERS, faces=faces)
    with stage.tempfile.TemporaryDirectory() as folder:
        app = build_app(platform, "spa", {}, engine=cast(Any, Engine()), upload_folder=Path(folder))
        sweeping = asyncio.create_task(stage._sweep(platform))
        yield CameraStage(app, platform, Path(folder) / "run", clock)
        sweeping.cancel()
    platform.close()


async def at_once(call: Any, *args: Any) -> Any:
    """Work that is put aside in a run."""
    return call(*args)


@contextmanager
def on_camera() -> Iterator[None]:
    """Let stage.perform and stage.certified play with cameras."""

    def told_apart(_subjects: Any) -> Preflight:
        return Preflight(own_max=0.2, others_min=0.8, compared=8, shortfalls=())

    def account(username: str, role: str = "learner") -> Account:
        return replace(stage_account(username, role), attributes={"persona": person_of(username).id})

    stage_account = stage.account
    with (
        mock.patch.object(stage, "staged", staged),
        mock.patch.object(stage, "SETTING", SETTING),
        mock.patch.object(stage, "account", account),
        mock.patch.object(oncamera, "preflight", told_apart),
        mock.patch.object(asyncio, "to_thread", at_once),
        mock.patch.object(oncamera, "aside", at_once),
        mock.patch.object(f09, "made_small", made_small),
        mock.patch.object(f09, "made_blurred", made_blurred),
        # A refusal is handled in a thread, and while one works time would leap.
        mock.patch("starlette._exception_handler.run_in_threadpool", at_once),
    ):
        yield
