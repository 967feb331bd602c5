"""H01-1 and H01-1v where the record is settled only hours later: one learner below the hour and one above. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Reason
from harness.view import SETTLED, Reading, WalkView, credit_s
from probes.bracket import MIN_TRUSTED_RATE
from probes.h01_hour_accounting.hours import (
    Study,
    as_declared,
    far_below,
    hours_of,
    judged,
    listed,
    studied_before,
    unshown,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One learner: really watched, and credited in the settled record."""

    name: str
    valid_s: float
    lost_s: float
    hours: float | None
    """Class hours that the record gained; None where it shows none."""
    credited_s: float | None
    refs: tuple[int, ...]


def studied(study: WalkView) -> dict[str, float]:
    """Valid seconds of each learner of a walk that is taken up again."""
    return {s.name: s.watched(s.name).valid_s for s in study.of_kind("control")}


def rows_of(walk: WalkView, study: WalkView, case: Case) -> list[Row] | Finding:
    """Both learners, or why nothing can be concluded."""
    rows = []
    for name in ("below", "above"):
        segment = study.segments.get(name)
        first = segment.before[-1] if segment is not None and segment.before else None
        last = next((r for r in reversed(walk.readings(SETTLED)) if first and r.account == first.account), None)
        if segment is None or not segment.ended or first is None or last is None or None in (first.credit, last.credit):
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "一学时的诚实学习未完成", "an honest class hour was not completed"
            )
        used = studied_before(case, first.credit, segment.refs)
        if used is not None:
            return used
        watched = segment.watched(name)
        if watched.rate is not None and watched.rate < MIN_TRUSTED_RATE:
            return inconclusive(
                case, Reason.HARNESS_ERROR, "播放过慢，本次作废", "played too slowly: void", refs=segment.refs
            )
        rows.append(Row(name, watched.valid_s, watched.lost_s, *_gained(first, last, case), (*segment.refs, last.seq)))
    return rows


def _gained(first: Reading, last: Reading, case: Case) -> tuple[float | None, float | None]:
    assert first.credit is not None
    assert last.credit is not None
    hours = None if last.credit.hours is None else last.credit.hours - (first.credit.hours or 0.0)
    before, after = credit_s(first.credit, case.hour_s), credit_s(last.credit, case.hour_s)
    return hours, None if after is None else after - (before or 0.0)


def judge_settled_hour(walk: WalkView, study: WalkView, case: Case, *, shown: bool = False) -> Finding:
    """Hours in the settled record x 30 minutes never exceed valid time. With `shown`, only hours that the record itself
    shows count; else credited time is counted in hours where it shows none."""
    hour = case.limit("online_hour", of="H01-1")
    rows = rows_of(walk, study, case)
    if isinstance(rows, Finding):
        return rows
    refs = tuple(seq for row in rows for seq in row.refs)
    studies = [Study(r.valid_s, h, r.lost_s) for r in rows if (h := _hours(r, case, shown=shown)) is not None]
    if len(studies) < len(rows):
        return unshown(case, refs)
    said = listed(studies)
    if studies[-1].valid_s < hour or studies[-1].hours <= 0:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"结算后未能看到一学时：{said.zh}",
            f"no whole hour to look at once it had settled: {said.en}",
            refs=refs,
        )
    if (far := far_below(case, studies[0], refs)) is not None:
        return far
    if any(row.hours is None for row in rows):
        said = as_declared(said, case)
    return judged(case, studies, refs, Text(zh=f"结算后：{said.zh}", en=f"once settled: {said.en}"))


def _hours(row: Row, case: Case, *, shown: bool) -> float | None:
    if row.hours is not None or shown:
        return row.hours
    return None if row.credited_s is None else hours_of(row.credited_s, case)
