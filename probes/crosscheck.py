"""The places that state a learner's hours, held against one another and against what was really studied. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Literal

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive, inconclusive_about
from harness.model.finding import Finding, Text, Told
from harness.model.observation import Fault, Media, RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import Table
from harness.model.words import counted, series
from harness.platform.readings import is_blank
from harness.view import SegmentView, WalkView, credit_s, measure
from probes.tables import Read, action, answers, reading, refs_of

Place = Literal["record", "certificate", "archive", "statistics"]
PLACES: dict[Place, tuple[str, str]] = {
    "record": ("学习记录", "record"),
    "certificate": ("学时证明", "certificate"),
    "archive": ("档案", "archive"),
    "statistics": ("统计", "statistics"),
}
SOURCES = {
    "course_record": ("学习记录", "study record"),
    "certificate": ("学时证明（页面）", "certificate (page)"),
    "paper": ("学时证明（文件）", "certificate (file)"),
    "archive_hours": ("档案（页面）", "archive (page)"),
    "archive_export": ("档案（导出）", "archive (export)"),
    "statistics": ("统计（页面）", "statistics (page)"),
    "statistics_csv": ("统计（CSV）", "statistics (CSV)"),
    "statistics_xlsx": ("统计（XLSX）", "statistics (XLSX)"),
}
"""What a person calls a reading."""
READINGS: dict[Place, tuple[str, ...]] = {
    "record": ("course_record",),
    "certificate": ("certificate",),
    "archive": ("archive_hours", "archive_export"),
    "statistics": ("statistics", "statistics_csv", "statistics_xlsx"),
}
PIECE_S = 2.0
"""Totals may lose under a second for each of the few sittings of a walk, and show whole seconds."""
STEPS_S = (60.0, 36.0)
"""In which times are shown: `33分钟`, and `0.56小时`."""
TENTH_S = 360.0
"""Times in tenths of an hour (`0.6小时`) look like whole minutes."""
CLOCKS_APART = timedelta(minutes=2)
"""A row that began by more before the walk is no row of it, whatever the platform's clock says."""
OWN_U_S = 2.0
"""Our clock and our samples of the player, as in H01-1."""
SAME_HOURS = 1e-6


@dataclass(frozen=True, slots=True)
class Stated:
    """What one place states of the course: class hours, and seconds where it shows them."""

    source: str
    hours: float | None
    credited_s: float | None
    seq: int

    def shown(self, hour_s: float) -> float | None:
        """Its hours in seconds, else the seconds that it shows; None when it states nothing."""
        return self.credited_s if self.hours is None else self.hours * hour_s

    def __str__(self) -> str:
        """By the reading's own name, in the form in which reports read it back."""
        return f"{self.source} {', '.join(self._figures('h', 's')) or 'no hours'}"

    @property
    def told(self) -> Text:
        """As a person would say it."""
        zh, en = SOURCES.get(self.source, (self.source, self.source))
        first, *more = self._figures("学时", "秒") or ("",)
        said = f"载 {first}" + (f"（{more[0]}）" if more else "") if first else "未载学时"
        return Text(zh=f"{zh}{said}", en=f"{en}: {', '.join(self._figures('h', 's')) or 'no hours'}")

    def _figures(self, hours: str, seconds: str) -> list[str]:
        parts = [f"{self.hours:g} {hours}"] if self.hours is not None else []
        if self.credited_s or (self.credited_s is not None and not parts):
            parts.append(f"{self.credited_s:g} {seconds}")
        return parts


QUERIED = "queried"
"""The stretch in which a little study is asked for, where no course can be finished in a run."""


def finished(walk: WalkView, case: Case) -> SegmentView | Finding:
    """The stretch in which a finished course's outcome was read, or that of a little study; or why there is none."""
    issued = walk.segments.get("issued") or walk.segments.get(QUERIED)
    if issued is not None:
        return issued
    if "above" in walk.segments and "early" not in walk.segments:
        return unsupported(case, "test_course, request_certificate")
    return inconclusive(case, Reason.PRECONDITION_UNMET, "测试课程未学完", "the test course was not finished")


