"""Marks and their reading: which of the frames that were really shown is this picture, and when was it shown?

The reader knows every frame (framelog.py), lays the found picture over it, subtracts it, and compares what is left
with the codes that were before the camera. It never guesses a code: it says which of those issued fits, and only when
chance would produce so good a fit in fewer than one of 65,536 readings.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from harness.camera.framelog import FrameLog, Interval, Shown
from harness.camera.picture import Gray, Image, gray
from harness.camera.register import Features, Placement, enlarged, features, place, place_whole
from harness.camera.watermark import BIT_OF_CELL, BITS, GRID, SIGN_OF_CELL, signs_of

MAX_CHANCE = 2.0**-16
"""A reading is given only if a picture without a mark would give one less often than this."""
_PINELIS = 3.18
"""A weighted sum of random signs exceeds x at most so many times as often as a normal variable does (Pinelis 2012)."""
_CANDIDATES = 4
"""Frames that are compared to the pixel; the others matched worse."""
_FEWEST_BITS = 40
"""Bits that a picture must show to be read at all."""
_FAR_APART = 12
"""Bits in which any two codes of a run differ at least."""
_CLIP = 9.0
"""Grey levels; larger differences are not the mark's."""

Span = tuple[float, float]


class Issuer:
    """Codes of one run for one camera, in order; unpredictable without the key."""

    def __init__(self, key: bytes, camera: str) -> None:
        self._key, self._camera, self._count = key, camera, 0

    def next(self, issued: Iterable[int]) -> int:
        """A code that differs clearly from those already issued."""
        issued = list(issued)
        while True:
            self._count += 1
            message = f"{self._camera}|{self._count}".encode()
            code = int.from_bytes(hmac.new(self._key, message, hashlib.sha256).digest()[: BITS // 8], "big")
            if all((code ^ other).bit_count() >= _FAR_APART for other in issued):
                return code


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture's mark says."""

    code: int | None
    """None when no code fits well enough: that proves nothing."""
    score: float
    """Correlation of the best code, -1 to 1; 0 when the picture could not be laid over any frame."""
    chance: float
    """How often a picture without a mark would do as well, at most."""
    shown_at: tuple[Interval, ...] = ()
    """When that code was before the camera."""
    person: str = ""
    """The test person before the camera then."""
    scene: str = ""
    mirrored: bool = False
    frame: str = ""
    """Digest of the frame that it is, without its mark."""


NOTHING = Reading(None, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Residue:
    """What is left of a picture after the frame is taken from it, on the frame's pixels, and how far to trust it."""

    values: Gray
    trust: Gray


@dataclass(slots=True)
class _Known:
    pixels: Gray
    features: Features
    soft: Gray
    busy: Gray
    """1 where the frame is even, near 0 on its edges: there a shift by half a pixel looks like a mark."""


Frames = dict[str, _Known]
"""What is known of frames, by digest; some 4 MB each."""


@dataclass
class NonceReader:
    """Reads marks against what one or several cameras showed; `known` may be shared by several readers."""

    logs: FrameLog | Sequence[FrameLog]
    known: Frames = field(default_factory=dict, repr=False)

    def read(self, image: Image, window: Span | None = None) -> Reading:
        """The mark in a picture, whole, smaller, cut or mirrored.

        `window` is (since, until), UTC seconds: only what was shown then is tried. None tries the whole run.
        """
        best = NOTHING
        for mirrored in (False, True):
            picture = gray(np.ascontiguousarray(image[:, ::-1])) if mirrored else gray(image)
            found = self._read(enlarged(picture), window, mirrored)
            if found.code is not None:
                return found
            best = max(best, found, key=lambda reading: reading.score)
        return best

    def _read(self, picture: Gray, window: Span | None, mirrored: bool) -> Reading:
        entries: dict[str, list[tuple[FrameLog, Shown]]] = {}
        for log in self._logs():
            for shown in log.during(*window) if window else log.shown:
                if shown.frame and shown.code is not None:
                    entries.setdefault(shown.frame, []).append((log, shown))
        hypotheses = sum(
            len({(shown.dx, shown.dy, shown.code) for _, shown in of_frame}) for of_frame in entries.values()
        )
        best, winner = NOTHING, None
        for frame, placement in self._places(picture, entries):
            residue = _residue(picture, self.known[frame], placement)
            if residue is None:
                continue
            by_shift: dict[tuple[int, int], list[tuple[FrameLog, Shown]]] = {}
            for log, shown in entries[frame]:
                by_shift.setdefault((shown.dx, shown.dy), []).append((log, shown))
            for shift, here in by_shift.items():
                soft = _soft_bits(residue, *shift)
                if soft is None:
                    continue
                fits = signs_of([shown.code for _, shown in here if shown.code is not None]) @ soft
                position = int(fits.argmax())
                deviation = float(fits[position])  # in standard deviations of chance
                if deviation / math.sqrt(BITS) > best.score:
                    chance = min(1.0, hypotheses * _PINELIS * 0.5 * math.erfc(deviation / math.sqrt(2)))
                    best = Reading(None, round(deviation / math.sqrt(BITS), 4), chance, mirrored=mirrored)
                    winner = here[position]
        if winner is None or best.chance > MAX_CHANCE:
            return best
        log, shown = winner
        assert shown.code is not None
        when = tuple(log.when(shown.code))
        return Reading(shown.code, best.score, best.chance, when, shown.person, shown.scene, mirrored, shown.frame)

    def _logs(self) -> Sequence[FrameLog]:
        return (self.logs,) if isinstance(self.logs, FrameLog) else self.logs

    def _places(self, picture: Gray, entries: dict[str, list[tuple[FrameLog, Shown]]]) -> list[tuple[str, Placement]]:
        """The likeliest frames with the picture's place on each, the likeliest first."""
        own = features(picture)
        matched: list[tuple[str, Placement]] = []
        whole: list[tuple[float, str, Placement]] = []
        for frame, of_frame in entries.items():
            if frame not in self.known:
                self.known[frame] = _know(gray(of_frame[0][0].frame(frame)))
            known = self.known[frame]
            if placement := place(own, known.features):
                matched.append((frame, placement))
            elif placement := place_whole(picture, known.pixels):
                whole.append((_unlike(picture, known.pixels), frame, placement))
        matched.sort(key=lambda item: -item[1].support)
        whole.sort(key=lambda item: item[0])
        return matched[:_CANDIDATES] or [(frame, placement) for _, frame, placement in whole[:_CANDIDATES]]


def _know(pixels: Gray) -> _Known:
    edges = cv2.GaussianBlur(np.abs(cv2.Laplacian(pixels, cv2.CV_32F, ksize=3)), (0, 0), 3)
    return _Known(
        pixels=pixels,
        features=features(pixels),
        soft=np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2.5), np.float32),
        busy=np.asarray(1 / (1 + (edges / 6) ** 2), np.float32),
    )


def _unlike(a: Gray, b: Gray) -> float:
    small = [cv2.resize(picture, (80, 60), interpolation=cv2.INTER_AREA) for picture in (a, b)]
    return float(np.abs((small[0] - small[0].mean()) - (small[1] - small[1].mean())).mean())


def _residue(picture: Gray, known: _Known, placement: Placement) -> _Residue | None:
    """None when the picture covers too little of the frame."""
    size = (known.pixels.shape[1], known.pixels.shape[0])
    laid = cv2.warpAffine(picture, placement.matrix, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpAffine(np.full(picture.shape, 255, np.uint8), placement.matrix, size) > 250
    inside = cv2.erode(cover.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if inside.mean() < 0.02:
        return None
    # The capture's tone curve: what brightness became of which, fitted smoothly.
    blurred = cv2.GaussianBlur(laid, (0, 0), 2.5)
    powers = np.stack([known.soft**power for power in range(3)], -1)
    sample = powers[inside][::7]
    factors, *_ = np.linalg.lstsq(sample, blurred[inside][::7], rcond=None)
    rest = np.asarray(blurred - powers @ factors, np.float32)
    mask = inside.astype(np.float32)
    # What varies slower than the cells is light, not mark.
    wide = cv2.GaussianBlur(rest * mask, (0, 0), 24) / np.maximum(cv2.GaussianBlur(mask, (0, 0), 24), 0.05)
    return _Residue(np.clip((rest - wide) * mask, -_CLIP, _CLIP), np.asarray(known.busy * mask, np.float32))


def _soft_bits(residue: _Residue, dx: int, dy: int) -> npt.NDArray[np.float64] | None:
    """Each bit's evidence, positive for 1, scaled to length 1; None when too few bits are in the picture."""
    trusted, trust = residue.values * residue.trust, residue.trust
    if dx or dy:
        by = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
        size = (trust.shape[1], trust.shape[0])
        trusted, trust = (
            np.asarray(cv2.warpAffine(plane, by, size, flags=cv2.INTER_NEAREST), np.float32)
            for plane in (trusted, trust)
        )
    cells = (GRID[1], GRID[0])
    evidence = cv2.resize(trusted, cells, interpolation=cv2.INTER_AREA) * SIGN_OF_CELL
    weight = cv2.resize(trust, cells, interpolation=cv2.INTER_AREA)
    total = np.bincount(BIT_OF_CELL.ravel(), evidence.ravel(), BITS)
    trust_of_bit = np.bincount(BIT_OF_CELL.ravel(), weight.ravel(), BITS)
    if int((trust_of_bit > 0.05).sum()) < _FEWEST_BITS:
        return None
    soft = total / np.sqrt(np.maximum(trust_of_bit, 0.05))
    length = float(np.linalg.norm(soft))
    return np.asarray(soft / length) if length > 0 else None
