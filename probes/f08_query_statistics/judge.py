"""F08-1: queries and statistics work. F08-1v: by learner, class, course and date. F08-2: totals equal the detail, and
an export equals the page. X-03, X-05, X-08, X-11."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.model.words import counted
from harness.view import SegmentView, WalkView
from probes.bracket import control
from probes.crosscheck import (
    PIECE_S,
    QUERIED,
    SAME_HOURS,
    SOURCES,
    coarse_s,
    covered,
    cut_short,
    finished,
    pair,
    unread,
    unsupported,
    was_voided,
)
from probes.tables import Read, action, reading, refs_of

judge_record_statistics = pair("record", "statistics")
judge_statistics_archive = pair("statistics", "archive")
judge_certificate_statistics = pair("certificate", "statistics")
judge_statistics_covered = covered("statistics")

DIMENSIONS = {
    "learner": ("学员", ("by_learner",), ("other_learner",)),
    "class": ("班级", ("by_period",), ("other_period",)),
    "course": ("课程", ("by_course",), ("other_course",)),
    "date": ("日期", ("by_date",), ("other_date_before", "other_date_after")),
}
"""What must be filtered by (F08-1v): stretches that must show the study, and such that must not."""
WORDS = {
    "by_learner": ("按学员", "by learner"),
    "other_learner": ("按其他学员", "by another learner"),
    "by_period": ("按班级", "by class"),
    "other_period": ("按其他班级", "by another class"),
    "by_course": ("按课程", "by course"),
    "other_course": ("按其他课程", "by another course"),
    "by_date": ("按日期", "by date"),
    "other_date_before": ("按此前日期", "by earlier dates"),
    "other_date_after": ("按其后日期", "by later dates"),
}
PAGES = ("statistics", "statistics_csv", "statistics_xlsx")
COLUMNS = {
    "hours": ("学时", "hours"),
    "credited": ("计入时长", "credited time"),
    "added": ("补录", "added"),
    "voided": ("作废", "voided"),
}


def _statistics(walk: WalkView, case: Case) -> tuple[SegmentView, Read] | Finding:
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    read = reading(issued, "statistics")
    missing = unread(case, read, "statistics")
    if missing is not None:
        return missing
    assert read is not None
    return issued, read


def _shown(read: Read) -> float:
    """Whatever a statistics table shows of study: hours and seconds together, to tell something from nothing."""
    return sum(read.number(column) or 0.0 for column in ("hours", "credited"))


@dataclass(frozen=True, slots=True)
class Detail:
    """The study record's rows of a course, added up."""

    sum_s: float
    coarse_s: float
    """What they may have lost or gained together, each in the units in which it is shown."""
    of_course: bool
    """The rows name the course, or are all of one lesson. Else they are all that the learner has, in any course."""


def _detail(segment: SegmentView) -> Detail | None:
    """None when the rows were not read, or one of them shows no time."""
    read = next(iter(reversed(segment.facts(RecordsRead))), None)
    if read is None or read.rows is None:
        return None
    record = reading(segment, "course_record")
    course = record.text("course") if record is not None else ""
    # Where the record names courses in another way than the sum does, none would be this one.
    own = [row for row in read.rows if course and row.course == course]
    times = [row.duration_s for row in own or read.rows if row.credited is not False]
    known = [seconds for seconds in times if seconds is not None]
    if len(known) < len(times):
        return None
    whole = all(coarse_s(seconds) for seconds in known if seconds)
    named = {row.lesson or row.course or n for n, row in enumerate(read.rows)}
    return Detail(sum(known), sum(map(coarse_s, known)) if whole else 0.0, bool(own) or len(named) == 1)


