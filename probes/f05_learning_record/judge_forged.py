"""F05-2: a client cannot add to the record by forging or replaying its reports. Pure."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, ReportChannel, RequestSent, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.model.words import counted, series
from harness.view import SegmentView, WalkView
from probes.attacked import idled
from probes.bracket import Control, control, controls, honest, resolution_s, unmet
from probes.f05_learning_record import STANDING


def _credited_before(walk: WalkView, case: Case) -> bool:
    """Was honest study credited before anything was forged? A forgery that was credited may leave nothing to earn
    afterwards: a lesson that counts as finished.
    """
    attacks = walk.of_kind("attack")
    before = [c for c in controls(walk, case) if attacks and c.segment.end <= attacks[0].start]
    return bool(before) and all(c.credited for c in before)


def _overpaid(c: Control, tolerance: float) -> bool:
    """Was a stretch in which nothing was forged recorded as more than it was?"""
    return c.gained_s is not None and c.gained_s - c.valid_s > tolerance + c.u_s


def _late(walk: WalkView, case: Case, tolerance: float) -> Control | None:
    """Honest study after something was forged that was recorded as far more than it was, unlike that before it: a
    platform may work off its reports later."""
    attacks, studied = walk.of_kind("attack"), controls(walk, case)
    over = [c for c in studied if _overpaid(c, tolerance)]
    if not attacks or any(c.segment.start < attacks[0].start for c in over):
        return None
    return next(iter(over), None)


def _locked_first(attack: SegmentView) -> bool:
    """Was the lesson locked already before anything was sent?"""
    sent = min((o.t for o in attack.observations if isinstance(o.data, RequestSent)), default=attack.end)
    t, state = next(iter(attack.states), (attack.end, LessonState.UNKNOWN))
    return state is LessonState.LOCKED and t <= sent


def _paid_standing(walk: WalkView, case: Case, tolerance: float) -> Control | None:
    """The stretch without an attack in which the player stood still, where that was paid beyond the tolerance."""
    rest = walk.segments.get(STANDING)
    stood = None if rest is None else control(rest, case)
    return stood if stood is not None and _overpaid(stood, tolerance) else None


def _stood_s(walk: WalkView, attack: SegmentView) -> float:
    """For how long the player had stood still when the record of an attack was read, seconds: what a clock that runs
    on can have added at most, all at once perhaps."""
    stopped = max((c.end for c in walk.of_kind("control") if c.end <= attack.start), default=attack.start)
    return attack.start - stopped + attack.read_s


def _claimed_s(walk: WalkView, case: Case) -> float | None:
    """The most that forged reports could add: what they claimed, or what the lesson had left; None where neither is
    known."""
    raised = [s.params.get("raise_s") for s in walk.facts(Stimulus) if s.name in ("forge", "as_other")]
    claims = [float(value) for value in raised if isinstance(value, int | float)]
    length = case.lessons.get(walk.lesson)
    if length is not None:
        claims.append(length - max((m.sample.position_s for m in walk.facts(Media)), default=0.0))
    return min(claims, default=None)


def judge_forged(walk: WalkView, case: Case) -> Finding:
    """Replayed or raised reports add nothing to the record and complete nothing."""
    open_end = unmet(walk, case)
    if open_end is not None and not _credited_before(walk, case):
        return open_end
    channels = walk.facts(ReportChannel)
    sent = [r for r in walk.facts(RequestSent) if r.status is not None]
    if not channels or not sent:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "在学员自己的流量中未找到可重放的进度上报",
            "no progress report was found in the learner's own traffic, so none could be forged",
        )
    attacks = walk.of_kind("attack")
    accepted: list[Text] = []
    refused: list[Text] = []
    refs: list[int] = []
    u = 0.0
    tolerance = case.limit("session_tolerance", of="F05-1")
    standing = _paid_standing(walk, case, tolerance)
    for segment in attacks:
        gained, watched = segment.gained_s(case.hour_s), segment.watched()
        if gained is None:
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "攻击后读不到记录", "no record after the attack", refs=segment.refs
            )
        u = resolution_s(segment, case)
        unearned = gained - watched.valid_s
        zh = f"{segment.name}: 播放 {watched.valid_s:.1f} 秒，记入 {gained:.1f} 秒"
        en = f"{segment.name}: {gained:.1f} s recorded for {watched.valid_s:.1f} s watched"
        refs += segment.refs
        done = bool(segment.completed_here())
        if unearned > tolerance + u + (_stood_s(walk, segment) if standing else 0.0) or done:
            more = ("，课时显示学完", ", lesson marked completed") if done else ("", "")
            accepted.append(Text(zh=zh + more[0], en=en + more[1]))
        else:
            refused.append(Text(zh=zh, en=en))
    statuses = ", ".join(f"{r.name} {r.status}" for r in sent[:1] + sent[-1:])
    late = _late(walk, case, tolerance)
    if late is not None and late.gained_s is not None:
        excess, since = late.gained_s - late.valid_s, late.segment.end - attacks[0].start
        said = Text(
            zh=f"{late.segment.name}（伪造之后）: 播放 {late.valid_s:.1f} 秒，记入 {late.gained_s:.1f} 秒",
            en=f"{late.segment.name}: {late.gained_s:.1f} s recorded for {late.valid_s:.1f} s watched, after forging",
        )
        if excess > since + late.u_s:  # more than a clock that ran on meanwhile could have added
            accepted.append(said)
        elif not accepted:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"伪造之后的诚实学习多计了时间，不能断定来自何处：{said.zh}",
                f"honest study after forging was recorded as more, and of what is not known: {said.en}",
                refs=late.segment.refs,
            )
    if not accepted and open_end is not None:
        return open_end
    if not accepted and standing is not None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未伪造而停止播放时也记入 {standing.gained_s:.1f} 秒，伪造的上报是否另有计入无法断定",
            f"{standing.gained_s:.1f} s were recorded while the player stood still and nothing was forged: "
            "what forged reports add to that can't be told",
            uncertainty=f"±{u:.1f} s",
            refs=standing.segment.refs,
        )
    behind = next((s for s in attacks if _locked_first(s) or idled(walk, case, s)), None)
    if not accepted and behind is not None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"“{behind.name}”时课时处于锁定状态，此时的上报无论真伪都不计",
            f"the lesson was locked in '{behind.name}', where no report counts, forged or not",
            refs=behind.refs,
        )
    claimed = _claimed_s(walk, case)
    if not accepted and claimed is not None and 3 * u > claimed - tolerance:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"记录的刻度为 {u:.0f} 秒，伪造的上报至多增加 {claimed:.0f} 秒，看不出是否计入",
            f"the record tells {u:.0f} s apart, and forged reports could add {claimed:.0f} s at most: "
            "not enough to see it",
            uncertainty=f"±{u:.1f} s",
            refs=tuple(refs),
            settled=True,
        )
    credited, kept_out = series(accepted), series(refused)
    if accepted:
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"伪造或重放的进度上报被记入：{credited.zh}（共发送 {len(sent)} 个请求）",
                en=f"forged or replayed progress reports were credited: {credited.en} ({len(sent)} sent; {statuses})",
            ),
            uncertainty=f"±{u:.1f} s",
            refs=tuple(refs),
            accepted=(*honest(walk, case), *(line.en for line in accepted)),
            refused=tuple(line.en for line in refused),
            unearned=True,
        )
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"发送 {len(sent)} 个伪造或重放的上报，均未计入：{kept_out.zh}",
            en=f"{counted(len(sent), 'forged or replayed report')} added nothing: {kept_out.en}",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=honest(walk, case),
        refused=tuple(line.en for line in refused),
    )
