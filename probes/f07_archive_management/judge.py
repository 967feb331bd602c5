"""F07-1: files are made, opened and exported. F07-2: they outlive the account. F07-12: their three parts. X-02, X-04,
X-10: what they state of hours."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, unless_wrong
from harness.model.finding import Finding, Text, Told
from harness.model.observation import RecordsRead, SceneShown
from harness.model.outcome import Outcome, Reason
from harness.model.values import FileKind, Member
from harness.model.words import COMMA, counted, led
from harness.view import SegmentView, WalkView
from probes.crosscheck import covered, pair, unread, unsupported
from probes.f07_archive_management.exports import exported
from probes.f07_archive_management.judge_checked import judge_seal, judge_trace, judge_verifiable
from probes.f07_archive_management.judge_periods import judge_periods
from probes.tables import action, answer, evidence_of, file, reading, refs_of

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

FORMATS: dict[FileKind, str] = {
    "table": "表格",
    "picture": "图片",
    "pdf": "PDF",
    "zip": "ZIP",
    "text": "文本",
    "other": "其他格式",
}
"""What a person calls the form of an export, in Chinese."""

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
    owners = {row["learner"] for row in index.rows if "learner" in row}
    wrong: list[Text] = []
    if not index.rows:
        wrong.append(Text(zh="学员已学习，却查不到其档案", en="no file for a learner who studied"))
    if len(owners) > 1:
        wrong.append(
            Text(
                zh=f"查询一名学员的档案，却返回 {len(owners)} 名学员的档案",
                en=f"the file of one learner was asked for, those of {len(owners)} came",
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
    return unless_wrong(
        case,
        wrong,
        "档案有缺陷",
        Text(zh=f"档案可查看、可导出：{said.zh}", en=f"opened and exported: {said.en}"),
        refs=refs_of(issued, segment),
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=() if len(owners) > 1 else (Text(zh="混入其他学员的档案", en="other learners' files in the answer"),),
    )


def judge_parts(walk: WalkView, case: Case) -> Finding:
    """The export holds learning records, captured portraits and the certificate, and they are this learner's."""
    found = exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    issued = walk.segments["issued"]
    parts = packed.members or (
        Member(name=packed.name, kind=packed.format, size=packed.size, sha256=packed.sha256, text=packed.text),
    )
    rows = [row for fact in walk.facts(RecordsRead) for row in fact.rows or ()]
    lessons = {row.lesson for row in rows if row.lesson}
    records = [m for m in parts if any(lesson in m.text for lesson in lessons)]
    number = next((n for read in _certificates(issued) if (n := read)), "")
    papers = [m for m in parts if number and (number in m.text or number in m.name)]
    index = reading(issued, "archives")
    listed = index.number("portraits") if index is not None else None
    pictures = [m for m in parts if m.kind == "picture"]
    # Whoever studied without a camera can't have been captured.
    declared = case.setting.policy.get("capture_interval_s") is not None and bool(walk.facts(SceneShown))
    if not lessons or not number:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有可供比对的学习记录或学时证明",
            "no study record or no certificate to look for in the file",
            refs=refs_of(issued, segment),
        )
    lacking: list[Text] = []
    if not records:
        lacking.append(Text(zh="学习记录", en="learning records"))
    if not papers:
        lacking.append(Text(zh="学时证明", en="the certificate"))
    if not pictures and packed.format == "zip" and not (declared or listed) and not lacking:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "本次学习未见人像抓拍，无从核对（见 F09-1）",
            "no portrait is known of this study, so none can be looked for (see F09-1)",
            refs=refs_of(issued, segment),
            settled=True,
        )
    if not pictures:
        lacking.append(Text(zh="人像抓拍图片", en="captured portraits"))
    elif listed is not None and len(pictures) < listed:
        lacking.append(
            Text(
                zh=f"人像抓拍图片（列 {listed:g} 张，导出 {len(pictures)} 张）",
                en=f"captured portraits ({listed:g} listed, {len(pictures)} exported)",
            )
        )
    said = Text(
        zh=f"学习记录表 {len(records)} 份、抓拍图片 {len(pictures)} 张、学时证明 {len(papers)} 份",
        en=f"{counted(len(records), 'record table')}, {counted(len(pictures), 'picture')}, "
        f"{counted(len(papers), 'certificate')}",
    )
    others = len([m for m in parts if m not in records and m not in papers])
    return Finding(
        outcome=Outcome.FAIL if lacking else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=led("导出的档案缺少", "the exported file lacks", lacking, COMMA)
        if lacking
        else led("三类材料齐全", "all three parts are there", (said,)),
        refs=refs_of(issued, segment),
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=(
            Text(
                zh=f"不含课时名称和证明编号的文件 {others} 个",
                en=f"{counted(others, 'member')} without lesson and number",
            ),
        ),
    )


def _certificates(issued: SegmentView) -> list[str]:
    found = (answer(issued, "request_certificate"), reading(issued, "certificate"))
    return [read.text("number") for read in found if read is not None]


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
    lost: list[Told] = []
    if after is None:
        lost.append(Text(zh=f"不能再导出：{tried.error}", en=f"not exported any more: {tried.error}"))
    elif before.format == "zip":
        lost += sorted({m.name for m in before.members if m.kind != "text"} - {m.name for m in after.members})
    elif after.size < before.size / 2:
        lost.append(
            Text(
                zh=f"导出 {after.size} 字节，注销前为 {before.size} 字节",
                en=f"{after.size} bytes instead of {before.size}",
            )
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