def judge_query(walk: WalkView, case: Case) -> Finding:
    """A learner's study is found in the record and in the statistics."""
    found = _statistics(walk, case)
    if isinstance(found, Finding):
        return found
    issued, read = found
    records = next(iter(reversed(issued.facts(RecordsRead))), None)
    rows = records.rows if records is not None else None
    if rows is None:
        error = records.error if records is not None else ""
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"读不到学习记录：{error}",
            f"the study record could not be read: {error}",
            refs=refs_of(issued),
        )
    if issued.name == QUERIED and (open_end := _little(walk, case, rows, read)) is not None:
        return open_end
    owners = {row["learner"] for row in read.rows if "learner" in row}
    zh, en = ("所学内容", "what was studied") if issued.name == QUERIED else ("学完的课程", "a finished course")
    wrong: list[Text] = []
    if not rows:
        wrong.append(Text(zh=f"学习记录中查不到{zh}", en=f"{en} is not found in the record"))
    if not _shown(read):
        wrong.append(Text(zh=f"统计中没有{zh}", en=f"{en} is not in the statistics"))
    if len(owners) > 1:
        wrong.append(
            Text(
                zh=f"查询一名学员的统计，却返回 {len(owners)} 名学员的数据",
                en=f"statistics of one learner were asked for, those of {len(owners)} came",
            )
        )
    nothing = [name for name in ("other_date_before", "other_date_after", "other_course") if _empty(walk, name)]
    hours, credited = read.number("hours") or 0, read.number("credited") or 0
    said = Text(
        zh=f"学习记录 {len(rows)} 条，统计 {hours:g} 学时、{credited:g} 秒",
        en=f"{counted(len(rows), 'record')}, {hours:g} h, {credited:g} s",
    )
    return unless_wrong(
        case,
        wrong,
        "查询统计无效",
        Text(zh=f"可查询、可统计：{said.zh}", en=f"found and counted: {said.en}"),
        refs=refs_of(issued),
        accepted=(said,),
        refused=tuple(_filtered(name, "无数据", "nothing") for name in nothing),
    )


def _little(walk: WalkView, case: Case, rows: Sequence[StudyRecord], read: Read) -> Finding | None:
    """Why it proves nothing that a little study is not found, or None. It may not have been credited; a row may be
    written when the sitting ends; and half a minute is no class hour, and less than a minute."""
    refs = refs_of(walk.segments[QUERIED])
    studied = [control(segment, case) for segment in walk.of_kind("control") if segment.before]
    if not any(c.credited and c.gained_s for c in studied):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "所学内容尚未记入，无从查询",
            "what was studied had not been credited yet, so there was nothing to find",
            refs=refs,
        )
    if not rows:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "所学已记入学时，学习记录中尚无明细（可能在退出后生成）",
            "the study is credited and the record shows no row of it yet (one may be written when the sitting ends)",
            refs=refs,
        )
    if not _shown(read) and (read.rows or not read.asks_for("credited")):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "所学不足统计的最小单位，统计为零不说明问题",
            "what was studied may be less than the statistics can show, so zero says nothing",
            refs=refs,
            settled=True,
        )
    return None


def _filtered(stretch: str, zh: str, en: str) -> Text:
    """What a filter gave."""
    words = WORDS[stretch]
    return Text(zh=f"{words[0]}查询：{zh}", en=f"{words[1]}: {en}")


def _empty(walk: WalkView, stretch: str) -> bool:
    read = reading(walk.segments.get(stretch), "statistics")
    return read is not None and read.table is not None and not _shown(read)


