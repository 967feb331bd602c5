"""Pictures need little room, and none when nobody uses them."""

from __future__ import annotations

import subprocess
import sys

import pytest

PICTURES = """
import os, resource, sys
from concurrent.futures import ThreadPoolExecutor
from harness.memory import give_back_the_rest, memory_mb, share_room_for_pictures

if sys.argv[1] == "shared":
    share_room_for_pictures()


def pictures(_):
    made = [(bytearray(b"x") * 900_000, bytearray(b"x") * 1000) for _ in range(20)]
    return [small for _, small in made]  # it lies among them


with ThreadPoolExecutor(6) as pool:
    kept = list(pool.map(pictures, range(60)))
    held = memory_mb(os.getpid())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    kept += pool.map(pictures, range(60))
    pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    give_back_the_rest()
    print(held, pages, memory_mb(os.getpid()))
"""


def made(how: str) -> tuple[float, ...]:
    done = subprocess.run([sys.executable, "-c", PICTURES, how], capture_output=True, text=True, check=True)
    return tuple(map(float, done.stdout.split()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told to")
def test_threads_make_their_pictures_in_one_room() -> None:
    (apart, _, _), (shared, pages, left) = made("apart"), made("shared")
    assert shared < apart
    assert pages < 60_000  # 1,200 pictures with new pages each take 264,000
    assert left < 30


SCATTERED = """
import os
from concurrent.futures import ThreadPoolExecutor
from harness.memory import give_back_the_rest, memory_mb


def texts(_):
    return [bytearray(b"x") * 50_000 for _ in range(200)][::20]  # the others are free, and lie between them


with ThreadPoolExecutor(4) as pool:
    kept = list(pool.map(texts, range(16)))
    held = memory_mb(os.getpid())
    give_back_the_rest()
    print(held - memory_mb(os.getpid()))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told to")
def test_what_lies_free_between_things_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 10
