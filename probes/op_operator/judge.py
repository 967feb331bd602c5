"""OP-1: what was entered by hand shows for what it is, in record, certificate, archive and statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge import Case, expectation, inconclusive, review
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, led
from harness.view import SegmentView, WalkView
from probes.bracket import control
from probes.crosscheck import unsupported
from probes.op_operator import TOOLS
from probes.op_operator.changes import change_of, last, new_rows
from probes.tables import answer, evidence_of, reading, refs_of, says

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
ELSEWHERE = ("archives", "portrait_list", "attendance")
"""Where else a mark may stand."""
SHOWN_IN = {"backdate_period": "archives", "upload_portrait": "portrait_list", "import_attendance": "attendance"}
"""The only place that can show what these did."""
ADDS_A_ROW = ("upload_portrait", "import_attendance")
"""Without a row more there, they did nothing."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One intervention: what it was, whether it went through, and what is wrong with how it shows."""

    name: str
    done: bool
    seen: bool
    """Whether anything anywhere showed that it took effect, and every place could be looked at."""
    wrong: tuple[Text, ...]
    marked: tuple[str, ...]
    segment: SegmentView


def judge_marks(walk: WalkView, case: Case) -> Finding:
    """Each intervention that went through is marked, and its hours are told apart wherever hours are counted."""
    looks = [walk.segments["baseline"]] if "baseline" in walk.segments else []
    tried: list[Tried] = []
    for name in TOOLS:
        segment = walk.segments.get(name)
        if segment is None or not looks:
            continue
        tried.append(_tried(name, looks, segment))
        looks.append(segment)
    if not tried:
        return unsupported(case, ", ".join(TOOLS))
    before = walk.segments.get("before")
    if before is None or not control(before, case).credited:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "诚实学习未被记入", "honest study before it was not credited"
        )
    certified = walk.segments.get("certified")
    wrong = [*(_of(t.name, w.zh, w.en) for t in tried for w in t.wrong), *_certificate(looks, certified)]
    made = [t for t in tried if t.done]
    idle = [t for t in made if not t.seen and not t.wrong]
    refs = refs_of(*looks, certified)
    if not wrong and (not made or idle):
        names_zh = "、".join(WORDS[t.name][0] for t in (idle or tried))
        names = ", ".join(WORDS[t.name][1] for t in (idle or tried))
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"操作未成功、看不出效果或无法逐处核对：{names_zh}",
            f"not possible, without an effect that shows, or not to be seen in every place: {names}",
            refs=refs,
            evidence=evidence_of(*(t.segment for t in (idle or tried))),
        )
    failed = [t.name for t in tried if not t.done]
    marked = led("均已标明", "marked", [Text(zh=zh, en=en) for zh, en in (WORDS[t.name] for t in made)], COMMA)
    if failed and not wrong:
        # Refused by the platform, or not found by the profile: what was not entered shows no mark either way.
        unmade = led("", "", [Text(zh=zh, en=en) for zh, en in (WORDS[name] for name in failed)], COMMA)
        return review(
            case,
            f"{marked.zh}；以下操作未能进行，请查看当时画面，是平台不允许，还是配置没有找到{unmade.zh}",
            f"{marked.en}; these were not possible, and a person must see by the pictures whether the platform "
            f"refuses them or the profile did not find them{unmade.en}",
            refs=refs,
            evidence=evidence_of(*(t.segment for t in tried if not t.done)),
        )
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=led("未标明", "not marked", wrong) if wrong else marked,
        refs=refs,
        accepted=tuple(
            _of(t.name, f"标注为“{'、'.join(t.marked)}”", f"marked '{', '.join(t.marked)}'") for t in made if t.marked
        ),
        refused=(*(_of(name, "无法进行", "not possible") for name in failed), *(() if wrong else _as_study(looks))),
        unearned=bool(wrong),
    )


def _of(name: str, zh: str, en: str) -> Text:
    """Something about an intervention."""
    words = WORDS[name]
    return Text(zh=f"{words[0]}：{zh}", en=f"{words[1]}: {en}")


