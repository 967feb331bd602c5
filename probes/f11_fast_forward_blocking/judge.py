"""F11-1: no ordinary way past what was watched earns credit. F11-2: neither credit nor completion outruns the clock."""

from __future__ import annotations

from harness.judge import Case, inconclusive, listed
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import series
from harness.view import SegmentView, WalkView
from probes.bracket import attacks, honest, rounding_s

TO_THE_END = "to_the_end"
"""Name of the segment in which a whole lesson is played."""
NEARLY_ALL = 0.9
"""A completed lesson of which less than this share was ever played was completed by skipping."""


def judge_seek(walk: WalkView, case: Case) -> Finding:
    """After each way of seeking forward: is the learner set back, and if not, is what follows credited?"""
    tried = attacks(walk, case, over=True)
    if isinstance(tried, Finding):
        return tried
    tolerance = case.limit("seek_tolerance", of="F11-1")
    skipped: list[Text] = []
    uncredited: list[Text] = []
    refused: list[Text] = []
    refs: list[int] = []
    u = 0.0
    for attack in tried:
        segment, gained, u = attack.segment, attack.gained_s, attack.u_s
        watched = segment.watched(tolerance_s=tolerance)
        refs += segment.refs
        done = bool(segment.completed_here())
        jump = _jump(segment)
        line = Text(
            zh=f"{segment.name}{jump.zh}: 越过已学位置后播放 {watched.beyond_s:.1f} 秒，"
            f"记入 {gained:.1f} 秒{'，课时显示学完' if done else ''}",
            en=f"{segment.name} {jump.en}: {watched.beyond_s:.1f} s played beyond the furthest point watched, "
            f"{gained:.1f} s recorded{', lesson completed' if done else ''}",
        )
        within = max(0.0, watched.valid_s - watched.beyond_s)  # what was played before it, and after being set back
        if done or (watched.beyond_s > tolerance and gained > u + within):
            skipped.append(line)
        elif watched.beyond_s > tolerance + (case.setting.report_s if segment.means == "tool" else 0.0):
            # A page without its guards is set back by its server, with the next report.
            uncredited.append(line)
        else:
            refused.append(line)
    outcome = Outcome.FAIL if skipped else Outcome.WARN if uncredited else Outcome.PASS
    shown = skipped or uncredited or refused
    if outcome is Outcome.PASS and not refused:
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可判定的快进尝试", "no attempt to seek was made")
    zh = {
        Outcome.FAIL: "可以快进到未观看的内容，且之后的播放被计入",
        Outcome.WARN: "可以快进到未观看的内容，但未被计入",
        Outcome.PASS: "快进均被阻止，位置退回到已观看处",
    }[outcome]
    return Finding(
        outcome=outcome,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（允许误差 {tolerance:g} 秒）",
            en=f"{case.requirement.statement.en} (tolerance {tolerance:g} s)",
        ),
        observed=listed(zh, shown),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=(*honest(walk, case), *(line.en for line in skipped)),
        refused=tuple(line.en for line in (*refused, *uncredited)),
    )


def _jump(segment: SegmentView) -> Text:
    """Where the seek went from and to, and where the player was a little later."""
    tried = segment.facts(Stimulus)
    if not tried:
        return Text(zh="（位置未知）", en="(place unknown)")
    effect = tried[-1].effect
    start, at_once, later = tried[-1].params.get("from_s"), effect.get("at_once_s"), effect.get("later_s")
    return Text(
        zh=f"（从 {start} 秒跳到 {at_once} 秒，随后在 {later} 秒）", en=f"({start} s -> {at_once} s -> {later} s)"
    )


def judge_rate(walk: WalkView, case: Case) -> Finding:
    """At any speed, credit stays within the wall clock and completion within what really went by."""
    tried = attacks(walk, case)
    if isinstance(tried, Finding):
        return tried
    ratio = case.limit("credit_ratio", of="F11-2")
    outrun: list[Text] = []
    within: list[Text] = []
    doubtful: list[Text] = []
    cut: list[Text] = []
    refs: list[int] = []
    u = 0.0
    for attack in tried:
        segment, gained, u = attack.segment, attack.gained_s, attack.u_s + rounding_s(attack.segment)
        watched = segment.watched()
        refs += segment.refs
        done = bool(segment.completed_here())
        length = case.lessons.get(walk.lesson)
        before = sum(s.watched().wall_s for s in walk.segments.values() if s.end <= segment.start)
        took = before + _until_completed_s(walk, segment)
        sped = done and length is not None and took < NEARLY_ALL * length
        limit = ratio * watched.wall_s
        line = Text(
            zh=f"{segment.name}: {watched.wall_s:.1f} 秒内播放媒体 {watched.media_s:.1f} 秒，记入 {gained:.1f} 秒"
            + (f"，{length:.0f} 秒的课时在 {took:.1f} 秒后显示学完" if sped else ""),
            en=f"{segment.name}: {watched.media_s:.1f} s of media in {watched.wall_s:.1f} s, {gained:.1f} s recorded"
            + (f", lesson of {length:.0f} s completed after {took:.1f} s" if sped else ""),
        )
        if gained > limit + u or sped:
            outrun.append(line)
        elif watched.media_s > 1.2 * watched.wall_s and u > max(watched.media_s - limit, 0.0) / 3:
            doubtful.append(line)
        elif segment.name == TO_THE_END and not done and (length or 0.0) * NEARLY_ALL > watched.furthest_s:
            cut.append(line)
        else:
            within.append(line)
    if cut and not outrun:
        text = series(cut)
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"没有播放到结束，不能断定是否提前完成：{text.zh}",
            f"not played to its end, so whether it is completed too early was not seen: {text.en}",
            refs=tuple(refs),
        )
    if not (outrun or within or doubtful):
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可判定的倍速尝试", "no attempt at speed was made")
    if doubtful and not outrun:
        text = series(doubtful)
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"记录的分辨率不足以判定：{text.zh}",
            f"the record is too coarse to tell: {text.en}",
            uncertainty=f"±{u:.1f} s",
            refs=tuple(refs),
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
        refs=tuple(refs),
        accepted=(*honest(walk, case), *(line.en for line in outrun)),
        refused=tuple(line.en for line in within),
        unearned=bool(outrun),
    )


def _until_completed_s(walk: WalkView, segment: SegmentView) -> float:
    """Seconds from a segment's start to the first reading that says completed; its whole length when none did so
    before its end."""
    during = [r.t for r in walk.readings(f"during:{segment.name}") if r.credit is not None and r.credit.completed]
    return min([*during, segment.end]) - segment.start
