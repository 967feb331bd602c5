"""A run's folder, and how its ledger begins."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from harness.errors import LedgerError, TooEarly
from harness.ledger import LEDGER, read
from harness.model.observation import Observation, RunStarted
from harness.stages import beijing, resumable_from, waiting


def copied(run_dir: Path, out: Path | None) -> None:
    """Copy the finished run where it was asked for."""
    if out is not None:
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(run_dir, out)


def begun(run_dir: Path) -> tuple[RunStarted, list[Observation]]:
    """A stored run's first line, and all of them. Raises LedgerError when that isn't a run's."""
    observations = list(read(run_dir))
    start = observations[0].data if observations else None
    if not isinstance(start, RunStarted):
        raise LedgerError(
            "ledger does not begin with run_started",
            where=str(run_dir / LEDGER),
            got=observations[0].kind if observations else "no line",
            expected="run_started",
        )
    return start, observations


def unfinished(run_dir: Path) -> tuple[RunStarted, list[Observation]]:
    """The same of a run that has no result yet; raises LedgerError for a finished one."""
    if (run_dir / "run.json").exists():
        raise LedgerError("this run is finished", where=str(run_dir), hint="Start a new one.")
    return begun(run_dir)


def may_go_on(run_dir: Path, now: datetime) -> None:
    """Raises LedgerError for a finished run, TooEarly for one whose record has not settled yet."""
    _, observations = unfinished(run_dir)
    left = waiting(observations)
    if left is not None and now < (moment := resumable_from(left.waits)):
        raise TooEarly(
            f"该检测自北京时间 {beijing(moment)} 起可继续 this run goes on from {beijing(moment)} Beijing time",
            where=str(run_dir),
            got=f"{now.astimezone(moment.tzinfo):%Y-%m-%d %H:%M} UTC",
            expected=f"{moment:%Y-%m-%d %H:%M:%S} UTC",
            hint="已有记录均保留 Nothing is lost; give --resume again then.",
        )
