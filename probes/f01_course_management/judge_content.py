"""F01-1v, X-07: hours promised are covered by content, as stated and as measured."""

from __future__ import annotations

from collections.abc import Sequence

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted, series
from harness.view import WalkView
from probes.f01_course_management.managed import PUBLISHED, Row, ours

LESSON_U_S = 0.5
"""How exactly a player knows the length of one lesson's media."""


def judge_stated_content(walk: WalkView, case: Case) -> Finding:
    """In the catalogue: hours shown x 30 minutes <= the length of the content that the platform states."""
    read = [o for o in walk.observations if isinstance(o.data, TableRead) and o.data.reading == "courses"]
    table = read[-1].data.table if read and isinstance(read[-1].data, TableRead) else None
    every = [r for r in table.rows if r.get("state", PUBLISHED) == PUBLISHED] if table is not None else []
    rows = [r for r in every if not ours(r)]
    known = [r for r in rows if "hours" in r and "content" in r]
    refs = (read[-1].seq,) if read else ()
    if not rows or len(known) < len(rows):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "课程目录未显示学时或内容时长",
            "the catalogue shows no hours or no length of content",
            refs=refs,
        )
    told = _covered(case, [_stated(r) for r in known], 0.0, refs)
    online = [_stated(r) for r in known if r.get("state") == PUBLISHED]
    if told.outcome is Outcome.FAIL and not (online and _covered(case, online, 0.0, refs).outcome is Outcome.FAIL):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"课程目录未注明课程是否已上线，可能是草稿：{told.observed.zh}",
            f"the catalogue does not say whether the course is on line, it may be a draft: {told.observed.en}",
            refs=refs,
        )
    return told


def _stated(row: Row) -> tuple[str, float, float]:
    """A course's title, hours and seconds of content as the catalogue states them."""
    return row.get("title", row.get("id", "?")), float(row["hours"]), float(row["content"])


def judge_measured_content(walk: WalkView, case: Case) -> Finding:
    """Measured: hours shown x 30 minutes <= the sum of the lengths that the media really have."""
    courses: dict[str, Row] = {}
    lessons: dict[str, list[str]] = {}
    lengths: dict[str, float] = {}
    refs: list[int] = []
    for o in walk.observations:
        if isinstance(o.data, TableRead) and o.data.table is not None:
            refs.append(o.seq)
            if o.data.reading == "courses":
                courses = {r.get("id", ""): r for r in o.data.table.rows}
            elif o.data.reading == "lessons":
                lessons[o.data.filters.get("course", "")] = [r.get("id", "") for r in o.data.table.rows]
        elif isinstance(o.data, Media) and o.data.sample.duration_s:
            lengths[o.lesson] = o.data.sample.duration_s
    whole = [
        c for c, ids in lessons.items() if ids and "hours" in courses.get(c, {}) and all(i in lengths for i in ids)
    ]
    if not whole:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有一门课程的全部课时被测量",
            "no course was measured in all of its lessons",
            refs=tuple(refs),
        )
    pairs = [
        (courses[c].get("title", c), float(courses[c]["hours"]), sum(lengths[i] for i in lessons[c])) for c in whole
    ]
    u = LESSON_U_S * max(len(lessons[c]) for c in whole)
    return _covered(case, pairs, u, tuple(refs))


def _covered(case: Case, courses: Sequence[tuple[str, float, float]], u: float, refs: tuple[int, ...]) -> Finding:
    """Courses as title, hours and seconds of content; the worst of them decides."""
    hour = case.limit("online_hour")
    title, hours, content = max(courses, key=lambda c: c[1] * hour - c[2])
    outcome, reason = at_most(hours * hour, content, u, hour)
    listed = series(
        Text(zh=f"《{t}》{h:g} 学时，内容 {s / 60:.2f} 分钟", en=f"{t}: {h:g} h, {s / 60:.2f} min")
        for t, h, s in courses
    )
    short = outcome is Outcome.FAIL
    said = Text(
        zh=f"《{title}》标 {hours:g} 学时，内容仅 {content / 60:.2f} 分钟",
        en=f"'{title}' shows {counted(hours, 'hour')} for {content / 60:.2f} min of content",
    )
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（1学时={hour / 60:g}分钟）",
            en=f"{case.requirement.statement.en} (1 hour = {hour / 60:g} min)",
        ),
        observed=series((said, listed)) if short else listed,
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(
            Text(
                zh=f"内容时长足够所标学时的课程 {len(courses)} 门",
                en=f"{counted(len(courses), 'course')} with content for the hours shown",
            ),
        )
        if outcome is Outcome.PASS
        else (),
        refused=(said,)
        if short
        else (Text(zh="所标学时超出内容时长的课程", en="a course that promises more than it holds"),)
        if outcome is Outcome.PASS
        else (),
    )
