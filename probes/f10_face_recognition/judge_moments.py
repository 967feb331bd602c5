"""F10-2: when faces are checked. Seen in H01's honest hour."""

from __future__ import annotations

from collections import Counter

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Media, SceneShown, StateSeen
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import WalkView
from probes.portraits import gaps, playing_spans, studied, unstudied, utc_of

END_S = 3.0
"""A check within so much of the lesson's end belongs to the end."""


def judge_moments(walk: WalkView, case: Case) -> Finding:
    """Faces are checked at the start, in between at most the cap apart, and at the end, as declared."""
    if not any(isinstance(o.data, SceneShown) for o in walk.observations):
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            "本次学员不在摄像头前（配置未写明测试人员）",
            "nobody was before a camera: the profile names no test persons",
            settled=True,
        )
    open_end = unstudied(walk, case)
    if open_end is not None:
        return open_end
    asked = [o for o in walk.observations if isinstance(o.data, StateSeen) and o.data.state is LessonState.FACE_CHECK]
    refs = tuple(o.seq for o in asked)
    evidence = tuple(name for o in asked for name in o.evidence)[:6]
    if not asked:
        return Finding(
            outcome=Outcome.FAIL,
            expected=expectation(case.requirement),
            observed=Text(
                zh="整讲学习（含开始和结束）从未要求人脸核验",
                en="no face was asked for in the whole lesson, ends included",
            ),
            accepted=studied(walk, case),
        )
    seen: Counter[str] = Counter()
    finish = walk.segments.get("finish")
    for o in asked:
        if _just_opened(walk, o.t):
            seen["start"] += 1
        elif finish is not None and o.t >= finish.start and _at_end(walk, o.t):
            seen["end"] += 1
        else:
            seen["during"] += 1
    wanted = ["start", "during", *(["end"] if "finish" in walk.segments else [])]
    missing = [name for name in wanted if not seen[name]]
    longest = max(gaps(playing_spans(walk), [utc_of(walk, o.t) for o in asked]), default=0.0)
    cap, u = case.limit("gap_cap"), 2.0 + case.lag_s
    outcome, reason = at_most(longest, cap, u, cap)
    names = {"start": "开始", "during": "过程", "end": "结束"}
    zh = "，".join(f"{names[name]} {seen[name]} 次" for name in wanted) + f"；播放中最长 {longest:.0f} 秒未核验"
    en = ", ".join(f"{name} {seen[name]}" for name in wanted) + f"; longest stretch without a check {longest:.0f} s"
    if missing:
        outcome, reason = Outcome.FAIL, None
        zh = f"缺少{'、'.join(names[name] for name in missing)}核验：{zh}"
        en = f"no check at {', '.join(missing)}: {en}"
    elif outcome is Outcome.PASS:
        declared = case.setting.policy.get("face_moments")
        undeclared = declared is not None and not {*wanted} <= {*declared}
        if undeclared:
            outcome = Outcome.WARN
            zh, en = zh + "；与申报不符", en + "; not as declared"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        evidence=evidence,
        accepted=(*studied(walk, case), Text(zh=zh, en=en)),
        refused=(Text(zh="没有超过上限而未核验的时段", en="no stretch beyond the cap without a check"),)
        if outcome is not Outcome.FAIL
        else (),
    )


def _just_opened(walk: WalkView, t: float) -> bool:
    """Had the lesson been opened, and not played since, at a moment?"""
    for o in reversed(walk.observations):
        if o.t > t:
            continue
        if isinstance(o.data, ActionDone) and o.data.name in ("open_lesson", "play"):
            return o.data.name == "open_lesson"
        if isinstance(o.data, Media) and not o.data.sample.paused:
            return False
    return True


def _at_end(walk: WalkView, t: float) -> bool:
    """Did the player stand at the end of its media at a moment?"""
    last = next((o.data.sample for o in reversed(walk.observations) if isinstance(o.data, Media) and o.t <= t), None)
    return last is not None and last.duration_s is not None and last.duration_s - last.position_s <= END_S
