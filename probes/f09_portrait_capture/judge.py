"""F09-1: real portraits of the study are kept. F09-1v, F09-4: how many, and of how many pixels."""

from __future__ import annotations

from collections.abc import Sequence

from harness.compare import at_least
from harness.judge import Case, expectation, inconclusive, review
from harness.model.finding import Finding, Text
from harness.model.observation import FramesShown, PortraitSeen
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from harness.view import WalkView
from probes.f09_portrait_capture import CAP_S
from probes.f09_portrait_capture.captures import CAPTURE_WORDS, CHECK_SLACK_S, Album, called_a_check, kept
from probes.f09_portrait_capture.judge_gaps import judge_gaps
from probes.f09_portrait_capture.judge_no_picture import judge_no_picture
from probes.f09_portrait_capture.judge_uploads import judge_uploads
from probes.h01_hour_accounting import ABOVE_S
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

FULL = 0.95
"""Who played so much of an hour's walk played all of it, but for what checks and loading took."""

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
    album = Album.of(walk, stored, reading, case)
    captured = album.of_study(album.captures)
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
    if not album.besides_checks(captured):
        return _nothing_captured(walk, case, album, captured, reading, played)
    doubts = [(p, why) for p in stored if (why := doubtful_portrait(p, reading, case)) is not None]
    if doubts:
        first, doubt = doubts[0]
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {first.id} 号图片{doubt[0]}",
            f"portrait no. {first.id}: {doubt[1]}",
            refs=refs,
            evidence=(first.picture,) if first.picture else (),
        )
    sure = [p for p in captured if proven(p, reading, walk, case)]
    during = album.of_study(sure, surely=True)
    if during and album.may_be_checks(during):
        before_s = album.late_s + CHECK_SLACK_S
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{len(during)} 张学习中的图片均在人脸核验之中，或在其出现前 {before_s:g} 秒、结束后 {CHECK_SLACK_S:g} "
            "秒之内，可能属于核验，不能认定另有抓拍",
            f"{counted(len(during), 'portrait')} of study: in a face check, or within {before_s:g} s before it "
            f"was seen or {CHECK_SLACK_S:g} s after it, and may be the check's: no capture besides is proven",
            refs=refs,
            evidence=tuple(p.picture for p in during if p.picture),
        )
    unseen = [p.id for p in stored if not p.picture or not p.width]
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
    if not during:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "抓拍图片的时刻不够确切，不能认定是在播放开始之后拍摄的",
            "when the portraits were taken is not known well enough to tell that it was after playing began",
            refs=refs,
            evidence=tuple(p.picture for p in captured if p.picture),
        )
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"播放 {played:.0f} 秒，存 {len(stored)} 张，学习中抓拍且"
            f"{'可由人员和时刻证明' if living else '由标记证明'}的 {len(during)} 张，"
            f"未发现虚假图片{by_person(case).zh}",
            en=f"{watched.en}; {len(during)} of them proven by "
            f"{'the person and the time' if living else 'their mark'} to be of that moment, none false"
            f"{by_person(case).en}",
        ),
        refs=refs,
        evidence=tuple(p.picture for p in during[:6]),
        accepted=(*studied(walk, case), watched),
        refused=(
            Text(
                zh=f"逐张核对 {len(stored)} 张：无登记照、旧图片、他人照片、空白或模糊图片",
                en=f"{len(stored)} looked at: no photograph on file, copy, other person, blank or blurred picture",
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
    walk: WalkView, case: Case, album: Album, captured: Sequence[PortraitSeen], reading: Reading, played: float
) -> Finding:
    refs, stored = (reading.seq,), album.stored
    declared = case.declared_s("capture_interval_s")
    least = max(CAP_S / case.setting.scale, case.hour_s if declared is None else declared)
    if played < least:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"播放 {played:.0f} 秒内未抓拍，不足 {least:.0f} 秒，时间太短，不能认定",
            f"no portrait within {played:.0f} s of playing, less than {least:.0f} s: too short to tell",
            refs=refs,
            settled=played >= FULL * ABOVE_S / case.setting.scale,  # the next attempt plays no longer
        )
    if vague := album.vague:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{len(vague)} 张图片的时刻不够确切，分不清是人脸核验时的图片还是学习中的抓拍",
            f"when {counted(len(vague), 'portrait')} {'was' if len(vague) == 1 else 'were'} taken is not known well "
            "enough to tell pictures of face checks from captures of study",
            refs=refs,
            evidence=tuple(one.picture for one in vague if one.picture),
        )
    aside = [one for one in album.captures if one not in captured and not called_a_check(one)]
    called = [one for one in album.of_study(album.unclear) if CAPTURE_WORDS.search(one.label)]
    if aside or called:
        return _for_a_person(walk, case, aside or called, played, refs, in_checks=not aside)
    opened = _opened(walk)
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"学员全程在摄像头前，播放 {played:.0f} 秒，档案中一张学习中的抓拍图片也没有"
            + (f"（{len(stored)} 张均为人脸核验时的图片）" if stored else "")
            + opened.zh,
            en=f"the learner sat before the camera for {played:.0f} s of playing; the archive holds no portrait "
            f"of study ({len(stored)} of face checks){opened.en}",
        ),
        refs=refs,
        accepted=studied(walk, case),
    )


def _opened(walk: WalkView) -> Text:
    """For how long a page had the camera open, where that is known: it is no portrait, but who reads that there is none
    will ask."""
    known = [shown.open_s for shown in walk.facts(FramesShown) if shown.open_s is not None]
    if not known:
        return Text(zh="", en="")
    if not sum(known):
        return Text(zh="；未见页面打开摄像头", en="; the page was never seen to open the camera")
    return Text(
        zh=f"；页面打开摄像头共 {sum(known):.0f} 秒", en=f"; the page had the camera open for {sum(known):.0f} s"
    )


def _for_a_person(
    walk: WalkView,
    case: Case,
    portraits: Sequence[PortraitSeen],
    played: float,
    refs: tuple[int, ...],
    *,
    in_checks: bool,
) -> Finding:
    """What a platform may well call captures, and no picture of what plays: an assessor says what they are."""
    number = counted(len(portraits), "portrait")
    were = "was" if len(portraits) == 1 else "were"
    zh, en = (
        (
            f"平台称为抓拍的 {len(portraits)} 张都是人脸核验时拍摄的，请人工判断是核验还是抓拍",
            f"{number} that the platform calls captures {were} taken while a face was asked for: is that a check or a "
            "capture?",
        )
        if in_checks
        else (
            f"另有 {len(portraits)} 张是播放开始之前（登录、打开课程时）或结束之后拍摄的，"
            "请人工判断是否属于学习过程中的抓拍",
            f"{number} {were} taken before it began (at the log-in, at the opening of the lesson) or after it ended: "
            "is that a capture during study?",
        )
    )
    return review(
        case,
        f"播放 {played:.0f} 秒，其间没有其他抓拍；{zh}",
        f"in {played:.0f} s of playing nothing else was captured; {en}",
        refs=refs,
        evidence=tuple(one.picture for one in portraits if one.picture)[:6],
        accepted=studied(walk, case),
    )


def judge_number(walk: WalkView, case: Case) -> Finding:
    """At least one portrait per class hour of study."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    everything, reading = found
    album = Album.of(walk, everything, reading, case)
    stored = album.of_study(album.captures)
    most = len(stored) + len(album.of_study(album.unclear))
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
    enough = at_least(most / hours, least, 0.0, least)[0] is Outcome.PASS
    if outcome is Outcome.FAIL and enough and (stored or album.vague):
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
