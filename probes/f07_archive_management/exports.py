"""The file of who finished a course, as it was exported. Pure."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import FileSeen
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView
from probes.crosscheck import finished, unsupported
from probes.tables import action, evidence_of, file, reading, refs_of

CAME = (
    "file is not readable",
    "file in the zip",
    "table without headings",
    "path not in the answer",
    "no such column",
    "rows disagree",
    "not understood",
    "a template has no value",
)
"""What a reading says of a file that came (ReadingFailed), or of one that it could not ask for."""


def exported(walk: WalkView, case: Case) -> tuple[SegmentView, FileSeen] | Finding:
    """The stretch in which an administrator exported the file, and what came; or why there is none."""
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    segment = walk.segments.get("exported")
    done = action(segment, "export_archive")
    if segment is None or done is None:
        return unsupported(case, "export_archive")
    seen = file(segment, "archive")
    reader = reading(issued, "archive_export")
    if seen is None and reader is not None and reader.table is None and _opened(issued) and not _came(reader.error):
        # Neither the administrator's button nor the reader's own way brings it: it's the platform, not one description.
        asked = case.requirement.short == "F07-1"  # other requirements ask what is in it
        return Finding(
            outcome=Outcome.FAIL if asked else Outcome.INCONCLUSIVE,
            reason=None if asked else Reason.PRECONDITION_UNMET,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"档案可以查看，但两种方式都不能导出：{done.error}；{reader.error}",
                en=f"the file can be looked at, and is exported in neither way: {done.error}; {reader.error}",
            ),
            refs=refs_of(issued, segment),
            evidence=evidence_of(segment),
        )
    if seen is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"档案未能导出：{done.error}",
            f"the file could not be exported: {done.error}",
            refs=refs_of(segment),
            evidence=evidence_of(segment),
            settled=True,
        )
    return segment, seen


def _came(error: str) -> bool:
    """Did the reader's file come and was not understood, or was it not even asked for? That is the profile's matter."""
    return any(words in error for words in CAME)


def _opened(issued: SegmentView) -> bool:
    shown = reading(issued, "archive_hours")
    return shown is not None and bool(shown.rows)
