"""Checking a stored run offline: nothing was changed, and its verdicts follow from its ledger.

Integrity (a changed line, a missing file) and re-derivation (does this harness draw the same conclusions) are kept
apart: another version of the harness is reported, never called tampering.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.certify import differences, stored
from harness.digest import harness_digest
from harness.errors import XunjianError
from harness.ledger import Problem, verify_chain
from harness.model.run import RunResult


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
    """Check chain, evidence, run.json against the ledger, and the verdicts. Raises LedgerError without a ledger."""
    report = Verification(run)
    report.problems, head, report.lines_checked = verify_chain(run)
    said = _said(run, report)
    if said is None:
        return report
    if said.ledger_head != head or said.observations != report.lines_checked:
        report.problems.append(
            Problem(
                "run.json",
                f"belongs to another ledger: {said.observations} lines ending in {said.ledger_head[:12]}, "
                f"found {report.lines_checked} ending in {head[:12]}",
            )
        )
    if report.problems:
        return report
    if said.harness.digest != harness_digest():
        report.notes.append(
            f"observed and judged by harness {said.harness.digest[:12]}, this is {harness_digest()[:12]}: "
            "verdicts were not derived again"
        )
        return report
    differing = differences(said, stored(run))
    report.problems += [Problem("run.json", f"'{name}' does not follow from the ledger") for name in differing]
    return report


def _said(run: Path, report: Verification) -> RunResult | None:
    from reports import json_run

    if not (run / "run.json").is_file():
        report.notes.append("no run.json: the run was not finished")
        return None
    try:
        return json_run.read(run)
    except XunjianError as error:
        report.problems.append(Problem("run.json", str(error)))
        return None
