"""Every frame has another grain, as fine as a real camera's."""

from __future__ import annotations

import numpy as np

from harness.camera.grain import LEVELS, Grain
from harness.camera.picture import HEIGHT, WIDTH


def test_no_two_of_a_thousand_frames_are_the_same() -> None:
    even = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    grain = Grain()
    assert len({grain.on(even).tobytes() for _ in range(1000)}) == 1000


def test_it_is_grey_and_as_strong_as_it_says_without_changing_the_light() -> None:
    even = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    seen = Grain().on(even).astype(float) - 128
    assert np.array_equal(seen[..., 0], seen[..., 1])
    assert np.array_equal(seen[..., 0], seen[..., 2])
    assert abs(seen.mean()) < 0.02
    assert abs(seen.std() - LEVELS) < 0.1


def test_black_and_white_stay_within_their_range() -> None:
    for value in (0, 255):
        seen = Grain().on(np.full((HEIGHT, WIDTH, 3), value, np.uint8)).astype(int)
        assert np.abs(seen - value).max() <= 8
