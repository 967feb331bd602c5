"""F10-1: nobody else passes for the learner. F10-4: nothing that is not alive does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Media, SceneShown, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.model.words import COMMA, counted, series
from harness.rates import upper_bound
from harness.view import SegmentView, WalkView
from probes.attacked import earned, idled, pictures, severest, too_short
from probes.bracket import honest, resolution_s
from probes.f10_face_recognition import REACTION_S, unnoticed_s
from probes.f10_face_recognition.answers import NAMES, Tries, gave_in_after, genuine_passed, tries
from probes.f10_face_recognition.checks import (
    at_end,
    gained_since_asked,
    never_answered,
    never_asked,
    nothing_gained,
    ready,
    unshown_s,
    was_asked,
)
from probes.f10_face_recognition.judge_consent import judge_consent
from probes.f10_face_recognition.judge_failed import judge_no_credit, judge_values
from probes.f10_face_recognition.judge_moments import judge_moments
from probes.f10_face_recognition.judge_tools import judge_tools
from probes.portraits import readings

__all__ = [
    "judge_consent",
    "judge_identity",
    "judge_moments",
    "judge_no_credit",
    "judge_species",
    "judge_tools",
    "judge_values",
]

TURNED_AWAY = (LessonState.FACE_CHECK, LessonState.LOCKED, LessonState.KICKED)
BACK_S = 5.0
"""A position that falls by more from so near the end has left what was played: the next lesson began."""


def judge_identity(walk: WalkView, case: Case) -> Finding:
    """Another person, nobody or two people don't pass; a swapped person does not go unnoticed; no way leads round."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    if "swapped" in walk.segments:
        return _swapped(walk, case, walk.segments["swapped"])
    if "skipped" in walk.segments:
        segments = [walk.segments[name] for name in ("skipped", "relogged", "enrolled_anew") if name in walk.segments]
        if not was_asked(segments[0]):
            return never_asked(case, segments[0])
        return severest([_skipped(walk, case, segment) for segment in segments])
    segment = walk.segments.get("failed")
    if segment is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能让他人应答核验", "nobody else answered a check")
    return _impostors(walk, case, segment)


def _impostors(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    made = tries(walk, case)
    count, passed = sum(made.made.values()), sum(made.accepted.values())
    if not count:
        return never_answered(case, segment) if was_asked(segment) else never_asked(case, segment)
    if passed and not _went_on(segment, case):
        return _window_gone(case, segment, made)
    gained = gained_since_asked(segment, case)
    credit = "" if gained is None else f", {gained:.1f} s recorded"
    credit_zh = "" if gained is None else f"，其间计入 {gained:.1f} 秒"
    bound = upper_bound(passed, count)
    words = made.words()
    zh = f"非本人应答 {count} 次，放行 {passed} 次（{words.zh}）{credit_zh}；本人 {genuine_passed(walk)} 次通过"
    en = f"others were let on {passed} of {counted(count, 'time')} ({words.en}){credit}; "
    en += f"the learner passed {genuine_passed(walk)}"
    if failed := gave_in_after(walk):
        zh += f"；此前被拒绝的，在连续失败 {failed} 次之后被放行"
        en += f"; who had been refused was let on after {failed} failed tries in a row"
    if not passed:
        zh += f"；{count} 次零误认，误认率95%上限约 {bound:.0%}"
        en += f"; 0 of {count} bounds the rate at {bound:.0%} (95 %)"
    return Finding(
        outcome=Outcome.FAIL if passed else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"95 % <= {bound:.2f}" if not passed else "",
        refs=(*segment.refs, *made.refs),
        evidence=made.evidence,
        accepted=(*honest(walk, case), *((words,) if passed else ())),
        refused=(words,) if passed < count else (),
        unearned=bool(passed) and gained is not None and gained > 2 * resolution_s(segment, case),
    )


def _went_on(segment: SegmentView, case: Case) -> bool:
    """Did the lesson play, or earn, after an answer that was taken for accepted?"""
    gained = gained_since_asked(segment, case)
    earned_since = gained is not None and gained > 2 * resolution_s(segment, case) + unshown_s(segment, case)
    return earned_since or any(s.effect.get("moved") for s in segment.facts(Stimulus) if s.name == "after_failed")


def _window_gone(case: Case, segment: SegmentView, made: Tries) -> Finding:
    """A check's window also goes when the platform sends away whoever failed: nobody was seen to be let on."""
    words = made.words()
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"核验窗口消失（{words.zh}），但其后不能播放，也未计入，看不出是否放行；"
        "请核对配置中 pass_face_check 以何为通过",
        f"the check's window went ({words.en}), but nothing played or was recorded afterwards, so that nobody is known "
        "to have been let on; see what the profile's pass_face_check takes for passed",
        refs=(*segment.refs, *made.refs),
        evidence=made.evidence,
    )


