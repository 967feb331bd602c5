"""F05-1: the record says what really happened. F05-2: a client cannot add to it by forging reports."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ReportChannel, RequestSent
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted, series
from harness.view import SegmentView, WalkView, taken_up
from probes.bracket import MIN_TRUSTED_RATE, controls, honest, resolution_s, unmet
from probes.f05_learning_record.judge_others import judge_others
from probes.f05_learning_record.judge_sessions import judge_interrupted, judge_rows
from probes.f05_learning_record.judge_settled import judge_settled
from probes.f05_learning_record.judge_voided import judge_voided

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


def _credited_before(walk: WalkView, case: Case) -> bool:
    """Was honest study credited before anything was forged? A forgery that was credited may leave nothing to earn
    afterwards: a lesson that counts as finished.
    """
    attacks = walk.of_kind("attack")
    before = [c for c in controls(walk, case) if attacks and c.segment.end <= attacks[0].start]
    return bool(before) and all(c.credited for c in before)


def judge_forged(walk: WalkView, case: Case) -> Finding:
    """Replayed or raised reports add nothing to the record and complete nothing."""
    open_end = unmet(walk, case)
    if open_end is not None and not _credited_before(walk, case):
        return open_end
    channels = walk.facts(ReportChannel)
    sent = [r for r in walk.facts(RequestSent) if r.status is not None]
    if not channels or not sent:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "在学员自己的流量中未找到可重放的进度上报",
            "no progress report was found in the learner's own traffic, so none could be forged",
        )
    attacks = walk.of_kind("attack")
    accepted: list[Text] = []
    refused: list[Text] = []
    refs: list[int] = []
    u = 0.0
    for segment in attacks:
        gained, watched = segment.gained_s(case.hour_s), segment.watched()
        if gained is None:
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "攻击后读不到记录", "no record after the attack", refs=segment.refs
            )
        u = resolution_s(segment, case)
        unearned = gained - watched.valid_s
        zh = f"{segment.name}: 播放 {watched.valid_s:.1f} 秒，记入 {gained:.1f} 秒"
        en = f"{segment.name}: {gained:.1f} s recorded for {watched.valid_s:.1f} s watched"
        refs += segment.refs
        done = bool(segment.completed_here())
        tolerance = case.limit("session_tolerance", of="F05-1")
        if unearned > tolerance + u or done:
            more = ("，课时显示学完", ", lesson marked completed") if done else ("", "")
            accepted.append(Text(zh=zh + more[0], en=en + more[1]))
        else:
            refused.append(Text(zh=zh, en=en))
    credited, kept_out = series(accepted), series(refused)
    statuses = ", ".join(f"{r.name} {r.status}" for r in sent[:1] + sent[-1:])
    if not accepted and open_end is not None:
        return open_end
    if accepted:
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"伪造或重放的进度上报被记入：{credited.zh}（共发送 {len(sent)} 个请求）",
                en=f"forged or replayed progress reports were credited: {credited.en} ({len(sent)} sent; {statuses})",
            ),
            uncertainty=f"±{u:.1f} s",
            refs=tuple(refs),
            accepted=(*honest(walk, case), *(line.en for line in accepted)),
            refused=tuple(line.en for line in refused),
            unearned=True,
        )
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"发送 {len(sent)} 个伪造或重放的上报，均未计入：{kept_out.zh}",
            en=f"{counted(len(sent), 'forged or replayed report')} added nothing: {kept_out.en}",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=honest(walk, case),
        refused=tuple(line.en for line in refused),
    )