def unsupported(case: Case, name: str) -> Finding:
    """Nothing can be told, because the profile does not describe this; another attempt would only show it again."""
    return inconclusive(
        case, Reason.UNSUPPORTED, f"配置未描述 {name}", f"the profile does not describe {name}", settled=True
    )


def unread(case: Case, read: Read | None, name: str) -> Finding | None:
    """Why a reading says nothing, or None when it stands."""
    if read is None:
        return unsupported(case, name)
    if read.table is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"读不到 {name}：{read.error}",
            f"{name} could not be read: {read.error}",
            refs=(read.seq,),
            settled=True,  # its reader has tried twice; a second course of half an hour would not read it either
        )
    return None


def of_one_file(case: Case, segment: SegmentView, finding: Finding, *, is_this: bool = False) -> Finding:
    """A finding about a learner's file, unless the learner has several, of which one was opened: what it lacks or
    states may stand in another.

    `is_this`: what was opened shows this very study. Where the platform lists its other files as empty, what is not in
    it is in none.
    """
    index = reading(segment, "archives")
    rows = index.own.rows if index is not None else ()
    periods = {row.get("period", "") for row in rows}
    filled = {row.get("period", "") for row in rows if not _holds_0(row)}
    if finding.outcome is not Outcome.FAIL or len(periods) < 2 or (is_this and len(filled) == 1):
        return finding
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"该学员参加 {len(periods)} 期，所查为其中一期的档案，不能断定：{finding.observed.zh}",
        f"the learner is in {len(periods)} class periods and one file was opened, so it can't be told: "
        f"{finding.observed.en}",
        refs=finding.refs,
        evidence=finding.evidence,
        settled=True,  # another learner of the same classes would show it again
    )


def _holds_0(row: Mapping[str, str]) -> bool:
    """Does the list of files say that this one holds nothing? One of which it counts no records may hold some."""
    counts = [row[name].strip() for name in ("records", "portraits", "certificates") if name in row]
    return "records" in row and all(count == "0" for count in counts)


def places(segment: SegmentView, case: Case, place: Place) -> list[Stated] | Finding:
    """What a place states, on each of its pages, papers and exports; or why nothing is known of it."""
    found: list[Stated] = []
    why: Finding | None = None
    course = _course(segment)
    for name in READINGS[place]:
        read = reading(segment, name)
        missing = unread(case, read, name)
        if read is None or missing is not None:
            # What the profile does not describe leaves a place with its other pages; what can't be read doesn't.
            why = missing if why is None or why.reason is Reason.UNSUPPORTED else why
            continue
        found.append(_of(name, _own(read, course), first_only=place == "certificate"))
    if place == "certificate":
        for paper in answers(segment, "request_certificate"):
            stated = _of("paper", paper, first_only=True)
            if paper.table is not None and all(s.source != "paper" or s.hours != stated.hours for s in found):
                found.append(stated)  # handed out again, it is told once unless it says something else
    if why is not None and (why.reason is not Reason.UNSUPPORTED or not found):
        return why
    return found


def _course(segment: SegmentView) -> str:
    """What the platform calls the course that was studied; empty where it doesn't say, or names several."""
    for read in (reading(segment, name) for name in ("course_record", "certificate")):
        named = _named(read) if read is not None else set()
        if len(named) == 1 and not is_blank(only := next(iter(named))):
            return only
    return ""


def _named(read: Read) -> set[str]:
    """The courses that a table's rows name."""
    return {row.get("course", "") for row in read.rows}


def _own(read: Read, course: str) -> Read:
    """The rows of one course, where a place lists several: an account may have studied others in this run. None where
    it can't be told which they are."""
    if read.table is None or len(_named(read)) < 2:
        return read
    rows = tuple(row for row in read.rows if row.get("course", "") == course)
    columns = read.table.columns if rows else ()
    return replace(read, table=Table(columns=columns, rows=rows))


def _of(name: str, read: Read, *, first_only: bool) -> Stated:
    if first_only:
        said = read.text("hours")
        return Stated(name, float(said) if said else None, None, read.seq)
    return Stated(name, read.number("hours"), read.number("credited"), read.seq)


