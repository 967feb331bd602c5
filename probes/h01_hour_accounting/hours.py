"""What hours credited for honest study come to, whenever the record was read. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from probes.crosscheck import OWN_U_S

Studied = Sequence[tuple[float, float]]
"""Valid seconds and the class hours credited for them, the shortest study first."""


def listed(rows: Studied) -> Text:
    """Each study, one after another."""
    return Text(
        zh="；".join(f"观看 {valid / 60:.2f} 分钟，计 {h:g} 学时" for valid, h in rows),
        en="; ".join(f"{valid / 60:.2f} min watched, {counted(h, 'hour')}" for valid, h in rows),
    )


def judged(case: Case, rows: Studied, refs: Sequence[int], observed: Text) -> Finding:
    """Hours x 30 minutes never exceed valid time, within 1 %; the worst of the rows decides.

    Own clock and sampling are the uncertainty; the record may lag, never lead, so its coarseness doesn't excuse too
    much credit.
    """
    hour = case.limit("online_hour", of="H01-1")
    allowance = case.limit("sum_tolerance", of="H01-1") / 100
    valid, hours = max(rows, key=lambda row: row[1] * hour - row[0])
    outcome, reason = at_most(hours * hour, valid * (1 + allowance), OWN_U_S, 0.1 * hour)
    least, least_hours = rows[0]
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（1学时≥{hour / 60:g}分钟）",
            en=f"{case.requirement.statement.en} (1 hour >= {hour / 60:g} min)",
        ),
        observed=observed,
        uncertainty=f"±{OWN_U_S:.1f} s",
        refs=tuple(refs),
        accepted=(listed(rows),),
        refused=(beyond(least, least_hours),) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL,
    )


def beyond(valid_s: float, hours: float) -> Text:
    """What was not credited for a study: more than it was."""
    return Text(
        zh=f"超出 {hours:g} 学时的部分（观看 {valid_s / 60:.2f} 分钟）",
        en=f"more than {counted(hours, 'hour')} for {valid_s / 60:.2f} min",
    )


def unshown(case: Case, refs: Sequence[int]) -> Finding:
    """The record has no hours to compare."""
    return inconclusive(
        case,
        Reason.UNSUPPORTED,
        "记录不显示单课学时",
        "the record shows no hours of a single lesson",
        refs=tuple(refs),
        settled=True,
    )
