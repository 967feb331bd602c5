"""kill -9 in the middle of a run: what was seen is readable, its chain verifies, and the run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from harness.certify import certify
from harness.ledger import LEDGER, read, verify_chain
from harness.model.outcome import Outcome
from harness.prepare import Order

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "fixtures" / "profiles" / "reference-spa.yaml"
PATIENCE_S = 120.0


def lines(runs: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in runs.glob(f"*/{LEDGER}"))


def test_nothing_seen_is_lost_and_the_run_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "harness.cli", "certify", str(PROFILE), "--only", "F03-1", "--time-scale", "30"]
    run = subprocess.Popen([*command, "--runs", str(tmp_path)], cwd=ROOT, stdout=subprocess.DEVNULL)
    family: list[psutil.Process] = []
    try:
        end = time.monotonic() + PATIENCE_S
        while lines(tmp_path) < 60:
            assert run.poll() is None, "the run ended before it was killed"
            assert time.monotonic() < end, f"only {lines(tmp_path)} lines were written"
            time.sleep(0.1)  # a file that grows gives no event that could be awaited
        family = psutil.Process(run.pid).children(recursive=True)
        said = lines(tmp_path)
    finally:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        for process in family:  # what it had started can't know that it is gone
            if process.is_running():
                process.kill()
    (folder,) = tmp_path.iterdir()
    problems, _, count = verify_chain(folder)
    assert count >= said
    assert [p for p in problems if "cut off" not in p.message] == []
    assert len(list(read(folder))) == count
    again, result = certify(Order(PROFILE, only=("F03-1",), scale=30, runs=tmp_path, resume=folder))
    assert again == folder
    verdict = next(v for v in result.requirements if v.id.endswith("/F03-1"))
    assert verdict.outcome is Outcome.PASS
    resumed = [o.data for o in read(folder) if o.kind == "run_resumed"]
    assert len(resumed) == 1
    assert verify_chain(folder)[0] == []
