"""F11-1: no ordinary way past what was watched earns credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.judge import Case, inconclusive, inconclusive_about, listed
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Media, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import JUMP_NOISE_S, SegmentView, WalkView
from probes.bracket import (
    Attacked,
    attacks,
    controls,
    had_s,
    honest,
    honest_pace,
    outran,
    overpays,
    rounding_s,
    spare_s,
    time_s,
)
from probes.f11_fast_forward_blocking.judge_rate import judge_rate
from probes.f11_fast_forward_blocking.told import NEARLY_ALL, acted, for_a_person, refs_of_attacks

__all__ = ["judge_rate", "judge_seek"]

GONE_S = 3.0
"""A player that was not seen for so long before a stretch ended was gone from the page."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One way of seeking forward and what came of it."""

    came_of_it: Literal["credited", "uncredited", "set_back", "untold", "untried"]
    said: Text
    u_s: float


def judge_seek(walk: WalkView, case: Case) -> Finding:
    """After each way of seeking forward: is the learner set back, and if not, is what follows credited?"""
    tried = attacks(walk, case, over=True)
    if isinstance(tried, Finding):
        return tried
    tolerance = case.limit("seek_tolerance", of="F11-1")
    sought = [_sought(walk, attack, case, tolerance) for attack in tried]
    sought += _paid_later(walk, case, tolerance)
    skipped, uncredited, refused, untold, untried = (
        [one.said for one in sought if one.came_of_it == kind]
        for kind in ("credited", "uncredited", "set_back", "untold", "untried")
    )
    refs = refs_of_attacks(walk)
    if not tried:
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可判定的快进尝试", "no attempt to seek was made")
    u = sought[-1].u_s
    if untold and not skipped:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "快进是否记入无法断定",
            "whether what was skipped is credited can't be told",
            untold,
            uncertainty=f"±{u:.1f} s",
            refs=refs,
        )
    if untried and not skipped:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "未能跳到尚未学习的内容，须换未学过本课的账号",
            "nothing unwatched was sought, which takes an account that has not studied the lesson",
            untried,
            refs=refs,
        )
    if not skipped and not uncredited:
        for attack in tried:
            unused = [o for o in attack.segment.observations if acted(o, "seek_by_bar", "seek_by_button")]
            if unused and not any(acted(o, ok=True) for o in unused):
                return for_a_person(
                    case,
                    unused,
                    "进度条或快进按钮未能操作，请人工确认学员确实无法使用",
                    "the bar or the forward button could not be operated: see whether a learner really can't",
                )
    outcome = Outcome.FAIL if skipped else Outcome.WARN if uncredited else Outcome.PASS
    zh = {
        Outcome.FAIL: "可以快进到未观看的内容，且被计入",
        Outcome.WARN: "可以快进到未观看的内容，但未被计入",
        Outcome.PASS: "快进均被阻止，位置退回到已观看处",
    }[outcome]
    return Finding(
        outcome=outcome,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（允许误差 {tolerance:g} 秒）",
            en=f"{case.requirement.statement.en} (tolerance {tolerance:g} s)",
        ),
        observed=listed(zh, skipped or uncredited or refused),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(*honest(walk, case), *(line.en for line in skipped)),
        refused=tuple(line.en for line in (*refused, *uncredited)),
    )


def _sought(walk: WalkView, attack: Attacked, case: Case, tolerance: float) -> Sought:
    segment, gained = attack.segment, attack.gained_s
    u = attack.u_s + rounding_s(segment)
    watched = segment.watched(tolerance_s=tolerance)
    beyond = watched.beyond_s
    done = bool(segment.completed_here())
    jump = _jump(segment)
    said = Text(
        zh=f"{segment.name}{jump.zh}: 越过已学位置后播放 {beyond:.1f} 秒，"
        f"记入 {gained:.1f} 秒{'，课时显示学完' if done else ''}",
        en=f"{segment.name} {jump.en}: {beyond:.1f} s played beyond the furthest point watched, "
        f"{gained:.1f} s recorded{', lesson completed' if done else ''}",
    )
    within = max(0.0, watched.valid_s - beyond)  # what was played before it, and after being set back
    spare = spare_s(walk, case)
    known = _studied_before(walk, segment, case, tolerance)
    had, seen = had_s(walk, case), _watched_s(walk, segment, tolerance)
    nearly = NEARLY_ALL * case.lessons.get(walk.lesson, float("inf"))
    # A page without its guards is set back by its server, with the next report.
    forgiven = tolerance + (case.setting.report_s if segment.means == "tool" else 0.0)
    more_than_time = gained > u + time_s(segment) * honest_pace(walk, case) + tolerance
    if (
        (done and had + seen < nearly)
        or (beyond > tolerance and not known and gained > u + within + spare)
        or (more_than_time and not overpays(walk, case))
    ):
        return Sought("credited", said, u)
    if more_than_time:
        return Sought("untold", said, u)
    if known or _sought_back(segment, tolerance) or (done and seen < nearly):
        return Sought("untried", said, u)
    if not _stands_beyond(walk, segment, watched.frontier_s + tolerance + JUMP_NOISE_S):
        return Sought("set_back" if beyond <= forgiven else "uncredited", said, u)
    # Had it been credited, the record would show so much more than it does.
    return Sought("uncredited" if gained < within + beyond - u else "untold", said, u)


