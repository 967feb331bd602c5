"""Test persons are proven apart, or it is said who and what is in the way."""

from __future__ import annotations

import numpy as np
import pytest

from harness.faces import preflight as module
from harness.faces.compare import Face
from harness.faces.preflight import Subject, preflight


@pytest.fixture(autouse=True)
def _readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures here carry their encoding in their first pixels: the number of faces, then hundredths of a distance."""

    def faces(image: np.ndarray) -> list[Face]:
        count, x, y = (int(value) for value in image[0, 0])
        return [Face((0, 0, 10, 10), np.array([x / 100, y / 100]))] * count

    monkeypatch.setattr(module, "described", faces)


def _picture(x: int, y: int = 0, count: int = 1) -> np.ndarray:
    return np.full((4, 4, 3), (count, x, y), np.uint8)


def test_apart_with_margin() -> None:
    result = preflight(
        [
            Subject("a", _picture(0), {"neutral": _picture(20)}),
            Subject("b", _picture(100), {"neutral": _picture(120)}),
        ]
    )
    assert result.passed
    assert result.own_max == pytest.approx(0.2)
    assert result.others_min == pytest.approx(0.8)
    assert result.margin == pytest.approx(0.6)
    assert result.compared == 6


def test_twins_are_named() -> None:
    result = preflight([Subject("a", _picture(0), {}), Subject("b", _picture(55), {"neutral": _picture(90)})])
    assert not result.passed
    (twins,) = result.shortfalls
    assert twins.persons == ("a", "b")
    assert twins.picture == "enrol / enrol"
    assert twins.distance == pytest.approx(0.55)


def test_a_frame_unlike_its_own_photograph() -> None:
    result = preflight([Subject("a", _picture(0), {"live": _picture(20), "dark": _picture(55)})])
    assert [(shortfall.picture, shortfall.persons) for shortfall in result.shortfalls] == [("dark", ("a",))]
    assert result.others_min is None
    assert result.margin is None


@pytest.mark.parametrize("count", [0, 2])
@pytest.mark.parametrize("name", ["enrol", "neutral"])
def test_every_reference_shows_one_face(count: int, name: str) -> None:
    pictures = {"enrol": _picture(0), "neutral": _picture(10)} | {name: _picture(10, count=count)}
    result = preflight([Subject("a", pictures.pop("enrol"), pictures)])
    assert [(s.picture, s.reason) for s in result.shortfalls] == [(name, f"{count} faces found, expected 1")]


@pytest.mark.parametrize("count", [0, 2])
def test_a_turned_head_that_our_detector_misreads_is_left_out(count: int) -> None:
    frames = {"neutral": _picture(10), "right_20": _picture(99, count=count)}
    result = preflight([Subject("a", _picture(0), frames)])
    assert result.passed
    assert result.compared == 1


def test_nobody_is_an_error() -> None:
    with pytest.raises(ValueError, match="no test persons"):
        preflight([])


def test_two_who_squint_may_look_alike() -> None:
    """Only the photograph on file and the resting face are what a run compares with."""
    result = preflight(
        [
            Subject("a", _picture(0), {"blink": _picture(40)}),
            Subject("b", _picture(120), {"blink": _picture(80)}),
        ]
    )
    assert result.passed
    assert result.others_min == pytest.approx(0.8)
