"""F05-1 where the record is settled only hours later: all that was studied against all that it then says. Pure."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import SETTLED, WalkView, credit_s
from probes.f05_learning_record.sittings import (
    BROKEN_OFF,
    UNWATCHED,
    hour_unknown,
    offline_s,
    too_slow,
    unseen_s,
    watched_in,
    watched_too_little,
)


def judge_settled(walk: WalkView, study: WalkView, case: Case) -> Finding:
    """The record gained what was really watched, within the tolerance of each sitting. `walk` is what read it later,
    `study` what it takes up again."""
    tolerance = case.limit("session_tolerance")
    read = walk.readings(SETTLED)
    first = next((r for r in study.readings() if r.at.startswith("before:")), None)
    last = next((r for r in reversed(read) if first is not None and r.lesson == first.lesson), None)
    before = credit_s(first.credit, case.hour_s) if first else None
    after = credit_s(last.credit, case.hour_s) if last else None
    if first is None or last is None or last.credit is None or before is None or after is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "学习前或结算后的记录读不到",
            "the record before the study, or after it had settled, could not be read",
        )
    watched = [w for segment in study.segments.values() for w in watched_in(segment)]
    if not study.facts(Media) or not watched:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "没有实测学习", "nothing was watched")
    refs = (first.seq, last.seq)
    if too_slow(study.observations):
        return inconclusive(case, Reason.HARNESS_ERROR, "播放过慢，本次作废", "played too slowly: void", refs=refs)
    seen = sum(w.valid_s for w in watched)
    too_little = watched_too_little(case, seen, refs=refs)
    if too_little is not None:
        return too_little
    least = max(0.0, min(seen, sum(w.unique_s for w in watched)) - offline_s(study.facts(Stimulus)))
    most = seen + unseen_s(study.observations)
    gained = after - before
    sittings = max(1, sum(s.name in BROKEN_OFF for s in study.facts(Stimulus)))
    u = (last.credit.resolution_s or 0.0) + sittings * case.lag_s
    allowed = sittings * tolerance
    outcome, reason = at_most(max(least - gained, gained - most, 0.0), allowed, u, 3 * max(u, allowed / 3))
    if outcome is Outcome.FAIL and gained < least and (unknown := hour_unknown(case, (first, last))) is not None:
        return unknown
    nothing = gained <= u < least
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（结算后相差不超过 {allowed:g} 秒）",
            en=f"{case.requirement.statement.en} (within {allowed:g} s once it has settled)",
        ),
        observed=Text(
            zh=("诚实学习完全未计入。" if nothing else "") + f"观看 {seen:.1f} 秒，结算后记录 {gained:.1f} 秒",
            en=("Honest study was not credited at all. " if nothing else "")
            + f"{seen:.1f} s watched, {gained:.1f} s in the settled record",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(
            Text(
                zh=f"观看 {seen:.1f} 秒，结算后记录 {gained:.1f} 秒",
                en=f"{seen:.1f} s watched, {gained:.1f} s in the settled record",
            ),
        ),
        refused=(UNWATCHED,) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL and gained > most,
    )
