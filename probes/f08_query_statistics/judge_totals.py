"""F08-2: totals equal the detail, and an export equals the page; also once somebody has closed their account."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView
from probes.crosscheck import PIECE_S, SAME_HOURS, SOURCES, coarse_s, cut_short, unread, unsupported, was_voided
from probes.f08_query_statistics.page import statistics_of
from probes.tables import Read, action, reading, refs_of

PAGES = ("statistics", "statistics_csv", "statistics_xlsx")
COLUMNS = {
    "hours": ("学时", "hours"),
    "credited": ("计入时长", "credited time"),
    "added": ("补录", "added"),
    "voided": ("作废", "voided"),
}


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


def judge_totals(walk: WalkView, case: Case) -> Finding:
    """Totals equal the record's rows, before and after the study was voided, and every export equals the page."""
    found = statistics_of(walk, case)
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
