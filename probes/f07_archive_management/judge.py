"""F07-1: files are made, opened and exported. F07-2: they outlive the account. X-02, X-04, X-10: what they state of
hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.judge import Case, expectation, inconclusive, unless_wrong
from harness.model.finding import Finding, Text, Told
from harness.model.observation import FileSeen
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.model.words import counted, led
from harness.view import WalkView
from probes.crosscheck import covered, of_one_file, pair, unread, unsupported
from probes.f07_archive_management.exports import exported
from probes.f07_archive_management.judge_checked import judge_seal, judge_trace, judge_verifiable
from probes.f07_archive_management.judge_parts import judge_parts
from probes.f07_archive_management.judge_periods import judge_periods
from probes.f07_archive_management.parts import FORMATS, lines_of_study, parts_of, studies
from probes.tables import action, evidence_of, file, reading, refs_of

__all__ = [
    "judge_archive_covered",
    "judge_certificate_archive",
    "judge_closed",
    "judge_file",
    "judge_parts",
    "judge_periods",
    "judge_record_archive",
    "judge_seal",
    "judge_trace",
    "judge_verifiable",
]

judge_record_archive = pair("record", "archive")
judge_certificate_archive = pair("certificate", "archive")
judge_archive_covered = covered("archive")


def judge_file(walk: WalkView, case: Case) -> Finding:
    """The learner has a file, it opens, and it is exported with something in it; nobody else's is shown instead."""
    found = exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    issued = walk.segments["issued"]
    index, opened = reading(issued, "archives"), reading(issued, "archive_hours")
    for read, name in ((index, "archives"), (opened, "archive_hours")):
        missing = unread(case, read, name)
        if missing is not None:
            return missing
    assert index is not None
    assert opened is not None
    everybody = {row["learner"] for row in index.rows if "learner" in row}
    # A search for xy1 may find xy12, too.
    others = {one for one in everybody if index.learner not in everybody or index.learner not in one}
    mixed = len(everybody) > 1 and bool(others)
    index = index.own
    wrong: list[Text] = []
    if not index.rows:
        wrong.append(Text(zh="学员已学习，却查不到其档案", en="no file for a learner who studied"))
    if mixed:
        wrong.append(
            Text(
                zh=f"查询一名学员的档案，却返回 {len(everybody)} 名学员的档案",
                en=f"the file of one learner was asked for, those of {len(everybody)} came",
            )
        )
    if not opened.rows:
        wrong.append(Text(zh="档案中没有课程", en="the file shows no course"))
    if not packed.size or (packed.format == "zip" and not packed.members):
        wrong.append(Text(zh="导出的档案是空的", en="the export is empty"))
    within = len(packed.members)
    said = Text(
        zh=f"档案 {len(index.rows)} 份，导出 {packed.size} 字节（{FORMATS[packed.format]}，内含文件 {within} 个）",
        en=f"{counted(len(index.rows), 'file')}, {packed.format} of {packed.size} bytes "
        f"with {counted(within, 'member')}",
    )
    found = unless_wrong(
        case,
        wrong,
        "档案有缺陷",
        Text(zh=f"档案可查看、可导出：{said.zh}", en=f"opened and exported: {said.en}"),
        refs=refs_of(issued, segment),
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=() if mixed else (Text(zh="混入其他学员的档案", en="other learners' files in the answer"),),
    )
    return of_one_file(case, issued, found)


def judge_closed(walk: WalkView, case: Case) -> Finding:
    """After the account was closed the same file is exported, with the records it had."""
    opened, closed = walk.segments.get("open"), walk.segments.get("closed")
    if closed is None:
        return unsupported(case, "close_account, export_archive")
    before, after = file(opened, "archive"), file(closed, "archive")
    done, tried = action(closed, "close_account"), action(closed, "export_archive")
    if before is None or done is None or not done.ok or tried is None:
        first = action(opened, "export_archive")
        error = (done.error if done and not done.ok else "") or (first.error if first else "")
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未能先导出再注销：{error}",
            f"the file could not be exported, or the account not closed: {error}",
            refs=refs_of(opened, closed),
        )
    if after is None:
        lost: list[Told] = [Text(zh=f"不能再导出：{tried.error}", en=f"not exported any more: {tried.error}")]
    else:
        rows = studies(walk)
        lost = list(_lost(before, after, rows))
        same = {m.sha256 for m in parts_of(before)} <= {m.sha256 for m in parts_of(after)}
        whole = same and before.size and (before.members or before.format != "zip")
        if not lost and not whole and not _lines(before, rows):
            return inconclusive(
                case,
                Reason.INSUFFICIENT_EVIDENCE,
                "注销前导出的档案中读不到本次学习的记录，看不出注销后是否仍在",
                "the study can't be read in the file from before the closing, so its loss could not be seen",
                refs=refs_of(opened, closed),
                evidence=evidence_of(opened, closed),
            )
    accepted = [Text(zh=f"注销前导出 {before.size} 字节", en=f"exported before: {before.size} bytes")]
    if after is not None and not lost:
        accepted.append(Text(zh=f"注销后导出 {after.size} 字节", en=f"exported after: {after.size} bytes"))
    return Finding(
        outcome=Outcome.FAIL if lost else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=led("注销后档案缺失", "lost when the account was closed", lost)
        if lost
        else Text(zh="账号注销后档案仍可完整导出", en="the file is whole after the closing"),
        refs=refs_of(opened, closed),
        evidence=evidence_of(closed),
        accepted=tuple(accepted),
        refused=() if lost else (Text(zh="档案随账号注销而缺失", en="loss of the file with the closed account"),),
    )


def _lines(packed: FileSeen, rows: list[StudyRecord]) -> int:
    return sum(lines_of_study(part, rows) for part in parts_of(packed))


def _lost(before: FileSeen, after: FileSeen, rows: list[StudyRecord]) -> Iterator[Told]:
    """What an export had and a later one has not. Names may carry the moment of the export, and seals are made anew: so
    files are counted by kind, and lines in which the study can be recognised."""
    if before.format != after.format:
        yield Text(
            zh=f"导出的是{FORMATS[after.format]}，注销前为{FORMATS[before.format]}",
            en=f"{after.format} instead of {before.format}",
        )
        return
    if not before.members and after.size < before.size / 2:
        yield Text(
            zh=f"导出 {after.size} 字节，注销前为 {before.size} 字节",
            en=f"{after.size} bytes instead of {before.size}",
        )
    had, has = (Counter(m.kind for m in one.members if m.kind != "text") for one in (before, after))
    for kind, count in sorted(had.items()):
        if has[kind] < count:
            yield Text(
                zh=f"{FORMATS[kind]} {has[kind]} 个，注销前 {count} 个",
                en=f"{kind}: {has[kind]} instead of {count}",
            )
    was, now = _lines(before, rows), _lines(after, rows)
    if now < was:
        yield Text(
            zh=f"可认出本次学习的记录 {now} 行，注销前 {was} 行",
            en=f"the study is found in {counted(now, 'line')} instead of {was}",
        )
