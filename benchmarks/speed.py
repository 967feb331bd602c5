"""How fast stored runs are judged and verified, and how soon the command line answers.

CPU seconds, not wall: other work on the machine is no property of ours. Start-up is the fastest of several, in wall
seconds, because that is what somebody waits for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.ledgers import big_run
from harness.ledger import read
from harness.probe import load_probes
from harness.result import result_of
from harness.standards import load_standard
from harness.verify import verify_run

T = TypeVar("T")
OBSERVATIONS = 100_000
EVIDENCE = 1_000
STARTS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value against its target, both in seconds."""

    name: str
    seconds: float
    target: float

    @property
    def met(self) -> bool:
        """Is it under its target?"""
        return self.seconds < self.target


def measure() -> list[Figure]:
    """All of them; takes about half a minute."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="xunjian-benchmark-") as folder:
        big = big_run(Path(folder) / "big", observations=OBSERVATIONS, evidence=0)
        observations = list(read(big))
        standard, probes = load_standard(), load_probes()
        result_of(observations[:2], standard, probes)  # the judges' modules are imported here, not in what is measured
        spent, result = _spent(lambda: result_of(observations, standard, probes))
        assert result.observations == len(observations)
        found.append(Figure(f"judge {len(observations):,} observations", spent, 2.0))
        spent, count = _spent(lambda: sum(1 for _ in read(big)))
        found.append(Figure(f"read {count:,} observations", spent, 4.0))
        filed = big_run(Path(folder) / "filed", observations=10_000, evidence=EVIDENCE)
        spent, checked = _spent(lambda: verify_run(filed))
        assert checked.intact, checked.lines()
        found.append(Figure(f"verify {EVIDENCE:,} evidence files of 100 kB", spent, 2.0))
    found.append(Figure("xunjian --help", _help(), 0.4))
    return found


def _spent(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    value = work()
    return time.process_time() - began, value


def _help() -> float:
    def once() -> float:
        began = time.monotonic()
        subprocess.run([sys.executable, "-m", "harness.cli", "--help"], check=True, capture_output=True)
        return time.monotonic() - began

    return min(once() for _ in range(STARTS))
