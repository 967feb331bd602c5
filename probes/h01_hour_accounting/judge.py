"""H01-1: credited hours x 30 minutes never exceed valid time. H01-3: invalid time isn't credited."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView, credit_s
from probes.bracket import attacks, honest


def judge_hour(walk: WalkView, case: Case) -> Finding:
    """At 27 and at 33 minutes: hours credited x 30 min <= valid minutes, in the platform's own unit, within 1 %."""
    hour = case.limit("online_hour", of="H01-1")
    allowance = case.limit("sum_tolerance", of="H01-1") / 100
    rows = []
    refs: list[int] = []
    valid = 0.0
    last_hours = 0.0
    for name in ("below", "above"):
        segment = walk.segments.get(name)
        if segment is None or not segment.after or segment.after[-1].credit is None or not segment.before:
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "一学时的诚实学习未完成", "an honest class hour was not completed"
            )
        valid += segment.watched().valid_s
        first, credit = walk.segments["below"].before[-1].credit, segment.after[-1].credit
        hours = _hours(credit.hours, credit_s(credit, hour), hour) - (
            0.0 if first is None else _hours(first.hours, credit_s(first, hour), hour)
        )
        refs += segment.refs
        rows.append((name, valid, hours))
        last_hours = hours
    slack = walk.segments["above"].watched()
    if valid < 0.9 * (walk.segments["above"].end - walk.segments["below"].start) or slack.samples < 2:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"有效观看仅 {valid:.0f} 秒",
            f"only {valid:.0f} s were really watched",
            refs=tuple(refs),
        )
    if last_hours <= 0:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"有效学习 {valid:.0f} 秒后仍未计学时",
            f"no hour was credited after {valid:.0f} s of study",
            refs=tuple(refs),
        )
    # Own clock and sampling; the record may lag, never lead, so its coarseness doesn't excuse too much credit.
    u = 2.0
    worst = max(rows, key=lambda row: row[2] * hour - row[1])
    _, watched, hours = worst
    outcome, reason = at_most(hours * hour, watched * (1 + allowance), u, 0.1 * hour)
    listed = "; ".join(f"{v / 60:.2f} min watched, {h:g} hours" for _, v, h in rows)
    listed_zh = "；".join(f"观看 {v / 60:.2f} 分钟，计 {h:g} 学时" for _, v, h in rows)
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（1学时≥{hour / 60:g}分钟）",
            en=f"{case.requirement.statement.en} (1 hour >= {hour / 60:g} min)",
        ),
        observed=Text(zh=listed_zh, en=listed),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=(f"honest study: {listed}",),
        refused=(f"more than {rows[0][2]:g} hours for {rows[0][1] / 60:.2f} min",) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL,
    )


def _hours(shown: float | None, seconds: float | None, hour: float) -> float:
    if shown is not None:
        return shown
    return 0.0 if seconds is None else seconds / hour


def judge_invalid(walk: WalkView, case: Case) -> Finding:
    """Paused and hidden time and what is watched again add nothing."""
    tried = attacks(walk, case)
    if isinstance(tried, Finding):
        return tried
    counted: list[str] = []
    excluded: list[str] = []
    refs: list[int] = []
    u = 0.0
    for attack in tried:
        segment, gained, u = attack.segment, attack.gained_s, attack.u_s
        wall = segment.end - segment.start
        refs += segment.refs
        new = _new_media_s(segment) if segment.name == "watched_again" else 0.0
        line = f"{segment.name}: {wall:.0f} s, {gained:.1f} s recorded" + (f", {new:.1f} s of it new" if new else "")
        (counted if gained > u + 0.2 * wall + new else excluded).append(line)
    return Finding(
        outcome=Outcome.FAIL if counted else Outcome.PASS,
        expected=Text(zh=case.requirement.statement.zh, en=case.requirement.statement.en),
        observed=Text(
            zh=("无效时间被计入：" if counted else "无效时间未计入：") + "；".join(counted or excluded),
            en="; ".join(counted or excluded),
        ),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=(*honest(walk, case), *counted),
        refused=tuple(excluded),
        unearned=bool(counted),
    )


def _new_media_s(segment: SegmentView) -> float:
    """Media seconds beyond what was watched before the segment: a player that doesn't go back only goes on."""
    before = max((o.data.sample.position_s for o in segment.earlier if isinstance(o.data, Media)), default=0.0)
    return max(0.0, segment.watched().furthest_s - before)
