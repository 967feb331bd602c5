"""F05-1: the record says what really happened. What else is judged of F05 is in files of its own."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView, taken_up
from probes.bracket import MIN_TRUSTED_RATE, resolution_s
from probes.f05_learning_record.judge_forged import judge_forged
from probes.f05_learning_record.judge_others import judge_others
from probes.f05_learning_record.judge_sessions import judge_interrupted, judge_rows
from probes.f05_learning_record.judge_settled import judge_settled
from probes.f05_learning_record.judge_voided import judge_voided
from probes.f05_learning_record.sittings import hour_unknown, watched_too_little

__all__ = ["judge_forged", "judge_interrupted", "judge_others", "judge_record", "judge_rows", "judge_voided"]

LONG_ENOUGH_SHARE = 0.9


def judge_record(walk: WalkView, case: Case) -> Finding:
    """Per session: credited time equals time really watched, within the tolerance and what the record can show."""
    if (study := taken_up(walk, case.beside)) is not None:
        return judge_settled(walk, study, case)
    tolerance = case.limit("session_tolerance")
    stretches = [s for name, s in walk.segments.items() if name.startswith("playing")]
    paused = walk.segments.get("paused")
    if len(stretches) < 2 or paused is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "诚实学习未完成", "honest study was not completed")
    rows: list[tuple[SegmentView, float, float, float]] = []
    for s in (*stretches, paused):
        gained = s.gained_s(case.hour_s)
        if gained is None:
            error = next((r.error for r in (*s.before, *s.after) if r.error), "")
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"读不到平台学习记录：{error}",
                f"the platform's record could not be read: {error}",
                refs=s.refs,
            )
        watched = s.watched()
        if watched.rate is not None and s is not paused and watched.rate < MIN_TRUSTED_RATE and watched.valid_s > 20:
            return inconclusive(
                case,
                Reason.HARNESS_ERROR,
                f"播放速率仅 {watched.rate:.3f}，本次作废",
                f"played at {watched.rate:.3f}x: our machine was too slow, the walk is void",
                refs=s.refs,
            )
        rows.append((s, watched.valid_s, gained, resolution_s(s, case)))
    worst_row = max(rows, key=lambda row: abs(row[2] - row[1]) - row[3])
    segment, valid, gained, u = worst_row
    outcome, reason = at_most(abs(gained - valid), tolerance, u, 3 * max(u, tolerance / 3))
    played = sum(v for s, v, _, _ in rows if s is not paused)
    nothing = all(g <= u for s, v, g, u in rows if s is not paused)
    refs = tuple(r for s, _, _, _ in rows for r in s.refs)
    too_little = watched_too_little(case, played, refs=refs)
    if too_little is not None:
        return too_little
    if outcome is Outcome.FAIL and gained < valid:
        unknown = hour_unknown(case, (r for s, _, _, _ in rows for r in (*s.before, *s.after)))
        if unknown is not None:
            return unknown
    listed = "；".join(f"{s.name}: 播放 {v:.1f} 秒，记入 {g:.1f} 秒" for s, v, g, _ in rows)
    listed_en = "; ".join(f"{s.name}: {v:.1f} s watched, {g:.1f} s recorded" for s, v, g, _ in rows)
    if played < LONG_ENOUGH_SHARE * sum(s.watched().wall_s for s in stretches) and outcome is Outcome.FAIL:
        outcome, reason = Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（每段相差不超过 {tolerance:g} 秒）",
            en=f"{case.requirement.statement.en} (each stretch within {tolerance:g} s)",
        ),
        observed=Text(
            zh=("诚实学习完全未计入。" if nothing else "") + f"{listed}；最大相差在“{segment.name}”",
            en=("Honest study was not credited at all. " if nothing else "")
            + f"{listed_en}; largest difference in '{segment.name}'",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=tuple(f"{s.name}: {v:.1f} s watched, {g:.1f} s recorded" for s, v, g, _ in rows if s is not paused),
        refused=tuple(f"pause: {g:.1f} s recorded" for s, _, g, _ in rows if s is paused),
        unearned=outcome is Outcome.FAIL and gained > valid + tolerance + u,
    )
