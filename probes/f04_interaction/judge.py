"""F04-1: what a learner asks, a teacher answers, and the learner sees the answer, later and elsewhere too."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Stimulus, TableRead
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView

ASKED = Text(zh="学员提出问题", en="question asked")
ANSWERED = Text(zh="教师作出答复", en="answer given")
MOMENTS = {
    "after_reload": ("刷新后", "after a reload"),
    "elsewhere": ("另一浏览器中", "in another browser"),
}


def judge_two_way(walk: WalkView, case: Case) -> Finding:
    """What nobody asked doesn't show, and the teacher's answer to what was asked shows, in the end elsewhere too."""
    lines = [o for o in walk.observations if isinstance(o.data, ActionDone | Stimulus)]
    refs = tuple(o.seq for o in lines)
    evidence = tuple(name for o in lines for name in o.evidence)
    seen = {str(s.params.get("moment")): s.effect for s in walk.facts(Stimulus) if s.name == "look"}
    asked, never = seen.get("asked"), seen.get("never_asked")
    if asked is None or never is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能提问", "no question was asked", refs=refs)
    if never["question"] or asked["answer"]:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未提出的问题或未作出的答复也显示为存在，查看方式不可信",
            "a question that nobody asked, or an answer that nobody gave, seems to be there: the look can't be trusted",
            refs=refs,
            evidence=evidence,
        )
    answers = [a for a in walk.facts(ActionDone) if a.name == "answer_question"]
    if not answers or not answers[-1].ok:
        said = answers[-1].error if answers else ""
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"教师未能答复：{said or '未试'}",
            f"the teacher could not answer: {said or 'not tried'}",
            refs=refs,
            evidence=evidence,
        )
    if any(name not in seen for name in MOMENTS):
        return inconclusive(
            case, Reason.INSUFFICIENT_EVIDENCE, "未能再次查看答复", "the answer was not looked for again", refs=refs
        )
    looks = {"asked": ("提问后", "after it was asked"), **MOMENTS}
    # What the last look shows is there, if it took a moment: questions are read over first, lists are kept for a while.
    there = seen["elsewhere"]["answer"]
    asked_in = [said for name, said in looks.items() if seen[name]["question"]]
    if not there and not asked_in:
        if _kept(walk) is not False:
            return _for_a_person(case, refs, evidence)
        return _say(case, refs, evidence, "提问后学员自己看不到该问题", "the question did not show after it was asked")
    if not there:
        missing = [name for name in MOMENTS if not seen[name]["answer"]]
        return _say(
            case,
            refs,
            evidence,
            f"教师已答复，但学员看不到（{'、'.join(MOMENTS[n][0] for n in missing)}）",
            f"the teacher answered, but the learner does not see it {' and '.join(MOMENTS[n][1] for n in missing)}",
            accepted=(ASKED, ANSWERED),
        )
    shown = [MOMENTS[name] for name in MOMENTS if seen[name]["answer"]]
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"学员提问后，教师的答复在{'及'.join(zh for zh, _ in shown)}可见",
            en=f"the teacher's answer shows {' and '.join(en for _, en in shown)}",
        ),
        refs=refs,
        evidence=evidence,
        accepted=(
            *(Text(zh=f"{zh}可见学员提出的问题", en=f"question seen {en}") for zh, en in asked_in[:1]),
            *(Text(zh=f"{zh}可见教师答复", en=f"answer seen {en}") for zh, en in shown),
        ),
        refused=(
            *(Text(zh="未提出的问题不显示", en="a question that nobody asked is not seen") for _ in asked_in[:1]),
            Text(zh="答复之前不显示答复", en="no answer before it was given"),
        ),
    )


def _kept(walk: WalkView) -> bool | None:
    """Is the question in the platform's own list; None where nobody could read that."""
    asked = next((a.args.get("text", "") for a in walk.facts(ActionDone) if a.name == "post_question"), "")
    read = next((t.table for t in reversed(walk.facts(TableRead)) if t.reading == "questions"), None)
    if read is None or not asked:
        return None
    said = "".join(text for row in read.rows for text in row.values())
    return "".join(asked.split()) in "".join(said.split())


def _for_a_person(case: Case, refs: tuple[int, ...], evidence: tuple[str, ...]) -> Finding:
    """A look that never found anything may be the profile's mistake: its pictures show a person which it is."""
    return Finding(
        outcome=Outcome.REVIEW,
        expected=expectation(case.requirement),
        observed=Text(
            zh="按配置的步骤（see_answer）一次也没有看到所提的问题，而平台自己的问题清单未显示问题已丢失，请评定人员查看截图",
            en="the profile's way (see_answer) never showed the question, and no list of the platform's own shows that "
            "it was lost: an assessor must look at the pictures",
        ),
        refs=refs,
        evidence=evidence,
        accepted=(ASKED,),
    )


def _say(
    case: Case,
    refs: tuple[int, ...],
    evidence: tuple[str, ...],
    zh: str,
    en: str,
    *,
    accepted: tuple[Text, ...] = (ASKED,),
) -> Finding:
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        refs=refs,
        evidence=evidence,
        accepted=accepted,
    )
