"""F12-1: one of two places stops earning in time. F12-2: time that overlaps is credited once."""

from __future__ import annotations

from dataclasses import dataclass

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import RequestSent
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from harness.view import SegmentView, WalkView
from probes.attacked import earned
from probes.bracket import honest, resolution_s, unmet
from probes.f12_multi_login_prevention import RAISED_S


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two places did and earned at the same time, seconds."""

    segment: SegmentView
    wall_s: float
    played: tuple[float, float]
    gained: tuple[float, float]
    u_s: float

    @property
    def told(self) -> Text:
        """In numbers."""
        return Text(
            zh=f"{self.wall_s:.1f} 秒内，第一处播放 {self.played[0]:.1f} 秒、记入 {self.gained[0]:.1f} 秒，"
            f"第二处播放 {self.played[1]:.1f} 秒、记入 {self.gained[1]:.1f} 秒",
            en=f"{self.segment.name}: in {self.wall_s:.1f} s, first played {self.played[0]:.1f} s and earned "
            f"{self.gained[0]:.1f} s, second played {self.played[1]:.1f} s and earned {self.gained[1]:.1f} s",
        )


def _overlap(walk: WalkView, case: Case) -> Overlap | Finding:
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    segment = walk.segments.get("overlap")
    if segment is None:
        refused = walk.segments.get("refused_second")
        if refused is None:
            return inconclusive(case, Reason.PRECONDITION_UNMET, "未能尝试第二处登录", "no second place was tried")
        return Finding(
            outcome=Outcome.PASS,
            expected=Text(zh=case.requirement.statement.zh, en=case.requirement.statement.en),
            observed=Text(zh="平台拒绝了第二处登录或播放", en="the platform refused the second place"),
            refs=refused.refs,
            accepted=honest(walk, case),
            refused=(Text(zh="第二处登录或播放", en="logging in or playing in a second place"),),
        )
    lessons = walk.plan.lessons if walk.plan is not None else ()
    gains = [segment.gained_s(case.hour_s, lesson) for lesson in lessons[:2]]
    if len(gains) < 2 or gains[0] is None or gains[1] is None:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "重叠期间读不到记录", "no record around the overlap", refs=segment.refs
        )
    first, second = segment.watched("first"), segment.watched("second")
    return Overlap(
        segment,
        segment.end - segment.start,
        (first.valid_s, second.valid_s),
        (gains[0], gains[1]),
        resolution_s(segment, case),
    )


def judge_two_places(walk: WalkView, case: Case) -> Finding:
    """The place that loses stops earning within the limit: the lesser of the two gains stays below it."""
    found = _overlap(walk, case)
    if isinstance(found, Finding):
        return found
    limit = case.limit("stop_within", of="F12-1v" if case.requirement.short == "F12-1v" else "F12-1")
    loser = min(found.gained)
    # The distance between what going on would earn and what the limit allows is what U must be small against.
    outcome, reason = at_most(loser, limit, found.u_s, found.wall_s - limit)
    return _say(
        case, walk, found, outcome, reason, f"≤ {limit:g} s", "两处同时计时" if loser > limit else "只有一处计时"
    )


def judge_after_kick(walk: WalkView, case: Case) -> Finding:
    """Who was thrown out earns nothing by reporting on; where nobody was thrown out, the two places are judged."""
    segment = walk.segments.get("after_kick")
    if segment is None:
        plain = judge_two_places(walk, case)
        if plain.outcome is not Outcome.FAIL:
            return plain
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "两处均未被顶下线，无从检测下线后的上报（见 F12-1）",
            "neither place was thrown out, so nobody could report afterwards (see F12-1)",
            refs=plain.refs,
            settled=True,
        )
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    gained = segment.gained_s(case.hour_s, walk.lesson)
    if gained is None:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "下线后读不到记录", "no record after the kick", refs=segment.refs
        )
    u = resolution_s(segment, case)
    done = bool(segment.completed_here(walk.lesson))
    tolerance = case.limit("session_tolerance", of="F05-1")
    sent = len(segment.facts(RequestSent))
    said = Text(
        zh=f"被顶下线后继续上报 {sent} 次，记入 {gained:.1f} 秒{'，课时显示学完' if done else ''}",
        en=f"after the kick {counted(sent, 'report was', 'reports were')} sent, {gained:.1f} s recorded"
        f"{', lesson completed' if done else ''}",
    )
    verdict = (Outcome.FAIL, None) if done else at_most(gained, tolerance, u, RAISED_S - tolerance)
    return earned(walk, case, segment, verdict, said, said, u)


def judge_overlap(walk: WalkView, case: Case) -> Finding:
    """Both gains together stay within the wall clock, plus the time within which the loser must stop."""
    found = _overlap(walk, case)
    if isinstance(found, Finding):
        return found
    ratio, grace = case.limit("credit_ratio", of="F12-2"), case.limit("stop_within", of="F12-1v")
    total = sum(found.gained)
    allowed = ratio * found.wall_s + grace
    outcome, reason = at_most(total, allowed, 2 * found.u_s, 2 * found.wall_s - allowed)
    over = "重叠时间被重复计入" if total > allowed else "重叠时间未被重复计入"
    return _say(case, walk, found, outcome, reason, f"≤ {allowed:.1f} s", over)


def _say(
    case: Case, walk: WalkView, found: Overlap, outcome: Outcome, reason: Reason | None, limit: str, zh: str
) -> Finding:
    failed = outcome is Outcome.FAIL
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（{limit}）", en=f"{case.requirement.statement.en} ({limit})"
        ),
        observed=Text(zh=f"{zh}：{found.told.zh}", en=found.told.en),
        uncertainty=f"±{found.u_s:.1f} s",
        refs=found.segment.refs,
        accepted=(*honest(walk, case), *((found.told.en,) if failed else ())),
        refused=() if failed else (found.told.en,),
        unearned=failed,
    )
