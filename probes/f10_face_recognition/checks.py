"""A face check that somebody else was to pass: whether it came, and what was earned in spite of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, CreditRead, Observation, PersonsCompared, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import MediaSample
from harness.view import SegmentView, WalkView, credit_s
from probes.attacked import earned, pictures
from probes.bracket import honest_pace, resolution_s, spare_s, unmet, unread_record
from probes.f10_face_recognition import ASKED
from probes.f10_face_recognition.answers import genuine_passed
from probes.portraits import ill_staged

END_S = 3.0
"""So much of a lesson, seconds, is its end."""


def ready(walk: WalkView, case: Case) -> Finding | None:
    """Why nothing can be concluded about faces from this walk; None when it can."""
    compared = walk.facts(PersonsCompared)
    if any(not c.passed for c in compared):
        why = "; ".join(s for c in compared for s in c.shortfalls)
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"本工具自己也分不清这些测试人员，不据此下结论：{why}",
            f"our own engine can't tell these test persons apart, so nothing is concluded: {why}",
            settled=True,
        )
    open_end = unmet(walk, case) or ill_staged(walk, case)
    if open_end is not None:
        return open_end
    if not genuine_passed(walk):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "测试人员本人未能通过核验，无法判断他人被拒的原因",
            "the learner did not pass a check, so a refusal of others proves nothing",
        )
    return None


def gained_since_asked(segment: SegmentView, case: Case) -> float | None:
    """Credit gained in a segment from the moment in which a face was first asked for; from its start without one."""
    whole, shown = segment.gained_s(case.hour_s), _shown_before_s(segment, case)
    return whole if whole is None or shown is None else whole - shown


def unshown_s(segment: SegmentView, case: Case) -> float:
    """Seconds that were played in a segment before a face was asked for, and that the record did not show then: where
    it is settled late it shows them afterwards, and they were earned before the question."""
    shown = _shown_before_s(segment, case)
    return 0.0 if shown is None else max(0.0, _played_before_s(segment) - shown)


def _asked_at(segment: SegmentView) -> Observation | None:
    """The reading of the record in the moment in which a face was first asked for."""
    return next((o for o in segment.observations if isinstance(o.data, CreditRead) and o.data.at == ASKED), None)


def _shown_before_s(segment: SegmentView, case: Case) -> float | None:
    at = _asked_at(segment)
    if at is None or not isinstance(at.data, CreditRead):
        return None
    before = next((r for r in segment.before if r.lesson == at.lesson), None)
    first, then = credit_s(before.credit if before else None, case.hour_s), credit_s(at.data.credit, case.hour_s)
    return None if first is None or then is None else then - first


def _played_before_s(segment: SegmentView) -> float:
    at = _asked_at(segment)
    if at is None:
        return 0.0
    part = replace(segment, observations=tuple(o for o in segment.observations if o.seq <= at.seq), end=at.t)
    return part.watched().valid_s


def _unseen(segment: SegmentView, case: Case, gained: float) -> tuple[float, float] | None:
    """Seconds that were played with the check open and that may have been credited without the record's showing it, and
    the too large steps in which it tells time. None where it would show, or where nothing was played."""
    read = [r.credit for r in (*segment.before, *segment.after) if r.credit is not None]
    # Class hours without a stated `resolution` are taken for whole ones.
    step = max((c.resolution_s or (case.hour_s if c.credited_s is None else 0.0) for c in read), default=0.0)
    played = segment.watched().valid_s - _played_before_s(segment)
    return (played, step) if step > 0 and played > case.lag_s and gained + step >= played else None


def was_asked(segment: SegmentView) -> bool:
    """Was a face asked for in this segment?"""
    return any(bool(s.effect.get("asked")) for s in segment.facts(Stimulus) if s.name == "asked")


def never_asked(case: Case, segment: SegmentView) -> Finding:
    """No face was asked for in a segment, so nobody could answer in another's place."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        "打开课程后及其后的播放中均未要求人脸核验（见 F10-2）",
        "no face was asked for, neither on opening the lesson nor while playing (see F10-2)",
        refs=segment.refs,
        settled=True,
    )