def apart(a: Stated, b: Stated, hour_s: float) -> Text | None:
    """How two statements differ; None when they agree, each in its own unit and rounding down."""
    if a.hours is not None and b.hours is not None and not _same(a.hours, b.hours):
        return _apart(a, b, f"{a.hours - b.hours:+g}", ("学时", "h"))
    both = None if a.credited_s is None or b.credited_s is None else (a.credited_s, b.credited_s)
    if both is not None and abs(both[0] - both[1]) > PIECE_S + coarse_s(*both):
        return _apart(a, b, f"{both[0] - both[1]:+.0f}", ("秒", "s"))
    if a.hours is None or b.hours is None:
        hours, seconds = (a.hours, b.credited_s) if b.hours is None else (b.hours, a.credited_s)
        worth = None if hours is None else hours * hour_s
        if worth is not None and seconds is not None and not _least_s(seconds, worth) <= seconds < worth + hour_s:
            return _apart(a, b, f"{seconds - worth:+.0f}", ("秒", "s"))
    return None


def _same(one: float, other: float) -> bool:
    """Are these the same hours, 1.21 shown as 1.2 included? Whole hours against parts of them are not."""
    if abs(one - other) <= SAME_HOURS:
        return True
    rough, fine = sorted((one, other), key=_decimals)
    scale = 10.0 ** _decimals(rough)
    return scale > 1 and _decimals(fine) > _decimals(rough) and abs(math.floor(fine * scale) - rough * scale) < 1e-3


def _decimals(hours: float) -> int:
    return len(f"{hours:.6f}".rstrip("0").partition(".")[2])


def _least_s(shown: float, worth: float) -> float:
    """The least that is shown of time worth so much: where minutes are shown, seconds fall away."""
    step = coarse_s(shown)
    return (step * math.floor(worth / step + 1e-6) if step else worth) - PIECE_S


def _in_tenths(a: Stated, b: Stated) -> bool:
    """May two times differ only because one is shown in tenths of an hour, which also are whole minutes?"""
    if (
        a.credited_s is None
        or b.credited_s is None
        or (a.hours is not None and b.hours is not None and not _same(a.hours, b.hours))
    ):
        return False
    near = abs(a.credited_s - b.credited_s) <= PIECE_S + TENTH_S
    return near and any(s and _steps(s, TENTH_S) for s in (a.credited_s, b.credited_s))


def coarse_s(*shown: float) -> float:
    """What times may have lost or gained where they are shown: a minute where one of them is whole minutes, 36 s where
    it is hundredths of an hour, else nothing."""
    return max((step for step in STEPS_S for seconds in shown if seconds and _steps(seconds, step)), default=0.0)


def _steps(seconds: float, step: float) -> bool:
    return abs(seconds - step * round(seconds / step)) < 1e-6


def _apart(a: Stated, b: Stated, by: str, unit: tuple[str, str]) -> Text:
    return Text(zh=f"{a.told.zh}，{b.told.zh}，相差 {by} {unit[0]}", en=f"{a} / {b}: {by} {unit[1]}")


