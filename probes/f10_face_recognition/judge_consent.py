"""F10-5: nothing is captured before consent."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.bracket import honest, unmet
from probes.portraits import stored_between


def judge_consent(walk: WalkView, case: Case) -> Finding:
    """Nothing is captured before consent, and study is possible after it. Recorded for a reader, not decided."""
    before = next((s for s in walk.facts(Stimulus) if s.name == "without_consent"), None)
    if before is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能以新学员打开课程", "no newcomer opened a lesson")
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    kept = stored_between(walk, "before", "without_consent")
    stored = ("未读到存图", "an unknown number was") if kept is None else (f"存图 {len(kept)} 张", f"{len(kept)} were")
    sent = int(before.effect.get("pictures_sent") or 0)
    files = int(before.effect.get("files_sent") or 0)
    words = str(before.effect.get("words") or "")
    moved = bool(before.effect.get("moved"))
    told = "同意" in words or "consent" in words.lower()
    clean = not sent and not files and kept == [] and told and not moved
    unknown = (f"、内容不明的文件 {files} 次", f" and {files} files of unknown content") if files else ("", "")
    zh = (
        f"同意前上传画面 {sent} 次{unknown[0]}、{stored[0]}，{'不能' if not moved else '能'}播放，"
        f"页面{'提到' if told else '未提到'}同意；同意并采集底照后可学习"
    )
    en = (
        f"before consent {sent} pictures{unknown[1]} were sent and {stored[1]} stored, the lesson "
        f"{'played' if moved else 'did not play'}, the page {'speaks' if told else 'does not speak'} of consent; "
        "after consent and enrolment study was possible"
    )
    return Finding(
        outcome=Outcome.PASS if clean else Outcome.REVIEW,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        refs=(walk.observations[0].seq,),
        accepted=honest(walk, case),
        refused=(Text(zh="同意之前的学习", en="study before consent"),) if clean else (),
    )
