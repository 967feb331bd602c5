"""F05-1 across interruptions, and X-06: the rows of the record against what our own ledger saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.compare import at_most
from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, RecordsRead, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.model.words import counted, series
from harness.view import SegmentView, WalkView, joined, measure, taken_up
from probes.bracket import resolution_s
from probes.f05_learning_record.judge_settled import judge_settled
from probes.f05_learning_record.sittings import (
    UNWATCHED,
    hour_unknown,
    offline_s,
    screens_of,
    sittings,
    too_slow,
    unseen_s,
    watched_in,
    watched_too_little,
)

WORDS = {
    "session_reload": ("刷新页面", "a reload"),
    "session_cut": ("断网", "a network cut"),
    "session_login": ("重新登录", "a new log-in"),
}

FIELDS = {"start": "开始时间", "course": "课程", "lesson": "课时", "device": "设备", "end": "结束时间"}
"""What the rows of a record say, in Chinese."""


def judge_interrupted(walk: WalkView, case: Case) -> Finding:
    """Each interrupted stretch: recorded = really watched, but for what was seen twice or without a network."""
    if (study := taken_up(walk, case.beside)) is not None:
        return judge_settled(walk, study, case)
    tolerance = case.limit("session_tolerance")
    segments = [walk.segments[name] for name in WORDS if name in walk.segments]
    if len(segments) < len(WORDS):
        return inconclusive(case, Reason.PRECONDITION_UNMET, "中断试验未完成", "not every interruption was tried")
    worst: tuple[float, SegmentView, bool] | None = None
    lines: list[Text] = []
    u = 0.0
    for segment in segments:
        gained = segment.gained_s(case.hour_s)
        watched = watched_in(segment)
        if gained is None or not watched:
            return inconclusive(
                case, Reason.PRECONDITION_UNMET, "中断前后读不到记录", "no record around it", refs=segment.refs
            )
        if too_slow(segment.observations):
            return inconclusive(
                case, Reason.HARNESS_ERROR, "播放过慢，本次作废", "played too slowly: void", refs=segment.refs
            )
        seen = sum(w.valid_s for w in watched)
        too_little = watched_too_little(case, seen, times=1.5, refs=segment.refs)
        if too_little is not None:
            return too_little
        offline = offline_s(segment.facts(Stimulus))
        least = max(0.0, min(seen, sum(w.unique_s for w in watched)) - offline)
        most = seen + unseen_s(segment.observations)
        u = max(u, resolution_s(segment, case))
        off = max(least - gained, gained - most, 0.0)
        lines.append(
            Text(
                zh=f"{segment.name}: 播放 {seen:.1f} 秒，记入 {gained:.1f} 秒",
                en=f"{segment.name}: {seen:.1f} s watched, {gained:.1f} s recorded",
            )
        )
        if worst is None or off > worst[0]:
            worst = (off, segment, gained < least)
    assert worst is not None
    outcome, reason = at_most(worst[0], tolerance, u, 3 * max(u, tolerance / 3))
    if outcome is Outcome.FAIL and worst[2]:
        unknown = hour_unknown(case, (r for s in segments for r in (*s.before, *s.after)))
        if unknown is not None:
            return unknown
    zh, en = WORDS[worst[1].name]
    said = series(lines)
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（每段相差不超过 {tolerance:g} 秒）",
            en=f"{case.requirement.statement.en} (each stretch within {tolerance:g} s)",
        ),
        observed=Text(
            zh=f"{said.zh}；相差最大：{zh}，{worst[0]:.1f} 秒", en=f"{said.en}; most off: {en}, {worst[0]:.1f} s"
        ),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(r for s in segments for r in s.refs),
        accepted=tuple(line.en for line in lines),
        refused=(UNWATCHED,) if outcome is Outcome.PASS else (),
    )


def judge_rows(walk: WalkView, case: Case) -> Finding:
    """The rows of the lesson's record add up to what was really watched, and no row credits more than its own span."""
    walk = joined(walk, case.beside)
    read = [o for o in walk.observations if isinstance(o.data, RecordsRead)]
    rows = read[-1].data.rows if read and isinstance(read[-1].data, RecordsRead) else None
    if rows is None:
        error = read[-1].data.error if read and isinstance(read[-1].data, RecordsRead) else ""
        why = Reason.UNSUPPORTED if "does not describe" in error else Reason.PRECONDITION_UNMET
        return inconclusive(
            case,
            why,
            f"读不到学习记录：{error or '未试'}",
            f"the study record could not be read: {error or 'not tried'}",
            settled=True,
        )
    refs = (read[-1].seq,)
    samples = [(o.t, o.data) for o in walk.observations if isinstance(o.data, Media)]
    if not samples:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "没有实测学习", "nothing was watched", refs=refs)
    watched = [
        measure([x for x in samples if x[1].screen == screen], samples[0][0], samples[-1][0], 0.0, 0.0)
        for screen in screens_of(walk)
    ]
    if too_slow(walk.observations):
        return inconclusive(case, Reason.HARNESS_ERROR, "播放过慢，本次作废", "played too slowly: void", refs=refs)
    known = [r for r in rows if r.duration_s is not None]
    if rows and not known:
        return inconclusive(
            case, Reason.INSUFFICIENT_EVIDENCE, "记录不含时长", "the record shows no durations", refs=refs, settled=True
        )
    tolerance = case.limit("session_tolerance")
    most = sum(w.valid_s for w in watched)
    too_little = watched_too_little(case, most, refs=refs)
    if too_little is not None:
        return too_little
    offline = offline_s(walk.facts(Stimulus))
    least = max(0.0, min(most, sum(w.unique_s for w in watched)) - offline)
    recorded = sum(r.duration_s or 0.0 for r in known)
    credited = [r for r in known if r.credited is not False]
    above = sum(r.duration_s or 0.0 for r in credited) - most - unseen_s(walk.observations)
    # A platform may write a row a minute; what each of them may be off is no more than one of our own sittings may be.
    sat = min(max(1, len(rows)), sittings(walk.observations))
    allowed, u = sat * tolerance, sat * case.lag_s
    # Too little is another matter where every row drops what is less than its own step.
    dropped = len(rows) * (case.lag_s + _step_s(r.duration_s for r in known)) + (len(rows) - sat) * tolerance
    below = least - recorded > above
    if below:
        u = max(u, dropped)
    off = max(least - recorded, above, 0.0)
    outcome, reason = at_most(off, allowed, u, 3 * max(u, allowed / 3))
    if outcome is Outcome.FAIL and below and len(known) < len(rows):
        outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE  # a sitting that goes on has none yet
    within = tolerance + _shown_to_s(known)
    over = [r for r in credited if (span := _span_s(r)) is not None and (r.duration_s or 0.0) > span + within]
    if over:
        outcome, reason = Outcome.FAIL, None
    missing = _missing(rows)
    if outcome is Outcome.PASS and missing:
        outcome = Outcome.WARN
    zh = f"记录 {len(rows)} 段共 {recorded:.1f} 秒，实测有效学习 {most:.1f} 秒"
    en = f"{counted(len(rows), 'row')} with {recorded:.1f} s in all, {most:.1f} s really watched"
    if over:
        zh, en = f"{zh}；有记录的时长超过其起止时间", f"{en}; a row credits more than the time between start and end"
    if missing:
        zh = f"{zh}；记录未载：{'、'.join(FIELDS[name] for name in missing)}"
        en = f"{en}; not in the record: {', '.join(missing)}"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（每段相差不超过 {tolerance:g} 秒）",
            en=f"{case.requirement.statement.en} (each session within {tolerance:g} s)",
        ),
        observed=Text(zh=zh, en=en),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(
            Text(
                zh=f"有效学习 {most:.1f} 秒，记录 {recorded:.1f} 秒",
                en=f"{most:.1f} s watched, {recorded:.1f} s in the record",
            ),
        ),
        refused=(UNWATCHED,) if outcome is Outcome.PASS else (),
    )


def _span_s(row: StudyRecord) -> float | None:
    return None if row.start is None or row.end is None else (row.end - row.start).total_seconds()


def _step_s(seconds: Iterable[float | None]) -> float:
    """A minute where every row lasts whole minutes: they are rounded, whatever is declared."""
    return 60.0 if all(value is not None and value % 60 == 0 for value in seconds) else 0.0


def _shown_to_s(rows: Iterable[StudyRecord]) -> float:
    """How finely starts and ends are shown, seconds: to the day, the minute, or finer (0)."""
    moments = [moment for row in rows for moment in (row.start, row.end) if moment is not None]
    if all((m.hour, m.minute, m.second, m.microsecond) == (0, 0, 0, 0) for m in moments):
        return 86400.0
    return 60.0 if all((m.second, m.microsecond) == (0, 0) for m in moments) else 0.0


def _missing(rows: Sequence[StudyRecord]) -> list[str]:
    """What no row says of start, end, course, lesson and device; a sitting that goes on has no end yet."""
    names = [name for name in FIELDS if name != "end"]
    missing = [name for name in names if rows and all(getattr(row, name) in (None, "") for row in rows)]
    return [*missing, "end"] if len(rows) > 1 and all(row.end is None for row in rows) else missing
