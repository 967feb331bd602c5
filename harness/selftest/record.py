"""The last self-test, as a certification cites it: only one of exactly this harness and this standard counts."""

from __future__ import annotations

from pathlib import Path

from harness.model.run import SelfTest
from harness.selftest.results import Summary

SUMMARY = Path("runs") / "selftest" / "summary.json"


def recorded(file: Path, *, harness: str, standard: str) -> SelfTest:
    """What a summary proves: `missing` without one, `stale` for other digests, `failed` for less than everything.

    A self-test of some defects only, on one front end, or in which no FAIL was tried twice is no proof: it counts as
    failed.
    """
    try:
        summary = Summary.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return SelfTest()
    fresh = summary.harness == harness and summary.standard == standard
    status = "stale" if not fresh else "passed" if summary.passed and summary.complete else "failed"
    return SelfTest.model_validate(
        {"status": status, "defects": summary.defects, "killed": summary.killed, "date": summary.date}
    )
