"""F12-1: one of two places stops earning in time. F12-2: time that overlaps is credited once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive, review
from harness.model.finding import Finding, Text
from harness.model.observation import Media, RequestSent, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState, MediaSample
from harness.model.words import counted
from harness.view import SegmentView, WalkView
from probes.attacked import earned, idled, reached
from probes.bracket import honest, resolution_s, spare_s, unmet
from probes.f12_multi_login_prevention import LOG_INS, RAISED_S

PLACES = ("first", "second")
"""Screens of the two places."""
ALONE = "second_alone"
"""Name of the control in which a device that was refused beside the first studies without it."""
RUNS_S = 5.0
"""Whether a player still runs is told from its last looks within so many seconds."""


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
        alone = walk.segments.get(ALONE)
        if _logged_in_anew(walk) and (alone is None or not alone.ended):
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "第二台设备单独使用也未能学习，不能断定是因第一处在用而被拒绝",
                "the second device could not study alone either, so nothing shows that it was refused for the first",
                refs=refused.refs,
            )
        return Finding(
            outcome=Outcome.PASS,
            expected=expectation(case.requirement),
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
    if _one_record(segment, lessons[:2]):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "两节课读到的是同一个记录，分不清两处各记入多少",
            "both lessons read the same record, so what each place earned can't be told apart",
            refs=segment.refs,
            settled=True,
        )
    first, second = segment.watched(PLACES[0]), segment.watched(PLACES[1])
    return Overlap(
        segment,
        segment.end - segment.start,
        (first.valid_s, second.valid_s),
        (gains[0], gains[1]),
        resolution_s(segment, case),
    )


def _logged_in_anew(walk: WalkView) -> bool:
    """Was it by a log-in of its own that the second place was tried?"""
    return any(s.name in LOG_INS for s in walk.facts(Stimulus))


def _one_record(segment: SegmentView, lessons: Sequence[str]) -> bool:
    """Do two lessons, of which one was studied before and one was not, show the same before and after?"""
    shown = [
        [(r.credit.credited_s, r.credit.hours) for r in readings if r.lesson == lesson and r.credit is not None][-1:]
        for readings in (segment.before, segment.after)
        for lesson in lessons
    ]
    first, second, first_later, second_later = shown
    return first == second and first_later == second_later and first != first_later and any(map(any, first))


def _unstopped(walk: WalkView, case: Case, found: Overlap, limit: float, *, beyond: bool) -> Finding | None:
    """Why too little was earned for a violation though nobody was stopped; None where the platform stopped it.

    `beyond`: more was played than may be credited. Else a place was stopped that was thrown out, or that no longer
    played while the other went on to earn for longer than `limit`, unless its lesson had ended.
    """
    out = {o.screen for o in found.segment.facts(StateSeen) if o.state is LessonState.KICKED}
    loser = min((0, 1), key=lambda place: (found.gained[place], PLACES[place] not in out))
    if beyond or PLACES[loser] in out:
        return None
    seen = [sample for _, sample in _looks(found.segment, PLACES[loser])]
    never = found.played[loser] <= 0
    if idled(walk, case, found.segment, PLACES[loser]):
        why = Text(zh="无人操作而锁屏（F13）", en="it was locked because nobody had touched it (F13)")
    elif seen and (seen[-1].ended or seen[-1].position_s >= (seen[-1].duration_s or float("inf")) - 1):
        why = Text(zh="其课时已播完", en="its lesson had ended")
    elif _runs(found.segment, PLACES[loser]) and found.gained[loser] + found.u_s >= found.played[loser]:
        why = Text(zh="结束时仍在播放并计时", en="it still played and earned at the end")
    elif found.gained[1 - loser] <= limit:
        why = Text(zh="另一处也未持续取得学时", en="the other did not go on to earn either")
    elif never and not any(m.screen == PLACES[loser] for s in walk.of_kind("control") for m in s.facts(Media)):
        why = Text(zh="它单独也从未播放", en="it never played alone either")
    else:
        return None
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"记入较少的一处未见被平台停止（{why.zh}）：{found.told.zh}",
        f"nothing shows that the platform stopped the place that earned less ({why.en}): {found.told.en}",
        uncertainty=f"±{found.u_s:.1f} s",
        refs=found.segment.refs,
    )


def _looks(segment: SegmentView, screen: str) -> list[tuple[float, MediaSample]]:
    """What was seen of the player on one screen, with its moments."""
    return [(o.t, o.data.sample) for o in segment.observations if isinstance(o.data, Media) and o.data.screen == screen]


def _runs(segment: SegmentView, screen: str) -> bool:
    """Does a player still move when the segment ends? The last look is after it was paused."""
    late = [sample for t, sample in _looks(segment, screen) if t >= segment.end - RUNS_S]
    return len(late) > 1 and late[-1].position_s > late[0].position_s


def _alone_s(segment: SegmentView, place: str, other: str) -> float:
    """Seconds of a segment in which the player of one place ran while that of the other stood still."""
    mine, theirs = _ran(segment, place), _ran(segment, other)
    total = 0.0
    for start, end, share in mine:
        covered = sum(max(0.0, min(end, b) - max(start, a)) * part for a, b, part in theirs)
        total += min(share * (end - start), max(0.0, end - start - covered))
    return total


def _ran(segment: SegmentView, screen: str) -> list[tuple[float, float, float]]:
    """Stretches between two looks at a player in which it ran, with the share of them: all but where it also stood."""
    ran = []
    for (start, a), (end, b) in itertools.pairwise(_looks(segment, screen)):
        moved = b.position_s - a.position_s
        if moved > 0 and end > start and not (a.paused and b.paused):
            ran.append((start, end, min(1.0, moved / (end - start)) if a.paused or b.paused else 1.0))
    return ran


def judge_two_places(walk: WalkView, case: Case) -> Finding:
    """The place that loses stops earning within the limit: the lesser of the two gains stays below it."""
    finding = _two_places(walk, case)
    if finding.outcome is not Outcome.INCONCLUSIVE or not _phone_never_studied(walk):
        return finding
    return review(
        case,
        f"手机浏览器按本配置的步骤未能单独学习，请人工以电脑和手机同时登录试学（{finding.observed.zh}）",
        "by this profile's steps a phone could not study even alone: let an assessor try a PC beside a phone "
        f"({finding.observed.en})",
        refs=finding.refs,
    )


def _phone_never_studied(walk: WalkView) -> bool:
    """Did a phone not get in beside the PC, nor alone? Its pages may not be those that the profile knows.

    One that got in and then did not play is tried again: that may be for the moment.
    """
    alone = walk.segments.get(ALONE)
    never_in = any(s.name == "phone_login" and not s.effect.get("opened") for s in walk.facts(Stimulus))
    return never_in and (alone is None or not alone.ended)


def _two_places(walk: WalkView, case: Case) -> Finding:
    found = _overlap(walk, case)
    if isinstance(found, Finding):
        return found
    limit = case.limit("stop_within", of="F12-1v" if case.requirement.short == "F12-1v" else "F12-1")
    loser = min(found.gained)
    # The distance between what going on would earn and what the limit allows is what U must be small against.
    outcome, reason = at_most(loser, limit, found.u_s, found.wall_s - limit)
    place = found.gained.index(loser)
    played = found.played[place]
    unstopped = _unstopped(walk, case, found, limit, beyond=played > limit + found.u_s)
    if outcome is Outcome.PASS and unstopped is not None:
        return unstopped
    spare = spare_s(walk, case)
    if outcome is Outcome.FAIL and loser - spare <= limit + found.u_s:
        return _overpaid(case, found, spare)
    alone = _alone_s(found.segment, PLACES[place], PLACES[1 - place])
    if outcome is Outcome.FAIL and loser - spare - alone <= limit + found.u_s:
        return _took_turns(case, found, alone)
    return _say(
        case, walk, found, outcome, reason, f"≤ {limit:g} s", "两处同时计时" if loser > limit else "只有一处计时"
    )


def _overpaid(case: Case, found: Overlap, spare: float) -> Finding:
    """Honest study alone earned so much more than its time that no more than that need have come of two places."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"诚实学习单独进行时也多记了 {spare:.1f} 秒（见 F05-1），不能断定多记的学时来自两处同时学习：{found.told.zh}",
        f"honest study alone was recorded for {spare:.1f} s more than its time, too (see F05-1), so nothing shows that "
        f"two places are what it came of: {found.told.en}",
        uncertainty=f"±{found.u_s:.1f} s",
        refs=found.segment.refs,
    )


def _took_turns(case: Case, found: Overlap, alone: float) -> Finding:
    """While one place answered a face check or stood still the other played alone, and may have earned just then."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"记入较少的一处有 {alone:.1f} 秒是在另一处停止播放（如人脸核验）时单独播放的，不能断定两处同时取得学时："
        f"{found.told.zh}",
        f"for {alone:.1f} s the place that earned less played alone while the other stood still, for a face check or "
        f"the like, so nothing shows that both earned at once: {found.told.en}",
        uncertainty=f"±{found.u_s:.1f} s",
        refs=found.segment.refs,
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
    if not reached(segment) and not done and gained <= tolerance:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"下线后的上报均未送达平台：{said.zh}",
            f"no report reached the platform after the kick: {said.en}",
            refs=segment.refs,
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
    unstopped = _unstopped(walk, case, found, grace, beyond=sum(found.played) > allowed)
    if outcome is Outcome.PASS and unstopped is not None:
        return unstopped
    spare = spare_s(walk, case)
    paid = sum(gained > 0 for gained in found.gained)
    if outcome is Outcome.FAIL and total - spare * paid <= allowed + 2 * found.u_s:
        return _overpaid(case, found, spare)
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
