"""F09-3: without a picture nothing is credited."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import CreditRead, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView, credit_s
from probes.attacked import earned, pictures, severest, too_short
from probes.bracket import resolution_s, unmet, unread_record
from probes.f09_portrait_capture import allowed_s
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
    gained, u = _without_picture_s(segment, case)
    tried = [s for s in segment.facts(Stimulus) if "stopped" in s.effect]
    if gained is None or not tried:
        return unread_record(segment, case)
    allowed = allowed_s(case.setting, case.limit("stop_within", of="F09-3"))
    stopped = bool(tried[-1].effect.get("stopped"))
    asked_only = segment.name in INTERRUPTED and all(_asked_first(s, allowed) for s in tried)
    lasted = segment.end - segment.start
    zh_name, en_name = TAKEN_AWAY.get(segment.name, TAKEN_AWAY["covered"])
    took = segment.read_s
    numbers = Text(
        zh=f"摄像头{zh_name}后经过 {took:.0f} 秒，计入 {gained:.0f} 秒（至多可计 {allowed:.0f} 秒）",
        en=f"camera {en_name} for {took:.0f} s, {gained:.0f} s recorded (at most {allowed:.0f} s may be)",
    )
    if gained <= allowed and (asked_only or (not stopped and lasted < allowed + u)):
        return too_short(segment, case, numbers)
    verdict = at_most(gained, allowed, u, allowed)
    failed = verdict[0] is Outcome.FAIL
    said = Text(
        zh=f"{'没有画面仍继续计时' if failed else '没有画面即停止计时'}：{numbers.zh}",
        en=f"{'credited without a picture' if failed else 'credit stopped'}: {numbers.en}",
    )
    scripted = segment.means == "tool"  # with the lens covered by hand, somebody really sat there
    return earned(walk, case, segment, verdict, said, numbers, u, evidence=pictures(segment), unearned=scripted)


def _asked_first(tried: Stimulus, allowed: float) -> bool:
    """Did a face check end it before the missing picture could? Such a check may have been due anyway, and the lens is
    uncovered for it: whether credit would have gone on without a picture was not seen."""
    after = float(tried.effect.get("after_s") or 0.0)
    return tried.effect.get("state") == LessonState.FACE_CHECK.value and after < allowed


def _without_picture_s(segment: SegmentView, case: Case) -> tuple[float | None, float]:
    """The most that was credited in one go without a picture, and its uncertainty, seconds.

    A learner who shows the face for a check in between begins anew; each stretch is read by itself.
    """
    u = resolution_s(segment, case)
    at = {o.data.at: o.data.credit for o in segment.observations if isinstance(o.data, CreditRead)}
    gains = []
    for name, credit in at.items():
        if name.startswith("stretch:") and name.endswith(":to"):
            first = credit_s(at.get(name.removesuffix("to") + "from"), case.hour_s)
            last = credit_s(credit, case.hour_s)
            if first is None or last is None:
                return None, u
            gains.append(last - first)
    return (max(gains) if gains else segment.gained_s(case.hour_s)), u
