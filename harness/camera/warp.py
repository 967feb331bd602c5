"""A face that moves, from one still: its landmarks are moved and the picture is bent after them.

Good for blinks, an opening mouth and turns of up to twenty degrees or so; it is a bent photograph, not a head.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from harness.camera.picture import HEIGHT, WIDTH, Image
from harness.faces.landmarks import LEFT_OF_PICTURE_EYE, RIGHT_OF_PICTURE_EYE, Points, landmarks

Triangles = npt.NDArray[np.int64]

_FACE_HEIGHT = 0.42
"""Chin to brow, of the frame's height, after centring."""
_LIDS = ((37, 41), (38, 40), (43, 47), (44, 46))
"""Upper and lower lid points."""
_LOWER_LIP = (65, 66, 67, 55, 56, 57, 58, 59)
_CHIN = range(5, 12)
_NOSE_DEPTH = (0.02, 0.06, 0.10, 0.15, 0.05, 0.09, 0.12, 0.09, 0.05)
"""How far the nose's points stand out, in face widths."""


@dataclass(frozen=True, slots=True)
class Bend:
    """What the face shall do. Degrees; the others 0 to 1."""

    yaw: float = 0.0
    """Positive: to the person's own left, the picture's right."""
    pitch: float = 0.0
    """Positive: down."""
    blink: float = 0.0
    mouth: float = 0.0
    smile: float = 0.0


