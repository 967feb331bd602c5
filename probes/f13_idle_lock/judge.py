"""F13-1: there is a working idle lock. F13-2: locked time earns nothing. Values and tools: F13-1v, F13-1t, F13-3."""

from __future__ import annotations

import itertools

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, Stimulus
from harness.model.outcome import Outcome, Reason, worst
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView, credit_s
from probes.attacked import earned
from probes.bracket import MIN_TRUSTED_RATE, Control, control, honest, paid_later_s, resolution_s, unmet
from probes.f13_idle_lock import RAISED_S

LOCKED = {
    "locked": ("锁屏状态", "while locked"),
    "overlay_removed": ("锁屏时移除遮罩后", "locked with its overlay removed"),
    "reported_while_locked": ("锁屏时继续上报", "locked while reports went on"),
    "reports_changed": ("锁屏时改写上报", "locked while reports were changed on their way"),
}
"""Stretches in which the lesson was locked."""
TURNED_AWAY = (LessonState.LOCKED, LessonState.KICKED)
BACK_S = 5.0
"""A position that falls by more has left what was played: the next lesson began, or the learner was set back."""
LEAST_TOLERANCE_S = 2.0
"""No scaled tolerance is smaller (design.md section 7)."""


def _idle(walk: WalkView, case: Case, name: str = "idle") -> tuple[SegmentView, bool, float, float] | Finding:
    """The idle stretch: stopped or not, seconds until it stopped, seconds earned."""
    segment = walk.segments.get(name)
    before = walk.segments.get("before")
    if segment is None or before is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能进行无操作等待", "doing nothing was not tried")
    first: Control = control(before, case)
    if not first.credited:
        return unmet(walk, case) or inconclusive(case, Reason.PRECONDITION_UNMET, "对照未计入", "control not credited")
    gained = segment.gained_s(case.hour_s)
    tried = [s for s in segment.facts(Stimulus) if s.name in ("no_input", "synthetic_events")]
    if gained is None or not tried:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "无操作期间读不到记录",
            "no record around the idle stretch",
            refs=segment.refs,
        )
    stopped = bool(tried[-1].effect.get("stopped"))
    if stopped and (other := _stopped_otherwise(segment, tried[-1], case)) is not None:
        return other
    waited = float(tried[-1].params.get("waited_s") or 0.0)
    return segment, stopped, waited, gained


def _stopped_otherwise(segment: SegmentView, tried: Stimulus, case: Case) -> Finding | None:
    """What stopped a lesson that nobody locked: its own end, or a face check that nobody could answer any more."""
    state = tried.effect.get("state")
    if state in TURNED_AWAY:
        return None
    zh = en = ""
    if state == LessonState.FACE_CHECK:
        zh, en = "人脸核验使课时停下，看不出是否会锁屏", "a face check stopped the lesson, so no lock was seen"
    elif state == LessonState.FINISHED or _over(segment):
        zh, en = "课时已播放完，看不出是否会锁屏", "the lesson was over, so no lock was seen"
    if not en:
        return None
    return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, zh, en, refs=segment.refs)


def _over(segment: SegmentView) -> bool:
    looks = segment.facts(Media)
    return bool(looks) and looks[-1].sample.ended


def _left(segment: SegmentView) -> bool:
    """Did something else play, of which the lesson's record says nothing?"""
    at = [m.sample.position_s for m in segment.facts(Media)]
    return any(b < a - BACK_S for a, b in itertools.pairwise(at))


def judge_lock(walk: WalkView, case: Case) -> Finding:
    """Without input the lesson stops within the cap, each time; one that plays on and earns has no idle lock."""
    first = _lock(walk, case, "idle")
    if first.outcome is not Outcome.PASS or "idle_again" not in walk.segments:
        return first
    second = _lock(walk, case, "idle_again")
    both = Text(
        zh=f"第一次：{first.observed.zh}；解锁后再次无操作：{second.observed.zh}",
        en=f"first: {first.observed.en}; without input once more after the unlocking: {second.observed.en}",
    )
    return second.model_copy(
        update={
            "observed": both,
            "refs": tuple(sorted({*first.refs, *second.refs})),
            "refused": (*first.refused, *second.refused),
        }
    )


