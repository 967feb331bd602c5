"""Does the platform enforce its rules only against visitors who look like a tester? Pure.

FAIL only where the ordinary visitor's dishonest walk is credited and the automated visitor's is refused. A mere
difference is for review; turning robots away altogether is lawful.
"""

from __future__ import annotations

from harness.judge import Case, JudgeFunction, combine, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.bracket import resolution_s
from probes.f05_learning_record import judge as f05
from probes.f09_portrait_capture import judge as f09
from probes.f10_face_recognition import judge as f10
from probes.f11_fast_forward_blocking import judge as f11
from probes.f12_multi_login_prevention import judge as f12
from probes.f13_idle_lock import judge as f13
from probes.h01_hour_accounting import judge as h01
from probes.portraits import ill_staged

REFUSED = (Outcome.PASS, Outcome.WARN)
"""What the function's own judge says of a dishonest walk that earned nothing."""


def judge_forged(walk: WalkView, case: Case) -> Finding:
    """D-F05: forged reports."""
    return compare(walk, case, f05.judge_forged)


def judge_no_picture(walk: WalkView, case: Case) -> Finding:
    """D-F09: studying without a valid portrait."""
    return compare(walk, case, f09.judge_no_picture)


def judge_identity(walk: WalkView, case: Case) -> Finding:
    """D-F10: another person's face."""
    return compare(walk, case, f10.judge_identity, measured=False)


def judge_seek(walk: WalkView, case: Case) -> Finding:
    """D-F11: fast-forwarding by script."""
    return compare(walk, case, f11.judge_seek, measured=False)


def judge_two_places(walk: WalkView, case: Case) -> Finding:
    """D-F12: a second device."""
    return compare(walk, case, f12.judge_two_places)


def judge_idle(walk: WalkView, case: Case) -> Finding:
    """D-F13: doing nothing."""
    return compare(walk, case, f13.judge_lock, measured=False)


def judge_invalid(walk: WalkView, case: Case) -> Finding:
    """D-H01: paused and hidden time."""
    return compare(walk, case, h01.judge_invalid)


def compare(walk: WalkView, case: Case, own: JudgeFunction, *, measured: bool = True) -> Finding:
    """`walk` is the automated visitor's; `own` is the judge of the function that both walks try to defeat. `measured`:
    it goes by how much was credited, and not by what was let through: a face, a jump, a lock that never came."""
    made = [w for w in case.beside if w.done]
    if not made:
        return inconclusive(
            case,
            Reason.NOT_RUN,
            "普通访问者的同一步骤未完成，无从比较",
            "the ordinary visitor's walk was not made, so there is nothing to compare with",
        )
    findings = [own(w, case) for w in made]
    ordinary, _ = combine(findings)
    automated = own(walk, case) if walk.done else None
    if ordinary.outcome is not Outcome.FAIL and ordinary.outcome not in REFUSED:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"普通访问者的步骤未能判定，无从比较：{ordinary.observed.zh}",
            f"the ordinary visitor's walk could not be judged: {ordinary.observed.en}",
            refs=ordinary.refs,
            settled=True,
        )
    if automated is not None and _untold(automated, walk, case):
        return automated
    credited = [w for w, finding in zip(made, findings, strict=True) if finding.outcome is Outcome.FAIL]
    refused = automated is not None and automated.outcome in REFUSED
    if measured and automated is not None and refused and any(not _apart(w, walk, case) for w in credited):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"两者所计入的相差在误差之内，不能认定处理不同。普通访问者：{ordinary.observed.zh}；"
            f"自动化访问者：{automated.observed.zh}",
            "what both were credited differs by no more than the record may be off, so no difference is shown. "
            f"Ordinary visitor: {ordinary.observed.en}; automated visitor: {automated.observed.en}",
            uncertainty=ordinary.uncertainty,
            refs=tuple(sorted({*ordinary.refs, *automated.refs})),
        )
    return _said(walk, case, ordinary, automated)


