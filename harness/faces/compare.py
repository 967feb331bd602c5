"""Are two pictures of one person? Yes, no, or too close to say; the last is never held against a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
import numpy.typing as npt

from harness.faces.engine import engine

Image = npt.NDArray[np.uint8]
Encoding = npt.NDArray[np.float64]


class Likeness(Enum):
    """What a distance says."""

    SAME = "same"
    UNSURE = "unsure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Band:
    """Distances of face_recognition: at most `same` is one person, at least `other` is two, between is grey.

    The engine's own limit is 0.6. Our test persons show pictures of one person below 0.47 and of two above 0.58, and a
    mark in the picture moves a distance by up to 0.11 (lab.md section 4), which the band has to leave room for.
    """

    same: float = 0.5
    other: float = 0.57

    def __post_init__(self) -> None:
        if not 0 < self.same < self.other:
            raise ValueError(f"a grey band needs 0 < same < other; got {self.same} and {self.other}")

    def judge(self, distance: float) -> Likeness:
        """SAME at most at the lower limit, OTHER at least at the upper, else UNSURE."""
        if distance <= self.same:
            return Likeness.SAME
        return Likeness.OTHER if distance >= self.other else Likeness.UNSURE


BAND = Band()


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of a picture: where (left, top, width, height, in pixels) and what it looks like."""

    box: tuple[int, int, int, int]
    encoding: Encoding

    def distance(self, other: Face) -> float:
        """0 for the same picture; about 0.6 divides one person from two."""
        return float(np.linalg.norm(self.encoding - other.encoding))


@dataclass(frozen=True, slots=True)
class Match:
    """Who of some known persons a face is."""

    person: str
    """The nearest person's id, whatever the distance."""
    distance: float
    likeness: Likeness
    runner_up: float | None = None
    """Distance of the next person; None when only one was known."""


def faces(image: Image, upsample: int = 1) -> list[Face]:
    """Every face of a BGR picture, the largest first. Small faces need a larger `upsample`."""
    rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    with engine() as face_recognition:
        places = face_recognition.face_locations(rgb, number_of_times_to_upsample=upsample)
        encodings = face_recognition.face_encodings(rgb, known_face_locations=places)
    found = [
        Face((left, top, right - left, bottom - top), np.asarray(encoding, np.float64))
        for (top, right, bottom, left), encoding in zip(places, encodings, strict=True)
    ]
    return sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)


def portrait_faces(image: Image) -> list[Face]:
    """Faces of a stored portrait, which may be cut so tightly that the detector wants more around it."""
    found = faces(image)
    if found:
        return found
    height, width = image.shape[:2]
    margin = max(height, width) // 4
    padded = cv2.copyMakeBorder(image, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    if max(padded.shape) < 320:
        padded = cv2.resize(padded, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    scale = padded.shape[1] / (width + 2 * margin)
    return [
        Face(
            (
                round(face.box[0] / scale) - margin,
                round(face.box[1] / scale) - margin,
                round(face.box[2] / scale),
                round(face.box[3] / scale),
            ),
            face.encoding,
        )
        for face in faces(np.asarray(padded, np.uint8))
    ]


def nearest(face: Face, known: dict[str, Sequence[Face]], band: Band = BAND) -> Match:
    """Who this is, by each person's nearest picture. Raises ValueError when nobody is known.

    SAME also asks that the next person is clearly farther, or two people who look alike would be told apart by luck.
    """
    distances = sorted((min(face.distance(other) for other in pictures), name) for name, pictures in known.items())
    if not distances:
        raise ValueError("nobody to compare with")
    distance, person = distances[0]
    runner_up = distances[1][0] if len(distances) > 1 else None
    likeness = band.judge(distance)
    if likeness is Likeness.SAME and runner_up is not None and runner_up <= band.same:
        likeness = Likeness.UNSURE
    return Match(person, distance, likeness, runner_up)
