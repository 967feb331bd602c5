"""H01-2: an offline class hour is 45 minutes or more, told by the attendance that H02's walk imports."""

from __future__ import annotations

from harness.judge import Case, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Reason
from harness.view import WalkView
from probes.crosscheck import unsupported
from probes.h02_offline_share.account import at, imported, uncounted
from probes.tables import refs_of


def judge_offline_hour(walk: WalkView, case: Case) -> Finding:
    """H01-2: at every step the offline hours times 45 minutes are at most the minutes attended, exactly."""
    steps = imported(walk, case)
    if isinstance(steps, Finding):
        return steps
    hour_min = case.limit("offline_hour") / 60
    rows = [(name, s.minutes, s.read.number("offline_hours")) for name, s in steps.items() if s.done]
    if any(hours is None for _, _, hours in rows):
        return unsupported(case, "completion.offline_hours")
    told = [(name, minutes, hours or 0.0) for name, minutes, hours in rows]
    wrong = [_hours(n, m, h) for n, m, h in told if h * hour_min > m + 1e-6]
    right = [_hours(n, m, h) for n, m, h in told if h and h * hour_min <= m + 1e-6]
    nothing = [at(n, f"考勤 {m} 分钟，未计线下学时", f"{m} min, none") for n, m, h in told if not h]
    if not wrong and not right:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "导入考勤后未折算线下学时",
            "no offline hours came of the attendance",
            refs=refs_of(*(s.segment for s in steps.values())),
        )
    if not wrong and (late := uncounted(case, steps)) is not None:
        return late
    return unless_wrong(
        case,
        wrong,
        "线下学时多于考勤",
        listed("线下学时不多于考勤", (*right, *nothing)),
        refs=refs_of(*(s.segment for s in steps.values())),
        accepted=tuple(right),
        refused=tuple(nothing),
        unearned=bool(wrong),
    )


def _hours(step: str, minutes: int, hours: float) -> Text:
    return at(step, f"考勤 {minutes} 分钟，计线下 {hours:g} 学时", f"{minutes} min, {hours:g} h")
