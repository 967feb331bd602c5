"""The 68 usual points of a face, in the usual order."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from harness.faces.engine import engine

Points = npt.NDArray[np.float64]

LEFT_OF_PICTURE_EYE = range(36, 42)
RIGHT_OF_PICTURE_EYE = range(42, 48)


def landmarks(image: npt.NDArray[np.uint8]) -> Points | None:
    """Points (68, 2) of the largest face of a BGR picture, pixels; None when there is no face."""
    with engine() as face_recognition:
        faces: list[dict[str, Any]] = face_recognition.face_landmarks(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    if not faces:
        return None
    return max((_ordered(face) for face in faces), key=lambda points: float(np.ptp(points, axis=0).prod()))


def _ordered(face: dict[str, Any]) -> Points:
    top, bottom = face["top_lip"], face["bottom_lip"]
    points = [
        *face["chin"],
        *face["left_eyebrow"],
        *face["right_eyebrow"],
        *face["nose_bridge"],
        *face["nose_tip"],
        *face["left_eye"],
        *face["right_eye"],
        *top[:7],  # the outer lip, upper half
        *bottom[1:6],
        *reversed(top[7:]),  # the inner lip, upper half
        *reversed(bottom[8:11]),
    ]
    return np.array(points, np.float64)
