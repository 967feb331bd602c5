"""F07-12: an exported file holds learning records, captured portraits and the certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead, SceneShown
from harness.model.outcome import Outcome, Reason
from harness.model.values import MOST_MEMBERS, MOST_TEXT, Member, Table
from harness.model.words import COMMA, counted, led, series
from harness.platform.readings import normal
from harness.view import SegmentView, WalkView
from probes.crosscheck import another_period
from probes.f07_archive_management.exports import exported
from probes.tables import Read, answer, evidence_of, reading, refs_of

_PAPER = re.compile(r"证明|证书|合格证|cert", re.IGNORECASE)
"""How a certificate that is a picture is called."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A part that was not found, and the files that may hold it, where it could not be seen."""

    what: Text
    maybe_in: tuple[Member, ...]


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
    records = [m for m in parts if any(_says(m.text, lesson) for lesson in lessons)]
    number = next((n for read in _certificates(issued) if (n := read)), "")
    papers = [m for m in parts if number and (_says(m.text, number) or number in m.name)]
    index = reading(issued, "archives")
    listed = _listed_portraits(index) if index is not None else None
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
    if not records and (elsewhere := another_period(issued, case)) is not None:
        return elsewhere
    # What can't be opened at all holds nothing; of what can, not everything can be read.
    opened = () if packed.format == "zip" and not packed.members else parts
    unread = _unread(opened)
    lacking: list[Lack] = []
    if not records:
        lacking.append(Lack(Text(zh="学习记录", en="learning records"), unread))
    if not papers:
        lacking.append(Lack(Text(zh="学时证明", en="the certificate"), (*unread, *_scanned(pictures, listed))))
    if not pictures and packed.format == "zip" and not (declared or listed) and not lacking:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "本次学习未见人像抓拍，无从核对（见 F09-1）",
            "no portrait is known of this study, so none can be looked for (see F09-1)",
            refs=refs_of(issued, segment),
            settled=True,
        )
    inside = tuple(
        m for m in opened if _may_hold_pictures(m, alone=not packed.members) and (m in records or m not in papers)
    )
    if len(opened) >= MOST_MEMBERS:
        inside = opened
    if not pictures:
        lacking.append(Lack(Text(zh="人像抓拍图片", en="captured portraits"), inside))
    elif listed is not None and len(pictures) < listed:
        few = Text(
            zh=f"人像抓拍图片（列 {listed:g} 张，导出 {len(pictures)} 张）",
            en=f"captured portraits ({listed:g} listed, {len(pictures)} exported)",
        )
        lacking.append(Lack(few, inside))
    surely = [lack.what for lack in lacking if not lack.maybe_in]
    if lacking and not surely:
        return _unseen(case, lacking, refs_of(issued, segment), evidence_of(segment))
    said = Text(
        zh=f"学习记录表 {len(records)} 份、抓拍图片 {len(pictures)} 张、学时证明 {len(papers)} 份",
        en=f"{counted(len(records), 'record table')}, {counted(len(pictures), 'picture')}, "
        f"{counted(len(papers), 'certificate')}",
    )
    others = len([m for m in parts if m not in records and m not in papers])
    return Finding(
        outcome=Outcome.FAIL if surely else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=led("导出的档案缺少", "the exported file lacks", surely, COMMA)
        if surely
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


def _unseen(case: Case, lacking: Sequence[Lack], refs: tuple[int, ...], evidence: tuple[str, ...]) -> Finding:
    """What was not found may be in what nobody could read: a scan, a Word file, the end of a long text."""
    what = series((lack.what for lack in lacking), COMMA)
    names = "、".join(dict.fromkeys(m.name for lack in lacking for m in lack.maybe_in))[:200]
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"未找到{what.zh}，但档案中有读不全的文件：{names}",
        f"not found: {what.en}; but the file holds what could not be read in full: {names}",
        refs=refs,
        evidence=evidence,
        settled=True,
    )


def _says(text: str, words: str) -> bool:
    """Is it written there? A PDF breaks lines within a name, and holds other forms of its characters."""
    return _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return "".join(normal(text).casefold().split())


def _unread(parts: tuple[Member, ...]) -> tuple[Member, ...]:
    """The parts of which it is not known what they say; all of them where there are more than are listed."""
    return parts if len(parts) >= MOST_MEMBERS else tuple(m for m in parts if m.size and not _known(m))


def _known(part: Member) -> bool:
    if part.kind in ("other", "zip"):
        return False
    if part.kind in ("pdf", "table") and not part.text.strip():
        return False  # a scan, or one that is damaged
    return len(part.text) < MOST_TEXT


def _may_hold_pictures(part: Member, *, alone: bool) -> bool:
    """`alone`: it is the whole export, which may be a workbook with pictures in it."""
    return part.kind in ("pdf", "zip", "other") or (alone and part.kind == "table")


def _scanned(pictures: Sequence[Member], listed: float | None) -> tuple[Member, ...]:
    """Pictures that may be the certificate: called so, or more than there are portraits."""
    more = listed is not None and len(pictures) > listed
    return tuple(m for m in pictures if more or _PAPER.search(m.name))


def _listed_portraits(index: Read) -> float | None:
    """How many portraits the platform lists in the file that was exported: that of the learner's first class period.
    None where it doesn't say, or several files can't be told apart.
    """
    period = next((said for row in index.rows if (said := row.get("period"))), "")
    if index.table is None or (len(index.rows) > 1 and not period):
        return None
    rows = tuple(row for row in index.rows if row.get("period", "") == period)
    return replace(index, table=Table(columns=index.table.columns, rows=rows)).number("portraits")


def _certificates(issued: SegmentView) -> list[str]:
    found = (answer(issued, "request_certificate"), reading(issued, "certificate"))
    return [read.text("number") for read in found if read is not None]
