"""The cameras of a run: one live camera for each learner's device, and the people who may sit before it."""

from __future__ import annotations

import asyncio
import random
import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.camera.acts import duration
from harness.camera.device import LABELS
from harness.camera.feed import CameraFeed
from harness.camera.human import HumanCamera, Lead, Place
from harness.camera.people import Person, load
from harness.camera.scenes import BrowserState, Learner, Scene
from harness.errors import ProfileError

if TYPE_CHECKING:
    from harness.camera.portraits import Examiner

FPS = 5
"""What the device says of itself. Twice as much costs a window a third more processor time (lab.md section 3), and a
page that takes a frame every 350 ms sees each act all the same."""
TIMES = {"blink": 2}
"""A blink is soon gone, and pages look only now and then; a turn is held."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A learner's camera: who the learner is, and the live feed that a browser takes for a device."""

    person: Person
    feed: CameraFeed
    folder: Path

    async def act(self, acts: Sequence[str]) -> None:
        """Do what was asked, as somebody does who wants it to be seen."""
        wanted = [act for act in acts for _ in range(TIMES.get(act, 1))]
        if isinstance(self.feed.scene, Learner):
            await self.feed.perform(*wanted)
        else:
            await asyncio.sleep(sum(duration(act) for act in wanted))

    async def keep_acting(self, acts: Sequence[str]) -> None:
        """Do it again and again, until it is cancelled."""
        while True:
            await self.act(acts)

    @property
    def name(self) -> str:
        """Which camera it is, in the ledger."""
        return self.feed.name

    @property
    def scene(self) -> Scene | BrowserState:
        """What is before it now."""
        return self.feed.scene

    async def show(self, scene: Scene | BrowserState) -> None:
        """Change what is before it."""
        await self.feed.show(scene)

    async def ready(self) -> None:
        """Before a face check: its first picture is already of what is before the camera now."""
        await self.feed.arrived()

    async def close(self) -> None:
        """Stop the feed and remove its file."""
        await self.feed.close()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)


AnyCamera = Camera | HumanCamera


@dataclass
class Real:
    """The machine's own camera, or a telephone, and what is before it."""

    phone: bool = False
    place: Place = field(default_factory=Place)


@dataclass
class Studio:
    """Opens cameras. `now` gives UTC seconds; `seed` is the run's."""

    people: dict[str, Person]
    now: Callable[[], float]
    seed: int = 0
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)
    real: Real | None = None
    """The one real camera of a run with living persons; None: every camera is rendered."""
    _opened: int = 0

    @classmethod
    def of(cls, folder: Path, now: Callable[[], float], seed: int = 0) -> Studio:
        """With everybody in a folder. Raises PeopleError."""
        return cls({person.id: person for person in load(folder)}, now, seed)

    @cached_property
    def examiner(self) -> Examiner:
        """Who looks at stored portraits."""
        from harness.camera.portraits import Examiner

        return Examiner(self.people)

    def person(self, name: str, where: str = "") -> Person:
        """Raises ProfileError when there is nobody of that name."""
        found = self.people.get(name)
        if found is None:
            raise ProfileError("no such test person", where=where, got=name, expected=", ".join(self.people))
        return found

    def strangers(self, person: Person) -> list[Person]:
        """Everybody else."""
        return [other for other in self.people.values() if other.id != person.id]

    def real_camera(self, person: Person, lead: Lead) -> HumanCamera:
        """A learner's view of the one real camera; `lead` reaches the assessor."""
        assert self.real is not None
        self._opened += 1
        name = "phone" if self.real.phone else "camera"
        return HumanCamera(person, f"{name}-{self._opened}", lead, self.real.place, self.now, self.real.phone)

    def label_of(self, person: Person) -> str:
        """The name of a person's camera: the same all through a run, drawn anew for the next."""
        return random.Random(f"{self.seed}/{person.id}/camera").choice(LABELS)

    async def open(self, person: Person, *, fps: int = FPS) -> Camera:
        """A new camera with the person before it."""
        self._opened += 1
        folder = Path(tempfile.mkdtemp(prefix="xunjian-camera-"))
        feed = CameraFeed(
            folder,
            self.label_of(person),
            camera=f"camera-{self._opened}",
            key=self._key,
            now=self.now,
            scene=Learner(person, seed=self._opened),
            fps=fps,
        )
        await feed.open()
        return Camera(person, feed, folder)
