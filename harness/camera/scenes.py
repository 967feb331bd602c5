"""What may be before a learner's camera. Every scene is a frame for any moment; the feed shows it.

Learner        the person, moving; acts when asked (acts.py)
OtherPhoto     the same person from another photograph, moving
Stranger       another person, moving
Nobody         the empty room
TwoPeople      the person and another
Print          a photograph on paper, held in a hand
ScreenReplay   a film of the person on a screen, in a loop
Frozen         one frame that never changes, not even its mark
Covered        a thumb on the lens
Dark           the person without light
TooFar         the person at the other end of the room
Unplugged      the browser has no camera: a state of the browser, with no frames
Denied         the permission is refused: likewise
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import cv2
import numpy as np

from harness.camera.acts import Actor
from harness.camera.people import Person
from harness.camera.picture import HEIGHT, WIDTH, Image


@dataclass(frozen=True, slots=True)
class View:
    """One frame: a picture and by how many pixels it is moved right and down."""

    image: Image
    dx: int = 0
    dy: int = 0


@runtime_checkable
class Scene(Protocol):
    """Something that can be filmed."""

    name: str
    person: str
    """Id of the test person before the camera, empty for none."""
    keeps_code: bool
    """Whether the mark stays the one it began with, and the grain too: a picture that does not change."""

    def view(self, now: float) -> View:
        """The frame at a moment; time never goes back."""
        ...


@dataclass(frozen=True, slots=True)
class BrowserState:
    """No frames at all: the browser must be told. `name` is unplugged or denied."""

    name: str


Unplugged = BrowserState("unplugged")
Denied = BrowserState("denied")


class Learner:
    """A person before the camera, alive: blinks, sways, and acts when asked."""

    name = "learner"
    keeps_code = False

    def __init__(self, person: Person, seed: int = 0) -> None:
        self.person, self._who, self._actor = person.id, person, Actor(seed)

    def ask(self, *acts: str) -> float:
        """Blink, turn_left and so on (acts.ACTS), one after another; returns the seconds until all is done."""
        return self._actor.ask(*acts)

    def view(self, now: float) -> View:
        return View(self._who.pose(self._actor.pose(now)), *self._actor.sway(now))


class OtherPhoto(Learner):
    """The genuine learner, but bent from the photograph on file: another light, another day."""

    name = "other_photo"

    def __init__(self, person: Person, seed: int = 0) -> None:
        super().__init__(person.from_photograph(), seed)


class Stranger(Learner):
    """Somebody else, just as much alive."""

    name = "stranger"


_BEHIND = 0.7
"""Who looks on sits farther away, so that the learner's is the larger face whoever the two are: at 0.85 one pair of 16
had not."""


class _Still:
    """A scene of one picture. `sways` as something held in a hand does."""

    name = "still"
    keeps_code = False
    sways = False

    def __init__(self, image: Image, person: str = "") -> None:
        self._image, self.person = image, person
        self._actor = Actor(1)

    def view(self, now: float) -> View:
        return View(self._image, *(self._actor.sway(now) if self.sways else (0, 0)))


class Nobody(_Still):
    """An empty chair before a wall with a shelf."""

    name = "nobody"

    def __init__(self) -> None:
        super().__init__(room())


class TwoPeople(Learner):
    """The learner, acting, and somebody else who looks on, shoulder to shoulder."""

    name = "two_people"

    def __init__(self, person: Person, other: Person, seed: int = 0) -> None:
        super().__init__(person, seed)
        self.beside = other.id
        self._other = cv2.resize(other.neutral, None, fx=_BEHIND, fy=_BEHIND, interpolation=cv2.INTER_AREA)
        self._made: dict[str, Image] = {}

    def view(self, now: float) -> View:
        pose = self._actor.pose(now)
        if pose not in self._made:
            self._made[pose] = self._both(self._who.pose(pose))
        return View(self._made[pose], *self._actor.sway(now))

    def _both(self, learner: Image) -> Image:
        half = WIDTH // 2
        middle = slice(WIDTH // 2 - half // 2, WIDTH // 2 + half // 2)
        high, wide = self._other.shape[:2]
        aside = learner[:, middle].copy()
        aside[:] = learner[:1, :1]
        aside[HEIGHT - high :, :] = self._other[:, (wide - half) // 2 : (wide - half) // 2 + half]
        both = np.hstack([learner[:, middle], aside])
        seam = slice(half - 16, half + 16)
        both[:, seam] = cv2.GaussianBlur(both, (0, 0), 8)[:, seam]
        return np.asarray(both, np.uint8)


class Print(_Still):
    """A photograph on paper: flat, pale, glossy, with a border, at a slight angle."""

    name = "print"
    sways = True

    def __init__(self, person: Person) -> None:
        super().__init__(printed(person.neutral), person.id)


class Frozen(_Still):
    """The last frame of a camera that hangs."""

    name = "frozen"
    keeps_code = True

    def __init__(self, person: Person) -> None:
        super().__init__(person.neutral, person.id)


class Covered(_Still):
    """Light through a thumb: dark red, and nothing else."""

    name = "covered"

    def __init__(self) -> None:
        y, x = np.mgrid[:HEIGHT, :WIDTH]
        glow = np.exp(-(((x / WIDTH - 0.6) / 0.5) ** 2 + ((y / HEIGHT - 0.4) / 0.6) ** 2))
        super().__init__(_grainy(glow[..., None] * np.array([10, 14, 46]) + 8, 2.0, 5))


class Dark(_Still):
    """The learner after the light went out."""

    name = "dark"
    sways = True

    def __init__(self, person: Person) -> None:
        super().__init__(_grainy(person.neutral * 0.05 + 6, 3.0, 6), person.id)


class TooFar(_Still):
    """The learner at the other end of the room: a face of some forty pixels."""

    name = "too_far"
    sways = True

    def __init__(self, person: Person, share: float = 0.22) -> None:
        scene = room()
        small = cv2.resize(person.neutral, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        height, width = small.shape[:2]
        top, left = HEIGHT - height - 60, (WIDTH - width) // 2
        scene[top : top + height, left : left + width] = small
        super().__init__(scene, person.id)


class ScreenReplay:
    """A film on a telephone's screen: its frame, its pixel grid, a dark band that wanders, and a loop of 3 seconds."""

    name = "screen_replay"
    keeps_code = False
    _LOOP = (*("neutral",) * 4, "blink_half", "blink", "blink_half", *("neutral",) * 2, "left_10", "left_10", "neutral")
    _FRAME_S = 0.25

    def __init__(self, person: Person) -> None:
        self.person = person.id
        self._frames = [replayed(person.pose(pose), step) for step, pose in enumerate(self._LOOP)]

    def view(self, now: float) -> View:
        return View(self._frames[math.floor(now / self._FRAME_S) % len(self._frames)])


