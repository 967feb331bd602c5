"""OP-1: what was entered by hand shows for what it is, in record, certificate, archive and statistics."""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import RecordsRead
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, led
from harness.view import SegmentView, WalkView
from probes.bracket import control
from probes.crosscheck import SAME_HOURS, unsupported
from probes.op_operator import TOOLS
from probes.tables import Read, action, answer, evidence_of, marks, reading, refs_of, says

WORDS = {
    "add_hours": ("补录学时", "added hours"),
    "import_hours": ("导入学时", "imported hours"),
    "complete_in_batch": ("批量完成", "completion in batch"),
    "exempt_face": ("人脸豁免", "face exemption"),
    "replace_portrait": ("更换注册照片", "replaced enrolment photograph"),
    "upload_portrait": ("补传照片", "uploaded portrait"),
    "import_attendance": ("人工填报考勤", "attendance typed by hand"),
    "backdate_period": ("倒填期次", "back-dated period"),
}
COUNTING = {
    "course_record": ("学习记录", "record"),
    "archive_hours": ("档案", "archive"),
    "statistics": ("统计", "statistics"),
}
"""Places that count hours, each of which must tell them apart."""
SHOWN_IN = {"backdate_period": "archives", "upload_portrait": "portrait_list", "import_attendance": "attendance"}
"""The only place that can show what these did."""
NOT_AS_STUDY = Text(
    zh="学习记录、档案、统计均未将其计为学习", en="record, archive, statistics: none of it stands there as study"
)
GAIN_S = 60.0
"""Seconds of credit by which a place must have grown to count as grown: far below the hours that were entered."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One intervention: what it was, whether it went through, and what is wrong with how it shows."""

    name: str
    done: bool
    seen: bool
    """Whether anything anywhere showed that it took effect."""
    wrong: tuple[Text, ...]
    marked: tuple[str, ...]
    segment: SegmentView


def judge_marks(walk: WalkView, case: Case) -> Finding:
    """Each intervention that went through is marked, and its hours are told apart wherever hours are counted."""
    segments = [walk.segments["baseline"]] if "baseline" in walk.segments else []
    tried: list[Tried] = []
    for name in TOOLS:
        segment = walk.segments.get(name)
        if segment is None or not segments:
            continue
        tried.append(_tried(name, segments[-1], segment))
        segments.append(segment)
    if not tried:
        return unsupported(case, ", ".join(TOOLS))
    before = walk.segments.get("before")
    if before is None or not control(before, case).credited:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "诚实学习未被记入", "honest study before it was not credited"
        )
    certificate = _certificate(walk.segments.get("certified"))
    wrong = [*(_of(t.name, w.zh, w.en) for t in tried for w in t.wrong), *certificate]
    made = [t for t in tried if t.done]
    idle = [t for t in made if not t.seen and not t.wrong]
    refs = refs_of(*segments, walk.segments.get("certified"))
    if not wrong and (not made or idle):
        names_zh = "、".join(WORDS[t.name][0] for t in (idle or tried))
        names = ", ".join(WORDS[t.name][1] for t in (idle or tried))
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"操作未成功或看不出效果：{names_zh}",
            f"not possible, or without an effect that shows: {names}",
            refs=refs,
            evidence=evidence_of(*(t.segment for t in (idle or tried))),
        )
    failed = [t.name for t in tried if not t.done]
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=led("未标明", "not marked", wrong)
        if wrong
        else led("均已标明", "marked", [Text(zh=zh, en=en) for zh, en in (WORDS[t.name] for t in made)], COMMA),
        refs=refs,
        accepted=tuple(
            _of(t.name, f"标注为“{'、'.join(t.marked)}”", f"marked '{', '.join(t.marked)}'") for t in made if t.marked
        ),
        refused=(*(_of(name, "无法进行", "not possible") for name in failed), *(() if wrong else (NOT_AS_STUDY,))),
        unearned=bool(wrong),
    )


def _of(name: str, zh: str, en: str) -> Text:
    """Something about an intervention."""
    words = WORDS[name]
    return Text(zh=f"{words[0]}：{zh}", en=f"{words[1]}: {en}")


