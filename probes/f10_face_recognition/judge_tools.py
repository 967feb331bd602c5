"""F10-3t: with a check open, no tool earns credit."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import series
from harness.view import SegmentView, WalkView
from probes.attacked import reached, severest
from probes.f10_face_recognition.checks import never_asked, nothing_gained, ready, was_asked

TOOLS = {
    "removed": ("用脚本移除核验窗口", "the check removed by script"),
    "hidden": ("用脚本隐藏核验窗口", "the check hidden by script"),
    "reports_changed": ("将页面上报在途中改为正在播放", "the page's reports changed on their way to say that it plays"),
    "reported": ("不经核验直接上报", "reports without the check"),
    "replayed": ("重放核验上传", "the check's upload sent again"),
    "others": ("冒用他人的核验上传", "another learner's upload"),
    "reused": ("以录下的画面代替摄像头应答", "recorded frames in the camera's place"),
}


TAKEN_AWAY = {"removed": ("remove_overlay", "removed"), "hidden": ("hide_overlay", "hidden")}
"""Segments in which a script takes away what lies over the player: its stimulus, and where that says how much."""
TOLD = TAKEN_AWAY | {"reports_changed": ("changed_on_the_way", "changed")}
"""The same, with those whose stimulus says how much was changed."""

TAKE_VAIN = ("无可移除", "there was nothing to take away")
CHANGE_VAIN = ("页面没有可改写的上报", "the page sent no report that could be changed")
SEND_VAIN = ("无可重放，或未送达平台", "there was nothing to send again, or it did not reach the platform")
VAIN = dict.fromkeys(TAKEN_AWAY, TAKE_VAIN) | {"reports_changed": CHANGE_VAIN}
"""Why a tool was not tried; of those that send something SEND_VAIN."""


def judge_tools(walk: WalkView, case: Case) -> Finding:
    """With the check open, no tool earns credit. A tool before which no face was asked for shows nothing."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    segments = [walk.segments[name] for name in TOOLS if name in walk.segments]
    if not segments:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能尝试", "nothing was tried")
    asked = [segment for segment in segments if was_asked(segment)]
    if not asked:
        return never_asked(case, segments[0])
    findings = {segment.name: nothing_gained(walk, case, segment, *TOOLS[segment.name]) for segment in asked}
    worst = severest(list(findings.values()))
    if worst.outcome is not Outcome.PASS:
        return worst
    if untried := [segment.name for segment in segments if segment not in asked]:
        return _not_all(case, worst, untried)
    tried = [segment for segment in asked if _took(segment)]
    in_vain = [segment.name for segment in asked if segment not in tried]
    if "reported" in in_vain:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "其余手段均未得逞，但不经核验的上报未能试：页面流量中认不出学习上报，或上报未送达平台",
            "nothing else earned, but reports without the check were not tried: none was found in the page's traffic, "
            "or none reached the platform",
            refs=worst.refs,
        )
    if not {"replayed", "others", "reused"} & {segment.name for segment in tried}:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "其余手段均未得逞，但页面流量中认不出核验上传，无从重放",
            "nothing else earned, but no upload of the check was found in the page's traffic to send again",
            refs=worst.refs,
            settled=True,
        )
    shown = [findings[segment.name] for segment in tried]
    said = [finding.observed for finding in shown]
    for name in in_vain:
        zh, en = VAIN.get(name, SEND_VAIN)
        said.append(Text(zh=f"{TOOLS[name][0]}：{zh}", en=f"{TOOLS[name][1]}: {en}"))
    return worst.model_copy(
        update={
            "observed": series(said),
            "refs": tuple(dict.fromkeys(ref for finding in shown for ref in finding.refs)),
            "refused": tuple(dict.fromkeys(told for finding in shown for told in finding.refused)),
        }
    )


def _took(segment: SegmentView) -> bool:
    """Had the tool something to work on? What covers nothing can't be taken away."""
    if segment.name in TOLD:
        name, how_much = TOLD[segment.name]
        return any(s.effect.get(how_much) for s in segment.facts(Stimulus) if s.name == name)
    if segment.name == "reused":
        return _recorded(segment)
    return reached(segment) and (segment.name == "reported" or _recorded(segment))


def _recorded(segment: SegmentView) -> bool:
    return any(s.params.get("recorded") for s in segment.facts(Stimulus))


def _not_all(case: Case, worst: Finding, untried: Sequence[str]) -> Finding:
    zh, en = "、".join(TOOLS[name][0] for name in untried), ", ".join(TOOLS[name][1] for name in untried)
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"其余手段均未得逞，但其时未要求核验，未能试：{zh}",
        f"nothing else earned, but no face was asked for before: {en}",
        refs=worst.refs,
    )
