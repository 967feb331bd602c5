"""The log says what was before the camera at any moment, and survives a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.camera.framelog import FrameLog, Interval, Shown

FRAME = np.full((480, 640, 3), 90, np.uint8)


def _log(folder: Path | None = None) -> FrameLog:
    log = FrameLog(folder)
    digest = log.keep(FRAME)
    for since, code in ((10.0, 1), (20.0, 1), (30.0, 2), (40.0, 1)):
        log.add(Shown(since, "learner", "p01", digest, 0, 0, code))
    return log


def test_neighbouring_stretches_are_one() -> None:
    assert _log().when(1) == [Interval(10.0, 30.0), Interval(40.0, None)]


def test_a_window_holds_what_began_before_it() -> None:
    assert [shown.since for shown in _log().during(25.0, 30.0)] == [20.0, 30.0]


def test_at_a_moment() -> None:
    log = _log()
    assert log.at(9.9) is None
    assert (found := log.at(30.0)) is not None
    assert found.code == 2


def test_the_folder_gives_it_back(tmp_path: Path) -> None:
    log = _log(tmp_path)
    again = FrameLog.load(tmp_path)
    assert again.shown == log.shown
    assert np.array_equal(again.frame(log.shown[0].frame), FRAME)


def test_a_changed_picture_is_refused(tmp_path: Path) -> None:
    log = _log(tmp_path)
    other = FrameLog(tmp_path)
    (tmp_path / f"{log.shown[0].frame}.png").write_bytes((tmp_path / f"{other.keep(FRAME + 1)}.png").read_bytes())
    with pytest.raises(ValueError, match="not the picture"):
        FrameLog.load(tmp_path)


def test_time_goes_forward() -> None:
    log = _log()
    with pytest.raises(ValueError, match="out of order"):
        log.add(Shown(39.0, "learner", "p01", log.shown[0].frame, 0, 0, 3))
