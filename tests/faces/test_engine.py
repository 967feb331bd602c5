"""The face engine's shared detectors are used by one thread at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from harness.faces.engine import engine


def test_only_one_thread_is_in_the_engine() -> None:
    inside, most = 0, 0
    met = threading.Barrier(4)

    def use() -> bool:
        nonlocal inside, most
        met.wait(5.0)
        with engine() as module:
            inside += 1
            most = max(most, inside)
            known = hasattr(module, "face_encodings")
            inside -= 1
        return known

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: use(), range(4)))
    assert most == 1
