"""F09-1: real portraits of the study are kept. F09-1v, F09-2: how many and when. F09-3: no picture, no credit.
F09-1t: uploads can't be faked. F09-4: pixels.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from harness.compare import at_least, at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, CreditRead, PortraitSeen, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView, credit_s
from probes.bracket import honest, resolution_s, too_short, unmet
from probes.f09_portrait_capture import CAP_S, allowed_s
from probes.portraits import (
    Reading,
    by_person,
    doubtful_portrait,
    false_portrait,
    gaps,
    ill_staged,
    moment,
    played_until,
    playing_spans,
    proven,
    readings,
    stored_between,
    studied,
    unstudied,
    utc_of,
)

JITTER_S = 0.7
"""Beyond one report's interval: what asking, taking and sending vary by. Gaps closer together are a schedule."""
FEWEST_GAPS = 3
"""Gaps that no face check delayed, below which nothing is said about a schedule."""
CHECK_SLACK_S = 1.0
"""A stored time is cut to whole seconds, and the two clocks are known to half a second: a picture of a face check may
seem to be from just before or after it."""
DELAYS_S = 3.0
"""A capture so soon after the player stood still may have been due meanwhile."""


def _kept(walk: WalkView, case: Case) -> tuple[list[PortraitSeen], Reading] | Finding:
    """The portraits that were stored in the course of the walk, and the reading that shows them."""
    found = stored_between(walk, "before", "after")
    last = readings(walk).get("after")
    if found is None or last is None:
        why = next((r.error for r in readings(walk).values() if r.error), "")
        if why:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"读不到抓拍图片：{why}",
                f"the portraits could not be read: {why}",
            )
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            "本次学员不在摄像头前（配置未写明测试人员或抓拍图片的读法）",
            "nobody was before a camera: the profile names no test persons, or no way to read portraits",
            settled=True,
        )
    return found, last


def _captures(walk: WalkView, stored: Sequence[PortraitSeen], offset_s: float) -> list[PortraitSeen]:
    """The portraits of study: those that no face check took."""
    checked = _checks(walk)
    moments = {p.id: moment(p, offset_s) for p in stored}
    return [p for p in stored if (at := moments[p.id]) is None or not _during(at, checked)]


def _during(at: float, spans: Sequence[tuple[float, float]], slack_s: float = 0.0) -> bool:
    return any(start - slack_s <= at <= end + slack_s for start, end in spans)


def _of_checks(portraits: Sequence[PortraitSeen], walk: WalkView, offset_s: float) -> bool:
    """May all of them be pictures of face checks, whose stored time is only a little off?"""
    checked = _checks(walk)
    moments = [moment(p, offset_s) for p in portraits]
    return all(at is not None and _during(at, checked, CHECK_SLACK_S) for at in moments)


def _besides(captured: Sequence[PortraitSeen], stored: Sequence[PortraitSeen], walk: WalkView, offset_s: float) -> bool:
    """Is any of them no picture of a face check, even if each check took one that seems a little off?

    Only on a platform that demonstrably keeps pictures of checks beside those of study: then a check without one inside
    it is given the nearest one within the slack.
    """
    moments = [at for p in stored if (at := moment(p, offset_s)) is not None]
    checked = _checks(walk)
    bare = [span for span in checked if not any(_during(at, [span]) for at in moments)]
    if len(bare) == len(checked):
        return bool(captured)
    left = [moment(p, offset_s) for p in captured]
    for span in bare:
        near = [at for at in left if at is not None and _during(at, [span], CHECK_SLACK_S)]
        if near:
            left.remove(min(near, key=lambda at: max(span[0] - at, at - span[1])))
    return bool(left)


