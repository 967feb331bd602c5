"""The busy neighbour: real processes that begin, count, and end with whoever started them."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from harness.stability.neighbour import busy_neighbour

PATIENCE_S = 60.0
"""Only against hanging for ever."""


def test_one_for_each_core_counts_until_the_block_ends() -> None:
    with busy_neighbour(2) as neighbour:
        family = [psutil.Process(pid) for pid in neighbour.pids]
        assert len(family) == 2
        assert neighbour.busy
        assert all(p.nice() == psutil.Process().nice() for p in family), "not below whoever it disturbs"
    assert not any(p.is_running() for p in family)


def test_it_ends_also_when_the_block_breaks() -> None:
    pids: list[int] = []

    def left() -> None:
        with busy_neighbour(1) as neighbour:
            pids.extend(neighbour.pids)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        left()
    assert len(pids) == 1
    assert not psutil.pid_exists(pids[0])


def test_one_that_was_killed_disturbs_nobody() -> None:
    with busy_neighbour(2) as neighbour:
        killed = psutil.Process(neighbour.pids[0])
        killed.kill()
        psutil.wait_procs([killed], PATIENCE_S)
        assert not neighbour.busy


STARTER = """
import sys
from harness.stability.neighbour import busy_neighbour
with busy_neighbour(2) as neighbour:
    print(*neighbour.pids, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_nobody_is_left_behind_by_a_starter_that_is_killed(how: str) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert starter.stdout is not None
    family = [psutil.Process(int(pid)) for pid in starter.stdout.readline().split()]
    assert len(family) == 2
    getattr(starter, how)()
    starter.communicate()
    _, alive = psutil.wait_procs(family, PATIENCE_S)
    assert alive == []