def _swapped(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    """Somebody else may study at most until the next check or capture."""
    gained = segment.gained_s(case.hour_s)
    stimulus = next((s for s in segment.facts(Stimulus) if s.name == "swapped"), None)
    if gained is None or stimulus is None:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "换人前后读不到记录", "no record around the swap", refs=segment.refs
        )
    allowed = unnoticed_s(case.setting) + REACTION_S
    u = resolution_s(segment, case)
    stopped, took = bool(stimulus.effect.get("stopped")), segment.read_s
    numbers = Text(
        zh=f"核验通过后换人，{took:.0f} 秒内计入 {gained:.0f} 秒（至下一次核验至多 {allowed:.0f} 秒）",
        en=f"swapped after a passed check: {gained:.0f} s recorded in {took:.0f} s (at most {allowed:.0f} s)",
    )
    verdict = at_most(gained, allowed, u, allowed)
    untold = _untold(walk, case, segment, numbers, verdict[0], stopped=stopped, enough_s=allowed + u)
    if untold is not None:
        return untold
    failed = verdict[0] is Outcome.FAIL
    read = readings(walk).get("swapped")
    evidence = tuple(p.picture for p in (read.portraits or ())[-3:] if p.picture) if read is not None else ()
    said = Text(
        zh=f"{'换人后一直未被发现' if failed else '换人后被发现'}：{numbers.zh}",
        en=f"{'never noticed' if failed else 'noticed'}: {numbers.en}",
    )
    return earned(walk, case, segment, verdict, said, numbers, u, evidence=(*pictures(segment), *evidence))


def _untold(
    walk: WalkView,
    case: Case,
    segment: SegmentView,
    numbers: Text,
    outcome: Outcome,
    *,
    stopped: bool,
    enough_s: float,
) -> Finding | None:
    """Why a swap shows nothing, whatever was recorded; None when it does."""
    declared = case.declared_s("capture_interval_s")
    played = segment.watched().valid_s
    zh = en = ""
    settled = False
    passed_s = _after_passing_s(segment)
    if outcome is Outcome.FAIL and declared is not None and declared + REACTION_S > segment.read_s and not passed_s:
        zh = f"申报每 {declared:.0f} 秒抓拍一次，换人后尚未到下一次"
        en = f"a portrait every {declared:.0f} s is declared, and the next was not due yet"
        settled = True
    elif outcome is Outcome.PASS and not _turned_away(segment) and _over(segment):
        zh, en = "课时已播放完，看不出换人是否会被发现", "the lesson was over, so that nobody is known to have noticed"
        settled = True
    elif outcome is Outcome.PASS and not stopped and played < enough_s:
        return too_short(segment, case, numbers)
    elif outcome is Outcome.PASS and idled(walk, case, segment):
        zh = "其间因无操作锁屏，看不出换人是否会被发现"
        en = "it was locked for want of any operation, so that nobody is known to have noticed"
    elif outcome is Outcome.PASS and played <= 0:
        zh, en = "换人前后课程均未播放，换人未能进行", "the lesson never played, so that nobody was swapped"
    elif outcome is Outcome.PASS and passed_s > case.lag_s:
        zh, en = "换人后有核验被通过并继续播放", "a check was passed in the learner's place, and the lesson played on"
    if not en:
        return None
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"{zh}：{numbers.zh}",
        f"{en}: {numbers.en}",
        refs=segment.refs,
        settled=settled,
    )


