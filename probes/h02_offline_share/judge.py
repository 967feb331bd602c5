"""H02-1: theory isn't complete below 30 % offline, exactly. H02-2: nor with online hours alone."""

from __future__ import annotations

from fractions import Fraction

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.crosscheck import unsupported
from probes.h02_offline_share.account import Step, at, attended_before, imported, steps_of, uncounted, undone
from probes.h02_offline_share.judge_practice import judge_practice, judge_study_is_no_practice
from probes.tables import refs_of

__all__ = ["judge_online_only", "judge_practice", "judge_share", "judge_study_is_no_practice"]


def judge_share(walk: WalkView, case: Case) -> Finding:
    """Below the share the theory is not called complete, above it the same account is; of the outline, unrounded."""
    steps = imported(walk, case)
    if isinstance(steps, Finding):
        return steps
    limit = case.resolved("offline_share").exact
    hour = Fraction(int(case.limit("offline_hour", of="H01-2")), 60)  # seconds to minutes
    outline = steps["above"].read.number("outline_hours")
    if not outline:
        return unsupported(case, "completion.outline_hours")
    wrong: list[Text] = []
    refused: list[Text] = []
    accepted: list[Text] = []
    refs: list[int] = []
    for name, step in steps.items():
        share = Fraction(step.minutes) / hour / Fraction(str(outline))
        complete, met = step.read.yes("complete"), step.read.yes("share_met")
        said = at(
            name,
            f"线下 {step.minutes} 分钟，占大纲 {outline:g} 学时的 {float(share):.1%}",
            f"{step.minutes} min, {float(share):.1%} of {outline:g} h",
        )
        refs += refs_of(step.segment)
        called = complete is True or met is True
        if share < limit and called:
            wrong.append(
                Text(
                    zh=f"{said.zh}，已认定{'完成' if complete else '比例达标'}",
                    en=f"{said.en}, called {'complete' if complete else 'sufficient'}",
                )
            )
        elif share < limit:
            refused.append(said)
        elif called:
            accepted.append(said)
    if not wrong and (late := uncounted(case, steps)) is not None:
        return late
    if not wrong and not accepted:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "达到三成后平台仍未认定，无法确认其判定有效",
            "the platform did not call it complete above the share either, so nothing shows that it counts",
            refs=tuple(refs),
        )
    return unless_wrong(
        case,
        wrong,
        "不足三成即认定",
        listed("三成以下不认定，以上认定", (*refused, *accepted)),
        refs=tuple(refs),
        accepted=tuple(accepted),
        refused=tuple(refused),
        unearned=bool(wrong),
    )


def judge_online_only(walk: WalkView, case: Case) -> Finding:
    """With more online hours than the outline has, and hardly any offline, the theory is not called complete."""
    steps = steps_of(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = attended_before(case, steps) or undone(case, steps, "online_only", "above")
    if open_end is not None:
        return open_end
    alone, whole = steps["online_only"], steps["above"]
    outline = alone.read.number("outline_hours")
    if not outline:
        return unsupported(case, "completion.outline_hours")
    complete = alone.read.yes("complete")
    said = Text(
        zh=f"大纲 {outline:g} 学时，线上已足，线下仅 {alone.minutes} 分钟：{'' if complete else '未'}认定完成",
        en=f"hours entered for {outline:g} h of theory, {alone.minutes} min offline: "
        f"{'complete' if complete else 'not complete'}",
    )
    if complete is not True and whole.read.yes("complete") is not True:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "补足线下学时后平台仍未认定完成",
            "the platform did not call it complete with the offline hours either",
            refs=refs_of(alone.segment, whole.segment),
        )
    if complete is not True and (late := _too_few(case, steps, outline)) is not None:
        return late
    return Finding(
        outcome=Outcome.FAIL if complete else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=said,
        refs=refs_of(alone.segment, whole.segment),
        accepted=(_completed(whole),) if whole.read.yes("complete") else (),
        refused=() if complete else (said,),
        unearned=complete is True,
    )


def _too_few(case: Case, steps: dict[str, Step], outline: float) -> Finding | None:
    """Why the online hours entered were no temptation yet; None where they were, or where they are not shown as such:
    hours entered by hand may stand apart from those that were learned."""
    alone = steps["online_only"]
    before, now, later = (
        steps[name].read.number("online_hours") if name in steps else None
        for name in ("baseline", "online_only", "above")
    )
    most = case.limit("online_share", of="H02-2") * outline
    if now is None or later is None or later <= (before or 0.0) or now > most - 1:  # whole hours may be counted
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"读取时只计入线上 {now:g} 学时（大纲 {outline:g} 学时中线上至多 {most:g}），不足以检验",
        f"{now:g} h online were counted when it was read, too few to tell: up to {most:g} of {outline:g} h may be",
        refs=refs_of(alone.segment),
    )


def _completed(step: Step) -> Text:
    return Text(zh=f"线下 {step.minutes} 分钟后认定完成", en=f"complete after {step.minutes} min offline")
