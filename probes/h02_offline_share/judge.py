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
    """Theory attended so far, if every import was counted; one that seemed to fail may have been."""
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
        several = _several(case, read)
        if several is not None:
            return several
        given = [s for s in segment.facts(Stimulus) if s.name == "attendance"]
        done = all(bool(s.effect.get("accepted")) for s in given)
        if name == "online_only":
            added = action(segment, "add_hours")
            done = added is not None and added.ok
        for stimulus in given:
            minutes = int(stimulus.params.get("theory_minutes") or 0)
        found[name] = Step(segment, minutes, read, done)
    return found


def _several(case: Case, read: Read) -> Finding | None:
    """Why rows of several trainings say nothing: hours would be added up, and only the first one's answer read."""
    if len(read.rows) < 2:
        return None
    return inconclusive(
        case,
        Reason.UNSUPPORTED,
        f"学时汇总有 {len(read.rows)} 行，应只取本课程、本期的一行",
        f"completion has {len(read.rows)} rows, where one of this course and period is needed",
        refs=(read.seq,),
        settled=True,
    )


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


def _attended_before(case: Case, steps: dict[str, Step]) -> Finding | None:
    """Why nothing can be told where hours stood in the account before anything was attended; None where none did."""
    baseline = steps.get("baseline")
    hours = baseline.read.number("offline_hours") if baseline is not None else None
    if baseline is None or not hours:
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"检测前测试账号已有线下 {hours:g} 学时，须用未参加过培训的账号",
        f"the test account had {hours:g} offline h before the test; one that never attended anything is needed",
        refs=refs_of(baseline.segment),
    )


def _imported(case: Case, steps: dict[str, Step]) -> Finding | None:
    """Why the attendance imported says nothing, or None when all of it was taken."""
    names = ("short", "first", "below", "above") if "first" in steps else ("short", "below", "above")
    return _attended_before(case, steps) or _refused(case, steps, *names)


def _uncounted(case: Case, steps: dict[str, Step]) -> Finding | None:
    """Why nothing was refused just below the share: hours of attendance had been imported, and none was counted."""
    names = list(steps)
    before, below = steps[names[names.index("below") - 1]], steps["below"]
    was, now = before.read.number("offline_hours"), below.read.number("offline_hours")
    hour_min = case.limit("offline_hour", of="H01-2") / 60
    if was is None or now is None or now > was or below.minutes - before.minutes <= 2 * hour_min:
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"考勤由 {before.minutes} 分钟增至 {below.minutes} 分钟，读取时线下学时仍为 {now:g}，尚未计入",
        f"attendance grew from {before.minutes} to {below.minutes} min, and {now:g} offline h stood there as before "
        "when it was read: not counted yet",
        refs=refs_of(before.segment, below.segment),
    )


def judge_share(walk: WalkView, case: Case) -> Finding:
    """Below the share the theory is not called complete, above it the same account is; of the outline, unrounded."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _imported(case, steps)
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
    if not wrong and (late := _uncounted(case, steps)) is not None:
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


def _at(step: str, zh: str, en: str) -> Text:
    """What held at a step."""
    words = STEPS[step]
    return Text(zh=f"{words[0]}：{zh}", en=f"{words[1]}: {en}")


def judge_online_only(walk: WalkView, case: Case) -> Finding:
    """With more online hours than the outline has, and hardly any offline, the theory is not called complete."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _attended_before(case, steps) or _refused(case, steps, "online_only", "above")
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
    several = _several(case, whole)
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


def judge_offline_hour(walk: WalkView, case: Case) -> Finding:
    """H01-2: at every step the offline hours times 45 minutes are at most the minutes attended, exactly."""
    steps = _steps(walk, case)
    if isinstance(steps, Finding):
        return steps
    open_end = _imported(case, steps)
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
    if not wrong and (late := _uncounted(case, steps)) is not None:
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
    return _at(step, f"考勤 {minutes} 分钟，计线下 {hours:g} 学时", f"{minutes} min, {hours:g} h")
