"""People to film: painted, so that these tests need neither a face engine nor the rendered persons."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from harness.camera.people import BENDS, Person
from harness.camera.picture import Image, encode_jpeg


def painted(seed: int) -> Image:
    """640x480 with something of a face's texture."""
    rng = np.random.default_rng(seed)
    rough = cv2.resize(rng.integers(70, 190, (24, 32, 3)).astype(np.uint8), (640, 480), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        at = (int(rng.integers(640)), int(rng.integers(480)))
        tone = [int(value) for value in rng.integers(50, 200, 3)]
        cv2.ellipse(
            rough, at, (int(rng.integers(4, 26)), int(rng.integers(3, 14))), float(rng.integers(180)), 0, 360, tone, -1
        )
    return np.asarray(cv2.GaussianBlur(rough, (0, 0), 1.2), np.uint8)


def _person(identity: str, seed: int) -> Person:
    poses = {pose: painted(seed + i) for i, pose in enumerate(BENDS, 1)}
    return Person(identity, identity.upper(), encode_jpeg(painted(seed + 90)), painted(seed), poses)


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio, as the harness does."""
    return "asyncio"


@pytest.fixture(scope="session")
def person() -> Person:
    return _person("p01", 100)


@pytest.fixture(scope="session")
def other() -> Person:
    return _person("p02", 200)
