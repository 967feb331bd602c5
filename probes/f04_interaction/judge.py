"""F04-1: what a learner asks, a teacher answers, and the learner sees the answer, later and elsewhere too."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, review
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Stimulus, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import Table
from harness.platform.readings import is_blank
from harness.view import WalkView

ASKED = Text(zh="学员提出问题", en="question asked")
ANSWERED = Text(zh="教师作出答复", en="answer given")
# What the profile's steps never brought about may be their mistake: the pictures show a person which it is.
NEVER_SEEN = (
    "按配置的步骤（see_answer）一次也没有看到所提的问题，而平台自己的问题清单未显示问题已丢失，请评定人员查看截图",
    "the profile's way (see_answer) never showed the question, and no list of the platform's own shows that it was "
    "lost: an assessor must look at the pictures",
)
NEVER_ANSWERED = (
    "学员看不到答复，而平台自己的问题清单（questions）也未显示教师确已答复，可能是配置的步骤（answer_question）未能答复，请评定人员查看截图",
    "the learner sees no answer, and no list of the platform's own (questions) shows that the teacher gave one: the "
    "profile's steps (answer_question) may not have, and an assessor must look at the pictures",
)
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
            return review(case, *NEVER_SEEN, refs=refs, evidence=evidence, accepted=(ASKED,))
        return _say(case, refs, evidence, "提问后学员自己看不到该问题", "the question did not show after it was asked")
    if not there:
        missing = [name for name in MOMENTS if not seen[name]["answer"]]
        where_zh, where_en = "、".join(MOMENTS[n][0] for n in missing), " and ".join(MOMENTS[n][1] for n in missing)
        given = any(seen[name]["answer"] for name in MOMENTS) or _answered(walk)
        if given is None:
            return review(case, *NEVER_ANSWERED, refs=refs, evidence=evidence, accepted=(ASKED,))
        if not given:
            return _say(
                case,
                refs,
                evidence,
                f"教师未能对学员的提问作出答复（平台的问题清单中没有该问题，或所载不是教师的答复），学员看不到答复（{where_zh}）",
                "no teacher's answer came to the question (the platform's list lacks it, or shows another answer), and "
                f"the learner sees none {where_en}",
            )
        return _say(
            case,
            refs,
            evidence,
            f"教师已答复，但学员看不到（{where_zh}）",
            f"the teacher answered, but the learner does not see it {where_en}",
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
    asked, _, table, _ = _list(walk)
    return None if table is None else _holds(table, asked)


def _answered(walk: WalkView) -> bool | None:
    """Does the platform's own list, read after the teacher acted, hold the answer; False where it lacks the question
    or has another answer. None where it has none, or nobody could read it: the teacher may have answered nothing."""
    asked, answer, table, later = _list(walk)
    if table is None or not later or "answer" not in table.columns:
        return None
    held = [row.get("answer", "") for row in table.rows if _squeezed(asked) in _squeezed(row.get("question", ""))]
    if not held:
        return _holds(table, asked)
    return None if all(is_blank(one) for one in held) else any(_squeezed(answer) in _squeezed(one) for one in held)


def _list(walk: WalkView) -> tuple[str, str, Table | None, bool]:
    """The question; the answer that the teacher was to give; the platform's own list as last read; and was that after
    the teacher acted?"""
    asked = answer = ""
    table, later = None, False
    for o in walk.observations:
        if isinstance(o.data, ActionDone) and o.data.name == "post_question":
            asked = o.data.args.get("text", "")
        elif isinstance(o.data, ActionDone) and o.data.name == "answer_question":
            answer, later = o.data.args.get("text", ""), False
        elif isinstance(o.data, TableRead) and o.data.reading == "questions":
            table, later = o.data.table, bool(answer)
    return asked, answer, table if asked else None, later


def _holds(table: Table, asked: str) -> bool | None:
    """Is a question in a list; None where the list cuts texts short, and one may be this."""
    whole, texts = _squeezed(asked), [_squeezed(text) for row in table.rows for text in row.values()]
    if any(whole in text for text in texts):
        return True
    cut = [text.rstrip("….") for text in texts if text.endswith(("…", "..."))]
    return None if any(text and whole.startswith(text) for text in cut) else False


def _squeezed(text: str) -> str:
    return "".join(text.split())


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
