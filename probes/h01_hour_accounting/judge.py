"""H01-1, H01-1v: credited hours x 30 minutes never exceed valid time, of the course and of each lesson. H01-3: invalid
time isn't credited. H01-4: the daily cap. H01-2 reads the attendance walk of H02."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive, under_proviso
from harness.judge import listed as seen
from harness.model.finding import Finding, Text
from harness.model.observation import Media
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit
from harness.model.words import counted
from harness.view import SegmentView, WalkView, credit_s, taken_up
from probes.attacked import idled, locked_s
from probes.bracket import attacks, honest, paid_later_s
from probes.crosscheck import OWN_U_S, rows_before_s, studied_s
from probes.h01_hour_accounting import REST_S
from probes.h01_hour_accounting.hours import (
    Study,
    after,
    as_declared,
    beyond,
    far_below,
    hours_of,
    judged,
    listed,
    studied_before,
    unshown,
    worst_told,
)
from probes.h01_hour_accounting.judge_settled import judge_settled_hour
from probes.h01_hour_accounting.judge_settled import studied as studied_in
from probes.h02_offline_share.judge_hour import judge_offline_hour as judge_offline_hour
from probes.tables import reading

NOISE = 0.2
"""So much of a stretch may be recorded besides: the clicks at both of its ends."""
MOSTLY = 0.5
"""A stretch was paused or hidden where it was so for at least this share of the time that it should have been."""


def judge_hour(walk: WalkView, case: Case) -> Finding:
    """At 27 and at 33 minutes: hours credited x 30 min <= valid minutes, in the platform's own unit, within 1 %."""
    if (study := taken_up(walk, case.beside)) is not None:
        return judge_settled_hour(walk, study, case)
    hour = case.limit("online_hour", of="H01-1")
    rows: list[Study] = []
    refs: list[int] = []
    valid = lost = 0.0
    counted_s = False  # hours were made of the record's seconds
    for name in ("below", "above"):
        segment = walk.segments.get(name)
        if segment is None or not segment.after or segment.after[-1].credit is None or not segment.before:
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "一学时的诚实学习未完成", "an honest class hour was not completed"
            )
        first, credit = walk.segments["below"].before[-1].credit, segment.after[-1].credit
        used = studied_before(case, first, segment.refs)
        if used is not None:
            return used
        valid, lost = valid + segment.watched().valid_s, lost + segment.watched().lost_s
        hours, earlier = _hours(credit, case) - (0.0 if first is None else _hours(first, case)), 0.0
        counted = reading(walk.segments.get(f"counted_{name}"), "course_record")
        of_course = counted.number("hours") if counted is not None else None
        if counted is not None and of_course is not None:  # the sum over the course decides, not a lesson's rounding
            hours, earlier = of_course, rows_before_s(walk)
            refs.append(counted.seq)
        else:
            counted_s = credit.hours is None
        refs += segment.refs
        rows.append(Study(valid, hours, lost, earlier))
    slack = walk.segments["above"].watched()
    # What the wall clock says doesn't matter: face checks and readings come in between.
    if valid < hour or slack.samples < 2:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"有效观看仅 {valid:.0f} 秒",
            f"only {valid:.0f} s were really watched",
            refs=tuple(refs),
        )
    if (far := far_below(case, rows[0], refs)) is not None:
        return far
    if rows[-1].hours <= 0:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"有效学习 {valid:.0f} 秒后仍未计学时",
            f"no hour was credited after {valid:.0f} s of study",
            refs=tuple(refs),
        )
    return judged(case, rows, refs, as_declared(listed(rows), case) if counted_s else listed(rows))


def judge_lesson(walk: WalkView, case: Case) -> Finding:
    """The hours shown for a single lesson, at every reading: never more than the minutes studied in it by then."""
    if (study := taken_up(walk, case.beside)) is not None:
        return judge_settled_hour(walk, study, case, shown=True)
    rows: dict[str, Study] = {}
    refs: tuple[int, ...] = ()
    valid = lost = 0.0
    for segment in walk.of_kind("control"):
        if segment.name.startswith("finish_") or not segment.before or not segment.after:
            break  # another lesson of the course, or a stretch without readings of the record
        used = None if refs else studied_before(case, segment.before[-1].credit, segment.refs)
        if used is not None:
            return used
        credit = segment.after[-1].credit
        valid, lost = valid + segment.watched().valid_s, lost + segment.watched().lost_s
        refs += segment.refs
        if credit is not None and credit.hours is not None:
            rows[segment.name] = Study(valid, credit.hours, lost)
    if not rows:
        return unshown(case, refs)
    worst, outcome, reason, why = worst_told(list(rows.values()), case)
    said = after(listed(list(rows.values())), why)
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=f"单课：{said.zh}", en=f"of the lesson: {said.en}"),
        uncertainty=f"±{OWN_U_S:.1f} s",
        refs=refs,
        accepted=tuple(f"{name}: {s.valid_s:.0f} s studied, {counted(s.hours, 'hour')}" for name, s in rows.items()),
        refused=(beyond(worst.valid_s, worst.hours),) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL,
    )


