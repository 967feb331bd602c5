"""The mark itself: a code of 48 bits as a chequer of 20-pixel cells, three grey levels up or down, over the frame.

Neighbouring cells carry different bits, so that any piece of eight cells by eight holds all of them, and a fixed
random sign per cell keeps a code from being a visible pattern. lab.md section 4 measured what survives.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from harness.camera.picture import HEIGHT, WIDTH, Gray, Image

BITS = 48
LEVELS = 3.0
"""Amplitude, grey levels of 255."""
CELL = 20
"""Pixels; at a quarter of the size a cell still has five."""
_SIGN_SEED = 7
_ROW_STEP = 7

GRID = (HEIGHT // CELL, WIDTH // CELL)
BIT_OF_CELL: npt.NDArray[np.int64] = np.add.outer(np.arange(GRID[0]) * _ROW_STEP, np.arange(GRID[1])) % BITS
SIGN_OF_CELL: npt.NDArray[np.int64] = np.random.default_rng(_SIGN_SEED).choice([-1, 1], size=GRID)


def signs(code: int) -> npt.NDArray[np.float32]:
    """The code's bits as +1 and -1, lowest first."""
    return np.array([1 if code >> bit & 1 else -1 for bit in range(BITS)], np.float32)


def signs_of(codes: Sequence[int]) -> npt.NDArray[np.float32]:
    """One row per code, shape (codes, BITS)."""
    return np.array([signs(code) for code in codes], np.float32).reshape(len(codes), BITS)


def pattern(code: int) -> Gray:
    """What is added to the frame's brightness, between -1 and 1, shape (HEIGHT, WIDTH)."""
    cells = signs(code)[BIT_OF_CELL] * SIGN_OF_CELL
    large = cv2.resize(cells.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.GaussianBlur(large, (0, 0), CELL * 0.16), np.float32)


@lru_cache(maxsize=16)
def _raised(code: int, levels: float) -> npt.NDArray[np.int16]:
    """The grey levels that a code adds, shape (HEIGHT, WIDTH, 3): one mark is put on all poses of its ten seconds.

    As much on blue, green and red raises the brightness alone by that (ITU-R BT.601: its weights add up to 1).
    """
    grey = np.rint(levels * pattern(code)).astype(np.int16)
    return np.repeat(grey[..., None], 3, axis=2)


def mark(image: Image, code: int, levels: float = LEVELS) -> Image:
    """The frame with the code in it."""
    return np.asarray(cv2.add(image, _raised(code, levels), dtype=cv2.CV_8U), np.uint8)