def _lock(walk: WalkView, case: Case, name: str) -> Finding:
    found = _idle(walk, case, name)
    if isinstance(found, Finding):
        return found
    segment, stopped, waited, gained = found
    u = resolution_s(segment, case)
    played = segment.watched()
    said = Text(
        zh=f"无操作 {waited:.0f} 秒，播放 {played.valid_s:.0f} 秒，记入 {gained:.0f} 秒",
        en=f"{waited:.0f} s without input, {played.valid_s:.0f} s played, {gained:.0f} s recorded",
    )
    expected = expectation(case.requirement)
    if not stopped:
        too_soon = _too_soon(segment, case, waited, said)
        if too_soon is not None:
            return too_soon
        earns = gained > u + 0.5 * played.valid_s
        if not earns:
            unseen = _unseen(segment, case, said)
            if unseen is not None:
                return unseen
            return Finding(
                outcome=Outcome.WARN,
                expected=expected,
                observed=Text(zh=f"未锁屏，但无操作时间未计入：{said.zh}", en=f"not locked, not credited: {said.en}"),
                uncertainty=f"±{u:.1f} s",
                refs=segment.refs,
                accepted=(_first(walk, case),),
                refused=(said,),
            )
        return Finding(
            outcome=Outcome.FAIL,
            expected=expected,
            observed=Text(zh=f"始终未锁屏且继续计时：{said.zh}", en=f"never locked and went on crediting: {said.en}"),
            uncertainty=f"±{u:.1f} s",
            refs=segment.refs,
            accepted=(_first(walk, case), said),
            unearned=segment.means == "tool",  # scripts stood in for a person: nobody earned this
        )
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    return Finding(
        outcome=Outcome.PASS,
        expected=expected,
        observed=Text(zh=f"无操作后锁屏：{said.zh}", en=f"locked: {said.en}"),
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        accepted=honest(walk, case),
        refused=(said,),
    )


def _too_soon(segment: SegmentView, case: Case, waited: float, said: Text) -> Finding | None:
    """No lock is missing before the declared time has gone by, however long that is."""
    declared = case.declared_s("idle_limit_s")
    tolerance = max(case.limit("declared_tolerance", of="F13-1"), LEAST_TOLERANCE_S)
    if declared is None or waited >= declared + tolerance:
        return None
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"申报 {declared:.0f} 秒无操作锁屏，只等候了 {waited:.0f} 秒：{said.zh}",
        f"a lock after {declared:.0f} s is declared and {waited:.0f} s were waited: {said.en}",
        refs=segment.refs,
        settled=True,
    )


def _unseen(segment: SegmentView, case: Case, said: Text) -> Finding | None:
    """Why a record that stood still does not show that time without input is refused."""
    if _over(segment) or _left(segment):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"课时已播放完，未记入不能说明问题：{said.zh}",
            f"the lesson was over, so no credit shows nothing: {said.en}",
            refs=segment.refs,
        )
    rate = segment.watched().rate
    if rate is None or rate < MIN_TRUSTED_RATE:
        return inconclusive(
            case,
            Reason.HARNESS_ERROR,
            f"播放未持续进行，未记入不能说明问题，本次作废：{said.zh}",
            f"it did not play all the time, so no credit shows nothing, and the walk is void: {said.en}",
            refs=segment.refs,
        )
    return None


def _first(walk: WalkView, case: Case) -> str:
    c = control(walk.segments["before"], case)
    return f"before: {c.valid_s:.1f} s watched, {c.gained_s or 0.0:.1f} s recorded"


def judge_limit(walk: WalkView, case: Case) -> Finding:
    """What the platform declares is inside the harness's cap, and the moment of locking inside it and as declared."""
    cap = case.limit("idle_cap")
    declared = case.declared_s("idle_limit_s")
    if declared is not None and declared > cap:
        return _declared_beyond(walk, case, declared, cap)
    found = _idle(walk, case)
    if isinstance(found, Finding):
        return found
    segment, stopped, waited, _ = found
    if not stopped:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"{waited:.0f} 秒内未锁屏，无法核对时限（见 F13-1）",
            f"no lock within {waited:.0f} s, so its limit can't be compared (see F13-1)",
            refs=segment.refs,
            settled=True,
        )
    u = 2.0 + max(2.0, 0.05 * (declared or cap))
    said_zh = "未申报" if declared is None else f"申报 {declared:.0f} 秒"
    said = "nothing declared" if declared is None else f"{declared:.0f} s declared"
    outcome, reason = at_most(waited, cap, u, cap)
    if outcome is Outcome.PASS and (declared is None or abs(waited - declared) > u + 0.1 * declared):
        outcome = Outcome.WARN
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（本工具上限 {cap:.0f} 秒）",
            en=f"{case.requirement.statement.en} (harness cap {cap:.0f} s)",
        ),
        observed=Text(zh=f"{waited:.0f} 秒后锁屏，{said_zh}", en=f"locked after {waited:.0f} s, {said}"),
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        accepted=(_first(walk, case),),
        refused=(Text(zh=f"无操作 {waited:.0f} 秒后锁屏", en=f"locked after {waited:.0f} s"),),
    )


