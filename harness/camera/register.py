"""Lay a found picture over a frame that was shown: which pixel of the one is which of the other."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from harness.camera.picture import Gray

Affine = npt.NDArray[np.float64]

_FEATURES = 1200
_RATIO = 0.8
"""A match counts when it is so much nearer than the second best."""
_TOLERANCE = 2.5
"""Pixels that a match may be off."""
FEWEST = 8
"""Agreeing matches below which a placement is luck."""
_SMALL = 400
"""Pictures whose longer side is below are enlarged first: features need pixels."""
_ASPECT = 0.03


@dataclass(frozen=True, slots=True)
class Features:
    """Points of a picture and their descriptors; `descriptors` is None where there are none."""

    points: npt.NDArray[np.float32]
    descriptors: npt.NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Placement:
    """`matrix` (2, 3) takes a pixel of the found picture to the frame's; `support` counts agreeing matches."""

    matrix: Affine
    support: int


_sift: Any = cv2.SIFT.create(nfeatures=_FEATURES)
_turn = threading.Lock()
"""One detector, used by one thread at a time."""
_matcher: Any = cv2.BFMatcher()


def enlarged(picture: Gray) -> Gray:
    """Small pictures at twice their size, others as they are."""
    if max(picture.shape) >= _SMALL:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.float32)


def features(picture: Gray) -> Features:
    """Points by which a picture can be recognised."""
    with _turn:
        points, descriptors = _sift.detectAndCompute(np.clip(picture, 0, 255).astype(np.uint8), None)
    return Features(np.array([point.pt for point in points], np.float32).reshape(-1, 2), descriptors)


def place(found: Features, frame: Features) -> Placement | None:
    """Where the found picture lies on the frame; None when they do not belong together."""
    if found.descriptors is None or frame.descriptors is None or min(len(found.points), len(frame.points)) < FEWEST:
        return None
    pairs = _matcher.knnMatch(found.descriptors, frame.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < FEWEST:
        return None
    matrix, agree = cv2.estimateAffine2D(
        found.points[[match.queryIdx for match in good]],
        frame.points[[match.trainIdx for match in good]],
        ransacReprojThreshold=_TOLERANCE,
    )
    if matrix is None or int(agree.sum()) < FEWEST:
        return None
    affine = np.asarray(matrix, np.float64)
    return Placement(affine, int(agree.sum())) if _is_plausible(affine) else None


def place_whole(found: Gray, frame: Gray) -> Placement | None:
    """The placement of a whole frame that was only made smaller; None when the shapes differ."""
    height, width = found.shape
    rows, columns = frame.shape
    if abs(width / height / (columns / rows) - 1) > _ASPECT:
        return None
    x, y = columns / width, rows / height
    return Placement(np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2]]), 0)


def _is_plausible(matrix: Affine) -> bool:
    """Captures are scaled and cut, hardly turned or sheared."""
    scale = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(scale.min() > 0.05 and scale.max() / scale.min() < 1.5)