def at_end(seen: MediaSample) -> bool:
    """Is a lesson at its end, or so near that a check there belongs to the end?"""
    return seen.ended or (seen.duration_s is not None and seen.duration_s - seen.position_s <= END_S)


def never_answered(case: Case, segment: SegmentView) -> Finding:
    """A face was asked for, and no answer could be begun: there was nothing to press."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        "要求了核验，但未能开始应答（页面上没有可按之处）",
        "a face was asked for, but no answer could be begun: there was nothing to press",
        refs=segment.refs,
    )


def nothing_gained(walk: WalkView, case: Case, segment: SegmentView, zh: str, en: str) -> Finding:
    """PASS when the record stood still in a segment, FAIL when it grew."""
    gained = gained_since_asked(segment, case)
    if gained is None:
        return unread_record(segment, case)
    u = resolution_s(segment, case)
    beyond = u + unshown_s(segment, case)
    said = Text(zh=f"{zh}，计入 {gained:.1f} 秒", en=f"{en}: {gained:.1f} s recorded")
    verdict = at_most(gained, u, beyond, 3 * beyond)
    unseen = _unseen(segment, case, gained)
    if verdict[0] is Outcome.PASS and unseen is not None:
        played, step = unseen
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{said.zh}；但播放了 {played:.0f} 秒，记录以 {step:.0f} 秒为刻度，看不出是否计入",
            f"{said.en}; but {played:.0f} s were played, and a record in steps of {step:.0f} s need not show them",
            uncertainty=f"±{u:.1f} s",
            refs=segment.refs,
            settled=True,
        )
    return earned(walk, case, segment, verdict, said, said, u, evidence=pictures(segment))


def paid_afterwards(walk: WalkView, case: Case, segment: SegmentView, zh: str, en: str) -> Finding | None:
    """What was refused in a segment and credited with the honest study after it all the same: more than all the time
    since the learner opened the lesson again. None where there is no such thing.

    Nobody saw it played, so it must repeat to be held against a platform.
    """
    gained = _beyond_the_clock_s(walk, case, segment)
    u = resolution_s(segment, case)
    beyond = u + unshown_s(segment, case) + spare_s(walk, case)
    verdict = at_most(gained, u, beyond, 3 * beyond)
    if verdict[0] is Outcome.PASS:
        return None
    said = Text(
        zh=f"{zh}，未计入，但本人重新打开课程后多计入 {gained:.1f} 秒",
        en=f"{en}: not recorded then, but {gained:.1f} s too many when the learner had opened the lesson again",
    )
    return earned(walk, case, segment, verdict, said, said, u, evidence=pictures(segment), unearned=False)


def _beyond_the_clock_s(walk: WalkView, case: Case, segment: SegmentView) -> float:
    """Seconds that the record gained from the reading after a segment to the one after the next honest study, beyond
    the time since the lesson was opened for that."""
    control = next((s for s in walk.of_kind("control") if s.start >= segment.end), None)
    if control is None:
        return 0.0
    opened = [
        o.t - o.data.took_s
        for o in walk.observations
        if segment.end <= o.t <= control.start and isinstance(o.data, ActionDone) and o.data.name == "open_lesson"
    ]
    if not opened:
        return 0.0
    first, last = (
        next((r for r in reversed(readings) if r.lesson == walk.lesson), None)
        for readings in (segment.after, control.after)
    )
    if first is None or last is None:
        return 0.0
    start, end = credit_s(first.credit, case.hour_s), credit_s(last.credit, case.hour_s)
    if start is None or end is None:
        return 0.0
    # What was taken back when the check failed may be given back: it was earned before.
    taken = min(0.0, segment.gained_s(case.hour_s) or 0.0, gained_since_asked(segment, case) or 0.0)
    return taken + end - start - honest_pace(walk, case) * (last.t - opened[-1])