def judge_capture(walk: WalkView, case: Case) -> Finding:
    """Portraits are stored during study, and what is stored is what the camera showed then."""
    kept = _kept(walk, case)
    if isinstance(kept, Finding):
        return kept
    open_end = unstudied(walk, case)
    if open_end is not None:
        return open_end
    stored, reading = kept
    living = case.setting.living
    wrong = ill_staged(walk, case)
    if wrong is not None:
        return wrong
    captured = _captures(walk, stored, reading.offset_s)
    spans = playing_spans(walk)
    played = sum(b - a for a, b in spans)
    refs = (reading.seq,)
    watched = f"{played:.0f} s played, {len(stored)} portraits stored, {len(captured)} of them apart from face checks"
    untrue = any(false_portrait(p, reading, living=living) for p in stored)
    if not untrue and not _besides(captured, stored, walk, reading.offset_s):
        enough = played >= CAP_S / case.setting.scale
        if not enough:
            return inconclusive(
                case,
                Reason.INSUFFICIENT_EVIDENCE,
                f"播放 {played:.0f} 秒内未抓拍，时间太短，不能认定",
                f"no portrait within {played:.0f} s of playing: too short to tell",
                refs=refs,
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
            refs=refs,
            accepted=studied(walk, case),
        )
    for portrait in stored:
        why = false_portrait(portrait, reading, living=living)
        if why is not None:
            return Finding(
                outcome=Outcome.FAIL,
                expected=expectation(case.requirement),
                observed=Text(
                    zh=f"第 {portrait.id} 号抓拍图片不是当时拍摄的：{why[0]}（共存 {len(stored)} 张）",
                    en=f"portrait no. {portrait.id} was not taken then: {why[1]} ({len(stored)} stored)",
                ),
                refs=refs,
                evidence=(portrait.picture,) if portrait.picture else (),
                accepted=studied(walk, case),
            )
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
    if sure and _of_checks(sure, walk, reading.offset_s):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"{len(sure)} 张学习中的图片均在人脸核验前后 {CHECK_SLACK_S:g} 秒之内，可能属于核验，不能认定另有抓拍",
            f"{len(sure)} portraits of study lie within {CHECK_SLACK_S:g} s of a face check, and may be the check's: "
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
            f"{len(stored)} portraits are stored, but "
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
            en=f"{watched}; {len(sure)} of them proven by "
            f"{'the person and the time' if living else 'their mark'} to be of that moment, none false"
            f"{by_person(case).en}",
        ),
        refs=refs,
        evidence=tuple(p.picture for p in sure[:6]),
        accepted=(*studied(walk, case), watched),
        refused=(f"{len(stored)} looked at: no photograph on file, copy, other person or blank",),
    )


def judge_number(walk: WalkView, case: Case) -> Finding:
    """At least one portrait per class hour of study."""
    kept = _kept(walk, case)
    if isinstance(kept, Finding):
        return kept
    stored, reading = kept
    stored = _captures(walk, stored, reading.offset_s)
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
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{hours:.2f} 学时存 {len(stored)} 张，每学时 {per_hour:.1f} 张",
            en=f"{len(stored)} portraits in {hours:.2f} class hours, {per_hour:.1f} per hour",
        ),
        refs=(reading.seq,),
        accepted=(f"{len(stored)} portraits",),
        refused=("a count is not an attack: nothing to refuse",) if outcome is Outcome.PASS else (),
    )


def judge_gaps(walk: WalkView, case: Case) -> Finding:
    """While playing the captures are at most the cap apart, as declared, and no schedule can be seen in them."""
    kept = _kept(walk, case)
    if isinstance(kept, Finding):
        return kept
    stored, reading = kept
    stored = _captures(walk, stored, reading.offset_s)
    spans = playing_spans(walk)
    moments = sorted(m for p in stored if (m := moment(p, reading.offset_s)) is not None)
    moments = [m for m in moments if spans and spans[0][0] <= m <= spans[-1][1]]
    longest = max(gaps(spans, moments), default=0.0)
    cap, declared = case.limit("gap_cap"), case.declared_s("capture_interval_s")
    u = case.lag_s + 2.0
    refs = (reading.seq,)
    outcome, reason = at_most(longest, cap, u, cap)
    said = "nothing declared" if declared is None else f"{declared:.0f} s declared"
    said_zh = "未申报" if declared is None else f"申报 {declared:.0f} 秒"
    zh = f"播放中最长间隔 {longest:.0f} 秒（上限 {cap:.0f} 秒，{said_zh}），共 {len(moments)} 次"
    en = f"longest gap while playing {longest:.0f} s (cap {cap:.0f} s, {said}), {len(moments)} captures"
    if outcome is Outcome.PASS:
        schedule = _schedule(walk, moments, case)
        if schedule is None:
            outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
            zh, en = zh + "；次数太少，看不出是否可预知", en + "; too few to tell whether they can be foreseen"
        elif schedule:
            outcome, reason = Outcome.FAIL, None
            zh, en = zh + "；间隔固定，可以预知", en + "; evenly spaced, so they can be foreseen"
        elif declared is not None and longest > declared + case.limit("declared_tolerance") + u:
            outcome = Outcome.WARN
            zh, en = zh + "；与申报不符", en + "; not as declared"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(f"{len(moments)} captures",),
        refused=("no stretch beyond the cap without a capture",) if outcome is Outcome.PASS else (),
    )


