"""F09-1: real portraits of the study are kept. F09-1v, F09-4: how many, and of how many pixels."""

from __future__ import annotations

from collections.abc import Sequence

from harness.compare import at_least
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import PortraitSeen
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from harness.view import WalkView
from probes.f09_portrait_capture import CAP_S
from probes.f09_portrait_capture.captures import (
    CHECK_SLACK_S,
    at_most_captures,
    besides_checks,
    captures,
    kept,
    may_be_checks,
)
from probes.f09_portrait_capture.judge_gaps import judge_gaps
from probes.f09_portrait_capture.judge_no_picture import judge_no_picture
from probes.f09_portrait_capture.judge_uploads import judge_uploads
from probes.portraits import (
    Reading,
    by_person,
    doubtful_portrait,
    false_portrait,
    ill_staged,
    playing_spans,
    proven,
    studied,
    unstudied,
)

__all__ = ["judge_capture", "judge_gaps", "judge_no_picture", "judge_number", "judge_pixels", "judge_uploads"]


def judge_capture(walk: WalkView, case: Case) -> Finding:
    """Portraits are stored during study, and what is stored is what the camera showed then."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    open_end = unstudied(walk, case)
    if open_end is not None:
        return open_end
    stored, reading = found
    living = case.setting.living
    wrong = ill_staged(walk, case)
    if wrong is not None:
        return wrong
    captured = captures(walk, stored, reading.offset_s)
    played = sum(b - a for a, b in playing_spans(walk))
    refs = (reading.seq,)
    watched = Text(
        zh=f"播放 {played:.0f} 秒，存 {len(stored)} 张，其中人脸核验以外的 {len(captured)} 张",
        en=f"{played:.0f} s played, {counted(len(stored), 'portrait')} stored, {len(captured)} of them apart from face "
        "checks",
    )
    untrue = next(((p, why) for p in stored if (why := false_portrait(p, reading, living=living))), None)
    if untrue is not None:
        return _untrue(walk, case, stored, reading, *untrue)
    if not besides_checks(captured, stored, walk, reading.offset_s):
        return _nothing_captured(walk, case, stored, reading, played)
    doubts = [(p, why) for p in stored if (why := doubtful_portrait(p, case)) is not None]
    if doubts:
        first, doubt = doubts[0]
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {first.id} 号图片{doubt[0]}；真人画面无标记，不能断定当时镜头前的情形",
            f"portrait no. {first.id}: {doubt[1]}; without marks it can't be told what was before the camera then",
            refs=refs,
            evidence=(first.picture,) if first.picture else (),
        )
    sure = [p for p in captured if proven(p, reading, walk, case)]
    if sure and may_be_checks(sure, walk, reading.offset_s):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{len(sure)} 张学习中的图片均在人脸核验前后 {CHECK_SLACK_S:g} 秒之内，可能属于核验，不能认定另有抓拍",
            f"{counted(len(sure), 'portrait')} of study within {CHECK_SLACK_S:g} s of a face check may be the check's: "
            "no capture besides is proven",
            refs=refs,
            evidence=tuple(p.picture for p in sure if p.picture),
        )
    unseen = [p.id for p in stored if not p.picture]
    if unseen:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {'、'.join(unseen[:5])} 号图片打不开",
            f"the pictures of no. {', '.join(unseen[:5])} can't be opened",
            refs=refs,
        )
    if not sure:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"存有 {len(stored)} 张图片，"
            + ("但没有一张能由本人人像和时刻证明" if living else "但都读不出拍摄时刻标记，不能证明是当时拍摄"),
            f"{counted(len(stored), 'portrait')} stored, but "
            + (
                "none shows the learner at a time when the learner sat there"
                if living
                else "no mark of the moment can be read in any: nothing is proven"
            ),
            refs=refs,
            evidence=tuple(p.picture for p in stored),
        )
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"播放 {played:.0f} 秒，存 {len(stored)} 张，学习中抓拍且"
            f"{'可由人员和时刻证明' if living else '由标记证明'}的 {len(sure)} 张，未发现虚假图片{by_person(case).zh}",
            en=f"{watched.en}; {len(sure)} of them proven by "
            f"{'the person and the time' if living else 'their mark'} to be of that moment, none false"
            f"{by_person(case).en}",
        ),
        refs=refs,
        evidence=tuple(p.picture for p in sure[:6]),
        accepted=(*studied(walk, case), watched),
        refused=(
            Text(
                zh=f"逐张核对 {len(stored)} 张：无登记照、旧图片、他人照片或空白图片",
                en=f"{len(stored)} looked at: no photograph on file, copy, other person or blank",
            ),
        ),
    )


def _untrue(
    walk: WalkView,
    case: Case,
    stored: Sequence[PortraitSeen],
    reading: Reading,
    portrait: PortraitSeen,
    why: tuple[str, str],
) -> Finding:
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"第 {portrait.id} 号抓拍图片不是当时拍摄的：{why[0]}（共存 {len(stored)} 张）",
            en=f"portrait no. {portrait.id} was not taken then: {why[1]} ({len(stored)} stored)",
        ),
        refs=(reading.seq,),
        evidence=(portrait.picture,) if portrait.picture else (),
        accepted=studied(walk, case),
    )


def _nothing_captured(
    walk: WalkView, case: Case, stored: Sequence[PortraitSeen], reading: Reading, played: float
) -> Finding:
    if played < CAP_S / case.setting.scale:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"播放 {played:.0f} 秒内未抓拍，时间太短，不能认定",
            f"no portrait within {played:.0f} s of playing: too short to tell",
            refs=(reading.seq,),
        )
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"学员全程在摄像头前，播放 {played:.0f} 秒，档案中一张学习中的抓拍图片也没有"
            + (f"（{len(stored)} 张均为人脸核验时的图片）" if stored else ""),
            en=f"the learner sat before the camera for {played:.0f} s of playing; the archive holds no portrait "
            f"of study ({len(stored)} of face checks)",
        ),
        refs=(reading.seq,),
        accepted=studied(walk, case),
    )


def judge_number(walk: WalkView, case: Case) -> Finding:
    """At least one portrait per class hour of study."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    everything, reading = found
    stored = captures(walk, everything, reading.offset_s)
    most = len(at_most_captures(walk, everything, reading.offset_s))
    played = sum(b - a for a, b in playing_spans(walk))
    hours = played / case.hour_s
    least = case.limit("portraits_per_hour")
    if hours < 1.0:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"只播放了 {played:.0f} 秒，不足一学时",
            f"only {played:.0f} s were played, less than a class hour",
            refs=(reading.seq,),
        )
    per_hour = len(stored) / hours
    outcome, reason = at_least(per_hour, least, 0.0, least)
    if outcome is Outcome.FAIL and stored and at_least(most / hours, least, 0.0, least)[0] is Outcome.PASS:
        outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE  # one may have come due in a face check
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{hours:.2f} 学时存 {len(stored)} 张，每学时 {per_hour:.1f} 张",
            en=f"{counted(len(stored), 'portrait')} in {hours:.2f} class hours, {per_hour:.1f} per hour",
        ),
        refs=(reading.seq,),
        accepted=(Text(zh=f"存图 {len(stored)} 张", en=counted(len(stored), "portrait")),),
        refused=(Text(zh="仅为计数，没有可拒绝的操作", en="a count is not an attack: nothing to refuse"),)
        if outcome is Outcome.PASS
        else (),
    )


