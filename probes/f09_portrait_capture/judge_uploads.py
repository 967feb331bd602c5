"""F09-1t: uploads can't be faked."""

from __future__ import annotations

import re

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import PortraitSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from harness.view import SegmentView, WalkView
from probes.attacked import reached
from probes.bracket import unmet
from probes.f09_portrait_capture.captures import FILE_WORDS
from probes.f09_portrait_capture.judge_no_picture import without_picture
from probes.portraits import could_be_still, ill_staged, readings, stored_between, taken_in, utc_of

REFUSED_WORDS = re.compile(
    r"不(?:一致|符|匹配|通过|合格|是|予)|未(?:通过|匹配|识别)|非(?:本人|实时|活体|法)|无(?:效|人)|失败|拒绝|异常|作废|疑似|重复|他人|冒"
    r"|mismatch|fail|reject|invalid|denied|not |unmatched|duplicate",
    re.IGNORECASE,
)
"""What a platform says of a picture that it keeps and does not take for a capture."""
FINE_WORDS = re.compile(r"一致|通过|本人|正常|有效|合格|成功|pass|match|same|valid|success|accept|ok\b", re.IGNORECASE)
"""What it says of one that it does; where both speak, the other is heard: 不一致."""
NOTHING_WRONG = re.compile(r"[无没未][有见]?(?:异常|问题|误)")


def _taken_for(portrait: PortraitSeen) -> bool | None:
    """Does the platform take what it stored for a valid capture? None: what it says is not understood. Where it says
    nothing it does."""
    said = f"{portrait.verdict} {portrait.marked}".strip()
    if not said or NOTHING_WRONG.search(said):
        return True
    if REFUSED_WORDS.search(said):
        return False
    return True if FINE_WORDS.search(said) else None


def _sent_again(portrait: PortraitSeen, walk: WalkView, segment: SegmentView, *, living: bool) -> bool | None:
    """Is it the same file as one from before the lens was covered? What a page takes of a covered lens repeats too, and
    one picture may be listed twice. None: it may be."""
    reading = readings(walk)["attacked"]
    earlier = reading.first_of(portrait)
    if earlier is None:
        return bool(portrait.repeats) and not living
    taken = taken_in(earlier, reading.offset_s, reading.step_s)
    if taken is None:
        return None if earlier.faces else False
    if taken[1] >= utc_of(walk, segment.start):
        return False
    return None if could_be_still(portrait, reading) else True


def judge_uploads(walk: WalkView, case: Case) -> Finding:
    """Uploads sent again or posted by hand are no captures: neither stored as such nor good for credit."""
    segment = walk.segments.get("uploads")
    if segment is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能重放上传", "uploads were not sent again")
    open_end = unmet(walk, case) or ill_staged(walk, case)
    if open_end is not None:
        return open_end
    recorded = next((s for s in segment.facts(Stimulus) if s.name == "uploads_sent"), None)
    if recorded is None or not recorded.params.get("recorded"):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "未能从页面流量中认出图片上传，无从重放",
            "no upload of a picture was found in the page's traffic, so none could be sent again",
            refs=segment.refs,
            settled=True,
        )
    stored = stored_between(walk, "before", "attacked")
    if stored is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "读不到抓拍图片", "the portraits could not be read")
    living = case.setting.living
    others = [p for p in stored if p.likeness == "other" and p.code is None]
    again = {p.id: _sent_again(p, walk, segment, living=living) for p in stored}
    on_file = [p for p in stored if p.enrolment and not FILE_WORDS.search(p.label)]
    faked = [p for p in stored if again[p.id] or p in on_file or (p in others and not living)]
    refused = [p for p in faked if _taken_for(p) is False]
    unsure = [p for p in faked if _taken_for(p) is None]
    faked = [p for p in faked if p not in refused and p not in unsure]
    if faked:
        first = faked[0]
        how_zh = "重放的旧图片" if first.repeats else "登记照" if first.enrolment else "他人照片"
        how = "an earlier upload" if first.repeats else "the photograph on file" if first.enrolment else "a stranger"
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"没有摄像头画面，直接上传或以脚本送入页面的{how_zh}被存为第 {first.id} 号抓拍"
                f"（共 {len(faked)} 张）",
                en=f"{how}, sent without a camera or given to the page by a script, was stored as portrait no. "
                f"{first.id} ({len(faked)} such)",
            ),
            refs=segment.refs,
            evidence=(first.picture,) if first.picture else (),
            accepted=(Text(zh=f"伪造上传 {len(faked)} 次", en=counted(len(faked), "faked upload")),),
        )
    if unsure:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"直接上传的图片被存为第 {unsure[0].id} 号，平台所写的结果“{unsure[0].verdict or unsure[0].marked}”"
            "看不出是否算作有效抓拍",
            f"a picture sent without a camera was stored as no. {unsure[0].id}; what the platform says of it "
            f"('{unsure[0].verdict or unsure[0].marked}') does not tell whether it counts as a capture",
            refs=segment.refs,
            evidence=(unsure[0].picture,) if unsure[0].picture else (),
            settled=True,
        )
    if twice := [p for p in stored if again[p.id] is None and _taken_for(p) is not False]:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {twice[0].id} 号与更早的第 {twice[0].repeats} 号为同一文件，"
            "按所载时刻分不清是重放的还是同一张图片列了两次",
            f"portrait no. {twice[0].id} is the same file as the earlier no. {twice[0].repeats}, and by its time it "
            "may be one picture listed twice as well as one sent again",
            refs=segment.refs,
            evidence=(twice[0].picture,) if twice[0].picture else (),
            settled=True,
        )
    if others and living:  # who sent a picture of somebody else can't be told from who sat there
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {others[0].id} 号图片像是他人，真人画面无标记，不能断定是上传的还是拍到的",
            f"portrait no. {others[0].id} looks like somebody else; without marks it can't be told whether it was sent "
            "or taken",
            refs=segment.refs,
            evidence=(others[0].picture,) if others[0].picture else (),
        )
    finding = without_picture(walk, case, segment)
    if finding.outcome is Outcome.PASS and not reached(segment):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"重放和直接上传均未送达平台：{finding.observed.zh}",
            f"no upload that was sent reached the platform: {finding.observed.en}",
            refs=segment.refs,
        )
    if refused:
        kept = Text(
            zh=f"另存有 {len(refused)} 张直接上传的图片，平台注明“{refused[0].verdict or refused[0].marked}”",
            en=f"{counted(len(refused), 'such picture')} kept and marked '{refused[0].verdict or refused[0].marked}'",
        )
        said = Text(zh=f"{finding.observed.zh}；{kept.zh}", en=f"{finding.observed.en}; {kept.en}")
        return finding.model_copy(update={"observed": said})
    return finding
