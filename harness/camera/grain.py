"""What a sensor adds to every frame: no real camera gives one picture twice, and platforms refuse what repeats."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from harness.camera.picture import HEIGHT, WIDTH, Image

LEVELS = 1.2
"""Standard deviation of the brightness, grey levels of 255: a webcam in a lit room. A mark's cell has 400 pixels, so
that of its three levels hardly a fiftieth is lost in it."""
_PIXELS = HEIGHT * WIDTH
_STEP = 100_003
"""Shares no divisor with the number of pixels: as many frames differ before one is like an earlier one."""


@cache
def _noise() -> npt.NDArray[np.int8]:
    """Twice a frame's pixels, from which every frame takes another stretch; drawn anew in every process, because nobody
    shall know our cameras by their grain."""
    drawn = np.random.default_rng().normal(0, LEVELS, 2 * _PIXELS)
    return np.rint(drawn).astype(np.int8)


class Grain:
    """One camera's. 307,200 frames, at five a second 17 hours, are all different."""

    def __init__(self) -> None:
        self._count = 0

    def on(self, image: Image) -> Image:
        """A frame of 640x480 as the sensor gives it next."""
        self._count += 1
        start = self._count * _STEP % _PIXELS
        grey = _noise()[start : start + _PIXELS].reshape(HEIGHT, WIDTH)
        return np.asarray(cv2.add(image, cv2.merge([grey] * 3), dtype=cv2.CV_8U), np.uint8)