def _declared_beyond(walk: WalkView, case: Case, declared: float, cap: float) -> Finding:
    """The declaration itself: whenever the lock comes, this platform grants itself too much."""
    minutes, most = (s * case.setting.scale / 60 for s in (declared, cap))
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"申报无操作 {minutes:g} 分钟锁屏，超出本工具限值（{most:g} 分钟）",
            en=f"{minutes:g} min without operation declared, which exceeds the harness limit ({most:g} min)",
        ),
        refs=(walk.started.seq,),
    )


def judge_locked_credit(walk: WalkView, case: Case) -> Finding:
    """While locked the record stands still."""
    return _no_credit(walk, case, "locked")


def judge_overlay(walk: WalkView, case: Case) -> Finding:
    """Neither removing the lock's picture by script, nor reporting on while it is locked, nor letting the page report
    that it plays brings the credit back."""
    found = [_no_credit(walk, case, "overlay_removed")]
    if "reported_while_locked" in walk.segments:
        found.append(_no_credit(walk, case, "reported_while_locked", claimed_s=RAISED_S))
    if "reports_changed" in walk.segments:
        found.append(_no_credit(walk, case, "reports_changed"))
    severest = worst([f.outcome for f in found])
    stands = next(f for f in found if f.outcome is severest)
    if severest is not Outcome.PASS:
        return stands
    return stands.model_copy(
        update={
            "observed": Text(zh="；".join(f.observed.zh for f in found), en="; ".join(f.observed.en for f in found)),
            "refs": tuple(sorted({r for f in found for r in f.refs})),
            "refused": tuple(text for f in found for text in f.refused),
        }
    )


def _no_credit(walk: WalkView, case: Case, name: str, *, claimed_s: float | None = None) -> Finding:
    """The record stands still over a locked stretch. `claimed_s`: the study that forged reports claimed in it."""
    found = _idle(walk, case)
    if isinstance(found, Finding):
        return found
    segment = walk.segments.get(name)
    if segment is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有锁屏可检测（见 F13-1）",
            "there was no lock to test (see F13-1)",
            refs=found[0].refs,
            settled=True,
        )
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    gained, wall = segment.gained_s(case.hour_s), segment.end - segment.start
    if gained is None:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "锁屏期间读不到记录", "no record around the lock", refs=segment.refs
        )
    late, played = _late_s(walk, case) if name == "locked" else (0.0, 0.0)
    idle, _, _, credited = found
    held_back = max(0.0, idle.watched().valid_s - credited)  # until somebody is there again; it played before the lock
    late = max(0.0, late + paid_later_s(walk, segment, case) - held_back)
    gained += late
    u = resolution_s(segment, case)
    # What going on to earn would show is the distance that u must be small against: the stretch, or what was claimed.
    distance = claimed_s or (3 * u if wall > 4 * u else 2 * u)
    verdict = at_most(gained, u, u, distance)
    if verdict != at_most(gained - min(played, late), u, u, distance):
        verdict = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
    zh, en = LOCKED[name]
    said = Text(
        zh=f"{zh} {segment.read_s:.0f} 秒，记入 {gained:.1f} 秒",
        en=f"{segment.read_s:.0f} s {en}, {gained:.1f} s recorded",
    )
    return earned(walk, case, segment, verdict, said, said, u)


def _late_s(walk: WalkView, case: Case) -> tuple[float, float]:
    """Credit that the record got between the lock and the next stretch, beyond what the media is seen to have run: a
    platform may add the locked time when the learner comes back. And how much of it may have been played unseen, where
    the learner was set back meanwhile; both in seconds.
    """
    last, first = walk.readings("after:locked"), walk.readings("before:after")
    if not last or not first:
        return 0.0, 0.0
    start, end = credit_s(last[-1].credit, case.hour_s), credit_s(first[-1].credit, case.hour_s)
    if start is None or end is None:
        return 0.0, 0.0
    stood = [m.sample.position_s for m in walk.segments["locked"].facts(Media)]
    went_on = [m.sample.position_s for m in walk.segments["after"].facts(Media)] if "after" in walk.segments else []
    ran = went_on[0] - stood[-1] if stood and went_on else 0.0
    unseen = first[-1].t - last[-1].t if ran < -BACK_S else 0.0
    return max(0.0, end - start - max(0.0, ran)), unseen