def _tried(name: str, before: SegmentView, after: SegmentView) -> Tried:
    done = action(after, name)
    if done is None or not done.ok:
        return Tried(name, False, False, (), (), after)
    new = _marks(after) - _marks(before)
    wrong: list[Text] = []
    grown = False
    for place, (zh, en) in COUNTING.items():
        was, now = reading(before, place), reading(after, place)
        if was is None or now is None or was.table is None or now.table is None:
            continue
        if _grew(was, now):
            grown = True
            if not _apart(was, now) and not (_own(now) - _own(was)):
                wrong.append(Text(zh=f"{zh}将其计为学习", en=f"the {en} counts it as study"))
        grown = grown or _apart(was, now)
    turned = _completed(before, after)
    filed = reading(after, "archive_hours")
    on_record = _new_marks(before, after, "course_record")
    tells = filed is not None and filed.table is not None and "marks" in filed.table.columns
    if on_record and tells and not _new_marks(before, after, "archive_hours"):
        wrong.append(Text(zh="学习记录中有标注，档案中没有", en="marked in the record, not in the archive"))
    only = SHOWN_IN.get(name)
    if only is not None and not new:
        shown = reading(after, only)
        if shown is None or not shown.rows:  # where it would be marked nothing was read: nobody knows
            return Tried(name, True, False, tuple(dict.fromkeys(wrong)), (), after)
    told_apart = any(_apart_in(before, after, place) for place in COUNTING)
    must_show = turned or grown or name not in ("add_hours", "import_hours", "complete_in_batch")
    if not new and must_show and not (told_apart and not turned):
        wrong.append(Text(zh="各处均无标注", en="marked nowhere"))
    return Tried(name, True, bool(new) or grown or turned, tuple(dict.fromkeys(wrong)), tuple(sorted(new)), after)


def _marks(segment: SegmentView) -> frozenset[str]:
    """Every mark that a look shows, those of the study record's rows included."""
    names = ("course_record", "archives", "archive_hours", "statistics", "portrait_list", "attendance")
    found = marks([read for name in names if (read := reading(segment, name)) is not None])
    rows = [row for fact in segment.facts(RecordsRead) for row in fact.rows or ()]
    return found | {row.marked for row in rows if row.marked and says(row.marked)}


def _new_marks(before: SegmentView, after: SegmentView, place: str) -> frozenset[str]:
    was, now = reading(before, place), reading(after, place)
    return frozenset() if now is None else _own(now) - (frozenset() if was is None else _own(was))


def _own(read: Read) -> frozenset[str]:
    return marks([read])


def _grew(was: Read, now: Read) -> bool:
    """Did hours or credited time go up, beyond what a moment of study explains?"""
    hours = (now.number("hours") or 0.0) - (was.number("hours") or 0.0) > SAME_HOURS
    return hours or (now.number("credited") or 0.0) - (was.number("credited") or 0.0) > GAIN_S


def _apart(was: Read, now: Read) -> bool:
    """Does the place count it apart, as entered by hand?"""
    return (now.number("added") or 0.0) > (was.number("added") or 0.0)


def _apart_in(before: SegmentView, after: SegmentView, place: str) -> bool:
    was, now = reading(before, place), reading(after, place)
    return was is not None and now is not None and _apart(was, now)


def _completed(before: SegmentView, after: SegmentView) -> bool:
    was, now = reading(before, "course_record"), reading(after, "course_record")
    return now is not None and now.yes("completed") is True and (was is None or was.yes("completed") is not True)


def _certificate(segment: SegmentView | None) -> list[Text]:
    """What is wrong with a certificate that rests on hours or a completion entered by hand; nothing where none came."""
    if segment is None:
        return []
    record = reading(segment, "course_record")
    by_hand = record is not None and ((record.number("added") or 0.0) > 0 or bool(marks([record])))
    papers = [answer(segment, "request_certificate"), reading(segment, "certificate")]
    issued = [paper for paper in papers if paper is not None and paper.rows]
    if not issued or not by_hand:
        return []
    if any(says(paper.text("marks")) for paper in issued):
        return []
    return [Text(zh="学时证明未标明其中的人工录入", en="the certificate does not say what was entered by hand")]
