"""A busy neighbour: a process on every core that does nothing but count, as long as whoever started it wants it.

`python -m harness.stability.neighbour` is such a process. It says a line when it has begun, and ends when its standard
input does: the system closes that when its starter ends, however it ends, so none is ever left behind.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Iterator

from harness.errors import HarnessError

SPIN = 200_000
"""Additions between two looks at the starter: some hundredths of a second."""
STOP_S = 10.0
"""One that is starved still looks up within this time; then it is killed."""


class Neighbour:
    """The processes of one busy stretch."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self._processes = processes

    @property
    def pids(self) -> tuple[int, ...]:
        """Their process ids."""
        return tuple(p.pid for p in self._processes)

    @property
    def busy(self) -> bool:
        """Whether all of them still count: a neighbour that was killed disturbs nobody."""
        return all(p.poll() is None for p in self._processes)


@contextlib.contextmanager
def busy_neighbour(cores: int | None = None) -> Iterator[Neighbour]:
    """Keep so many cores busy (all of them) within the block, at our own priority. Raises HarnessError if one won't.

    They are in a session of their own, so that Ctrl-C reaches them through us and not beside us.
    """
    with contextlib.ExitStack() as ending:
        processes = []
        for _ in range(cores or os.cpu_count() or 1):
            process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            ending.callback(_end, process)
            processes.append(process)
        for process in processes:
            assert process.stdout is not None
            if not process.stdout.readline():
                raise HarnessError("a busy neighbour did not begin", got=f"exit {process.wait()}")
        yield Neighbour(processes)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def main() -> None:
    """Count until standard input ends."""
    print("busy", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        total = 0
        for number in range(SPIN):
            total += number


if __name__ == "__main__":
    main()
