"""F08-1: queries and statistics work. F08-1v: by learner, class, course and date. X-03, X-05, X-08, X-11."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Reason
from harness.model.values import StudyRecord
from harness.model.words import counted
from harness.view import WalkView
from probes.bracket import control
from probes.crosscheck import PIECE_S, QUERIED, SAME_HOURS, coarse_s, covered, pair
from probes.f08_query_statistics.judge_totals import judge_closed_totals, judge_totals
from probes.f08_query_statistics.page import statistics_of
from probes.tables import Read, reading, refs_of

__all__ = ["judge_closed_totals", "judge_filters", "judge_query", "judge_totals"]

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


def _shown(read: Read) -> float:
    """Whatever a statistics table shows of study: hours and seconds together, to tell something from nothing."""
    return sum(read.number(column) or 0.0 for column in ("hours", "credited"))


def judge_query(walk: WalkView, case: Case) -> Finding:
    """A learner's study is found in the record and in the statistics."""
    found = statistics_of(walk, case)
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
    found = statistics_of(walk, case)
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
