"""Pictures are let go of when nobody uses them."""

from __future__ import annotations

import subprocess
import sys

import pytest

MB = 1_000_000
HELD = """
import ctypes, os, sys
from concurrent.futures import ThreadPoolExecutor
from harness.memory import give_back_pictures, memory_mb

if sys.argv[1] == "back":
    give_back_pictures()
before = memory_mb(os.getpid())


def pictures(_):
    made = [(bytearray(b"x") * 900_000, bytearray(b"x") * 1000) for _ in range(20)]
    return [small for _, small in made]  # it lies among them


with ThreadPoolExecutor(6) as pool:
    kept = list(pool.map(pictures, range(30)))
    print(memory_mb(os.getpid()) - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told to")
def test_pictures_are_given_back() -> None:
    held = {
        how: float(subprocess.run([sys.executable, "-c", HELD, how], capture_output=True, text=True, check=True).stdout)
        for how in ("kept", "back")
    }
    assert held["back"] < 5
    assert held["kept"] > 10


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