def judge_filters(walk: WalkView, case: Case) -> Finding:
    """Each filter shows the study where it belongs, whole, and nothing of it where it doesn't."""
    found = _statistics(walk, case)
    if isinstance(found, Finding):
        return found
    issued, whole = found
    if issued.name == QUERIED and not _shown(whole):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "统计中没有所学内容，无从筛选",
            "the statistics show nothing of what was studied, so there is nothing to filter",
            refs=refs_of(issued),
            settled=True,
        )
    wrong: list[Text] = []
    accepted: list[Text] = []
    refused: list[Text] = []
    untold: list[str] = []
    everything, today = (reading(walk.segments.get(name), "statistics") for name in ("by_learner", "by_date"))
    ours = {row["learner"] for row in whole.rows if "learner" in row}
    for name, (zh, inside, outside) in DIMENSIONS.items():
        right: list[Text] = []
        away = len(refused)
        for stretch in (*inside, *outside):
            read = reading(walk.segments.get(stretch), "statistics")
            if read is None or read.table is None:
                continue
            if stretch == "other_learner":
                if ours & {row["learner"] for row in read.rows if "learner" in row}:
                    wrong.append(_filtered(stretch, "显示了本学员的学习", "shows this learner's study"))
                elif ours:
                    refused.append(_filtered(stretch, "不含本学员的学习", "not this learner's"))
                continue
            shown, want = read.number("hours"), whole.number("hours")
            if stretch in inside:
                # Only one filter asks for this course alone; the learner may have studied in others, too.
                most = whole if name == "course" else everything
                same = _shown(read) > 0 and (name == "learner" or _between(read, whole, most))
                given = _filtered(
                    stretch,
                    f"{shown or 0:g} 学时（总计 {want or 0:g} 学时）",
                    f"{shown or 0:g} h of {want or 0:g} h",
                )
                (right if same else wrong).append(given)
            elif _shown(read):
                if stretch == "other_date_before" and _part(read, today, everything):
                    continue  # an account that had studied on one of these days
                extra = _shown(read)
                wrong.append(_filtered(stretch, f"并未学习，却显示 {extra:g}", f"{extra:g}, where nothing was studied"))
            else:
                refused.append(_filtered(stretch, "无数据", "nothing"))
        accepted += right
        # A filter that takes nothing away has not been seen to filter; rows of one learner alone show that one does.
        filters = len(refused) > away or (name == "learner" and len(ours) == 1)
        if not right or not filters:
            untold.append(zh)
    if not wrong and untold:
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            f"未能按以下维度筛选：{'、'.join(untold)}",
            f"not filtered by: {', '.join(n for n, (z, *_) in DIMENSIONS.items() if z in untold)}",
            refs=refs_of(issued),
            settled=True,
        )
    return unless_wrong(
        case,
        wrong,
        "筛选结果不正确",
        listed("四种筛选均正确", (*accepted, *refused)),
        refs=refs_of(issued, *(walk.segments.get(s) for _, i, o in DIMENSIONS.values() for s in (*i, *o))),
        accepted=tuple(accepted),
        refused=tuple(refused),
    )


def _between(read: Read, least: Read, most: Read | None) -> bool:
    """Does a filter show no less than one reading, and no more than another? In hours, or in time where no hour is."""
    column = "hours" if least.number("hours") else "credited"
    shown, low, high = (r.number(column) if r is not None else None for r in (read, least, most))
    if shown is None or low is None:
        return shown == low
    slack = SAME_HOURS if column == "hours" else PIECE_S + coarse_s(shown, low)
    return low - slack <= shown and (high is None or shown <= high + slack)


def _part(read: Read, other: Read | None, whole: Read | None) -> bool:
    """Do two readings add up to no more than a third, in whatever they all show?"""
    compared = False
    for column, slack in (("hours", SAME_HOURS), ("credited", PIECE_S)):
        one, two, all_ = (r.number(column) if r is not None else None for r in (read, other, whole))
        if one is None or two is None or all_ is None:
            continue
        compared = True
        if one + two > all_ + slack + (coarse_s(one, two, all_) if column == "credited" else 0.0):
            return False
    return compared


def judge_totals(walk: WalkView, case: Case) -> Finding:
    """Totals equal the record's rows, before and after the study was voided, and every export equals the page."""
    found = _statistics(walk, case)
    if isinstance(found, Finding):
        return found
    issued, read = found
    detail = _detail(issued)
    if detail is not None and not detail.of_course and _elsewhere(walk, read):
        return _unnamed(case, issued)
    if detail is None or read.number("credited") is None:
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            "统计或明细中没有可比的时长",
            "neither statistics nor detail show a time to compare",
            refs=refs_of(issued),
            settled=True,
        )
    wrong = [*_against(read, detail, ("学完后", "finished")), *_exports(issued)]
    accepted = [_sums(detail, read)]
    refused: list[Text] = []
    voided = walk.segments.get("voided")
    if not wrong and (open_end := cut_short(walk, case)) is not None:
        return open_end
    if voided is not None:
        after = reading(voided, "statistics")
        if not was_voided(voided) or after is None or after.table is None:
            if not wrong:
                return inconclusive(
                    case,
                    Reason.PRECONDITION_UNMET,
                    "未能检测作废时段是否计入",
                    "whether voided time is counted could not be tried",
                    refs=refs_of(voided),
                )
        else:
            left = _detail(voided)
            if left is not None:
                wrong += [*_against(after, left, ("作废后", "voided")), *_exports(voided)]
                sums = _sums(left, after)
                refused.append(Text(zh=f"作废后{sums.zh}", en=f"voided: {sums.en}"))
    return unless_wrong(
        case,
        wrong,
        "统计与明细或导出不一致",
        listed("统计等于明细", (*accepted, *refused)),
        uncertainty=f"±{PIECE_S:g} s",
        refs=refs_of(issued, voided),
        accepted=tuple(accepted),
        refused=tuple(refused),
    )