def _as_study(looks: Sequence[SegmentView]) -> tuple[Text, ...]:
    """The places that count hours, none of which counted these as study."""
    read = [words for place, words in COUNTING.items() if last(looks, place) is not None]
    if not read:
        return ()
    return (
        Text(
            zh=f"{'、'.join(zh for zh, _ in read)}{'均' if len(read) > 1 else ''}未将其计为学习",
            en=f"{', '.join(en for _, en in read)}: none of it stands there as study",
        ),
    )


def _tried(name: str, looks: Sequence[SegmentView], after: SegmentView) -> Tried:
    """`looks` are those before it: a place is held against what was last read of it."""
    if not any(done.ok for done in after.facts(ActionDone) if done.name == name):
        return Tried(name, False, False, (), (), after)
    changes = {place: change_of(name, place, looks, after) for place in (*COUNTING, *ELSEWHERE)}
    rows = new_rows(looks, after)
    blind = rows is None or any(
        change is None for place, change in changes.items() if reading(after, place) is not None
    )
    counting = {place: changes[place] for place in COUNTING}
    new = sum((change.new for change in changes.values() if change is not None), rows or Counter())
    wrong: list[Text] = []
    doubtful = False
    for place, change in counting.items():
        if change is None or not change.grew or change.apart or change.new:
            continue
        if change.marks and not change.tells_apart:
            doubtful = True  # by the same words as what was entered before it: is it meant as well?
            continue
        zh, en = COUNTING[place]
        wrong.append(Text(zh=f"{zh}将其计为学习", en=f"the {en} counts it as study"))
    record, filed = counting["course_record"], counting["archive_hours"]
    file = reading(after, "archive_hours")
    tells = file is not None and file.table is not None and "marks" in file.table.columns
    told = filed is None or filed.new or (record is not None and filed.marks.keys() & record.new.keys())
    if record is not None and record.new and tells and not told:
        wrong.append(Text(zh="学习记录中有标注，档案中没有", en="marked in the record, not in the archive"))
    only = SHOWN_IN.get(name)
    if only is not None and not new:
        shown = reading(after, only)
        blind = blind or shown is None or not shown.rows  # where it would be marked nothing was read: nobody knows
        if name in ADDS_A_ROW and not blind and not _a_row_more(only, looks, after):
            return Tried(name, True, False, tuple(dict.fromkeys(wrong)), (), after)  # it may wait for an approval
    grown = any(change.grew or change.apart for change in counting.values() if change is not None)
    apart = any(change.apart for change in counting.values() if change is not None)
    turned = _completed(looks, after)
    must_show = turned or grown or name not in ("add_hours", "import_hours", "complete_in_batch")
    if not new and must_show and not (apart and not turned) and not blind and not doubtful:
        wrong.append(Text(zh="各处均无标注", en="marked nowhere"))
    seen = (bool(new) or grown or turned) and not blind and not doubtful
    return Tried(name, True, seen, tuple(dict.fromkeys(wrong)), tuple(sorted(new)), after)


def _a_row_more(place: str, looks: Sequence[SegmentView], after: SegmentView) -> bool:
    was, now = last(looks, place), reading(after, place)
    return was is not None and now is not None and len(now.rows) > len(was.rows)


def _completed(looks: Sequence[SegmentView], after: SegmentView) -> bool:
    was, now = last(looks, "course_record"), reading(after, "course_record")
    return now is not None and now.yes("completed") is True and (was is None or was.yes("completed") is not True)


def _certificate(looks: Sequence[SegmentView], segment: SegmentView | None) -> list[Text]:
    """What is wrong with a certificate that rests on hours or a completion entered by hand; nothing where none came."""
    if segment is None:
        return []
    changed = [
        change
        for look in (segment, *reversed(looks))
        if (change := change_of("", "course_record", looks[:1], look)) is not None
    ]
    by_hand = bool(changed) and (changed[0].apart or bool(changed[0].marks))
    papers = [answer(segment, "request_certificate"), reading(segment, "certificate")]
    issued = [paper for paper in papers if paper is not None and paper.rows]
    if not issued or not by_hand:
        return []
    if any(says(paper.text("marks")) for paper in issued):
        return []
    return [Text(zh="学时证明未标明其中的人工录入", en="the certificate does not say what was entered by hand")]
