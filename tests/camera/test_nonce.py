"""Marks survive what platforms do to pictures, and are never read where there are none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from harness.camera.framelog import FrameLog, Interval, Shown
from harness.camera.nonce import MAX_CHANCE, Issuer, NonceReader
from harness.camera.picture import Image, decode, encode_jpeg, moved
from harness.camera.watermark import BIT_OF_CELL, BITS, LEVELS, mark
from tests.camera.conftest import painted

Chain = Callable[[Image], Image]


def _stored(image: Image, size: tuple[int, int] | None = None, quality: int = 80) -> Image:
    if size:
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return decode(encode_jpeg(image, quality))


CHAINS: dict[str, Chain] = {
    "whole": lambda image: _stored(image, quality=92),
    "whole, poor": lambda image: _stored(image, quality=50),
    "half": lambda image: _stored(image, (320, 240), 70),
    "quarter": lambda image: _stored(image, (160, 120), 60),
    "twice, brighter": lambda image: _stored(np.clip(_stored(image, quality=60) * 1.15 + 8, 0, 255).astype(np.uint8)),
    "mirrored": lambda image: _stored(np.ascontiguousarray(image[:, ::-1])),
    "square": lambda image: _stored(image[:, 80:560], (300, 300)),
    "cut to a face": lambda image: _stored(image[110:370, 210:420]),
    "cut and small": lambda image: _stored(image[110:370, 210:420], (128, 158)),
}


@pytest.fixture(scope="module")
def log() -> FrameLog:
    """Three people, four codes each, ten seconds per code."""
    log, issuer = FrameLog(), Issuer(b"run", "camera")
    for number in range(12):
        digest = log.keep(painted(number % 3))
        shift = (number % 5 - 2, number % 3 - 1)
        log.add(Shown(number * 10.0, "learner", f"p{number % 3}", digest, *shift, issuer.next(log.codes)))
    return log


def _as_shown(shown: Shown, log: FrameLog) -> Image:
    assert shown.code is not None
    return mark(moved(log.frame(shown.frame), shown.dx, shown.dy), shown.code)


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
def test_read_after(log: FrameLog, chain: Chain) -> None:
    reader = NonceReader(log)
    for number, shown in enumerate(log.shown[:4]):
        reading = reader.read(chain(_as_shown(shown, log)))
        assert reading.code == shown.code
        assert reading.person == shown.person
        assert reading.shown_at == (Interval(number * 10.0, number * 10.0 + 10.0),)
        assert reading.chance < MAX_CHANCE


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
def test_a_picture_without_a_mark_says_nothing(log: FrameLog, chain: Chain) -> None:
    reading = NonceReader(log).read(chain(moved(log.frame(log.shown[0].frame), 2, 1)))
    assert reading.code is None
    assert reading.shown_at == ()


def test_a_foreign_mark_is_not_taken_for_ours(log: FrameLog) -> None:
    foreign = Issuer(b"another run", "camera").next(())
    assert NonceReader(log).read(mark(log.frame(log.shown[0].frame), foreign)).code is None


def test_another_picture_is_laid_over_none(log: FrameLog) -> None:
    shown = log.shown[0]
    assert shown.code is not None
    assert NonceReader(log).read(mark(painted(77), shown.code)[100:300, 100:300]).code is None


def test_only_what_was_shown_in_the_window_is_tried(log: FrameLog) -> None:
    first = _as_shown(log.shown[0], log)
    reader = NonceReader(log)
    assert reader.read(first, (0.0, 5.0)).code == log.shown[0].code
    assert reader.read(first, (30.0, 35.0)).code is None


def test_two_cameras_are_read_together(log: FrameLog) -> None:
    other = FrameLog()
    digest = other.keep(painted(9))
    other.add(Shown(0.0, "stranger", "p9", digest, 0, 0, Issuer(b"run", "second").next(())))
    reading = NonceReader([log, other]).read(_as_shown(other.shown[0], other))
    assert (reading.person, reading.scene) == ("p9", "stranger")


def test_the_mark_is_invisible() -> None:
    image = painted(1)
    difference = np.abs(mark(image, 0xABCDEF012345).astype(int) - image.astype(int))
    assert difference.mean() <= LEVELS
    assert difference.max() <= 3 * LEVELS


def test_any_piece_of_eight_cells_holds_every_bit() -> None:
    rows, columns = BIT_OF_CELL.shape
    for y in range(rows - 7):
        for x in range(columns - 7):
            assert len(np.unique(BIT_OF_CELL[y : y + 8, x : x + 8])) == BITS


def test_codes_differ_clearly() -> None:
    issuer, issued = Issuer(b"run", "camera"), list[int]()
    for _ in range(60):
        issued.append(issuer.next(issued))
    closest = min((a ^ b).bit_count() for i, a in enumerate(issued) for b in issued[:i])
    assert closest >= 12
    assert Issuer(b"run", "camera").next(()) == issued[0]
    assert Issuer(b"run", "other").next(()) != issued[0]
