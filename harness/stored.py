"""A stored run, judged again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.digest import harness_digest
from harness.ledger import canonical
from harness.model.observation import RunStarted
from harness.model.requirement import Standard
from harness.model.run import RunResult
from harness.probe import load_probes
from harness.result import result_of
from harness.runfolder import begun
from harness.standards import load_standard


def stored(run_dir: Path, overlays: Sequence[str] | None = None) -> RunResult:
    """Judge a stored run again, under its own overlays or others. Reads only."""
    start, observations = begun(run_dir)
    standard = standard_of(start) if overlays is None else load_standard(overlays=overlays)
    return result_of(observations, standard, load_probes(), judged_by=harness_digest())


def standard_of(start: RunStarted) -> Standard:
    """The standard with the overlays that a run was made under."""
    own = start.standard.get("overlays")
    return load_standard(overlays=own if isinstance(own, list) else ())


def differences(said: RunResult, derived: RunResult) -> list[str]:
    """Where a stored run.json says something else than its ledger, one sentence each; empty when it follows."""
    found = []
    given = {v.id: v for v in derived.requirements}
    for verdict in said.requirements:
        other = given.get(verdict.id)
        if other is not None and other.outcome is not verdict.outcome:
            found.append(
                f"{verdict.id} does not follow from the ledger: "
                f"says {verdict.outcome.value}, the ledger gives {other.outcome.value}"
            )
    one, two = said.model_dump(mode="json"), derived.model_dump(mode="json")
    other_parts = [name for name in one if canonical(one[name]) != canonical(two[name])]
    return found + [f"'{name}' does not follow from the ledger" for name in other_parts]