def judge_closed_totals(walk: WalkView, case: Case) -> Finding:
    """After an account was closed its study still stands in detail and in total."""
    closed = walk.segments.get("closed")
    done = action(closed, "close_account")
    if closed is None or done is None:
        return unsupported(case, "close_account")
    read = reading(closed, "statistics")
    missing = unread(case, read, "statistics")
    if missing is not None:
        return missing
    assert read is not None
    detail = _detail(closed)
    if not done.ok or detail is None or not detail.sum_s:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未能注销账号，或其学习记录读不到：{done.error}",
            f"the account could not be closed, or nothing of its study be read: {done.error}",
            refs=refs_of(closed),
        )
    wrong = _against(read, detail, ("注销后", "closed"))
    if wrong and not detail.of_course:
        return _unnamed(case, closed)
    sums = _sums(detail, read)
    said = Text(zh=f"注销账号后{sums.zh}", en=f"{sums.en} after the account was closed")
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh=("统计与明细不一致：" if wrong else "统计仍等于明细：") + said.zh, en=said.en),
        uncertainty=f"±{PIECE_S:g} s",
        refs=refs_of(closed),
        accepted=(said,),
        refused=() if wrong else (Text(zh="注销账号未使学习记录减少", en="closing the account took nothing away"),),
    )


def _unnamed(case: Case, segment: SegmentView) -> Finding:
    """The learner's rows may be of several courses, the total is of one."""
    return inconclusive(
        case,
        Reason.UNSUPPORTED,
        "学习记录明细未载明课程，而该学员可能还学过别的课程",
        "the record's rows do not name their course, and the learner may have studied in others",
        refs=refs_of(segment),
        settled=True,
    )


def _elsewhere(walk: WalkView, course: Read) -> bool:
    """Do the statistics show more of the learner than of the course?"""
    every = reading(walk.segments.get("by_learner"), "statistics")
    of_all, of_course = (read.number("credited") if read is not None else None for read in (every, course))
    return of_all is not None and of_course is not None and of_all > of_course + PIECE_S + coarse_s(of_all, of_course)


def _sums(detail: Detail, read: Read) -> Text:
    total = read.number("credited") or 0.0
    return Text(
        zh=f"明细合计 {detail.sum_s:g} 秒，统计 {total:g} 秒", en=f"{detail.sum_s:g} s in detail, {total:g} s in total"
    )


def _against(read: Read, detail: Detail, when: tuple[str, str]) -> list[Text]:
    total = read.number("credited") or 0.0
    slack = PIECE_S + coarse_s(total) + detail.coarse_s
    sums = _sums(detail, read)
    return [] if abs(total - detail.sum_s) <= slack else [Text(zh=f"{when[0]}{sums.zh}", en=f"{when[1]}: {sums.en}")]


def _exports(segment: SegmentView) -> list[Text]:
    """Where an export says something else than the page."""
    shown = [(name, read) for name in PAGES if (read := reading(segment, name)) is not None and read.table is not None]
    wrong: list[Text] = []
    for (one, a), (other, b) in pairwise(shown):
        for column in COLUMNS:
            x, y = a.number(column), b.number(column)
            if x is None or y is None:
                continue
            if abs(x - y) > (SAME_HOURS if column == "hours" else 1.0 + coarse_s(x, y)):
                (zh, en), (zh1, en1), (zh2, en2) = COLUMNS[column], SOURCES[one], SOURCES[other]
                wrong.append(Text(zh=f"{zh}：{zh1}为 {x:g}，{zh2}为 {y:g}", en=f"{en}: {x:g} in {en1}, {y:g} in {en2}"))
    return wrong
