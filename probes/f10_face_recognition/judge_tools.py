"""F10-3t: with a check open, no tool earns credit."""

from __future__ import annotations

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.attacked import severest
from probes.f10_face_recognition.checks import never_asked, nothing_gained, ready, was_asked

TOOLS = {
    "removed": ("用脚本移除核验窗口", "the check removed by script"),
    "hidden": ("用脚本隐藏核验窗口", "the check hidden by script"),
    "reported": ("不经核验直接上报", "reports without the check"),
    "replayed": ("重放核验上传", "the check's upload sent again"),
    "others": ("冒用他人的核验上传", "another learner's upload"),
    "reused": ("以录下的画面代替摄像头应答", "recorded frames in the camera's place"),
}


def judge_tools(walk: WalkView, case: Case) -> Finding:
    """With the check open, no tool earns credit."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    segments = [walk.segments[name] for name in TOOLS if name in walk.segments]
    if not segments:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能尝试", "nothing was tried")
    if not any(was_asked(segment) for segment in segments):
        return never_asked(case, segments[0])
    findings = [nothing_gained(walk, case, segment, *TOOLS[segment.name]) for segment in segments]
    worst = severest(findings)
    if worst.outcome is not Outcome.PASS:
        return worst
    recorded = sum(int(s.params.get("recorded") or 0) for segment in segments for s in segment.facts(Stimulus))
    if not recorded:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "其余手段均未得逞，但页面流量中认不出核验上传，无从重放",
            "nothing else earned, but no upload of the check was found in the page's traffic to send again",
            refs=worst.refs,
            settled=True,
        )
    return worst.model_copy(
        update={
            "observed": Text(
                zh="；".join(finding.observed.zh for finding in findings),
                en="; ".join(finding.observed.en for finding in findings),
            ),
            "refs": tuple(dict.fromkeys(ref for finding in findings for ref in finding.refs)),
            "refused": tuple(dict.fromkeys(said for finding in findings for said in finding.refused)),
        }
    )
