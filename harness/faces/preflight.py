"""Before a run: can these test persons be told apart at all, on the very frames that the camera will show?

If they cannot, no verdict about faces would mean anything, so what depends on them is INCONCLUSIVE before it is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from harness.faces.compare import BAND, Band, Face, Likeness
from harness.faces.described import described

Image = npt.NDArray[np.uint8]


REFERENCES = ("enrol", "neutral")
"""What a face is compared with in a run: the photograph on file and the resting face, as far as they are given."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One test person's pictures as they will be used, marks and all."""

    id: str
    enrol: Image
    frames: Mapping[str, Image]
    """What the camera shows, by name of the pose; `neutral` is the resting face."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One reason why the persons won't do."""

    persons: tuple[str, ...]
    picture: str
    """Which picture it was, by its name."""
    reason: str
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """The proof, or why there is none."""

    own_max: float
    """Largest distance between a person's enrolment photograph and a frame of their own."""
    others_min: float | None
    """Smallest distance between a reference of one person and any picture of another; None for one person only."""
    compared: int
    shortfalls: tuple[Shortfall, ...]

    @property
    def passed(self) -> bool:
        """Whether every face was seen, is like itself and unlike the others."""
        return not self.shortfalls

    @property
    def margin(self) -> float | None:
        """How much farther the nearest other is than the farthest own; None for one person only."""
        return None if self.others_min is None else self.others_min - self.own_max


def preflight(subjects: Sequence[Subject], band: Band = BAND) -> Preflight:
    """Compare each with their own enrolment photograph, and everybody with everybody else.

    The references must show one face each; another pose in which our own detector finds none or two is left out.

    Raises ValueError when there are no subjects.
    """
    if not subjects:
        raise ValueError("no test persons to compare")
    shortfalls: list[Shortfall] = []
    seen = {subject.id: _seen(subject, shortfalls) for subject in subjects}
    own: list[float] = []
    others: list[float] = []
    for subject in subjects:
        pictures = seen[subject.id]
        enrol = pictures.get("enrol")
        for name, face in pictures.items():
            if enrol is None or name == "enrol":
                continue
            own.append(enrol.distance(face))
            if band.judge(own[-1]) is not Likeness.SAME:
                shortfalls.append(Shortfall((subject.id,), name, "not like the enrolment photograph", own[-1]))
    for a, b in combinations(subjects, 2):
        pairs = [
            (first.distance(second), f"{name_a} / {name_b}")
            for name_a, first in seen[a.id].items()
            for name_b, second in seen[b.id].items()
            if name_a in REFERENCES or name_b in REFERENCES
        ]
        if not pairs:
            continue
        others.extend(distance for distance, _ in pairs)
        distance, where = min(pairs)
        if band.judge(distance) is not Likeness.OTHER:
            shortfalls.append(Shortfall((a.id, b.id), where, "two persons too much alike", distance))
    return Preflight(
        own_max=max(own, default=0.0),
        others_min=min(others, default=None),
        compared=len(own) + len(others),
        shortfalls=tuple(shortfalls),
    )


def _seen(subject: Subject, shortfalls: list[Shortfall]) -> dict[str, Face]:
    pictures: dict[str, Face] = {}
    for name, image in {"enrol": subject.enrol, **subject.frames}.items():
        found = described(image)
        if len(found) == 1:
            pictures[name] = found[0]
        elif name in REFERENCES:  # a turned head that our detector sees twice or not at all is compared with nobody
            shortfalls.append(Shortfall((subject.id,), name, f"{len(found)} faces found, expected 1"))
    return pictures