def room() -> Image:
    """An office wall with a shelf, a notice and the back of a chair; no face-like thing in it."""
    rng = np.random.default_rng(3)
    wall = np.linspace(188, 160, WIDTH)[None, :, None] + np.zeros((HEIGHT, 1, 3)) + np.array([0, 4, 6])
    scene = np.ascontiguousarray(wall.astype(np.uint8))
    cv2.rectangle(scene, (40, 60), (230, 300), (96, 128, 158), -1)
    for row in range(3):
        left = 48
        while left < 214:
            width, tall = int(rng.integers(8, 20)), int(rng.integers(46, 68))
            colour = [int(value) for value in rng.integers(50, 190, 3)]
            cv2.rectangle(scene, (left, 136 + row * 76 - tall), (left + width, 136 + row * 76), colour, -1)
            left += width + 2
    cv2.rectangle(scene, (430, 70), (580, 190), (235, 240, 242), -1)
    for line in range(8):
        right = 445 + int(rng.integers(60, 120))
        cv2.line(scene, (445, 88 + line * 12), (right, 88 + line * 12), (90, 90, 90), 2)
    cv2.ellipse(scene, (330, 500), (120, 190), 0, 180, 360, (58, 52, 48), -1)
    for rib in range(-3, 4):
        cv2.line(scene, (330 + rib * 26, 480), (330 + rib * 20, 345 + abs(rib) * 12), (74, 68, 62), 3)
    return _grainy(cv2.GaussianBlur(scene, (0, 0), 0.8), 1.5, 4)


def printed(image: Image) -> Image:
    """The picture as a photograph on paper, held before the camera."""
    tone = (128 + (image.astype(np.float64) - 128) * 0.72 + 12) * np.array([0.93, 0.98, 1.03])
    paper = cv2.copyMakeBorder(
        _grainy(cv2.GaussianBlur(tone, (0, 0), 1.1), 3.0, 1), 18, 18, 18, 18, cv2.BORDER_CONSTANT, value=(225, 228, 230)
    )
    paper = cv2.resize(paper, (WIDTH, HEIGHT))
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    glare = 46 * np.exp(-((((x + 0.6 * y) / WIDTH - 0.72) / 0.07) ** 2))
    paper = np.clip(paper + glare[..., None], 0, 255).astype(np.uint8)
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    held = np.array([[60, 30], [WIDTH - 55, 44], [WIDTH - 70, HEIGHT - 26], [48, HEIGHT - 40]], np.float32)
    tilt = cv2.getPerspectiveTransform(corners, held)
    scene = room()
    where = cv2.warpPerspective(np.full((HEIGHT, WIDTH), 255, np.uint8), tilt, (WIDTH, HEIGHT)) > 0
    scene[where] = cv2.warpPerspective(paper, tilt, (WIDTH, HEIGHT))[where]
    return scene


def replayed(image: Image, step: int = 0) -> Image:
    """The picture on a screen before the camera; `step` moves the band of the screen's refresh."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    light = image * np.array([1.12, 1.0, 0.92])
    light = 255 * (np.clip(light, 0, 255) / 255) ** 0.85
    grid = 1 + 0.10 * np.sin(2 * np.pi * (x * 0.31 + y * 0.02)) + 0.08 * np.sin(2 * np.pi * (y * 0.29 + x * 0.015))
    glare = 30 * np.exp(-(((x / WIDTH - 0.75) / 0.16) ** 2 + ((y / HEIGHT - 0.25) / 0.14) ** 2))
    light = light * grid[..., None] + glare[..., None]
    band = step * 37 % HEIGHT
    light[band : band + 40] *= 0.88
    screen = np.clip(cv2.resize(light, (int(WIDTH * 0.86), int(HEIGHT * 0.86))), 0, 255)
    scene = np.full((HEIGHT, WIDTH, 3), 14, np.uint8)
    top, left = (HEIGHT - screen.shape[0]) // 2, (WIDTH - screen.shape[1]) // 2
    scene[top : top + screen.shape[0], left : left + screen.shape[1]] = screen.astype(np.uint8)
    return scene


def _grainy(image: np.ndarray[tuple[int, ...], np.dtype[np.generic]], levels: float, seed: int) -> Image:
    noise = np.random.default_rng(seed).normal(0, levels, image.shape)
    return np.clip(image.astype(np.float64) + noise, 0, 255).astype(np.uint8)
