"""What our own eyes see in a portrait that a platform stores: when it was taken, of whom, and whether of anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np

from harness.camera.framelog import FrameLog
from harness.camera.nonce import Frames, NonceReader, Reading
from harness.camera.people import Person
from harness.camera.picture import Image, decode, gray
from harness.faces.compare import BAND, Face, Likeness, portrait_faces
from harness.faces.described import described
from harness.ledger import sha256
from harness.model.observation import PortraitSeen
from harness.model.values import StoredPortrait

SAME_PICTURE = 6.0
"""Mean difference of brightness, 0 to 255, below which a picture is the photograph on file, recompressed. A frame of
the same person in another light and room is off by more than twenty (tests/camera/test_portraits.py)."""
_THUMB = (64, 48)
LIVING = frozenset({"learner", "other_photo", "stranger"})
"""Scenes in which one living person is alone before a camera."""
MOST_FACES = 8
"""Of one person; more tell nothing new and cost time."""


@dataclass(slots=True)
class Known:
    """A test person as a portrait is compared with: the photograph on file and the resting face."""

    person: Person
    enrol: Image
    faces: Sequence[Face]


@dataclass
class Examiner:
    """Looks at stored portraits. The persons' faces are described once, when they are first needed."""

    people: Mapping[str, Person]
    _known: dict[str, Known] = field(default_factory=dict, repr=False)

    def known(self) -> Mapping[str, Known]:
        """Everybody's faces. Takes some three seconds at the first call."""
        for name, person in self.people.items():
            if name not in self._known:
                enrol = decode(person.enrol)
                seen = [found[0] for found in (described(enrol), described(person.neutral)) if found]
                self._known[name] = Known(person, enrol, seen)
        return self._known

    def examine(
        self,
        stored: StoredPortrait,
        own: Person,
        logs: Mapping[str, FrameLog],
        earlier: Iterable[tuple[str, str]] = (),
        frames: Frames | None = None,
    ) -> PortraitSeen:
        """See one portrait. `logs` are what the cameras in question showed, by name; `earlier` ids and digests of
        portraits that were stored before; `frames` remembers what was found out about frames from one portrait to the
        next."""
        told = PortraitSeen(
            id=stored.id, time=stored.time, label=stored.label, verdict=stored.verdict, marked=stored.marked
        )
        try:
            image = decode(stored.picture or b"")
        except ValueError:
            return told
        assert stored.picture is not None
        digest = sha256(stored.picture)
        mark = NonceReader(list(logs.values()), {} if frames is None else frames).read(image)
        look = gray(image)
        return told.model_copy(
            update={
                "width": image.shape[1],
                "height": image.shape[0],
                "brightness": round(float(look.mean()), 1),
                "contrast": round(float(look.std()), 1),
                "sharpness": round(float(cv2.Laplacian(look, cv2.CV_32F).var()), 1),
                "enrolment": same_picture(image, self.known()[own.id].enrol),
                "repeats": next((name for name, other in earlier if other == digest), ""),
                **_mark(mark, logs),
                **self._face(image, own),
            }
        )

    def see_still(self, picture: bytes, person: str, scene: str) -> dict[str, object]:
        """What is in a frame of a real camera, as StillSeen's fields. A living person's face that is clearly their own
        is remembered: portraits of this run are compared with it too, besides the photographs.

        Raises ValueError for what is no picture.
        """
        image = decode(picture)
        found: dict[str, object] = {"contrast": round(float(gray(image).std()), 1)}
        seen = portrait_faces(image)
        if person not in self.people:
            return found | {"faces": len(seen)}
        found |= self._described(seen, person)
        known = self._known[person]
        if scene in LIVING and found.get("likeness") == "same" and len(seen) == 1 and len(known.faces) < MOST_FACES:
            known.faces = [*known.faces, seen[0]]
        return found

    def _face(self, image: Image, own: Person) -> dict[str, object]:
        return self._described(portrait_faces(image), own.id)

    def _described(self, seen: Sequence[Face], own: str) -> dict[str, object]:
        if not seen:
            self.known()
            return {"faces": 0}
        distances = {
            name: min(seen[0].distance(face) for face in known.faces)
            for name, known in self.known().items()
            if known.faces
        }
        return {
            "faces": len(seen),
            "distances": {name: round(distance, 3) for name, distance in distances.items()},
            "nearest": min(distances, key=lambda name: distances[name]),
            "likeness": whose(distances, own),
        }


def whose(distances: Mapping[str, float], own: str) -> Literal["same", "unsure", "other"]:
    """Is it the account's own person? Someone else only if unlike the own person and clearly like another."""
    likeness = BAND.judge(distances[own])
    others = [distance for name, distance in distances.items() if name != own]
    if likeness is Likeness.SAME:
        return "unsure" if others and min(others) <= distances[own] else "same"
    if likeness is Likeness.OTHER and others and BAND.judge(min(others)) is Likeness.SAME:
        return "other"
    return "unsure"


def same_picture(image: Image, other: Image) -> bool:
    """One picture, whatever its size and compression."""
    a, b = (cv2.resize(gray(each), _THUMB, interpolation=cv2.INTER_AREA) for each in (image, other))
    return float(np.abs(a - b).mean()) < SAME_PICTURE


def _mark(reading: Reading, logs: Mapping[str, FrameLog]) -> dict[str, object]:
    if reading.code is None:
        return {"chance": reading.chance}
    camera = next((name for name, log in logs.items() if log.when(reading.code)), "")
    end = max((log.shown[-1].since for log in logs.values() if log.shown), default=0.0)
    return {
        "code": f"{reading.code:012x}",
        "chance": reading.chance,
        "shown": tuple((round(i.since, 3), round(end if i.until is None else i.until, 3)) for i in reading.shown_at),
        "camera": camera,
        "scene": reading.scene,
        "frame": reading.frame,
        "person": reading.person,
    }
