"""F07-11: one file per learner and class period."""

from __future__ import annotations

from typing import Any

from harness.judge import Case, inconclusive, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Reason
from harness.view import WalkView
from probes.crosscheck import unread, unsupported
from probes.tables import Read, action, evidence_of, reading, refs_of


def judge_periods(walk: WalkView, case: Case) -> Finding:
    """One learner in two class periods has two files, and what was studied in the first stands in the first alone."""
    one, two = walk.segments.get("one_period"), walk.segments.get("two_periods")
    first = reading(one, "archives")
    missing = unread(case, first, "archives")
    if first is None or missing is not None:
        return missing or unsupported(case, "archives")
    if two is None and len(_by_period(first.rows)) > 1:
        return _in_two_already(walk, case, first)
    if two is None:
        return unsupported(case, "enrol")
    done, second = action(two, "enrol"), reading(two, "archives")
    if done is None or not done.ok or second is None or second.table is None or not first.rows:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未能让同一学员参加两期：{done.error if done else ''}",
            f"no learner could be put into two periods: {done.error if done else ''}",
            refs=refs_of(one, two),
            evidence=evidence_of(two),
        )
    before, after = _by_period(first.rows), _by_period(second.rows)
    added = {period: rows for period, rows in after.items() if period not in before}
    wrong = []
    if len(second.rows) != len(first.rows) + 1 or len(added) != 1:
        wrong.append(f"{len(first.rows)} file(s) before and {len(second.rows)} after a second period was added")
    if any(len(rows) > 1 for rows in after.values()):
        wrong.append("a period has more than one file")
    for period, rows in after.items():
        was = sum(_count(row) for row in before.get(period, []))
        now = sum(_count(row) for row in rows)
        if now != was:
            wrong.append(f"period {period} now shows {now:g} records, {was:g} before")
    listed = ", ".join(f"{period}: {sum(_count(row) for row in rows):g}" for period, rows in after.items())
    return _each_has_one(
        case,
        wrong,
        listed,
        refs=refs_of(one, two),
        accepted=(f"{len(first.rows)} file(s) in one period, {len(second.rows)} in two",),
        refused=() if wrong else ("the first period's study is not in the second's file",),
    )


def _in_two_already(walk: WalkView, case: Case, files: Read) -> Finding:
    """A learner who was in two class periods from the beginning: what was studied stands in one file, not in both."""
    one = walk.segments.get("one_period")
    by_period = _by_period(files.rows)
    shown = {period: sum(_count(row) for row in rows) for period, rows in by_period.items()}
    listed = ", ".join(f"{period}: {count:g}" for period, count in shown.items())
    read = next(iter(walk.facts(RecordsRead)), None)
    if read is None or not read.rows:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "读不到学习记录，无从核对各期档案",
            "the study record could not be read, so the files can't be checked",
            refs=refs_of(one),
        )
    wrong = [f"period {period} has {len(rows)} files" for period, rows in by_period.items() if len(rows) > 1]
    if sum(shown.values()) != len(read.rows):
        wrong.append(f"{len(read.rows)} record(s) of study, the files show {listed}")
    return _each_has_one(
        case,
        wrong,
        listed,
        refs=refs_of(one),
        accepted=(f"{len(read.rows)} record(s) of study in one file",),
        refused=tuple(f"{period}: nothing" for period, count in shown.items() if not count),
    )


def _each_has_one(case: Case, wrong: list[str], listed: str, **more: Any) -> Finding:
    good = Text(zh=f"每期各一档（各档学习记录数 {listed}）", en=f"one file per period (records in each: {listed})")
    return unless_wrong(case, wrong, "未做到一期一档", good, **more)


def _by_period(rows: tuple[dict[str, str], ...]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.get("period", ""), []).append(row)
    return found


def _count(row: dict[str, str]) -> float:
    try:
        return float(row.get("records", "0") or 0)
    except ValueError:
        return 0.0