def _schedule(walk: WalkView, moments: Sequence[float], case: Case) -> bool | None:
    """Are the captures evenly spaced? None when there are too few gaps that nothing delayed.

    A capture that was due while nothing played, or during a face check, comes as soon as the lesson goes on; and a
    lesson that is opened anew begins to count anew.
    """
    spans = playing_spans(walk)
    opened = [
        utc_of(walk, o.t) for o in walk.observations if isinstance(o.data, ActionDone) and o.data.name == "open_lesson"
    ]
    free = [
        b - a
        for a, b in itertools.pairwise(moments)
        if not any(a <= at <= b for at in opened)
        and played_until(spans, b) - played_until(spans, b - DELAYS_S) >= DELAYS_S - 0.2
    ]
    if len(free) < FEWEST_GAPS:
        return None
    return max(free) - min(free) <= max(case.setting.report_s, 1.0) + JITTER_S


def _checks(walk: WalkView) -> list[tuple[float, float]]:
    """When a face check was open, UTC seconds."""
    found: list[tuple[float, float]] = []
    since: float | None = None
    for o in walk.observations:
        if not isinstance(o.data, StateSeen):
            continue
        if o.data.state is LessonState.FACE_CHECK:
            since = o.t if since is None else since
        elif since is not None:
            found.append((utc_of(walk, since), utc_of(walk, o.t)))
            since = None
    return found


TAKEN_AWAY = {
    "covered": ("遮住", "covered"),
    "pulled_out": ("中途拔除", "pulled out in the middle"),
    "denied": ("拒绝权限", "denied"),
    "unplugged": ("自始未接", "absent from the start"),
}
"""How the picture is taken away: names of segments, in words."""
INTERRUPTED = ("covered", "uploads")
"""Segments in which the learner answers a face check, and disappears again."""


def judge_no_picture(walk: WalkView, case: Case) -> Finding:
    """With the camera covered, denied or unplugged, credit stops soon after a capture was due."""
    tried = [s for s in walk.of_kind("attack") if s.name in TAKEN_AWAY]
    if not tried:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能遮挡摄像头", "the camera was not covered")
    open_end = unmet(walk, case) or ill_staged(walk, case)
    if open_end is not None:
        return open_end
    findings = [_without(walk, case, segment) for segment in tried]
    return max(findings, key=lambda finding: _SEVERITY.index(finding.outcome))


_SEVERITY = (Outcome.PASS, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.FAIL)


def _without(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    gained, u = _without_picture_s(segment, case)
    tried = [s for s in segment.facts(Stimulus) if "stopped" in s.effect]
    if gained is None or not tried:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"“{segment.name}”前后读不到记录",
            f"the record around '{segment.name}' could not be read",
            refs=segment.refs,
        )
    allowed = allowed_s(case.setting, case.limit("stop_within", of="F09-3"))
    stopped = bool(tried[-1].effect.get("stopped"))
    asked_only = segment.name in INTERRUPTED and all(_asked_first(s, allowed) for s in tried)
    lasted = segment.end - segment.start
    zh_name, en_name = TAKEN_AWAY.get(segment.name, TAKEN_AWAY["covered"])
    took = segment.read_s
    numbers_zh = f"摄像头{zh_name}后经过 {took:.0f} 秒，计入 {gained:.0f} 秒（至多可计 {allowed:.0f} 秒）"
    numbers = f"camera {en_name} for {took:.0f} s, {gained:.0f} s recorded (at most {allowed:.0f} s may be)"
    if gained <= allowed and (asked_only or (not stopped and lasted < allowed + u)):
        return too_short(segment, case, numbers_zh, numbers)
    outcome, reason = at_most(gained, allowed, u, allowed)
    failed = outcome is Outcome.FAIL
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{'没有画面仍继续计时' if failed else '没有画面即停止计时'}：{numbers_zh}",
            en=f"{'credited without a picture' if failed else 'credit stopped'}: {numbers}",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        evidence=_pictures(segment),
        accepted=(*honest(walk, case), *((numbers,) if failed else ())),
        refused=() if failed else (numbers,),
        unearned=failed and segment.means == "tool",
    )


