"""A real camera, or a telephone, with living persons: what would be rendered elsewhere is asked for in words.

The run says who or what must be before the camera, an assessor sees to it and confirms (harness/led.py). There are no
frames of ours and no marks in them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from harness.camera.instructions import Instruction, acting, before_camera
from harness.camera.people import Person
from harness.camera.scenes import BrowserState, Learner, Scene, TwoPeople

Lead = Callable[[Instruction], Awaitable[None]]
"""Has something done before the camera, and returns when it was confirmed. Raises NotDone."""


@dataclass
class Place:
    """What is before the one real camera now, whoever's window looks through it."""

    scene: str = ""
    person: str = ""
    confirmed: float = float("-inf")
    """UTC seconds."""


RECENT_S = 90.0
"""Whoever was confirmed before the camera so lately still sits there; later, a face check asks again."""


@dataclass
class HumanCamera:
    """A learner's real camera. `lead` reaches the assessor; `now` gives UTC seconds."""

    person: Person
    name: str
    lead: Lead
    place: Place
    now: Callable[[], float]
    phone: bool = False
    scene: Scene | BrowserState = field(init=False)

    def __post_init__(self) -> None:
        self.scene = Learner(self.person)

    async def show(self, scene: Scene | BrowserState) -> None:
        """Have this put before the camera, unless it was confirmed there just now. Raises NotDone when it can't be, or
        nobody answers."""
        if not self._there(scene):
            again = self.place.scene in ("unplugged", "denied", "covered")
            await self.lead(before_camera(scene, phone=self.phone, restore=again))
            self.place.scene, self.place.person, self.place.confirmed = scene.name, _who(scene), self.now()
        self.scene = scene

    async def ready(self) -> None:
        """Before a face check: whoever should answer it is there. Asks unless that was confirmed just now."""
        await self.show(self.scene)

    async def act(self, acts: Sequence[str]) -> None:
        """Have whoever is before the camera do what the page asks for; nobody can't, and nothing is asked then."""
        if isinstance(self.scene, Learner):
            await self.lead(acting(self.scene, acts, phone=self.phone))
            self.place.confirmed = self.now()

    async def keep_acting(self, acts: Sequence[str]) -> None:
        """A living person was told to go on until the page is content."""

    async def close(self) -> None:
        """Nothing of ours is open."""

    def _there(self, scene: Scene | BrowserState) -> bool:
        same = (self.place.scene, self.place.person) == (scene.name, _who(scene))
        return same and self.now() - self.place.confirmed <= RECENT_S


def _who(scene: Scene | BrowserState) -> str:
    """Who is in it; of two, both."""
    if isinstance(scene, BrowserState):
        return ""
    return f"{scene.person} {scene.beside}" if isinstance(scene, TwoPeople) else scene.person