def _turned_away(segment: SegmentView) -> bool:
    """Did the page show at the end of a segment that whoever sits there may not go on?"""
    return bool(segment.states) and segment.states[-1][1] in TURNED_AWAY


def _over(segment: SegmentView) -> bool:
    """Did the lesson come to its end, or give way to the next one, of which its record says nothing?"""
    seen = [m.sample for m in segment.facts(Media)]
    left = any(b.position_s < a.position_s - BACK_S and at_end(a) for a, b in pairwise(seen))
    return left or (bool(seen) and at_end(seen[-1]))


def _after_passing_s(segment: SegmentView) -> float:
    """Seconds that played after somebody else passed a check in the learner's place."""
    swapped = next((o.t for o in segment.observations if isinstance(o.data, SceneShown)), segment.end)
    passed = (
        o
        for o in segment.observations
        if o.t >= swapped and isinstance(o.data, ActionDone) and o.data.name == "pass_face_check" and o.data.ok
    )
    first = next(passed, None)
    if first is None:
        return 0.0
    rest = tuple(o for o in segment.observations if o.seq >= first.seq)
    return replace(segment, observations=rest, start=first.t).watched().valid_s


def _skipped(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    if segment.name == "enrolled_anew":
        zh, en = "他人改拍登记照后学习", "studying after somebody else replaced the photograph on file"
    else:
        tried = [s.name for s in segment.facts(Stimulus) if s.name in WAYS]
        ways = series((Text(zh=WAYS[name][0], en=WAYS[name][1]) for name in tried), COMMA)
        zh, en = f"不应答核验而播放（{ways.zh}）", f"playing without the check ({ways.en})"
    found = nothing_gained(walk, case, segment, zh, en)
    if found.outcome is Outcome.PASS and _replaced(segment) and not was_asked(segment):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "他人改拍登记照被接受，其后未要求核验，未能试其能否学习",
            "somebody else's photograph was taken in place of the one on file, and no face was asked for afterwards",
            refs=segment.refs,
        )
    return found


def _replaced(segment: SegmentView) -> bool:
    return any(s.effect.get("accepted") for s in segment.facts(Stimulus) if s.name == "enrol_again")


WAYS = {
    "escaped": ("关闭核验窗口", "closing it"),
    "reloaded": ("刷新页面", "reloading the page"),
    "deep_link": ("直接访问播放地址", "the player's own address"),
    "other_lesson": ("改学其他课程", "another lesson"),
    "new_log_in": ("重新登录", "a new log-in"),
}
"""Ways round a check, by the names of their stimuli."""


def judge_species(walk: WalkView, case: Case) -> Finding:
    """What is not alive does not pass; by species, n of N with a 95 % bound, never pooled."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    made = tries(walk, case)
    if not made.made:
        return never_asked(case, next(iter(walk.segments.values())))
    zh, en = [], []
    for scene, count in made.made.items():
        bound = upper_bound(made.accepted[scene], count)
        names = NAMES.get(scene, (scene, scene))
        more = f"（95%上限 {bound:.0%}）" if not made.accepted[scene] else ""
        zh.append(f"{names[0]} {made.accepted[scene]}/{count} 通过{more}")
        more = f" (95 % bound {bound:.0%})" if not made.accepted[scene] else ""
        en.append(f"{names[1]} {made.accepted[scene]} of {count} passed{more}")
    passed = sum(made.accepted.values())
    if passed and passed == sum(made.shut.values()):
        return _window_gone(case, next(iter(walk.segments.values())), made)
    return Finding(
        outcome=Outcome.FAIL if passed else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh="；".join(zh), en="; ".join(en)),
        refs=made.refs,
        evidence=made.evidence,
        accepted=(*honest(walk, case), *((made.words(),) if passed else ())),
        refused=(made.words(),),
    )
