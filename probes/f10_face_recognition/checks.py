"""A face check that somebody else was to pass: whether it came, and what was earned in spite of it. Pure."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import CreditRead, PersonsCompared, Stimulus
from harness.model.outcome import Reason
from harness.view import SegmentView, WalkView, credit_s
from probes.attacked import earned, pictures
from probes.bracket import resolution_s, unmet, unread_record
from probes.f10_face_recognition import ASKED
from probes.f10_face_recognition.answers import genuine_passed
from probes.portraits import ill_staged


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
    whole = segment.gained_s(case.hour_s)
    at = next((o for o in segment.observations if isinstance(o.data, CreditRead) and o.data.at == ASKED), None)
    if at is None or whole is None or not isinstance(at.data, CreditRead):
        return whole
    before = next((r for r in segment.before if r.lesson == at.lesson), None)
    first, then = credit_s(before.credit if before else None, case.hour_s), credit_s(at.data.credit, case.hour_s)
    return whole if first is None or then is None else whole - (then - first)


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


def nothing_gained(walk: WalkView, case: Case, segment: SegmentView, zh: str, en: str) -> Finding:
    """PASS when the record stood still in a segment, FAIL when it grew."""
    gained = gained_since_asked(segment, case)
    if gained is None:
        return unread_record(segment, case)
    u = resolution_s(segment, case)
    said = Text(zh=f"{zh}，计入 {gained:.1f} 秒", en=f"{en}: {gained:.1f} s recorded")
    return earned(walk, case, segment, at_most(gained, u, u, 3 * u), said, said, u, evidence=pictures(segment))
