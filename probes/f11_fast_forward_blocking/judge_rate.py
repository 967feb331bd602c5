"""F11-2: neither credit nor completion outruns the clock, at any speed."""

from __future__ import annotations

from harness.judge import Case, inconclusive, inconclusive_about, listed
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView
from probes.bracket import attacks, had_s, honest, outran, rounding_s, spare_s, time_s
from probes.f11_fast_forward_blocking import CLOCK_FACTOR, SCRIPT_RATE
from probes.f11_fast_forward_blocking.told import NEARLY_ALL, acted, for_a_person, refs_of_attacks

TO_THE_END = "to_the_end"
"""Name of the segment in which a whole lesson is played."""
BY_SCRIPT = "_by_script"
"""How the names of stretches end in which a rate was forced."""
LIES = {"clock_too_fast": CLOCK_FACTOR, "player_too_fast": SCRIPT_RATE}
"""Stretches in which the page was lied to, and how much faster than the picture it believed to run."""


def judge_rate(walk: WalkView, case: Case) -> Finding:
    """At any speed, credit stays within the wall clock and completion within what really went by."""
    tried = attacks(walk, case)
    if isinstance(tried, Finding):
        return tried
    ratio, had, spare = case.limit("credit_ratio", of="F11-2"), had_s(walk, case), spare_s(walk, case)
    outrun: list[Text] = []
    within: list[Text] = []
    doubtful: list[Text] = []
    cut: list[Text] = []
    begun: list[Text] = []
    refs = refs_of_attacks(walk)
    u = 0.0
    for attack in tried:
        segment, gained, u = attack.segment, attack.gained_s, attack.u_s + rounding_s(attack.segment)
        watched = segment.watched()
        done = bool(segment.completed_here())
        length = case.lessons.get(walk.lesson)
        before = sum(s.watched().wall_s for s in walk.segments.values() if s.end <= segment.start)
        took = before + _until_completed_s(walk, segment)
        short = done and length is not None and took < NEARLY_ALL * length
        sped = short and length is not None and had + took < NEARLY_ALL * length
        limit = ratio * time_s(segment)
        believed = watched.media_s * LIES.get(segment.name, 1.0)
        line = Text(
            zh=f"{segment.name}: {watched.wall_s:.1f} 秒内播放媒体 {watched.media_s:.1f} 秒，记入 {gained:.1f} 秒"
            + (f"，{length:.0f} 秒的课时在 {took:.1f} 秒后显示学完" if short else "")
            + (f"（此前已有 {had:.1f} 秒）" if short and had > 0 else ""),
            en=f"{segment.name}: {watched.media_s:.1f} s of media in {watched.wall_s:.1f} s, {gained:.1f} s recorded"
            + (f", lesson of {length:.0f} s completed after {took:.1f} s" if short else "")
            + (f" ({had:.1f} s were recorded before)" if short and had > 0 else ""),
        )
        if gained > limit + spare + u or sped:
            outrun.append(line)
        elif short:
            begun.append(line)
        elif believed > 1.2 * watched.wall_s and u > max(believed - limit, 0.0) / 3:
            doubtful.append(line)
        elif segment.name == TO_THE_END and not done and (length or 0.0) * NEARLY_ALL > watched.furthest_s:
            cut.append(line)
        else:
            within.append(line)
    whole = outran(walk, case, ratio)
    if whole is not None:
        outrun.append(whole.told)
    if cut and not outrun:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "没有播放到结束，不能断定是否提前完成",
            "not played to its end, so whether it is completed too early was not seen",
            cut,
            refs=refs,
        )
    if begun and not outrun:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "本课此前已学过一部分，不能断定是否提前完成，须换未学过的账号",
            "a part of the lesson was studied before, so another account must show when it is completed",
            begun,
            refs=refs,
        )
    missing = [name for name in LIES if name not in walk.segments]
    if missing and not outrun and any(name.endswith(BY_SCRIPT) for name in walk.segments):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"未试：{'、'.join(missing)}（课时已播完）",
            f"not tried, as the lesson was over: {', '.join(missing)}",
            refs=refs,
        )
    if not (outrun or within or doubtful):
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可判定的倍速尝试", "no attempt at speed was made")
    if doubtful and not outrun:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "记录的分辨率不足以判定",
            "the record is too coarse to tell",
            doubtful,
            uncertainty=f"±{u:.1f} s",
            refs=refs,
        )
    menu = [o for o in walk.observations if acted(o, "set_rate_by_menu")]
    normal = any(isinstance(o.data, ActionDone) and o.data.args.get("rate") == "1" for o in menu)
    if normal and not outrun and not any(acted(o, ok=True) for o in menu):
        return for_a_person(
            case,
            menu,
            "倍速菜单未能操作（常速也未选到），请人工确认播放器确不提供倍速",
            "the menu of rates could not be operated, not even for the normal one: see whether the player offers any",
        )
    zh = "倍速播放使计时或完成快于实际时间" if outrun else "倍速播放未使计时快于实际时间"
    return Finding(
        outcome=Outcome.FAIL if outrun else Outcome.PASS,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（计入时长/实际时间 ≤ {ratio:g}）",
            en=f"{case.requirement.statement.en} (credited / wall clock <= {ratio:g})",
        ),
        observed=listed(zh, outrun or within),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(*honest(walk, case), *(line.en for line in outrun)),
        refused=tuple(line.en for line in within),
        unearned=bool(outrun),
    )


def _until_completed_s(walk: WalkView, segment: SegmentView) -> float:
    """Seconds from a segment's start to the first reading that says completed; its whole length when none did so
    before its end."""
    during = [r.t for r in walk.readings(f"during:{segment.name}") if r.credit is not None and r.credit.completed]
    return min([*during, segment.end]) - segment.start