def _asked_first(tried: Stimulus, allowed: float) -> bool:
    """Did a face check end it before the missing picture could? Such a check may have been due anyway, and the lens is
    uncovered for it: whether credit would have gone on without a picture was not seen."""
    after = float(tried.effect.get("after_s") or 0.0)
    return tried.effect.get("state") == LessonState.FACE_CHECK.value and after < allowed


def _without_picture_s(segment: SegmentView, case: Case) -> tuple[float | None, float]:
    """The most that was credited in one go without a picture, and its uncertainty, seconds.

    A learner who shows the face for a check in between begins anew; each stretch is read by itself.
    """
    u = resolution_s(segment, case)
    at = {o.data.at: o.data.credit for o in segment.observations if isinstance(o.data, CreditRead)}
    gains = []
    for name, credit in at.items():
        if name.startswith("stretch:") and name.endswith(":to"):
            first = credit_s(at.get(name.removesuffix("to") + "from"), case.hour_s)
            last = credit_s(credit, case.hour_s)
            if first is None or last is None:
                return None, u
            gains.append(last - first)
    return (max(gains) if gains else segment.gained_s(case.hour_s)), u


def _pictures(segment: SegmentView) -> tuple[str, ...]:
    return tuple(name for o in segment.observations if isinstance(o.data, Stimulus) for name in o.evidence)[:3]


def _sent_again(portrait: PortraitSeen, walk: WalkView, segment: SegmentView, *, living: bool) -> bool:
    """Is it the same file as one from before the lens was covered? What a page takes of a covered lens repeats too."""
    reading = readings(walk)["attacked"]
    earlier = reading.first_of(portrait)
    if earlier is None:
        return bool(portrait.repeats) and not living
    taken = moment(earlier, reading.offset_s)
    if taken is None:
        return not living  # a covered lens of a real camera may give one and the same black file twice
    return taken < utc_of(walk, segment.start)


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
    faked = [
        p for p in stored if _sent_again(p, walk, segment, living=living) or p.enrolment or (p in others and not living)
    ]
    if faked:
        first = faked[0]
        how_zh = "重放的旧图片" if first.repeats else "登记照" if first.enrolment else "他人照片"
        how = "an earlier upload" if first.repeats else "the photograph on file" if first.enrolment else "a stranger"
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"没有摄像头画面，直接上传的{how_zh}被存为第 {first.id} 号抓拍（共 {len(faked)} 张）",
                en=f"{how}, sent without a camera, was stored as portrait no. {first.id} ({len(faked)} such)",
            ),
            refs=segment.refs,
            evidence=(first.picture,) if first.picture else (),
            accepted=(f"{len(faked)} faked uploads",),
        )
    if others:  # only before a real camera: who sent a picture of somebody else can't be told from who sat there
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"第 {others[0].id} 号图片像是他人，真人画面无标记，不能断定是上传的还是拍到的",
            f"portrait no. {others[0].id} looks like somebody else; without marks it can't be told whether it was sent "
            "or taken",
            refs=segment.refs,
            evidence=(others[0].picture,) if others[0].picture else (),
        )
    return _without(walk, case, segment)


def judge_pixels(walk: WalkView, case: Case) -> Finding:
    """The stored pictures have enough pixels. Whether a virtual camera would be refused is not decided."""
    kept = _kept(walk, case)
    if isinstance(kept, Finding):
        return kept
    stored, reading = kept
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
        accepted=(f"{len(seen)} pictures",),
        refused=(f"none below {limit:.0f} pixels",) if pixels >= limit else (),
    )
