"""The plan for people and for programs: when each walk is made, what it costs and feeds, how many accounts it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

from harness.model.observation import Awaited
from harness.plan import Plan, PlannedWalk, Selection
from harness.probe import Setting
from harness.schedule import Schedule, by_accounts, fewest_accounts
from harness.stages import MOST_LOOKS, PlannedStage, beijing, calendar, resumable_from

if TYPE_CHECKING:
    from rich.console import Console

BAR = 12
"""Characters of the timeline."""
MOST_ROWS = 6
"""Numbers of accounts shown in the trade-off."""
HEADINGS = {
    "zh": ("步骤", "时间轴", "开始", "秒", "窗口", "窗口秒", "账号", "用于"),
    "en": ("walk", "timeline", "start", "s", "win", "win s", "acc", "feeds"),
}
WORDS = {
    "title": ("检测计划", "plan"),
    "figures": (
        "关键路径 {critical}，窗口时间合计 {slot}，理论下限 {bound}，预计 {span}（平台各项功能有效的约 {sooner}）；"
        "并行窗口 {slots} 个",
        "critical path {critical}, window time {slot}, bound {bound}, expected {span} (about {sooner} where the "
        "platform stops what it should); {slots} windows side by side",
    ),
    "accounts": (
        "账号：最少 {fewest} 个即可达到最短时间，配置中有 {given} 个、课时 {lessons} 节",
        "accounts: {fewest} are enough for the shortest time; the profile has {given}, and {lessons} lessons",
    ),
    "trade": ("账号较少时：{rows}", "with fewer accounts: {rows}"),
    "row": ("{count} 个 {span}{left}", "{count}: {span}{left}"),
    "left": ("（{n} 个步骤不能进行）", " ({n} walks can't be made)"),
    "unplaced": (
        "账号或课时不足，不能进行：{names}",
        "not enough accounts or untouched lessons for: {names}",
    ),
    "present": (
        "评定人员和测试人员须在场：{n} 个步骤逐一进行，共约 {seconds}，其中含人员更换时间（估计）",
        "assessor and test persons must be present in {n} walks, one after another, for about {seconds} in all, "
        "time for changing places included (an estimate)",
    ),
    "left_today": ("（{n} 个步骤不能当天进行）", " ({n} walks not on the same day)"),
    "day": (
        "  等待：账号当日学习已到平台每日上限，{moment} 起可继续（涉及 {walks}）",
        "  waits for another day, for the accounts may not study more than the platform credits in one; goes on from "
        "{moment} (for {walks})",
    ),
    "calendar": (
        "日程（北京时间，现在开始的话；共 {n} 段，分段之间不开窗口，用 certify --resume 继续）：",
        "calendar (Beijing time, if it begins now; {n} stages, no window is open between them, each is taken up with "
        "certify --resume):",
    ),
    "stage": (
        "  第 {number} 段：{start} 至 {end}，窗口开启 {hours:.1f} 小时，{walks} 个步骤",
        "  stage {number}: {start} to {end}, windows open for {hours:.1f} h, {walks} walks",
    ),
    "settling": (
        "  等待：平台结算学习记录，{moment} 起可继续（涉及 {walks}）",
        "  waits for the platform to settle its record, goes on from {moment} (for {walks})",
    ),
    "approval": (
        "  等待：机构人工审核注册，{moment} 起可继续（涉及 {walks}）；届时仍未审核的，同样时间后再看，最多 {looks} 次",
        "  waits for the institution's staff to approve who registered, goes on from {moment} (for {walks}); who is "
        "not approved then is looked at again as much later, {looks} times at most",
    ),
    "again": (
        "  届时不符合的须重新进行，再等一次",
        "  what fails then is made anew, and waits as long again",
    ),
    "repeats": (
        "不符合的会用新账号复测一次，未能判定的最多复测两次，均在上述时间之外",
        "a failure is tried once more with a fresh account, what could not be told at most twice; that comes on top",
    ),
}


def show(
    console: Console,
    plan: Plan,
    selection: Selection,
    lang: str,
    *,
    accounts: int,
    lessons: int,
    setting: Setting,
    begin: datetime,
) -> None:
    """Print the plan with the accounts and lessons that the profile has, as if it began at `begin`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    place = 1 if lang == "en" else 0
    stages = calendar(plan, setting, begin, accounts=accounts, lessons=lessons)
    table = Table(title=WORDS["title"][place], box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number, heading in enumerate(HEADINGS["en" if lang == "en" else "zh"]):
        right = 2 <= number <= 6
        table.add_column(heading, no_wrap=number < 7, justify="right" if right else "left", min_width=3)
    by_name = {w.name: w for w in plan.walks}
    for stage in stages:
        for one in stage.made.placed:
            walk = by_name[one.job.name]
            table.add_row(
                walk.name,
                _bar(one.start, one.end, stage.open_s),
                clock(one.start),
                f"{walk.seconds:.0f}",
                str(walk.spec.screens),
                f"{walk.slot_s:.0f}",
                str(walk.spec.accounts),
                ", ".join(feeds(walk, selection)),
            )
        table.add_section()
    console.print(table)
    for one in (one for stage in stages for one in stage.made.placed):
        if by_name[one.job.name].attempt == 1:
            console.print(f"{one.job.name}: {by_name[one.job.name].spec.purpose}", markup=False, highlight=False)
    for skipped in plan.skipped:
        why = skipped.reason.en if place else skipped.reason.zh
        console.print(f"- {skipped.spec.name}: {why} {', '.join(skipped.missing)}".rstrip(), markup=False)
    sooner = calendar(plan.sooner(), setting, begin, accounts=accounts, lessons=lessons)
    for line in summary(plan, stages, sooner, place, accounts=accounts, lessons=lessons):
        console.print(line, markup=False, highlight=False)


def summary(
    plan: Plan,
    stages: Sequence[PlannedStage],
    sooner: Sequence[PlannedStage],
    place: int,
    *,
    accounts: int,
    lessons: int,
) -> list[str]:
    """The figures below the table; `place` 0 for Chinese, 1 for English. `sooner`: its stages on a platform that stops
    what is tried."""
    unplaced = [job.name for stage in stages for job in stage.made.unplaced]
    fewest = fewest_accounts(plan.stages()[0].jobs, slots=plan.slots, lessons=lessons, day_s=plan.day_s)
    left = WORDS["left" if plan.day_s is None else "left_today"][place]
    lines = [
        WORDS["figures"][place].format(
            critical=clock(plan.critical_path_s),
            slot=clock(plan.slot_s),
            bound=clock(plan.bound_s),
            span=clock(_open_s(stages)),
            sooner=clock(_open_s(sooner)),
            slots=plan.slots,
        ),
        WORDS["accounts"][place].format(fewest=fewest, given=accounts, lessons=lessons),
    ]
    rows = [
        WORDS["row"][place].format(
            count=count, span=clock(s.span_s), left=left.format(n=len(s.unplaced)) if s.unplaced else ""
        )
        for count, s in _few(plan, lessons)
    ]
    if rows:
        lines.append(WORDS["trade"][place].format(rows="; ".join(rows)))
    if unplaced:
        lines.append(WORDS["unplaced"][place].format(names=", ".join(unplaced)))
    if plan.attended:
        seconds = clock(sum(w.seconds for w in plan.attended))
        lines.append(WORDS["present"][place].format(n=len(plan.attended), seconds=seconds))
    return [*lines, WORDS["repeats"][place], *_calendar(stages, place)]


def _open_s(stages: Sequence[PlannedStage]) -> float:
    """How long windows are open in all stages together."""
    return sum(stage.open_s for stage in stages)


def _calendar(stages: Sequence[PlannedStage], place: int) -> list[str]:
    """Day by day, for a plan that cannot be made in one go; nothing for others."""
    if len(stages) < 2:
        return []
    lines = [WORDS["calendar"][place].format(n=len(stages))]
    for stage in stages:
        lines.append(
            WORDS["stage"][place].format(
                number=stage.number,
                start=beijing(stage.start),
                end=beijing(stage.end),
                hours=stage.open_s / 3600,
                walks=len(stage.made.placed),
            )
        )
        lines += _waits(stage, place)
    later = any(w.awaits != "day" for stage in stages for w in stage.waits)
    return [*lines, WORDS["again"][place]] if later else lines


def _waits(stage: PlannedStage, place: int) -> list[str]:
    """What a stage waits for, a line for each kind."""
    lines = []
    for awaits in get_args(Awaited):
        waits = [w for w in stage.waits if w.awaits == awaits]
        if waits:
            walks = ", ".join(w.follows or w.walk for w in waits)
            moment = beijing(resumable_from(waits))
            lines.append(WORDS[awaits][place].format(moment=moment, walks=walks, looks=MOST_LOOKS))
    return lines


def _few(plan: Plan, lessons: int) -> list[tuple[int, Schedule]]:
    """Some numbers of accounts below the one that reaches the shortest time, with what each costs. Later stages need
    no accounts of their own."""
    every, most = plan.stages()[0].jobs, sum(w.spec.accounts for w in plan.stages()[0].walks)
    found = list(by_accounts(every, slots=plan.slots, lessons=lessons, most=most, day_s=plan.day_s).items())
    step = max(1, -(-len(found) // MOST_ROWS))
    return found[:-1][::step]


def feeds(walk: PlannedWalk, selection: Selection) -> list[str]:
    """The requirements that need a walk, each once."""
    return list(dict.fromkeys(j.requirement for _, j in selection.fed_by(walk.spec.name)))


def as_json(
    plan: Plan, selection: Selection, *, accounts: int, lessons: int, setting: Setting, begin: datetime
) -> dict[str, Any]:
    """For --json; all times in seconds, a walk's start from that of its stage on."""
    stages = calendar(plan, setting, begin, accounts=accounts, lessons=lessons)
    sooner = calendar(plan.sooner(), setting, begin, accounts=accounts, lessons=lessons)
    start = {one.job.name: (one.start, stage.number) for stage in stages for one in stage.made.placed}
    return {
        "critical_path_s": round(plan.critical_path_s, 1),
        "busiest_exclusive_s": round(plan.busiest_s, 1),
        "slot_s": round(plan.slot_s, 1),
        "bound_s": round(plan.bound_s, 1),
        "expected_s": round(_open_s(stages), 1),
        "sooner_s": round(_open_s(sooner), 1),
        "stages": [_stage(stage) for stage in stages],
        "slots": plan.slots,
        "present_s": round(sum(w.seconds for w in plan.attended), 1),
        "accounts": plan.accounts,
        "fewest_accounts": fewest_accounts(plan.stages()[0].jobs, slots=plan.slots, lessons=lessons, day_s=plan.day_s),
        "given": {"accounts": accounts, "lessons": lessons},
        "by_accounts": {
            str(count): {"expected_s": round(s.span_s, 1), "not_possible": [j.name for j in s.unplaced]}
            for count, s in _few(plan, lessons)
        },
        "walks": [
            {
                "walk": w.spec.name,
                "attempt": w.attempt,
                "stage": start[w.name][1] if w.name in start else None,
                "start_s": round(start[w.name][0], 1) if w.name in start else None,
                "seconds": round(w.seconds, 1),
                "screens": w.spec.screens,
                "slot_s": round(w.slot_s, 1),
                "accounts": w.spec.accounts,
                "lessons": w.spec.lessons,
                "exclusive": list(w.spec.exclusive),
                "after": list(w.spec.after),
                "purpose": w.spec.purpose,
                "feeds": feeds(w, selection),
            }
            for w in plan.walks
        ],
        "skipped": [{"walk": s.spec.name, "reason": s.reason.model_dump(), "missing": s.missing} for s in plan.skipped],
    }


def _stage(stage: PlannedStage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "start": stage.start.isoformat(timespec="seconds"),
        "end": stage.end.isoformat(timespec="seconds"),
        "windows_open_h": round(stage.open_s / 3600, 2),
        "walks": [one.job.name for one in stage.made.placed],
        "waits": [w.model_dump() for w in stage.waits],
        "goes_on_from": resumable_from(stage.waits).isoformat(timespec="seconds") if stage.waits else None,
    }


def clock(seconds: float) -> str:
    """`1:05:30` or `5:30`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _bar(start: float, end: float, span: float) -> str:
    """Where in the run a walk lies, as a row of characters."""
    if span <= 0:
        return ""
    first = min(BAR - 1, int(BAR * start / span))
    last = max(first + 1, round(BAR * end / span))
    return "·" * first + "█" * (last - first) + "·" * (BAR - last)
