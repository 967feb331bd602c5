"""Whether a page has the camera open is seen from outside, without a script in the page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.camera.feed import LOOK_S, CameraFeed
from harness.camera.opened import is_open
from harness.camera.people import Person
from harness.camera.scenes import Learner

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whether a file is open"),
]


def test_a_file_is_open_as_long_as_somebody_has_it_open(tmp_path: Path) -> None:
    path = tmp_path / "camera y4m"
    assert is_open(path) is False
    path.write_bytes(b"frame")
    assert is_open(path) is False
    with path.open("rb"):
        assert is_open(path) is True
    assert is_open(path) is False


async def test_the_feed_adds_up_for_how_long(tmp_path: Path, person: Person) -> None:
    now = 1000.0
    feed = CameraFeed(tmp_path, now=lambda: now)
    await feed.show(Learner(person))
    assert feed.open_s is None
    feed.look()
    assert feed.open_s == 0.0
    with (feed.directory / feed.filename).open("rb"):
        for _ in range(3):
            now += LOOK_S
            feed.look()
    assert feed.open_s == 3 * LOOK_S
    now += LOOK_S
    feed.look()
    assert feed.open_s == 3 * LOOK_S
