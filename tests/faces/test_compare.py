"""The grey band: at its limits, inside it, and beyond."""

from __future__ import annotations

import numpy as np
import pytest

from harness.faces.compare import Band, Face, Likeness, nearest


def _face(*at: float) -> Face:
    return Face((0, 0, 10, 10), np.array([*at, 0.0][:2]))


@pytest.mark.parametrize(
    ("distance", "likeness"),
    [
        (0.0, Likeness.SAME),
        (0.5, Likeness.SAME),
        (0.501, Likeness.UNSURE),
        (0.569, Likeness.UNSURE),
        (0.57, Likeness.OTHER),
        (1.0, Likeness.OTHER),
    ],
)
def test_limits_are_inclusive_on_the_sure_sides(distance: float, likeness: Likeness) -> None:
    assert Band().judge(distance) is likeness


def test_a_band_must_have_a_middle() -> None:
    with pytest.raises(ValueError, match="same < other"):
        Band(0.6, 0.6)


def test_the_nearest_picture_of_a_person_counts() -> None:
    match = nearest(_face(0.0), {"a": [_face(0.9), _face(0.3)], "b": [_face(0.8)]})
    assert (match.person, match.likeness) == ("a", Likeness.SAME)
    assert match.runner_up == pytest.approx(0.8)


def test_two_who_both_fit_are_not_told_apart() -> None:
    match = nearest(_face(0.0), {"a": [_face(0.3)], "b": [_face(0.45)]})
    assert match.likeness is Likeness.UNSURE


def test_a_stranger_is_nobody() -> None:
    assert nearest(_face(0.0), {"a": [_face(0.7)]}).likeness is Likeness.OTHER


def test_somebody_must_be_known() -> None:
    with pytest.raises(ValueError, match="nobody"):
        nearest(_face(0.0), {})
