"""H02-3: practice is not had online, by booking, by hours entered or by study."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.crosscheck import finished, unread, unsupported
from probes.h02_offline_share.account import Step, several_rows, steps_of
from probes.tables import action, evidence_of, reading, refs_of


def judge_practice(walk: WalkView, case: Case) -> Finding:
    """Practice can't be booked as online, and online hours don't turn into practice hours."""
    steps = steps_of(walk, case)
    if isinstance(steps, Finding):
        return steps
    online, offline = walk.segments.get("booked_online"), walk.segments.get("booked_offline")
    asked, booked = action(online, "book_practice"), action(offline, "book_practice_offline")
    if asked is None:
        return unsupported(case, "book_practice")
    wrong: list[Text] = []
    refused: list[Text] = []
    accepted: list[Text] = []
    if asked.ok:
        wrong.append(Text(zh="实操可按线上预约", en="practice was booked as online"))
    elif booked is None or booked.ok:  # where nothing can be booked, a refusal shows nothing
        refused.append(Text(zh="线上实操不能预约", en="practice online: not booked"))
    late = False
    before, alone = steps.get("first"), steps.get("online_only")
    if before is not None and alone is not None and alone.done:
        was, now = before.read.number("practice_hours"), alone.read.number("practice_hours")
        if was is not None and now is not None:
            late = now > was and not _counted_practice(steps)
            if now > was and not late:
                wrong.append(
                    Text(
                        zh=f"添加线上学时后，实操学时由 {was:g} 增至 {now:g}",
                        en=f"online hours raised practice hours from {was:g} to {now:g}",
                    )
                )
            elif not late:
                refused.append(Text(zh="线上学时未计为实操学时", en="online hours added no practice hours"))
    after = steps.get("practice")
    if after is not None and after.done and (hours := after.read.number("practice_hours")):
        accepted.append(Text(zh=f"线下实操：计 {hours:g} 学时", en=f"practice in a classroom: {hours:g} h"))
    if booked is not None and booked.ok:
        accepted.append(Text(zh="线下实操：可预约", en="practice in a classroom: booked"))
    if not wrong and (not accepted or (booked is not None and not booked.ok)):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "线下实操也未能预约，无法确认拒绝有效",
            "practice in a classroom could not be booked either, so a refusal shows nothing",
            refs=refs_of(online, offline),
            evidence=evidence_of(online, offline),
        )
    if not wrong and late:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "添加线上学时后实操学时增加，但此前线下实操考勤尚未计清，无法判断由何而来",
            "practice hours grew after online hours were added, but the practice attended had not been counted "
            "steadily before, so it can't be told which they came of",
            refs=refs_of(*(s.segment for s in steps.values())),
        )
    return unless_wrong(
        case,
        wrong,
        "线上可取得实操",
        listed("实操不能在线上取得", (*refused, *accepted)),
        refs=refs_of(online, offline, *(s.segment for s in steps.values())),
        evidence=evidence_of(online),
        accepted=tuple(accepted),
        refused=tuple(refused),
    )


def _counted_practice(steps: dict[str, Step]) -> bool:
    """Had the practice that was attended been counted before online hours were added, and stood still since?"""
    shown = {steps[name].read.number("practice_hours") for name in ("practice", "short", "first") if name in steps}
    return "practice" not in steps or (len(shown) == 1 and shown != {0.0} and shown != {None})


def judge_study_is_no_practice(walk: WalkView, case: Case) -> Finding:
    """After a course was studied online, to its end, no practice hours stand in the account."""
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    whole = reading(issued, "completion")
    missing = unread(case, whole, "completion")
    if missing is not None:
        return missing
    assert whole is not None
    several = several_rows(case, whole)
    if several is not None:
        return several
    online, practice = whole.number("online_hours"), whole.number("practice_hours")
    if not online or practice is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "学时汇总中没有线上学时",
            "no online hours are counted together for the learner",
            refs=(whole.seq,),
        )
    return Finding(
        outcome=Outcome.FAIL if practice > 0 else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"线上学习 {online:g} 学时，计入实操 {practice:g} 学时",
            en=f"{online:g} h studied online, {practice:g} h of practice",
        ),
        refs=(whole.seq,),
        accepted=(Text(zh=f"线上 {online:g} 学时", en=f"{online:g} h online"),),
        refused=() if practice > 0 else (Text(zh="线上学习未计为实操", en="none of it as practice"),),
        unearned=practice > 0,
    )