def judge_cap(walk: WalkView, case: Case) -> Finding:
    """The declared cap is inside ours; credit beyond it is judged only where this walk really studied past it."""
    cap = case.limit("daily_cap")
    declared = case.declared_s("daily_cap_s")
    if declared is None:
        return under_proviso(case, "平台未申报每日上限", "the platform declares no daily cap")
    scaled = case.setting.scale
    said_zh, said = f"申报每日 {declared * scaled / 3600:g} 小时", f"{declared * scaled / 3600:g} h a day declared"
    if declared > cap:
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(zh=f"{said_zh}，超出本工具限值", en=f"{said}, which exceeds the harness limit"),
            refs=(walk.started.seq,),
        )
    study = taken_up(walk, case.beside)
    studied = studied_s(walk) if study is None else max(studied_in(study).values(), default=0.0)
    if studied <= declared + 2 * OWN_U_S:
        return under_proviso(
            case,
            f"{said_zh}，本次只学了 {studied / 60:.1f} 分钟",
            f"{said}, and {studied / 60:.1f} min were studied",
            refs=(walk.started.seq,),
        )
    last = walk.readings()[-1]
    credited = credit_s(last.credit, case.hour_s)
    if credited is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "读不到记录", "the record could not be read")
    u = OWN_U_S + case.lag_s
    outcome, reason = at_most(credited, declared, u, 3 * (studied - declared))
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{said_zh}；学了 {studied / 60:.1f} 分钟，计入 {credited / 60:.1f} 分钟",
            en=f"{said}; {studied / 60:.1f} min studied, {credited / 60:.1f} min credited",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=(last.seq,),
        accepted=(Text(zh=f"记入 {credited:.0f} 秒", en=f"{credited:.0f} s credited"),),
        refused=(_past_cap(studied - credited),) if outcome is Outcome.PASS else (),
        unearned=outcome is Outcome.FAIL,
    )


def _past_cap(seconds: float) -> Text:
    return Text(zh=f"超出每日上限的 {seconds:.0f} 秒", en=f"{seconds:.0f} s beyond the cap")


def _hours(credit: Credit, case: Case) -> float:
    if credit.hours is not None:
        return credit.hours
    return 0.0 if credit.credited_s is None else hours_of(credit.credited_s, case)


def judge_invalid(walk: WalkView, case: Case) -> Finding:
    """Paused and hidden time and what is watched again add nothing."""
    tried = attacks(walk, case)
    if isinstance(tried, Finding):
        return tried
    if not tried:
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可判定的无效时间", "no invalid time was spent")
    included: list[Text] = []
    excluded: list[Text] = []
    untold: list[Text] = []
    refs: list[int] = []
    u = 0.0
    for attack in tried:
        segment, gained, u = attack.segment, attack.gained_s, attack.u_s
        wall = segment.end - segment.start
        refs += segment.refs
        again = segment.name == "watched_again"
        valid = _new_media_s(segment) if again else segment.watched().valid_s
        late = paid_later_s(walk, segment, case)
        zh, en = (
            f"{segment.name}: 历时 {wall:.0f} 秒，记入 {gained:.1f} 秒",
            f"{segment.name}: {wall:.0f} s, {gained:.1f} s recorded",
        )
        if valid >= 1:
            zh += f"，其中 {valid:.1f} 秒为新内容" if again else f"，其中正常播放 {valid:.1f} 秒"
            en += f", {valid:.1f} s of it new" if again else f", {valid:.1f} s played as usual"
        if late > u:
            zh, en = f"{zh}，恢复播放后又多记 {late:.1f} 秒", f"{en}, and {late:.1f} s too many once it played on"
        if gained + late > u + NOISE * wall + valid:
            included.append(Text(zh=zh, en=en))
        elif (lasted := _invalid_s(walk, case, segment)) < MOSTLY * case.setting.span(REST_S, 12):
            untold.append(Text(zh=f"{zh}，未能如此", en=f"{en}: it was not brought about"))
        elif u > lasted / 3:
            untold.append(Text(zh=f"{zh}，记录过粗（±{u:.0f} 秒）", en=f"{en}: the record is too coarse (±{u:.0f} s)"))
        else:
            excluded.append(Text(zh=zh, en=en))
    if untold and not included:
        said = seen("无法判定", untold)
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, said.zh, said.en, refs=tuple(refs))
    return Finding(
        outcome=Outcome.FAIL if included else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=seen("无效时间被计入" if included else "无效时间未计入", included or excluded),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=(*honest(walk, case), *(line.en for line in included)),
        refused=tuple(line.en for line in excluded),
        unearned=bool(included),
    )


def _invalid_s(walk: WalkView, case: Case, segment: SegmentView) -> float:
    """How long a stretch really was what it is called; one that begins with a check is longer than that.

    What the idle lock stopped meanwhile would not have been credited whatever the platform makes of the rest.
    """
    watched = segment.watched()
    lasted = {"paused": watched.paused_s, "hidden": watched.hidden_s}.get(segment.name, watched.wall_s)
    return lasted - locked_s(segment) if idled(walk, case, segment) else lasted


def _new_media_s(segment: SegmentView) -> float:
    """Media seconds beyond what was watched before the segment: a player that doesn't go back only goes on."""
    before = max((o.data.sample.position_s for o in segment.earlier if isinstance(o.data, Media)), default=0.0)
    return max(0.0, segment.watched().furthest_s - before)
