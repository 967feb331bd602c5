"""A stored run, judged by the judges of now as if it had been made now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.errors import UsageError
from harness.model.finding import Verdict
from harness.model.run import RunResult
from harness.stored import stored
from reports import json_run


def judged_anew(run_dir: Path) -> RunResult | None:
    """What comes of a run's ledger now; None where it can't be read any more, or would have gone another way.

    What is found decides what a run does: which walks it repeats, and when it stops repeating. So an attempt of which
    the judges of now find something else than those of then is no observation that they would have asked for, and the
    run must be made once more. Whoever asks makes sure that what observes is the same (harness.digest).
    """
    try:
        said, now = json_run.read(run_dir), stored(run_dir)
    except UsageError:
        return None
    return now if _course(said.requirements) == _course(now.requirements) else None


def _course(verdicts: Iterable[Verdict]) -> set[tuple[object, ...]]:
    """All that the course of a run depends on: whether attempts were told, and whether another could tell."""
    return {(v.id, f.walk, f.attempt, f.outcome, f.reason, f.settled, f.unearned) for v in verdicts for f in v.findings}