def _studied_before(walk: WalkView, segment: SegmentView, case: Case, tolerance: float) -> bool:
    """May an earlier run have watched all that the player showed up to the end of a segment?"""
    had = had_s(walk, case)
    return had > 0 and segment.watched(tolerance_s=tolerance).furthest_s <= had + tolerance


def _sought_back(segment: SegmentView, tolerance: float) -> bool:
    """Does its stimulus name a place, and may one have been there already?"""
    told = [(o.t, o.data.params) for o in segment.observations if isinstance(o.data, Stimulus)]
    named = [(t, p) for t, p in told if {"fraction", "to_s"} & set(p)]
    if not named:
        return False
    to, fraction = named[-1][1].get("to_s"), named[-1][1].get("fraction")
    looks = [(o.t, o.data.sample) for o in segment.observations if isinstance(o.data, Media)]
    length = max((sample.duration_s or 0.0 for _, sample in looks), default=0.0)
    if isinstance(fraction, int | float) and length > 0:
        to = fraction * length
    before = [(t, sample.position_s) for t, sample in looks if t <= named[0][0]]
    played = max((position + named[0][0] - t for t, position in before[-1:]), default=0.0)
    reached = max(segment.reached_s(tolerance_s=tolerance), played)
    return isinstance(to, int | float) and to <= reached + tolerance


def _paid_later(walk: WalkView, case: Case, tolerance: float) -> list[Sought]:
    """What was credited only after a seek: honest study that goes on beyond what was watched, or more than time."""
    found = []
    for c in (c for c in controls(walk, case) if c.segment.since):
        if _studied_before(walk, c.segment, case, tolerance):
            continue
        u = c.u_s + rounding_s(c.segment)
        beyond = c.segment.watched(tolerance_s=tolerance).beyond_s
        if c.gained_s is not None and beyond > tolerance and c.gained_s > u + max(0.0, c.valid_s - beyond):
            said = Text(
                zh=f"{c.segment.name}: 其后从越过已学位置处继续学习 {beyond:.1f} 秒，记入 {c.gained_s:.1f} 秒",
                en=f"{c.segment.name}: {beyond:.1f} s studied afterwards beyond the furthest point watched, "
                f"{c.gained_s:.1f} s recorded",
            )
            found.append(Sought("credited", said, u))
    whole = outran(walk, case, honest_pace(walk, case))
    if whole is None:
        return found
    return [*found, Sought("untold" if overpays(walk, case) else "credited", whole.told, whole.u_s)]


def _watched_s(walk: WalkView, segment: SegmentView, tolerance: float) -> float:
    """Seconds of a lesson that were watched where one may, from the beginning of a walk to the end of a segment."""
    seen = 0.0
    for each in (s for s in walk.segments.values() if s.end <= segment.end):
        watched = each.watched(tolerance_s=tolerance)
        seen += watched.valid_s - (watched.beyond_s if each.kind == "attack" else 0.0)
    return seen


def _stands_beyond(walk: WalkView, segment: SegmentView, allowed_s: float) -> bool:
    """Is the player still where it was moved to, further than `allowed_s`, when the segment ends and when it is next
    looked at? A lesson that was closed meanwhile isn't, nor one that a notice holds until it is set back."""
    seen = [(o.t, o.data) for o in segment.observations if isinstance(o.data, Media)]
    if not seen or seen[-1][0] < segment.end - GONE_S or seen[-1][1].sample.position_s <= allowed_s:
        return False
    later = (o.data for o in walk.observations if o.seq > segment.observations[-1].seq)
    following = next(
        (x for x in later if isinstance(x, Media) or (isinstance(x, ActionDone) and x.name == "open_lesson")), None
    )
    return not isinstance(following, Media) or following.sample.position_s > allowed_s


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
