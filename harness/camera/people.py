"""Test persons from a folder: the rendered ones, or photographs of anybody who agreed.

    people/<id>/enrol.jpg          the photograph on file
    people/<id>/live.jpg           before the camera; live_blink.jpg, live_left_20.jpg and so on where there are any
    people/<id>.jpg                or just one photograph, which then serves for both
    people/manifest.json           names, optional

Poses of which there is no picture are bent from `live.jpg` (warp.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from harness.camera.picture import HEIGHT, WIDTH, Image, decode
from harness.camera.warp import Bend, StillFace, centred
from harness.errors import UsageError

_PICTURES = (".jpg", ".jpeg", ".png")

BENDS: Mapping[str, Bend] = {
    "blink_half": Bend(blink=0.5),
    "blink": Bend(blink=1.0),
    "left_10": Bend(yaw=15),
    "left_20": Bend(yaw=28),
    "right_10": Bend(yaw=-15),
    "right_20": Bend(yaw=-28),
    "down": Bend(pitch=14),
    "up": Bend(pitch=-14),
    "mouth": Bend(mouth=0.8),
    "smile": Bend(smile=1.0),
}
"""Every pose but `neutral`; left and right are the person's own. A bent still turns about half as far as asked."""


class PeopleError(UsageError):
    """A folder of test persons that cannot be used."""


@dataclass
class Person:
    """One test person."""

    id: str
    name: str
    enrol: bytes
    """The photograph on file, a JPEG or PNG file."""
    neutral: Image
    """640x480."""
    given: Mapping[str, Image] = field(default_factory=dict)
    """Pictures of poses, by name as in BENDS; others are bent from `neutral`."""
    turn: float = 1.0
    """How much farther than usual a bent picture is turned, for one that isn't quite from the front."""

    def __post_init__(self) -> None:
        self._made: dict[str, Image] = {}

    @cached_property
    def _still(self) -> StillFace:
        return StillFace(self.neutral)

    def pose(self, name: str) -> Image:
        """640x480. A pose that was not photographed is bent once. Raises KeyError for an unknown name."""
        if name == "neutral":
            return self.neutral
        if name in self.given:
            return self.given[name]
        if name not in self._made:
            bend = BENDS[name]
            self._made[name] = self._still.bent(replace(bend, yaw=bend.yaw * self.turn))
        return self._made[name]

    def from_photograph(self) -> Person:
        """The same person as the photograph on file shows them, moving: another picture of a genuine learner."""
        return Person(self.id, self.name, self.enrol, centred(decode(self.enrol)), turn=1.6)


def load(folder: Path) -> list[Person]:
    """Everybody in a folder, by id. Raises PeopleError when there is nobody, or a picture shows no face."""
    if not folder.is_dir():
        raise PeopleError("no such folder of test persons", where=str(folder))
    names = _names(folder)
    people = []
    for entry in sorted(folder.iterdir()):
        pictures = _pictures(entry)
        if pictures:
            person = entry.stem if entry.is_file() else entry.name
            people.append(_person(person, names.get(person, person), pictures))
    if not people:
        raise PeopleError(
            "nobody here", where=str(folder), expected="a folder per person with enrol.jpg and live.jpg, or photographs"
        )
    return people


def ids(folder: Path) -> list[str]:
    """Who is in a folder, without opening a picture."""
    return [one.stem if one.is_file() else one.name for one in sorted(folder.iterdir()) if _pictures(one)]


def _names(folder: Path) -> dict[str, str]:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return {}
    try:
        return {entry["id"]: entry["name"] for entry in json.loads(manifest.read_text(encoding="utf-8"))["people"]}
    except (ValueError, KeyError, TypeError) as error:
        raise PeopleError("not a manifest", where=str(manifest), got=error) from error


def _pictures(entry: Path) -> dict[str, Path]:
    """Pictures of one person by stem."""
    if entry.is_file():
        return {"live": entry} if entry.suffix.lower() in _PICTURES else {}
    return {path.stem: path for path in sorted(entry.iterdir()) if path.suffix.lower() in _PICTURES}


def _person(person: str, name: str, pictures: Mapping[str, Path]) -> Person:
    only = next(iter(pictures.values()))
    enrol = pictures.get("enrol", pictures.get("live", only))
    live = pictures.get("live", enrol)
    poses = {stem.removeprefix("live_"): path for stem, path in pictures.items() if stem.startswith("live_")}
    try:
        neutral = _frame(decode(live.read_bytes()))
        given = {pose: _sized(decode(path.read_bytes()), path) for pose, path in poses.items()}
        return Person(person, name, enrol.read_bytes(), neutral, given)
    except ValueError as error:
        raise PeopleError(
            str(error), where=str(live), hint="Give a picture with one face, seen from the front"
        ) from error


def _frame(image: Image) -> Image:
    """As the camera shows it: frames of the camera's size stay as they are, photographs are centred on the face."""
    return image if image.shape[:2] == (HEIGHT, WIDTH) else centred(image)


def _sized(image: Image, path: Path) -> Image:
    if image.shape[:2] != (HEIGHT, WIDTH):
        raise ValueError(f"{path.name} is {image.shape[1]}x{image.shape[0]}, poses must be {WIDTH}x{HEIGHT}")
    return image