def pair(one: Place, other: Place) -> Callable[[WalkView, Case], Finding]:
    """The judge of two places: after the course was finished, and again after its study was voided."""

    def judge(walk: WalkView, case: Case) -> Finding:
        issued = finished(walk, case)
        if isinstance(issued, Finding):
            return issued
        a, b = places(issued, case, one), places(issued, case, other)
        for stated_or_why in (a, b):
            if isinstance(stated_or_why, Finding):
                return stated_or_why
        assert not isinstance(a, Finding)
        assert not isinstance(b, Finding)
        if not any(s.shown(case.hour_s) for s in (*a, *b)):
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "学完后两处均无学时可比",
                "neither place states any hours of a finished course",
                refs=refs_of(issued),
            )
        for place, stated in ((one, a), (other, b)):
            if all(s.shown(case.hour_s) is None for s in stated):
                zh, en = PLACES[place]
                return inconclusive(
                    case,
                    Reason.INSUFFICIENT_EVIDENCE,
                    f"{zh}未载学时，无从比较",
                    f"the {en} states no hours, so that nothing can be compared",
                    refs=refs_of(issued),
                    settled=True,  # a second course would be stated no better
                )
        differences = [d for x, y in product(a, b) if (d := apart(x, y, case.hour_s))]
        sure = any(apart(x, y, case.hour_s) and not _in_tenths(x, y) for x, y in product(a, b))
        voided = walk.segments.get("voided")
        followed: list[Told] = []
        if voided is not None and "certificate" not in (one, other) and was_voided(voided):
            later_a, later_b = places(voided, case, one), places(voided, case, other)
            if not isinstance(later_a, Finding) and not isinstance(later_b, Finding):
                states = all(any(s.shown(case.hour_s) is not None for s in place) for place in (later_a, later_b))
                later = [d for x, y in product(later_a, later_b) if (d := apart(x, y, case.hour_s))]
                sure = sure or any(
                    apart(x, y, case.hour_s) and not _in_tenths(x, y) for x, y in product(later_a, later_b)
                )
                differences += [Text(zh=f"作废后，{d.zh}", en=f"voided: {d.en}") for d in later]
                followed = [
                    Text(zh=f"作废后，{s.told.zh}", en=f"after voiding, {s.told.en}")
                    for s in ((*later_a, *later_b) if states else ())
                ]
        (zh, en), (zh2, en2) = PLACES[one], PLACES[other]
        listed = series(Text(zh=s.told.zh, en=str(s)) for s in (*a, *b))
        differ = series(differences)
        if differences and not sure:
            return inconclusive_about(
                case,
                Reason.INSUFFICIENT_EVIDENCE,
                f"{zh}与{zh2}所载时长不同，可能只因一处以 0.1 小时为单位显示",
                f"{en} and {en2} state other times, perhaps because one shows tenths of an hour",
                differences,
                refs=refs_of(issued, voided),
                settled=True,
            )
        found = Finding(
            outcome=Outcome.FAIL if differences else Outcome.PASS,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"{zh}与{zh2}" + (f"不一致。{differ.zh}" if differences else f"一致。{listed.zh}"),
                en=f"{en} and {en2} " + (f"differ: {differ.en}" if differences else f"agree: {listed.en}"),
            ),
            uncertainty=f"±{PIECE_S:g} s",
            refs=refs_of(issued, voided),
            accepted=tuple(s.told for s in (*a, *b)),
            refused=tuple(followed) or too_early(walk),
        )
        if "archive" not in (one, other):
            return found
        archive = a if one == "archive" else b
        return of_one_file(case, issued, found, is_this=all(s.shown(case.hour_s) for s in archive))

    return judge


def covered(place: Place) -> Callable[[WalkView, Case], Finding]:
    """The judge of a place against our own ledger: it states no more than was validly studied."""

    def judge(walk: WalkView, case: Case) -> Finding:
        issued = finished(walk, case)
        if isinstance(issued, Finding):
            return issued
        found = places(issued, case, place)
        if isinstance(found, Finding):
            return found
        hour = case.limit("online_hour", of="H01-1")
        allowance = case.limit("sum_tolerance") / 100
        valid = studied_s(walk)
        stated = [(s, seconds) for s in found if (seconds := s.shown(hour)) is not None]
        if not any(seconds for _, seconds in stated) or valid < 0.5 * hour:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"有效学习 {valid:.0f} 秒，未载明学时",
                f"{valid:.0f} s of valid study, and no hours stated",
                refs=refs_of(issued),
                settled=issued.name == QUERIED,  # a little study will state none the next time either
            )
        worst, seconds = max(stated, key=lambda item: item[1])
        outcome, reason = at_most(seconds, valid * (1 + allowance), OWN_U_S, 0.1 * hour)
        # Seconds stand beside the hours: they are judged only where they clearly exceed what was studied.
        most = valid * (1 + allowance) + OWN_U_S + case.lag_s
        beyond = [s for s in found if s.credited_s is not None and s.credited_s > most]
        if beyond and outcome is not Outcome.FAIL:
            worst, seconds = beyond[0], beyond[0].credited_s or 0.0
            outcome, reason = Outcome.FAIL, None
        lost = sum(s.watched().lost_s for s in walk.segments.values())
        earlier = earlier_s(walk, case)
        beyond_s = max(seconds, *(s.credited_s or 0.0 for s in found))
        if outcome is Outcome.FAIL and beyond_s <= most + lost:
            outcome, reason = Outcome.INCONCLUSIVE, Reason.HARNESS_ERROR  # a slow machine of ours, as in H01-1
        elif outcome is Outcome.FAIL and beyond_s <= most + lost + earlier:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"{worst.told.zh}；该学员此前学过本课程或其他课时，不能断定学时由何而来",
                f"{worst.told.en}; the learner had studied before, so it can't be told what these hours came of",
                refs=refs_of(issued),
            )
        _, en = PLACES[place]
        return Finding(
            outcome=outcome,
            reason=reason,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"{worst.told.zh}，合 {seconds / 60:.2f} 分钟；实测有效学习 {valid / 60:.2f} 分钟"
                + (f"，另有 {lost:.0f} 秒应播而未播（本机或网络过慢）" if reason is Reason.HARNESS_ERROR else ""),
                en=f"{en} states {worst}, {seconds / 60:.2f} min; {valid / 60:.2f} min were validly studied"
                + (
                    f", and {lost:.0f} s more were to play and did not (our machine or the network)"
                    if reason is Reason.HARNESS_ERROR
                    else ""
                ),
            ),
            uncertainty=f"±{OWN_U_S:g} s",
            refs=refs_of(issued),
            accepted=(
                Text(
                    zh=f"有效学习 {valid / 60:.2f} 分钟；{worst.told.zh}",
                    en=f"{valid / 60:.2f} min studied; {worst.told.en}",
                ),
            ),
            refused=() if outcome is Outcome.FAIL else (_more(valid / hour), *too_early(walk)),
            unearned=outcome is Outcome.FAIL,
        )

    return judge


