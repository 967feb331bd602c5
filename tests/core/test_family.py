"""What a run costs: our processes count, a platform that we only started does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from harness.family import Family

MB = 40
PARENT = f"""
import subprocess, sys
kept = b"x" * ({MB} * 1000000)
child = subprocess.Popen([sys.executable, "-c", "kept = b'x' * ({MB} * 1000000); print('up', flush=True); input()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print("up", flush=True)
input()
"""


@pytest.fixture
def started() -> Iterator[subprocess.Popen[bytes]]:
    """A process with a child, each of which holds some memory."""
    process = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    yield process
    process.communicate(b"\n")


def test_the_platform_and_all_that_it_started_is_left_out(started: subprocess.Popen[bytes]) -> None:
    everything, ours = Family(), Family(started.pid)
    assert everything.memory_mb() - ours.memory_mb() > 1.8 * MB
    assert everything.cpu_s() > ours.cpu_s() > 0


def test_a_platform_that_has_ended_costs_nothing(started: subprocess.Popen[bytes]) -> None:
    gone = max(psutil.pids()) + 1000
    assert Family(gone).memory_mb() == pytest.approx(Family().memory_mb(), abs=5)
