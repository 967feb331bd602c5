"""F05-3: study that was voided stays in the record, marked as such."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.model.words import counted
from harness.platform.readings import is_blank
from harness.view import WalkView
from probes.bracket import LEAST_SHARE, honest, unmet


def judge_voided(walk: WalkView, case: Case) -> Finding:
    """After voiding, the credit is gone, the row is not, and it says that it is void."""
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    segment = walk.segments.get("voided")
    lost = None if segment is None else segment.gained_s(case.hour_s)
    earned = walk.segments["studied"].gained_s(case.hour_s) or 0.0
    read = [o for o in walk.observations if isinstance(o.data, RecordsRead) and o.data.rows is not None]
    if segment is None or lost is None or len(read) < 2:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "未能作废学习记录", "the study could not be voided", refs=()
        )
    refs = (*segment.refs, *(o.seq for o in read))
    if lost >= 0 or -lost < LEAST_SHARE * earned:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"作废后所计时间未减少（{-lost:.1f} 秒，应约 {earned:.1f} 秒）",
            f"the credit did not shrink when it was voided ({-lost:.1f} s of {earned:.1f} s)",
            refs=refs,
        )
    before, after = read[0].data, read[-1].data
    assert isinstance(before, RecordsRead)
    assert isinstance(after, RecordsRead)
    starts = {row.start for row in after.rows or ()}
    studied = [row for row in before.rows or () if row.start is not None and (row.duration_s or 0) > 0]
    if not studied:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "作废前的记录没有可辨认的一段",
            "no row with a start and a duration before the voiding",
            refs=refs,
        )
    gone = [row for row in studied if row.start not in starts]
    marked = [row for row in after.rows or () if _says_so(row, [old for old in studied if old.start == row.start])]
    good = not gone and bool(marked)
    if gone:
        zh, en = f"{len(gone)} 段作废后从记录中消失", f"{counted(len(gone), 'row')} disappeared from the record"
    elif not marked:
        zh, en = "作废的时段仍在记录中，但未标明", "the voided study is still in the record, but not marked"
    else:
        said = marked[0].marked
        zh = "作废的时段仍在记录中，" + (f"标明“{said}”" if said else "标明不计学时")
        en = "the voided study is still in the record, " + (f"marked '{said}'" if said else "marked as not credited")
    return Finding(
        outcome=Outcome.PASS if good else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        refs=refs,
        accepted=honest(walk, case),
        refused=(f"voided: {-lost:.1f} s no longer count",),
    )


def _says_so(row: StudyRecord, before: Sequence[StudyRecord]) -> bool:
    """Does a row say of study that it is void, and did not say the same while it was not (正常)? `before` are the rows
    that began when it did."""
    if not before:
        return False
    marked = bool(row.marked) and not is_blank(row.marked) and all(row.marked != old.marked for old in before)
    return marked or (row.credited is False and any(old.credited is not False for old in before))
