"""What hours credited for honest study come to, whenever the record was read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit
from harness.model.words import counted
from harness.view import credit_s
from probes.crosscheck import OWN_U_S

NEAR = 25 / 30
"""A study that shows that less than an hour is none lasts at least so much of it: what a platform gives away for
loading and logging in is some five minutes."""
LITTLE = 0.1
"""So much of an hour may stand in a record before: what a lesson earned while it was opened."""


@dataclass(frozen=True, slots=True)
class Study:
    """Honest study, and the class hours credited for it."""

    valid_s: float
    hours: float
    lost_s: float = 0.0
    """Not watched through no fault of the platform's: our machine or the network was slow (`Watched.lost_s`)."""
    earlier_s: float = 0.0
    """Study from before the walk that the hours may include."""


def listed(rows: Sequence[Study]) -> Text:
    """Each study, one after another."""
    return Text(
        zh="；".join(f"观看 {r.valid_s / 60:.2f} 分钟，计 {r.hours:g} 学时" for r in rows),
        en="; ".join(f"{r.valid_s / 60:.2f} min watched, {counted(r.hours, 'hour')}" for r in rows),
    )


def told(study: Study, case: Case) -> tuple[Outcome, Reason | None, Text | None]:
    """Is a study credited with no more than was watched? Where what exceeds it may be no fault of the platform's, it
    can't be told, and the text says why. The limit is that of H01-1."""
    hour = case.limit("online_hour", of="H01-1")
    allowance = case.limit("sum_tolerance", of="H01-1") / 100
    credited, most = study.hours * hour, study.valid_s * (1 + allowance)
    outcome, reason = at_most(credited, most, OWN_U_S, 0.1 * hour)
    if outcome is not Outcome.FAIL:
        return outcome, reason, None
    if credited <= most + OWN_U_S + study.lost_s:
        why = Text(
            zh=f"另有 {study.lost_s:.0f} 秒应播而未播（本机或网络过慢），不能断定",
            en=f"{study.lost_s:.0f} s more were to play and did not: our machine or the network was too slow to tell",
        )
        return Outcome.INCONCLUSIVE, Reason.HARNESS_ERROR, why
    if credited <= most + OWN_U_S + study.lost_s + study.earlier_s:
        why = Text(
            zh="该学员此前学过其他课时，不能断定全课程学时由何而来",
            en="the learner had studied other lessons before, so it can't be told what the course's hours came of",
        )
        return Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET, why
    return outcome, reason, None


def worst_told(rows: Sequence[Study], case: Case) -> tuple[Study, Outcome, Reason | None, Text | None]:
    """The study that decides, and what can be told of it: the severest, and of those the one with most too much."""
    hour = case.limit("online_hour", of="H01-1")
    worst = max(rows, key=lambda r: (told(r, case)[0].severity, r.hours * hour - r.valid_s))
    return worst, *told(worst, case)


def after(said: Text, why: Text | None) -> Text:
    """What was seen, and why nothing can be told of it."""
    return said if why is None else Text(zh=f"{said.zh}；{why.zh}", en=f"{said.en}; {why.en}")


def judged(case: Case, rows: Sequence[Study], refs: Sequence[int], observed: Text) -> Finding:
    """Hours x 30 minutes never exceed valid time, within 1 %; the worst of the rows decides, the shortest study first.

    Own clock and sampling are the uncertainty; the record may lag, never lead, so its coarseness doesn't excuse too
    much credit.
    """
    hour = case.limit("online_hour", of="H01-1")
    _, outcome, reason, why = worst_told(rows, case)
    least = rows[0]
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（1学时≥{hour / 60:g}分钟）",
            en=f"{case.requirement.statement.en} (1 hour >= {hour / 60:g} min)",
        ),
        observed=after(observed, why),
        uncertainty=f"±{OWN_U_S:.1f} s",
        refs=tuple(refs),
        accepted=(listed(rows),),
        refused=(beyond(least.valid_s, least.hours),) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL,
    )


def hours_of(seconds: float, case: Case) -> float:
    """Class hours that a record of seconds comes to: as long as the platform declares, where that is less than the
    standard's."""
    return seconds / min(case.limit("online_hour", of="H01-1"), case.hour_s)


def beyond(valid_s: float, hours: float) -> Text:
    """What was not credited for a study: more than it was."""
    return Text(
        zh=f"超出 {hours:g} 学时的部分（观看 {valid_s / 60:.2f} 分钟）",
        en=f"more than {counted(hours, 'hour')} for {valid_s / 60:.2f} min",
    )


def as_declared(said: Text, case: Case) -> Text:
    """What was seen, with the shorter hour that the platform declares and that seconds were counted in."""
    declared = case.declared_s("class_hour_s")
    if declared is None or declared >= case.limit("online_hour", of="H01-1"):
        return said
    minutes = f"{declared * case.setting.scale / 60:g}"
    return Text(
        zh=f"{said.zh}（记录只显示时间，按申报的每学时 {minutes} 分钟折算）",
        en=f"{said.en} (the record shows time only; in hours of {minutes} min as declared)",
    )


def studied_before(case: Case, credit: Credit | None, refs: Sequence[int]) -> Finding | None:
    """Why nothing can be told of a lesson whose record was not empty; None where it was, but for some seconds.

    Hours rounded down hide what is left over: 29 minutes from before and 27 of this walk are a whole hour.
    """
    hour = case.limit("online_hour", of="H01-1")
    before = max(credit_s(credit, hour) or 0.0, hour * (credit.hours or 0.0)) if credit is not None else 0.0
    if before <= LITTLE * hour:
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"学习前记录已有 {before / 60:.1f} 分钟，须用未学过的账号和课时",
        f"{before / 60:.1f} min stood in the record before; an account that never studied the lesson is needed",
        refs=tuple(refs),
    )


def far_below(case: Case, least: Study, refs: Sequence[int]) -> Finding | None:
    """Why a study that earned no hour does not show that less than one is none; None where it came near enough."""
    if least.hours > 0 or least.valid_s >= NEAR * case.limit("online_hour", of="H01-1"):
        return None
    minutes = f"{least.valid_s / 60:.2f}"
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"第一次读数前仅有效观看 {minutes} 分钟，离一学时太远，不能说明不足一学时不计",
        f"only {minutes} min were watched before the first reading: too far from an hour to show that less is none",
        refs=tuple(refs),
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