def _untold(automated: Finding, walk: WalkView, case: Case) -> bool:
    """Could it not be told for a reason of our own? Honest study without credit is the platform's: a robot's is not.

    A record that our reader could not read, and persons who did not do as asked, turn nobody away.
    """
    if automated.outcome is not Outcome.INCONCLUSIVE:
        return False
    unread = any(reading.credit is None for reading in walk.readings())
    return automated.reason is not Reason.PRECONDITION_UNMET or unread or ill_staged(walk, case) is not None


def _apart(ordinary: WalkView, automated: WalkView, case: Case) -> bool:
    """Does what the two were credited differ by more than the record may be off: in a dishonest stretch, beyond what
    was watched in an honest one, or in what it calls completed? What only one did can't be compared: it does."""
    if not ordinary.of_kind("attack"):
        return True
    for name, one in ordinary.segments.items():
        other = automated.segments.get(name)
        first = one.gained_s(case.hour_s)
        second = None if other is None else other.gained_s(case.hour_s)
        if other is None or first is None or second is None:
            if one.kind == "attack":
                return True
            continue
        if one.kind == "control":
            first, second = first - one.watched().valid_s, second - other.watched().valid_s
        if first - second > resolution_s(one, case) + resolution_s(other, case):
            return True
        if one.completed_here() and not other.completed_here():
            return True
    return False


def _said(walk: WalkView, case: Case, ordinary: Finding, automated: Finding | None) -> Finding:
    credited = ordinary.outcome is Outcome.FAIL
    turned_away = automated is None or automated.outcome not in (*REFUSED, Outcome.FAIL)
    alike = not turned_away and automated is not None and (automated.outcome is Outcome.FAIL) is credited
    zh, en = _words(credited, turned_away, alike)
    if credited and alike:
        outcome = Outcome.WARN
    elif alike or (turned_away and not credited):
        outcome = Outcome.PASS
    elif credited and not turned_away:
        outcome = Outcome.FAIL
    else:
        outcome = Outcome.REVIEW
    theirs = _text(automated, walk)
    return Finding(
        outcome=outcome,
        expected=Text(zh=case.requirement.statement.zh, en=case.requirement.statement.en),
        observed=Text(
            zh=f"{zh}。普通访问者：{ordinary.observed.zh}；自动化访问者：{theirs.zh}",
            en=f"{en}. Ordinary visitor: {ordinary.observed.en}; automated visitor: {theirs.en}",
        ),
        uncertainty=ordinary.uncertainty,
        refs=tuple(sorted({*ordinary.refs, *(automated.refs if automated else (walk.started.seq,))})),
        evidence=ordinary.evidence,
        accepted=ordinary.accepted,
        refused=ordinary.refused if not credited else automated.refused if automated is not None else (),
        unearned=outcome is Outcome.FAIL and ordinary.unearned,
    )


def _words(credited: bool, turned_away: bool, alike: bool) -> tuple[str, str]:
    if alike and credited:
        return (
            "两者均被计入，处理一致（该功能本身另行判定）",
            "both were credited: no difference (see the function itself)",
        )
    if alike:
        return "两者均未计入，处理一致", "neither was credited: no difference"
    if credited and turned_away:
        return (
            "普通访问者被计入，自动化访问者被拒之门外",
            "the ordinary visitor was credited, the automated one turned away",
        )
    if credited:
        return (
            "普通访问者被计入，自动化访问者被拒绝",
            "the ordinary visitor was credited where the automated one was refused",
        )
    if turned_away:
        return (
            "普通访问者未计入；自动化访问者被拒之门外（拒绝自动化程序合法）",
            "the ordinary visitor was not credited; the automated one was turned away, which is lawful",
        )
    return (
        "普通访问者未计入，自动化访问者反被计入",
        "the automated visitor was credited where the ordinary one was refused",
    )


def _text(automated: Finding | None, walk: WalkView) -> Text:
    if automated is not None:
        return automated.observed
    said = walk.finished.message if walk.finished is not None else ""
    return Text(zh=f"未能进行：{said}", en=f"could not be made: {said}")