def judge_pixels(walk: WalkView, case: Case) -> Finding:
    """The stored pictures have enough pixels. Whether a virtual camera would be refused is not decided."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    stored, reading = found
    seen = [p for p in stored if p.width and p.height]
    if not seen:
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, "没有可看的抓拍图片", "no portrait to look at")
    least = min(seen, key=lambda p: p.width * p.height)
    pixels, limit = least.width * least.height, case.limit("camera_pixels")
    return Finding(
        outcome=Outcome.PASS if pixels >= limit else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"最小的图片 {least.width}×{least.height}；"
            + ("由真实摄像头拍摄" if case.setting.living else "检测用摄像头对浏览器与真实设备无异")
            + "，未判定是否拒绝虚拟摄像头",
            en=f"smallest picture {least.width}x{least.height}; "
            + ("a real camera took it" if case.setting.living else "our camera is an ordinary device to the browser")
            + ", so refusing virtual cameras was not decided",
        ),
        refs=(reading.seq,),
        evidence=(least.picture,) if least.picture else (),
        accepted=(Text(zh=f"图片 {len(seen)} 张", en=counted(len(seen), "picture")),),
        refused=(Text(zh=f"没有低于 {limit:.0f} 像素的图片", en=f"none below {limit:.0f} pixels"),)
        if pixels >= limit
        else (),
    )
