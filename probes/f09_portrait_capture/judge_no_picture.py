"""F09-3: without a picture nothing is credited."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import CreditRead, Media, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView, credit_s, measure
from probes.attacked import earned, idled, pictures, severest, too_short
from probes.bracket import controls, paid_later_s, resolution_s, unmet, unread_record
from probes.f09_portrait_capture import allowed_s, interval_s
from probes.portraits import ill_staged

TAKEN_AWAY = {
    "covered": ("遮住", "covered"),
    "pulled_out": ("中途拔除", "pulled out in the middle"),
    "denied": ("拒绝权限", "denied"),
    "unplugged": ("自始未接", "absent from the start"),
}
"""How the picture is taken away: names of segments, in words."""
INTERRUPTED = ("covered", "uploads")
"""Segments in which the learner answers a face check, and disappears again."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time without a picture, between two readings of the record: moments, and what was credited in it, seconds."""

    start: float
    end: float
    gained_s: float | None


def judge_no_picture(walk: WalkView, case: Case) -> Finding:
    """With the camera covered, denied or unplugged, credit stops soon after a capture was due."""
    tried = [s for s in walk.of_kind("attack") if s.name in TAKEN_AWAY]
    if not tried:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能遮挡摄像头", "the camera was not covered")
    open_end = unmet(walk, case) or ill_staged(walk, case)
    if open_end is not None:
        return open_end
    return severest([without_picture(walk, case, segment) for segment in tried])


def without_picture(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    """Without a picture no more is credited than until a capture was due, and the time to stop."""
    u = resolution_s(segment, case)
    stretches = _stretches(segment, case)
    gains = [s.gained_s for s in stretches if s.gained_s is not None]
    gained = max(gains) if len(gains) == len(stretches) else None
    tried = [s for s in segment.facts(Stimulus) if "stopped" in s.effect]
    if gained is None or not tried:
        return unread_record(segment, case)
    allowed = allowed_s(case.setting, case.limit("stop_within", of="F09-3"))
    stopped = bool(tried[-1].effect.get("stopped"))
    asked_only = segment.name in INTERRUPTED and _asked_first(segment, case, tried, stretches, allowed, u)
    lasted = segment.end - segment.start - segment.watched().lost_s  # what stood for want of data was not stopped
    late = _late_s(walk, segment, case, u)
    gained += late
    zh_name, en_name = TAKEN_AWAY.get(segment.name, TAKEN_AWAY["covered"])
    took = segment.read_s
    numbers = Text(
        zh=f"摄像头{zh_name}后经过 {took:.0f} 秒，计入 {gained:.0f} 秒（至多可计 {allowed:.0f} 秒）",
        en=f"camera {en_name} for {took:.0f} s, {gained:.0f} s recorded (at most {allowed:.0f} s may be)",
    )
    if late:
        numbers = Text(
            zh=f"{numbers.zh}，其中 {late:.0f} 秒在恢复画面后才计入",
            en=f"{numbers.en}, {late:.0f} s of it once there was a picture again",
        )
    if gained <= allowed and (asked_only or (not stopped and lasted < allowed + u)):
        return too_short(segment, case, numbers)
    if gained <= allowed and _over(segment, tried[-1], allowed + u):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"课时已播放完，看不出没有画面是否停止计时：{numbers.zh}",
            f"the lesson was over before a missing picture could stop it: {numbers.en}",
            refs=segment.refs,
        )
    if gained <= allowed and idled(walk, case, segment):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"其间因无操作锁屏，看不出没有画面是否停止计时：{numbers.zh}",
            f"it was locked for want of any operation before a missing picture could stop it: {numbers.en}",
            refs=segment.refs,
        )
    declared = case.declared_s("capture_interval_s") or 0.0
    longer = declared - interval_s(case.setting)
    if longer > 0 and allowed < gained <= allowed + longer + u:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"按申报的抓拍间隔 {declared:.0f} 秒尚未到应抓拍时刻（间隔超出上限，见 F09-2）：{numbers.zh}",
            f"captures are declared {declared:.0f} s apart: none was due yet (too far apart, see F09-2): {numbers.en}",
            refs=segment.refs,
            settled=True,
        )
    verdict = at_most(gained, allowed, u, allowed)
    failed = verdict[0] is Outcome.FAIL
    said = Text(
        zh=f"{'没有画面仍继续计时' if failed else '没有画面即停止计时'}：{numbers.zh}",
        en=f"{'credited without a picture' if failed else 'credit stopped'}: {numbers.en}",
    )
    scripted = segment.means == "tool"  # with the lens covered by hand, somebody really sat there
    return earned(walk, case, segment, verdict, said, numbers, u, evidence=pictures(segment), unearned=scripted)


