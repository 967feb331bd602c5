"""Checking a stored run offline: nothing was changed, and its verdicts follow from its ledger.

Integrity (a changed line, a missing file) and re-derivation (does this harness draw the same conclusions) are kept
apart: another version of the harness is reported, never called tampering.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.certify import begun, differences, stored
from harness.digest import harness_digest
from harness.errors import StandardError, XunjianError
from harness.ledger import CUT_OFF, EVIDENCE, Problem, verify_chain
from harness.model.observation import Observation, RunFinished, RunStarted
from harness.model.run import RunResult

RUN_JSON = "run.json"


@dataclass
class Verification:
    """What was found."""

    run: Path
    lines_checked: int = 0
    problems: list[Problem] = field(default_factory=list)
    """Something isn't what it was when it was written."""
    notes: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Nothing was changed."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "run": self.run.name,
            "intact": self.intact,
            "lines_checked": self.lines_checked,
            "problems": [{"where": p.where, "message": p.message} for p in self.problems],
            "notes": self.notes,
        }

    def lines(self) -> list[str]:
        """For people."""
        head = f"{self.run.name}: {self.lines_checked} lines, {'intact 完整' if self.intact else 'CHANGED 已被改动'}"
        return [head, *(f"  {p.where}: {p.message}" for p in self.problems), *(f"  note: {n}" for n in self.notes)]


def verify_run(run: Path) -> Verification:
    """Check chain, evidence, run.json against the ledger, and the verdicts.

    Raises LedgerError for a folder that is not a run's.
    """
    report = Verification(run)
    report.problems, head, report.lines_checked = verify_chain(run)
    if not (run / RUN_JSON).is_file():
        _unfinished(run, report)
        return report
    said = _said(run, report)
    if said is None:
        return report
    if said.ledger_head != head or said.observations != report.lines_checked:
        report.problems.append(
            Problem(
                RUN_JSON,
                f"belongs to another ledger: {said.observations} lines ending in {said.ledger_head[:12]}, "
                f"found {report.lines_checked} ending in {head[:12]}",
            )
        )
    if not report.problems:
        _follows(run, said, report)
    return report


def _unfinished(run: Path, report: Verification) -> None:
    """A run that was killed is no changed one; one that says it ended has lost its result."""
    torn = [p for p in report.problems if p.message == CUT_OFF]
    if torn == report.problems:
        report.problems = []
        report.notes += [f"{p.where}: {p.message}" for p in torn]
        _, observations = begun(run)
        if isinstance(observations[-1].data, RunFinished):
            report.problems.append(Problem(RUN_JSON, "file is missing, though the ledger says that the run ended"))
            return
    report.notes.append(f"no {RUN_JSON}: the run was not finished")


def _said(run: Path, report: Verification) -> RunResult | None:
    from reports import json_run

    try:
        said = json_run.read(run)
        written = json_run.render(said).encode()
    except (XunjianError, ValueError) as error:
        report.problems.append(Problem(RUN_JSON, f"file was changed: {error}"))
        return None
    if written != (run / RUN_JSON).read_bytes():
        report.problems.append(Problem(RUN_JSON, "file was changed: it is not in the form in which it was written"))
    return said


def _follows(run: Path, said: RunResult, report: Verification) -> None:
    """What run.json says about how it came about must be the ledger's first line; the rest must follow from all."""
    start, observations = begun(run)
    report.problems += [Problem(RUN_JSON, message) for message in _origins(said, start)]
    report.notes += [f"{EVIDENCE}/{name}: no line of the ledger names this file" for name in _strays(run, observations)]
    if report.problems:
        return
    if said.harness.digest != harness_digest():
        report.notes.append(
            f"observed and judged by harness {said.harness.digest[:12]}, this is {harness_digest()[:12]}: "
            "verdicts were not derived again"
        )
        return
    try:
        derived = stored(run)
    except StandardError as error:
        report.notes.append(f"verdicts were not derived again: {error}")
        return
    report.problems += [Problem(RUN_JSON, message) for message in differences(said, derived)]


def _origins(said: RunResult, start: RunStarted) -> Iterator[str]:
    for what, says, was in (
        ("run_id", said.run_id, start.run_id),
        ("harness", said.harness.digest, start.harness.get("digest")),
        ("standard", said.standard.digest, start.standard.get("digest")),
        ("mode", said.mode.value, start.mode),
    ):
        if says != was:
            yield f"'{what}' does not follow from the ledger: says {says}, the run began with {was}"


def _strays(run: Path, observations: list[Observation]) -> list[str]:
    """Files in evidence/ that nothing refers to; lines that a crash cut off are kept there too."""
    folder = run / EVIDENCE
    named = {name for o in observations for name in o.evidence}
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p.name for p in found if p.name not in named and p.suffix not in (".torn", ".part"))
