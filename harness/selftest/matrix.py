"""The matrix for people: defects by requirements, in one HTML file without scripts."""

from __future__ import annotations

from pathlib import Path

from harness.selftest.page import fill
from harness.selftest.results import Row, Summary

TEMPLATE = Path(__file__).with_name("matrix.html.j2")


def cell(row: Row, requirement: str) -> str:
    """What stands where a defect and a requirement meet: killed, survived, implied, alarm, or nothing."""
    failed = requirement in row.failed
    if requirement == row.violates:
        return "killed" if failed else "survived"
    if requirement in row.implies:
        return "implied" if failed else ""
    return "other" if failed else ""


def write_matrix(path: Path, summary: Summary) -> None:
    """Write the matrix of a summary."""
    touched = {r.violates for r in summary.rows} | {name for r in summary.rows for name in r.failed}
    path.write_text(fill(TEMPLATE, s=summary, requirements=sorted(touched), cell=cell), encoding="utf-8")
