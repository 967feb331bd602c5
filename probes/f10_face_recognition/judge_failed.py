"""F10-3: no credit after a check that failed or was not answered. F10-3v: its time and tries."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import CreditRead, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.model.words import counted
from harness.view import SegmentView, WalkView
from probes.attacked import pictures, severest
from probes.f10_face_recognition import ASKED
from probes.f10_face_recognition.answers import by_check, genuine_passed, tries
from probes.f10_face_recognition.checks import never_asked, nothing_gained, paid_afterwards, ready, was_asked

ANSWER_LATE_S, ANSWER_U_S = 2.0, 1.0
"""A check is seen to go up to two seconds late and never early: pages ask about once a second, and we look twice. Some
ask only when they report, and are not failed for what comes of that."""


def judge_no_credit(walk: WalkView, case: Case) -> Finding:
    """After a check that failed or was not answered the record stands still."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    tried: list[tuple[SegmentView, str, str]] = []
    failed, unanswered = walk.segments.get("failed"), walk.segments.get("unanswered")
    if failed is not None and was_asked(failed) and not sum(tries(walk, case).accepted.values()):
        tried.append((failed, "核验失败后继续播放", "playing on after a failed check"))
    if unanswered is not None and was_asked(unanswered):
        tried.append((unanswered, "核验无人应答后继续播放", "playing on after a check that nobody answered"))
    findings = [nothing_gained(walk, case, *one) for one in tried]
    findings += [late for one in tried if (late := paid_afterwards(walk, case, *one)) is not None]
    if not findings:
        segment = failed or unanswered
        if segment is None:
            return inconclusive(case, Reason.PRECONDITION_UNMET, "未能进行核验", "no check was failed")
        return never_asked(case, segment)
    return severest(findings)


def judge_values(walk: WalkView, case: Case) -> Finding:
    """The time to answer and the number of tries are inside the caps and as declared."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    segment = walk.segments.get("unanswered")
    lines = segment.observations if segment is not None else ()
    left = next((o.data for o in lines if isinstance(o.data, Stimulus) and o.data.name == "unanswered"), None)
    made = [s for s in walk.facts(Stimulus) if s.name == "face_try"]
    if segment is None or left is None or not made:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "没有可测的核验（见 F10-2）",
            "no check to measure (see F10-2)",
            settled=True,
        )
    waited, gone = _open_s(segment, left), bool(left.effect.get("gone"))
    limit, most = case.limit("answer_within"), case.limit("tries")
    if not gone and waited <= limit + ANSWER_LATE_S:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"核验窗口在 {waited:.0f} 秒时消失又出现，看不出应答时限",
            f"the check went after {waited:.0f} s and was there again, so that its limit is not known",
            refs=segment.refs,
            evidence=pictures(segment),
        )
    declared = case.setting.policy.get("face_answer_s")
    answered = by_check(walk)
    refused = [s for s in answered[-1] if not s.effect.get("accepted")] if answered else []
    still = bool(refused) and refused[-1].effect.get("state") == LessonState.FACE_CHECK.value
    page_s = case.setting.report_s
    outcome, reason = at_most(waited - ANSWER_LATE_S, limit, ANSWER_U_S, limit) if gone else (Outcome.FAIL, None)
    if gone and outcome is Outcome.FAIL and waited - ANSWER_LATE_S - page_s <= limit + ANSWER_U_S:
        outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
    zh = f"无人应答 {waited:.0f} 秒后{'核验结束' if gone else '仍在等待'}（上限 {limit:.0f} 秒）"
    en = f"unanswered, the check {'ended after' if gone else 'was still open after'} {waited:.0f} s (cap {limit:.0f} s)"
    if len(refused) >= most:
        if still:
            outcome, reason = Outcome.FAIL, None
        zh += f"；连续失败 {len(refused)} 次后{'仍可再试' if still else '结束'}"
        en += f"; after {len(refused)} failed tries {'another was allowed' if still else 'it was over'}"
    off = 0.0 if declared is None else waited - float(declared)
    if outcome is Outcome.PASS and declared is not None and not -3 * ANSWER_LATE_S <= off <= 3 * ANSWER_LATE_S + page_s:
        outcome = Outcome.WARN
        zh, en = zh + f"；申报 {float(declared):.0f} 秒，不符", en + f"; {float(declared):.0f} s declared"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"-{ANSWER_LATE_S:.0f} s, ±{ANSWER_U_S:.0f} s",
        refs=segment.refs,
        evidence=pictures(segment),
        accepted=(
            Text(
                zh=f"本人应答 {genuine_passed(walk)} 次", en=f"{counted(genuine_passed(walk), 'answer')} of the learner"
            ),
        ),
        refused=(Text(zh=zh, en=en),) if outcome is not Outcome.FAIL else (),
    )


def _open_s(segment: SegmentView, left: Stimulus) -> float:
    """How long a check was open that nobody answered, seconds: the wait, and the reading of the record before it."""
    seen: float | None = None
    for o in segment.observations:
        if (isinstance(o.data, StateSeen) and o.data.state is LessonState.FACE_CHECK) or (
            seen is None and isinstance(o.data, Stimulus) and o.data.name == "asked"
        ):
            seen = o.t
        elif isinstance(o.data, CreditRead) and o.data.at == ASKED:
            return float(left.effect.get("waited_s") or 0.0) + (0.0 if seen is None else o.t - seen)
    return float(left.effect.get("waited_s") or 0.0)
