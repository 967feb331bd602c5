"""F07-11: one file per learner and class period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.judge import Case, inconclusive, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Reason
from harness.model.words import COMMA, counted, series
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
    if two is None and len(_by_period(first.own.rows)) > 1:
        return _in_two_already(walk, case, first.own)
    if two is None:
        return unsupported(case, "enrol")
    first = first.own
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
    second = second.own
    before, after = _by_period(first.rows), _by_period(second.rows)
    added = {period: rows for period, rows in after.items() if period not in before}
    wrong: list[Text] = []
    in_one, in_two = len(first.rows), len(second.rows)
    if any(_many(rows) for rows in after.values()):
        wrong.append(Text(zh="同一期有多份档案", en="a period has more than one file"))
    were, shown = _counts(before), _counts(after)
    for period, now in shown.items():
        was = were.get(period, 0.0)
        # A list may show the first period's study only now; what nobody studied in the second can't come later.
        if now > was if period in added else now < was:
            wrong.append(
                Text(
                    zh=f"“{period}”期档案现载学习记录 {now:g} 条，此前 {was:g} 条",
                    en=f"period {period} now shows {counted(now, 'record')}, {was:g} before",
                )
            )
    if not wrong and any(len(rows) > 1 for rows in after.values()):
        return _listed_by_course(case, refs_of(one, two))
    if not wrong and len(added) != 1:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"编入另一期前有档案 {in_one} 份，编入后 {in_two} 份，看不出是否已编入：档案可能在该期开始学习后才建立",
            f"{counted(in_one, 'file')} before and {in_two} after a second period was added: whether the learner is in "
            "it can't be seen, a file may be made only when something is studied there",
            refs=refs_of(one, two),
            evidence=evidence_of(two),
        )
    if not wrong and not any(shown[period] for period in before if period in shown):
        return _nothing_shown(case, second, refs_of(one, two))
    return _each_has_one(
        case,
        wrong,
        shown,
        refs=refs_of(one, two),
        accepted=(
            Text(
                zh=f"参加一期时档案 {in_one} 份，参加两期时 {in_two} 份",
                en=f"{counted(in_one, 'file')} in one period, {in_two} in two",
            ),
        ),
        refused=()
        if wrong
        else (Text(zh="前一期的学习记入后一期档案", en="the first period's study in the second's file"),),
    )


def _in_two_already(walk: WalkView, case: Case, files: Read) -> Finding:
    """A learner who was in two class periods from the beginning: what was studied stands in one file, not in both."""
    one = walk.segments.get("one_period")
    by_period = _by_period(files.rows)
    shown = _counts(by_period)
    read = next(iter(walk.facts(RecordsRead)), None)
    if read is None or not read.rows:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "读不到学习记录，无从核对各期档案",
            "the study record could not be read, so the files can't be checked",
            refs=refs_of(one),
        )
    wrong = [
        Text(zh=f"“{period}”期有档案 {len(rows)} 份", en=f"period {period} has {len(rows)} files")
        for period, rows in by_period.items()
        if _many(rows)
    ]
    count, listed = len(read.rows), _listed(shown)
    said = Text(
        zh=f"学习记录 {count} 条，各期档案载 {listed.zh}",
        en=f"{counted(count, 'record')} of study, the files show {listed.en}",
    )
    if min(shown.values()) >= count:
        wrong.append(said)  # all of it stands in each
    elif not wrong and any(len(rows) > 1 for rows in by_period.values()):
        return _listed_by_course(case, refs_of(one))
    elif not wrong and not any(shown.values()):
        return _nothing_shown(case, files, refs_of(one))
    elif not wrong and sum(shown.values()) != count:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{said.zh}：条数的算法或更新时间不同，无从判断记入哪一期",
            f"{said.en}: they are counted otherwise or later, so it can't be told where the study stands",
            refs=refs_of(one),
        )
    return _each_has_one(
        case,
        wrong,
        shown,
        refs=refs_of(one),
        accepted=(said,),
        refused=tuple(
            Text(zh=f"“{period}”期档案无学习记录", en=f"nothing in the file of period {period}")
            for period, records in shown.items()
            if not records
        ),
    )


def _listed_by_course(case: Case, refs: tuple[int, ...]) -> Finding:
    """Lines of other names in one period: courses of one file, or files."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        "档案清单中同一期有名称不同的多行，看不出是一份档案还是多份",
        "the list has lines of other names for one period: whether they are one file or several can't be seen",
        refs=refs,
        settled=True,
    )


def _nothing_shown(case: Case, files: Read, refs: tuple[int, ...]) -> Finding:
    """No file shows the study, so that none can be seen to show another period's."""
    if not files.asks_for("records"):
        return unsupported(case, "archives.records")
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        "各期档案均未载本次学习，看不出是否分期记载",
        "no file shows the study yet, so it can't be seen whether periods are kept apart",
        refs=refs,
    )


def _each_has_one(case: Case, wrong: list[Text], shown: Mapping[str, float], **more: Any) -> Finding:
    listed = _listed(shown)
    good = Text(
        zh=f"每期各一档（各档学习记录数：{listed.zh}）", en=f"one file per period (records in each: {listed.en})"
    )
    return unless_wrong(case, wrong, "未做到一期一档", good, **more)


def _many(rows: list[dict[str, str]]) -> bool:
    """Has a period more than one file of the same name? A list may have a line for each course of one file."""
    titles = [row.get("title", "") for row in rows]
    return len(set(titles)) < len(titles)


def _listed(shown: Mapping[str, float]) -> Text:
    """Records of study by period."""
    parts = [Text(zh=f"“{period}”期 {count:g} 条", en=f"{period}: {count:g}") for period, count in shown.items()]
    return series(parts, COMMA)


def _counts(by_period: Mapping[str, list[dict[str, str]]]) -> dict[str, float]:
    """How many records of study the files of each period show."""
    return {period: sum(_count(row) for row in rows) for period, rows in by_period.items()}


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