def _asked_first(
    segment: SegmentView,
    case: Case,
    tried: Sequence[Stimulus],
    stretches: Sequence[Stretch],
    allowed: float,
    u: float,
) -> bool:
    """Did a face check end every stretch before the missing picture could? Such a check may have been due anyway, and
    the lens is uncovered for it: whether credit would have gone on without a picture was not seen.

    One comes too early also where it comes late, but all was paid until then: on a slow machine a film plays less than
    it lasts, so that little was credited and yet nothing stopped.
    """
    for stimulus, stretch in itertools.zip_longest(tried, stretches[: len(tried)]):
        after = float(stimulus.effect.get("after_s") or 0.0)
        if stimulus.effect.get("state") != LessonState.FACE_CHECK.value:
            return False
        noise = u + case.setting.lag_s + case.setting.state_every_s
        if after >= allowed and (stretch is None or _unpaid_s(segment, stretch, after) > noise):
            return False
    return True


def _unpaid_s(segment: SegmentView, stretch: Stretch, after_s: float) -> float:
    """How long of `after_s` nothing was credited though the film could be watched, seconds."""
    samples = [
        (o.t, o.data) for o in segment.observations if isinstance(o.data, Media) and stretch.start <= o.t <= stretch.end
    ]
    lost = measure(samples, samples[0][0], samples[-1][0], 0.0, 0.0).lost_s if samples else 0.0
    return after_s - lost - (stretch.gained_s or 0.0)


def _late_s(walk: WalkView, segment: SegmentView, case: Case, u: float) -> float:
    """Seconds that were credited once the learner was seen again, beyond all that can have been studied since: the time
    without a picture may be paid for with the next one. Nothing where it is no more than a record may be off, or what
    honest study was still owed before.
    """
    studied = controls(walk, case)
    after = next((c for c in studied if c.segment.start >= segment.end), None)
    if after is None or walk.of_kind("attack")[-1] is not segment or not segment.after or not after.segment.before:
        return 0.0
    last, first = segment.after[-1], after.segment.before[-1]
    had, has = credit_s(last.credit, case.hour_s), credit_s(first.credit, case.hour_s)
    between = 0.0 if had is None or has is None else max(0.0, has - had - (first.t - last.t))
    owed = max(0.0, studied[0].valid_s - (studied[0].gained_s or 0.0))
    late = between + paid_later_s(walk, segment, case) - owed
    return late if late > 2 * u else 0.0


def _over(segment: SegmentView, tried: Stimulus, until_s: float) -> bool:
    """Was it the lesson's own end that stopped it, and sooner than a missing picture must?"""
    seen = segment.facts(Media)
    ended = tried.effect.get("state") == LessonState.FINISHED.value or (bool(seen) and seen[-1].sample.ended)
    return ended and float(tried.effect.get("after_s") or 0.0) < until_s


def _stretches(segment: SegmentView, case: Case) -> list[Stretch]:
    """The times without a picture: a learner who shows the face for a check in between begins anew, and each stretch is
    read by itself. Else the segment is one.
    """
    read = {o.data.at: (o.t, o.data.credit) for o in segment.observations if isinstance(o.data, CreditRead)}
    found = []
    for name, (end, credit) in read.items():
        if name.startswith("stretch:") and name.endswith(":to"):
            start, before = read.get(name.removesuffix("to") + "from", (segment.start, None))
            first, last = credit_s(before, case.hour_s), credit_s(credit, case.hour_s)
            found.append(Stretch(start, end, None if first is None or last is None else last - first))
    return found or [Stretch(segment.start, segment.end, segment.gained_s(case.hour_s))]
