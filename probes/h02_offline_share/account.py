"""The test account of H02 step by step: what was attended and entered, what the platform made of it, and why that may
say nothing."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Reason
from harness.view import SegmentView, WalkView
from probes.crosscheck import unread, unsupported
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


def steps_of(walk: WalkView, case: Case) -> dict[str, Step] | Finding:
    """The account's states in the order of `STEPS`, those that were reached; or why one of them says nothing."""
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
        several = several_rows(case, read)
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


def several_rows(case: Case, read: Read) -> Finding | None:
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


def undone(case: Case, steps: dict[str, Step], *names: str) -> Finding | None:
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


def attended_before(case: Case, steps: dict[str, Step]) -> Finding | None:
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


def imported(walk: WalkView, case: Case) -> dict[str, Step] | Finding:
    """The same, where all attendance was taken; or why it says nothing."""
    steps = steps_of(walk, case)
    if isinstance(steps, Finding):
        return steps
    names = ("short", "first", "below", "above") if "first" in steps else ("short", "below", "above")
    return attended_before(case, steps) or undone(case, steps, *names) or steps


def uncounted(case: Case, steps: dict[str, Step]) -> Finding | None:
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


def at(step: str, zh: str, en: str) -> Text:
    """What held at a step."""
    words = STEPS[step]
    return Text(zh=f"{words[0]}：{zh}", en=f"{words[1]}: {en}")
