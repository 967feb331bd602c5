"""F10-2: when faces are checked. Seen in H01's honest hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Media, SceneShown, StateSeen
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import WalkView
from probes.f10_face_recognition.checks import at_end
from probes.portraits import gaps, played_until, playing_spans, studied, unstudied, utc_of

START_S = 3.0
"""A check before so much was played since the lesson was opened belongs to the start: some ask when play is pressed,
and the picture moves until the question comes."""


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
    if not any(isinstance(o.data, StateSeen) for o in walk.observations):
        return inconclusive(
            case,
            Reason.UNSUPPORTED,
            "配置未描述 lesson_state，看不到是否要求核验",
            "the profile describes no lesson_state, so that no check could be seen",
            settled=True,
        )
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
    spans = playing_spans(walk)
    for o in asked:
        played = _since_opened_s(walk, spans, o.t)
        if finish is not None and o.t >= finish.start and played > 0 and _at_end(walk, o.t):
            seen["end"] += 1
        else:
            seen["start" if played <= START_S else "during"] += 1
    ended = finish is not None and any(at_end(m.sample) for m in finish.facts(Media))
    ended = ended or bool(seen["end"])
    wanted = ["start", "during", *(["end"] if ended else [])]
    missing = [name for name in wanted if not seen[name]]
    longest = max(gaps(spans, [utc_of(walk, o.t) for o in asked]), default=0.0)
    cap, u = case.limit("gap_cap"), 2.0 + case.lag_s
    outcome, reason = at_most(longest, cap, u, cap)
    names = {"start": "开始", "during": "过程", "end": "结束"}
    zh = "，".join(f"{names[name]} {seen[name]} 次" for name in wanted) + f"；播放中最长 {longest:.0f} 秒未核验"
    en = ", ".join(f"{name} {seen[name]}" for name in wanted) + f"; longest stretch without a check {longest:.0f} s"
    if missing:
        outcome, reason = Outcome.FAIL, None
        zh = f"缺少{'、'.join(names[name] for name in missing)}核验：{zh}"
        en = f"no check at {', '.join(missing)}: {en}"
    elif outcome is Outcome.PASS and not ended:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"课时未播放到结尾，看不到结束时是否核验：{zh}",
            f"the lesson was not played to its end, so that a check there could not be seen: {en}",
            refs=refs,
            evidence=evidence,
            settled=finish is None,
        )
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


def _since_opened_s(walk: WalkView, spans: Sequence[tuple[float, float]], t: float) -> float:
    """Seconds that were played since the lesson was opened last, at a moment."""
    opened = walk.started.t
    for o in walk.observations:
        if o.t <= t and isinstance(o.data, ActionDone) and o.data.name == "open_lesson":
            opened = o.t
    return played_until(spans, utc_of(walk, t)) - played_until(spans, utc_of(walk, opened))


def _at_end(walk: WalkView, t: float) -> bool:
    """Did the player stand at the end of its media at a moment?"""
    last = next((o.data.sample for o in reversed(walk.observations) if isinstance(o.data, Media) and o.t <= t), None)
    return last is not None and at_end(last)