def centred(image: Image) -> Image:
    """A frame of 640x480 with the largest face in its middle. Raises ValueError when there is no face."""
    points = landmarks(image)
    if points is None:
        raise ValueError("no face in this picture")
    low, high = points.min(0), points.max(0)
    scale = _FACE_HEIGHT * HEIGHT / (high[1] - low[1])
    middle = (low + high) / 2
    matrix = np.array([[scale, 0, WIDTH / 2 - scale * middle[0]], [0, scale, HEIGHT * 0.52 - scale * middle[1]]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


class StillFace:
    """One still of 640x480 with a face, ready to be bent. Raises ValueError when there is no face."""

    def __init__(self, image: Image) -> None:
        points = landmarks(image)
        if points is None:
            raise ValueError("no face in this picture")
        self._image, self._face = image, points
        low, high = points.min(0), points.max(0)
        self._middle, (self._width, self._height) = (low + high) / 2, high - low
        self._points, self._moving = self._with_surroundings()
        self._triangles = _triangles(self._points, (image.shape[1], image.shape[0]))

    def _with_surroundings(self) -> tuple[Points, int]:
        """The face, its forehead (these move), a ring around the head and the frame's border (these do not)."""
        (x, y), w, h = self._middle, self._width, self._height
        rows, columns = self._image.shape[:2]
        forehead = [(x + 0.42 * w * k, y - 0.78 * h + 0.12 * h * abs(k)) for k in (-1, -0.5, 0, 0.5, 1)]
        ring = [
            (x + 1.15 * w * np.cos(angle), y - 0.12 * h + 1.2 * h * np.sin(angle))
            for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False)
        ]
        border = [(c * (columns - 1) / 4, r) for c in range(5) for r in (0, rows - 1)]
        border += [(c, r * rows / 3) for c in (0, columns - 1) for r in (1, 2)]
        points = np.vstack([self._face, forehead, ring, border])
        inside = np.clip(points, [0, 0], [columns - 1, rows - 1])
        return inside, len(self._face) + len(forehead)

    def bent(self, bend: Bend) -> Image:
        """The still with the face doing what is asked."""
        target = self._points.copy()
        for upper, lower in _LIDS:
            closed = self._face[lower] + (self._face[upper] - self._face[lower]) * 0.10
            target[upper] += (closed - self._face[upper]) * bend.blink
            target[lower] += (self._face[upper] - self._face[lower]) * 0.08 * bend.blink
        gap = np.array([0, 0.10 * self._height * bend.mouth])
        target[list(_LOWER_LIP)] += gap
        target[list(_CHIN)] += gap * 0.9
        for corner, outward in ((48, -1), (54, 1)):
            target[corner] += np.array([0.06 * outward, -0.05]) * self._width * bend.smile
        self._turn(target, bend)
        bent = _bend(self._image, self._points, target, self._triangles)
        return _draw_lids(bent, self._image, target, self._height, bend.blink) if bend.blink > 0.6 else bent

    def _turn(self, target: Points, bend: Bend) -> None:
        """As if the face were an ellipsoid with a nose."""
        face = slice(0, self._moving)
        radius = 0.62 * self._width
        x, y = (target[face] - self._middle).T
        depth = np.sqrt(np.clip(1 - (x / (0.60 * self._width)) ** 2 - (y / (1.05 * self._height)) ** 2, 0, 1)) * radius
        depth[27:36] += np.array(_NOSE_DEPTH) * self._width
        yaw, pitch = np.radians(bend.yaw), np.radians(bend.pitch)
        pivot = radius * 0.35
        turned_x = x * np.cos(yaw) + (depth - pivot) * np.sin(yaw)
        depth = depth * np.cos(yaw) - x * np.sin(yaw)
        turned_y = y * np.cos(pitch) + (depth - pivot) * np.sin(pitch) if pitch else y
        target[face] = self._middle + np.stack([turned_x, turned_y], 1)


def _triangles(points: Points, size: tuple[int, int]) -> Triangles:
    """Delaunay triangles as point numbers."""
    plane = cv2.Subdiv2D((0, 0, size[0], size[1]))
    number: dict[tuple[float, float], int] = {}
    for index, (x, y) in enumerate(points):
        at = (float(np.float32(x)), float(np.float32(y)))
        if at not in number:
            plane.insert(at)
            number[at] = index
    found = [
        [number.get((float(row[k]), float(row[k + 1]))) for k in (0, 2, 4)]
        for row in np.asarray(plane.getTriangleList()).reshape(-1, 6)
    ]
    return np.array([corners for corners in found if None not in corners], np.int64)


def _bend(image: Image, source: Points, target: Points, triangles: Triangles) -> Image:
    """Piecewise affine, through one map of where each pixel comes from."""
    rows, columns = image.shape[:2]
    from_x, from_y = (axis.astype(np.float32) for axis in np.meshgrid(np.arange(columns), np.arange(rows)))
    for corners in triangles:
        old, new = source[corners].astype(np.float32), target[corners].astype(np.float32)
        (ax, ay), (bx, by) = new[1] - new[0], new[2] - new[0]
        if np.abs(old - new).max() < 0.01 or abs(ax * by - ay * bx) < 1:
            continue
        back = cv2.getAffineTransform(new, old)
        low = np.clip(np.floor(new.min(0)), 0, None).astype(int)
        high = np.clip(np.ceil(new.max(0)) + 1, None, [columns, rows]).astype(int)
        if (high <= low).any():
            continue
        inside = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        cv2.fillConvexPoly(inside, np.rint(new - low).astype(np.int32), 1)
        y, x = np.nonzero(inside)
        from_x[y + low[1], x + low[0]] = back[0, 0] * (x + low[0]) + back[0, 1] * (y + low[1]) + back[0, 2]
        from_y[y + low[1], x + low[0]] = back[1, 0] * (x + low[0]) + back[1, 1] * (y + low[1]) + back[1, 2]
    return np.asarray(cv2.remap(image, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _draw_lids(bent: Image, still: Image, target: Points, height: float, blink: float) -> Image:
    """Skin and a line of lashes over what is left of the iris."""
    over = bent.copy()
    for eye in (LEFT_OF_PICTURE_EYE, RIGHT_OF_PICTURE_EYE):
        outline = target[list(eye)]
        above = (target[eye[1]] + target[eye[2]]) / 2 - [0, 0.035 * height]
        x, y = (int(value) for value in above)
        skin = still[max(y - 2, 0) : y + 3, max(x - 3, 0) : x + 4].reshape(-1, 3).mean(0)
        cv2.fillPoly(over, [outline.astype(np.int32)], [float(value) * 0.9 for value in skin])
        closed = np.array([outline[0], (outline[5] + outline[1]) / 2, (outline[4] + outline[2]) / 2, outline[3]])
        lash = [float(value) * 0.35 for value in skin]
        cv2.polylines(over, [closed.astype(np.int32)], False, lash, 2, cv2.LINE_AA)
    share = min(1.0, (blink - 0.6) / 0.3) * 0.85
    return np.asarray(cv2.addWeighted(over, share, bent, 1 - share, 0), np.uint8)
