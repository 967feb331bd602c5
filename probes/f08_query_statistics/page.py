"""The statistics that a walk saw when its course was finished. Pure."""

from __future__ import annotations

from harness.judge import Case
from harness.model.finding import Finding
from harness.view import SegmentView, WalkView
from probes.crosscheck import finished, unread
from probes.tables import Read, reading


def statistics_of(walk: WalkView, case: Case) -> tuple[SegmentView, Read] | Finding:
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    read = reading(issued, "statistics")
    missing = unread(case, read, "statistics")
    if missing is not None:
        return missing
    assert read is not None
    return issued, read
