"""F07-12: an exported file holds learning records, captured portraits and the certificate."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import SceneShown
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, counted, led
from harness.view import SegmentView, WalkView
from probes.crosscheck import of_one_file
from probes.f07_archive_management.exports import exported
from probes.f07_archive_management.parts import (
    all_listed,
    captured,
    holds,
    lines_of_study,
    may_be_paper,
    may_say_more,
    may_show_more,
    parts_of,
    studies,
    told_by_name,
)
from probes.tables import Read, action, answer, evidence_of, reading, refs_of


def judge_parts(walk: WalkView, case: Case) -> Finding:
    """The export holds learning records, captured portraits and the certificate, and they are this learner's."""
    found = exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    issued = walk.segments["issued"]
    parts, rows = parts_of(packed), studies(walk)
    records = [m for m in parts if lines_of_study(m, rows)]
    number = next((n for read in _certificates(issued) if (n := read)), "")
    papers = [m for m in parts if number and holds(m, number)]
    index = reading(issued, "archives")
    done = action(segment, "export_archive")
    period = done.args.get("period", "") if done is not None else ""
    listed = _listed_portraits(index.own, period) if index is not None else None
    pictures = [m for m in parts if m.kind == "picture"]
    # Whoever studied without a camera can't have been captured.
    declared = case.setting.policy.get("capture_interval_s") is not None and bool(walk.facts(SceneShown))
    refs = refs_of(issued, segment)
    if not any(row.lesson for row in rows) or not number:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有可供比对的学习记录或学时证明",
            "no study record or no certificate to look for in the file",
            refs=refs,
        )
    lacking: list[Text] = []
    unsure: list[Text] = []
    readable_whole = all_listed(parts) and not any(map(may_say_more, parts))
    if not records:
        readable = readable_whole and told_by_name(rows)
        (lacking if readable else unsure).append(Text(zh="学习记录", en="learning records"))
    if not papers:
        readable = readable_whole and not any(may_be_paper(m, pictures, listed) for m in pictures)
        (lacking if readable else unsure).append(Text(zh="学时证明", en="the certificate"))
    if not (declared or listed) and not lacking and not unsure:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "本次学习未见人像抓拍，无从核对（见 F09-1）",
            "no portrait is known of this study, so none can be looked for (see F09-1)",
            refs=refs,
            settled=True,
        )
    shown = not all_listed(parts) or any(may_show_more(m) for m in parts if m not in papers or m in records)
    if not pictures:
        (unsure if shown else lacking).append(Text(zh="人像抓拍图片", en="captured portraits"))
    elif listed is not None and len(pictures) < listed:
        (unsure if shown else lacking).append(
            Text(
                zh=f"人像抓拍图片（列 {listed:g} 张，导出 {len(pictures)} 张）",
                en=f"captured portraits ({listed:g} listed, {len(pictures)} exported)",
            )
        )
    elif not listed and not captured(walk, pictures):  # it may be the photograph on file
        unsure.append(Text(zh="人像抓拍图片（图片是否为抓拍不明）", en="captured portraits (of what its pictures are)"))
    said = Text(
        zh=f"学习记录表 {len(records)} 份、抓拍图片 {len(pictures)} 张、学时证明 {len(papers)} 份",
        en=f"{counted(len(records), 'record table')}, {counted(len(pictures), 'picture')}, "
        f"{counted(len(papers), 'certificate')}",
    )
    others = len([m for m in parts if m not in records and m not in papers])
    if lacking:
        observed = led("导出的档案缺少", "the exported file lacks", lacking, COMMA)
    elif unsure:
        observed = led(
            "未见以下材料，而本工具不能读全导出的档案，请评定人员查看所存文件",
            "not seen, in a file of which not all can be read here, so that an assessor must look at it",
            unsure,
            COMMA,
        )
    else:
        observed = led("三类材料齐全", "all three parts are there", (said,))
    found = Finding(
        outcome=Outcome.FAIL if lacking else Outcome.REVIEW if unsure else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=observed,
        refs=refs,
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=(
            Text(
                zh=f"不含课时名称和证明编号的文件 {others} 个",
                en=f"{counted(others, 'member')} without lesson and number",
            ),
        ),
    )
    return of_one_file(case, issued, found, is_this=bool(records or papers))


def _listed_portraits(index: Read, exported_period: str) -> float | None:
    """How many portraits the platform lists in the file that was exported: where no class period was asked for, that of
    the learner's first. None where it doesn't say, or several files can't be told apart.
    """
    period = exported_period or next((said for row in index.rows if (said := row.get("period"))), "")
    if len(index.rows) > 1 and not period:
        return None
    return index.only("period", period).number("portraits")


def _certificates(issued: SegmentView) -> list[str]:
    found = (answer(issued, "request_certificate"), reading(issued, "certificate"))
    return [read.text("number") for read in found if read is not None]
