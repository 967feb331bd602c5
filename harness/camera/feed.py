"""A camera that can be directed: `async with CameraFeed(folder) as feed: await feed.show(Learner(person))`.

The mark is new every ten seconds. What is shown is in `feed.log` before it can be seen; the sensor's grain, which makes
every frame another picture, is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.camera.device import LABEL, Device
from harness.camera.framelog import FrameLog, Shown
from harness.camera.grain import Grain
from harness.camera.nonce import Issuer
from harness.camera.opened import is_open
from harness.camera.picture import Image, moved
from harness.camera.scenes import BrowserState, Learner, Nobody, Scene, Unplugged
from harness.camera.watermark import mark

CODE_S = 10.0
"""A mark's life: how exactly a portrait can be dated."""
ARRIVED_S = 1.0
"""From a written frame to a page's picture of it: up to a frame's time and 50 ms on an idle machine (lab.md section 2),
several times that on a busy one."""
TICK_S = 0.2
"""How often it is looked whether the scene changed."""
LOOK_S = 1.0
"""How often it is looked whether a page has the camera open."""


class CameraFeed:
    """One learner's camera. One browser reads one feed: contexts of one browser would share its frame rate."""

    def __init__(
        self,
        directory: Path,
        label: str = LABEL,
        *,
        camera: str = "camera",
        key: bytes | None = None,
        log: FrameLog | None = None,
        now: Callable[[], float] = time.time,
        scene: Scene | None = None,
        fps: int = 10,
    ) -> None:
        """`camera` and the run's `key` make the codes; `now` gives UTC seconds; `scene` is what it begins with.

        The log is kept in memory unless one with a folder is given.
        """
        self.name, self.directory, self.filename = camera, directory, label
        self.log = log or FrameLog()
        self._device = Device(directory, label, fps)
        self._issuer = Issuer(key or secrets.token_bytes(16), camera)
        self._now = now
        self._scene: Scene | BrowserState = scene or Nobody()
        self._scene_since = float("-inf")
        self._code, self._code_since = 0, float("-inf")
        self._last: tuple[tuple[str, int, int, int], Image] | None = None
        """What was shown last, and the frame with its mark."""
        self._grain = Grain()
        self._digests: dict[int, tuple[Image, str]] = {}
        self.open_s: float | None = None
        """Seconds that a page had the camera open, to a second; None where nobody could look."""
        self._looked: float | None = None
        self._turn = asyncio.Lock()
        self._ticker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Show the first frame and keep the device up to date from here on."""
        await self.show(self._scene)
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Show nothing new any more; safe to call twice."""
        if self._ticker:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None

    @property
    def issued(self) -> Sequence[Shown]:
        """Everything shown so far, oldest first."""
        return self.log.shown

    @property
    def scene(self) -> Scene | BrowserState:
        """What is before the camera now."""
        return self._scene

    async def show(self, scene: Scene | BrowserState) -> Shown:
        """Change the scene; returns when the device has its first frame, under a new mark.

        Unplugged and Denied have no frames: the change is logged, and the browser's owner must act on it. An unplugged
        device is found by nobody any more; who has it open must be told.
        """
        async with self._turn:
            self._scene, self._scene_since = scene, self._now()
            self._code_since = float("-inf")
            self._last = None
            if isinstance(scene, BrowserState):
                if scene is Unplugged:
                    self._device.pull_out()
                self.log.add(Shown(self._now(), scene.name, "", "", 0, 0, None))
            else:
                await self._write(scene)
        return self.log.shown[-1]

    async def perform(self, *acts: str) -> None:
        """Let the person before the camera act (acts.ACTS) and wait until it is done.

        Raises TypeError when the scene is not a living person.
        """
        if not isinstance(self._scene, Learner):
            raise TypeError(f"only a living person acts; before the camera is: {self._scene.name}")
        await asyncio.sleep(self._scene.ask(*acts))

    async def arrived(self) -> None:
        """Wait until a page gets what was put before the camera last, and no frame of the scene before."""
        await asyncio.sleep(min(max(0.0, self._scene_since + ARRIVED_S - self._now()), ARRIVED_S))

    async def refresh(self) -> None:
        """Bring the device up to date; the feed does this by itself while it is open."""
        async with self._turn:
            if not isinstance(self._scene, BrowserState):
                await self._write(self._scene)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            await self.refresh()
            if self._looked is None or self._now() - self._looked >= LOOK_S:
                self.look()

    def look(self) -> None:
        """See whether a page has the camera open now; the feed does this by itself while it is open."""
        before, self._looked = self._looked, self._now()
        is_in_use = is_open(self._device.path)
        if is_in_use is not None:
            self.open_s = self.open_s or 0.0
        if is_in_use and self.open_s is not None and before is not None:
            self.open_s += self._looked - before

    async def _write(self, scene: Scene) -> None:
        now = self._now()
        age = now - self._code_since
        if age == float("inf") or (age >= CODE_S and not scene.keeps_code):
            self._code, self._code_since = self._issuer.next(self.log.codes), now
        view = scene.view(now)
        digest = self._digest(view.image)
        what = (digest, view.dx, view.dy, self._code)
        known = self._last[1] if self._last is not None and self._last[0] == what else None
        if known is not None and scene.keeps_code:
            return

        def made() -> tuple[Image, bytes]:
            marked = mark(moved(view.image, view.dx, view.dy), self._code) if known is None else known
            return marked, self._device.encode(marked if scene.keeps_code else self._grain.on(marked))

        marked, data = await asyncio.to_thread(made)  # takes some milliseconds; other walks go on meanwhile
        if known is None:
            self.log.add(Shown(self._now(), scene.name, scene.person, digest, view.dx, view.dy, self._code))
        self._device.write(data)
        self._last = what, marked

    def _digest(self, image: Image) -> str:
        """A scene shows the same few arrays; each is hashed and kept once."""
        known = self._digests.get(id(image))
        if known is None or known[0] is not image:
            known = (image, self.log.keep(image))
            self._digests[id(image)] = known
        return known[1]
