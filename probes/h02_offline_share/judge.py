"""H02-1: theory isn't complete below 30 % offline, exactly. H02-2: nor with online hours alone. H02-3: no practice
online. H01-2, of the same walk: an offline hour is 45 minutes or more."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView
from probes.crosscheck import finished, unread, unsupported
from probes.tables import Read, action, evidence_of, reading, refs_of

STEPS = {
    "baseline": ("起始状态", "baseline"),
    "practice": ("导入实操考勤后", "practice attended"),
    "short": ("导入不足一学时的考勤后", "less than an hour attended"),
    "first": ("导入首个学时的考勤后", "the first hour attended"),
    "online_only": ("添加线上学时后", "online hours added"),
    "below": ("线下比例略低于限值时", "just below the share"),
    "above": ("线下比例超过限值后", "above the share"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the account: what was attended by then, and what the platform made of it."""

    segment: SegmentView
    minutes: int
    """Theory attended so far."""
    read: Read
    done: bool
    """Whether what the step does went through."""


def _steps(walk: WalkView, case: Case) -> dict[str, Step] | Finding:
    found: dict[str, Step] = {}
    minutes = 0
    for name in STEPS:
        segment = walk.segments.get(name)
        if segment is None:
            continue
        read = reading(segment, "completion")
        missing = unread(case, read, "completion")
        if missing is not None:
            return missing
        assert read is not None
        if not read.rows:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "测试账号没有学时汇总",
                "nothing is counted together for the test account",
                refs=(read.seq,),
            )
        given = [s for s in segment.facts(Stimulus) if s.name == "attendance"]
        done = all(bool(s.effect.get("accepted")) for s in given)
        if name == "online_only":
            added = action(segment, "add_hours")
            done = added is not None and added.ok
        for stimulus in given:
            if stimulus.effect.get("accepted"):
                minutes = int(stimulus.params.get("theory_minutes") or 0)
        found[name] = Step(segment, minutes, read, done)
    return found


def _refused(case: Case, steps: dict[str, Step], *names: str) -> Finding | None:
    """Why these steps say nothing, or None when all of them were made."""
    for name in names:
        step = steps.get(name)
        if step is None:
            return unsupported(case, "add_hours" if name == "online_only" else "import_attendance")
        if not step.done:
            tried = action(step.segment, "add_hours") or action(step.segment, "import_attendance")
            error = tried.error if tried is not None else ""
            zh, en = STEPS[name]
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"“{zh}”一步未成功：{error}",
                f"step '{en}' was not possible: {error}",
                refs=refs_of(step.segment),
                evidence=evidence_of(step.segment),
            )
    return None


def judge_share(walk: WalkView, case: Case) -> Finding:
    """Below the share the theory is not called complete, above it the same account is; of the outline, unrounded."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _refused(case, steps, "short", "below", "above")
    if open_end is not None:
        return open_end
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
        said = _at(
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


def _at(step: str, zh: str, en: str) -> Text:
    """What held at a step."""
    words = STEPS[step]
    return Text(zh=f"{words[0]}：{zh}", en=f"{words[1]}: {en}")


def judge_online_only(walk: WalkView, case: Case) -> Finding:
    """With more online hours than the outline has, and hardly any offline, the theory is not called complete."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _refused(case, steps, "online_only", "above")
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
    return Finding(
        outcome=Outcome.FAIL if complete else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=said,
        refs=refs_of(alone.segment, whole.segment),
        accepted=(_completed(whole),) if whole.read.yes("complete") else (),
        refused=() if complete else (said,),
        unearned=complete is True,
    )


def _completed(step: Step) -> Text:
    return Text(zh=f"线下 {step.minutes} 分钟后认定完成", en=f"complete after {step.minutes} min offline")


def judge_practice(walk: WalkView, case: Case) -> Finding:
    """Practice can't be booked as online, and online hours don't turn into practice hours."""
    steps = _steps(walk, case)
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
    else:
        refused.append(Text(zh="线上实操不能预约", en="practice online: not booked"))
    before, alone = steps.get("first"), steps.get("online_only")
    if before is not None and alone is not None and alone.done:
        was, now = before.read.number("practice_hours"), alone.read.number("practice_hours")
        if was is not None and now is not None:
            if now > was:
                wrong.append(
                    Text(
                        zh=f"添加线上学时后，实操学时由 {was:g} 增至 {now:g}",
                        en=f"online hours raised practice hours from {was:g} to {now:g}",
                    )
                )
            else:
                refused.append(Text(zh="线上学时未计为实操学时", en="online hours added no practice hours"))
    after = steps.get("practice")
    if after is not None and after.done and (hours := after.read.number("practice_hours")):
        accepted.append(Text(zh=f"线下实操：计 {hours:g} 学时", en=f"practice in a classroom: {hours:g} h"))
    if booked is not None and booked.ok:
        accepted.append(Text(zh="线下实操：可预约", en="practice in a classroom: booked"))
    if not wrong and not accepted:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "线下实操也未能预约，无法确认拒绝有效",
            "practice in a classroom could not be booked either, so a refusal shows nothing",
            refs=refs_of(online, offline),
            evidence=evidence_of(online, offline),
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


def judge_offline_hour(walk: WalkView, case: Case) -> Finding:
    """H01-2: at every step the offline hours times 45 minutes are at most the minutes attended, exactly."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _refused(case, steps, "short", "below", "above")
    if open_end is not None:
        return open_end
    hour_min = case.limit("offline_hour") / 60
    rows = [(name, s.minutes, s.read.number("offline_hours")) for name, s in steps.items() if s.done]
    if any(hours is None for _, _, hours in rows):
        return unsupported(case, "completion.offline_hours")
    told = [(name, minutes, hours or 0.0) for name, minutes, hours in rows]
    wrong = [_hours(n, m, h) for n, m, h in told if h * hour_min > m + 1e-6]
    right = [_hours(n, m, h) for n, m, h in told if h and h * hour_min <= m + 1e-6]
    nothing = [_at(n, f"考勤 {m} 分钟，未计线下学时", f"{m} min, none") for n, m, h in told if not h]
    if not wrong and not right:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "导入考勤后未折算线下学时",
            "no offline hours came of the attendance",
            refs=refs_of(*(s.segment for s in steps.values())),
        )
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
    return _at(step, f"考勤 {minutes} 分钟，计线下 {hours:g} 学时", f"{minutes} min, {hours:g} h")
