"""How finely a record tells time."""

from __future__ import annotations

import pytest

from probes.bracket import rounding_s
from tests.walkbuilder import WalkBuilder


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(8.4, 16.7, 0.0), (8.0, 16.7, 0.0), (8.0, 16.0, 1.0), (0.0, 16.0, 1.0), (0.0, 0.0, 0.0)],
)
def test_whole_seconds_give_themselves_away(before: float, after: float, expected: float) -> None:
    w = WalkBuilder("F11.seek")
    w.credit["L1"] = before
    with w.segment("playing", "control"):
        w.play(10)
        w.credit["L1"] = after
    assert rounding_s(w.done().segments["playing"]) == expected