def studied_s(walk: WalkView) -> float:
    """Valid study of a whole walk in one window, seconds: played forward and visible, wherever in the walk."""
    media = [(o.t, o.data) for o in walk.observations if isinstance(o.data, Media)]
    if not media:
        return 0.0
    return measure(media, media[0][0], media[-1][0], 0.0, 0.0).valid_s


def rows_before_s(walk: WalkView) -> float:
    """Study that the rows of the record show from before this walk, seconds."""
    begun = datetime.fromisoformat(walk.started.utc)
    rows = next((r.rows for r in reversed(walk.facts(RecordsRead)) if r.rows is not None), ())
    before = [r for r in rows if r.start is not None and r.start < begun - CLOCKS_APART]
    return sum(math.inf if r.duration_s is None else r.duration_s for r in before)


def earlier_s(walk: WalkView, case: Case) -> float:
    """Study from before this walk, seconds: what its lessons had when they were first read, and earlier rows. An
    account may have studied in an earlier run, or in other lessons of the course."""
    first = {r.lesson: r.credit for r in reversed(walk.readings())}
    return max(sum(credit_s(credit, case.hour_s) or 0.0 for credit in first.values()), rows_before_s(walk))


def cut_short(walk: WalkView, case: Case) -> Finding | None:
    """Why the study was never declared void, where the platform stopped the walk on the way there; None where it did
    not, or nobody meant to."""
    issued = walk.segments.get("issued")
    stopped = next((f for f in reversed(walk.facts(Fault)) if f.whose == "subject"), None)
    if issued is None or stopped is None or "voided" in walk.segments:
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"学完后的查验中断，未及作废学习记录：{stopped.message}",
        f"stopped before the study could be voided: {stopped.message}",
        refs=refs_of(issued),
    )


def was_voided(voided: SegmentView) -> bool:
    """Did an administrator's declaration that the study is invalid go through?"""
    done = action(voided, "void_record")
    return done is not None and done.ok


def _more(hours: float) -> Text:
    return Text(
        zh=f"超出有效学习（合 {hours:.2f} 学时）的部分", en=f"more than the {counted(round(hours, 2), 'hour')} studied"
    )


def too_early(walk: WalkView) -> tuple[Told, ...]:
    """The certificate asked for before the course was finished, where it was refused."""
    asked = action(walk.segments.get("early"), "request_certificate")
    if asked is None or asked.ok:
        return ()
    return (
        Text(zh="未学完即申请学时证明，被拒绝", en="certificate asked for before the course was finished: refused"),
    )
