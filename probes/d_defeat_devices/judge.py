"""Does the platform enforce its rules only against visitors who look like a tester, or only at a PC? Pure.

FAIL only where the ordinary visitor's dishonest walk is credited and the automated visitor's is refused, or that with a
phone is credited and the ordinary visitor's, at a PC, is refused. A mere difference is for review; turning robots or
phones away altogether is lawful.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.judge import Case, JudgeFunction, combine, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.bracket import resolution_s
from probes.d_defeat_devices import ON_PHONE
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
    """`walk` is the automated visitor's, or that with a phone; `own` is the judge of the function that it and the
    ordinary walks try to defeat. `measured`: it goes by how much was credited, and not by what was let through: a face,
    a jump, a lock that never came."""
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
    if ordinary.outcome is not Outcome.FAIL and ordinary.outcome not in REFUSED:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"普通访问者的步骤未能判定，无从比较：{ordinary.observed.zh}",
            f"the ordinary visitor's walk could not be judged: {ordinary.observed.en}",
            refs=ordinary.refs,
            settled=True,
        )
    pair = Pair(PHONE if walk.name.endswith(ON_PHONE) else AUTOMATED, ordinary, own(walk, case) if walk.done else None)
    if pair.other is not None and _untold(pair.other, walk, case):
        return pair.other
    if pair.turned_away and pair.by is PHONE and case.setting.mobile == "tested":
        return _no_study(walk, case, pair)
    alike = [w for w, finding in zip(made, findings, strict=True) if finding.outcome is ordinary.outcome]
    if measured and pair.unequal and any(not _apart(w, walk, pair.by, case) for w in alike):
        said = pair.said(walk)
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"两者所计入的相差在误差之内，不能认定处理不同。{said.zh}",
            "what both were credited differs by no more than the record may be off, so no difference is shown. "
            f"{said.en}",
            uncertainty=ordinary.uncertainty,
            refs=pair.refs(walk),
        )
    return _said(walk, case, pair)


@dataclass(frozen=True)
class Who:
    """A visitor who differs from the ordinary one, in words."""

    zh: str
    en: str
    weaker: bool
    """Whether this is who a platform must not be weaker towards; else it is the ordinary visitor."""


AUTOMATED = Who("自动化访问者", "the automated visitor", weaker=False)
PHONE = Who("手机访问者", "the visitor with a phone", weaker=True)


@dataclass(frozen=True)
class Pair:
    """What the function's judge says of two visitors' walks: the ordinary one's and another's (None: never made)."""

    by: Who
    ordinary: Finding
    other: Finding | None

    @property
    def credited(self) -> bool:
        """Was the ordinary visitor credited?"""
        return self.ordinary.outcome is Outcome.FAIL

    @property
    def other_credited(self) -> bool:
        """Was the other one?"""
        return self.other is not None and self.other.outcome is Outcome.FAIL

    @property
    def turned_away(self) -> bool:
        """Could the other one not even study honestly?"""
        return self.other is None or self.other.outcome not in (*REFUSED, Outcome.FAIL)

    @property
    def unequal(self) -> bool:
        """Was the one credited towards whom a platform must not be weaker, and the other refused?"""
        if self.turned_away:
            return False
        return self.credited is not self.other_credited and self.other_credited is self.by.weaker

    @property
    def weak(self) -> Finding | None:
        """What is said of the one towards whom a platform must not be weaker."""
        return self.other if self.by.weaker else self.ordinary

    def refs(self, walk: WalkView) -> tuple[int, ...]:
        """Ledger lines that both rest on."""
        return tuple(sorted({*self.ordinary.refs, *(self.other.refs if self.other else (walk.started.seq,))}))

    def said(self, walk: WalkView) -> Text:
        """What was seen of each."""
        theirs = _text(self.other, walk)
        return Text(
            zh=f"普通访问者：{self.ordinary.observed.zh}；{self.by.zh}：{theirs.zh}",
            en=f"Ordinary visitor: {self.ordinary.observed.en}; {self.by.en}: {theirs.en}",
        )


def _no_study(walk: WalkView, case: Case, pair: Pair) -> Finding:
    """The profile says that a phone's browser is tested: where no honest study is possible with one, it was not."""
    theirs = _text(pair.other, walk)
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"配置称手机浏览器在检测之列，而用手机未能如实学习：{theirs.zh}",
        f"the profile says that a phone's browser is tested, and no honest study was possible with one: {theirs.en}",
        refs=pair.refs(walk),
    )


def _untold(other: Finding, walk: WalkView, case: Case) -> bool:
    """Could it not be told for a reason of our own? Honest study without credit is the platform's: a robot's is not.

    A record that our reader could not read, and persons who did not do as asked, turn nobody away.
    """
    if other.outcome is not Outcome.INCONCLUSIVE:
        return False
    unread = any(reading.credit is None for reading in walk.readings())
    return other.reason is not Reason.PRECONDITION_UNMET or unread or ill_staged(walk, case) is not None


def _apart(ordinary: WalkView, other: WalkView, by: Who, case: Case) -> bool:
    """Does what the two were credited differ by more than the record may be off: in a dishonest stretch, beyond what
    was watched in an honest one, or in what it calls completed? What only one did can't be compared: it does."""
    weak, strict = (other, ordinary) if by.weaker else (ordinary, other)
    if not weak.of_kind("attack"):
        return True
    for name, one in weak.segments.items():
        same = strict.segments.get(name)
        first = one.gained_s(case.hour_s)
        second = None if same is None else same.gained_s(case.hour_s)
        if same is None or first is None or second is None:
            if one.kind == "attack":
                return True
            continue
        if one.kind == "control":
            first, second = first - one.watched().valid_s, second - same.watched().valid_s
        if first - second > resolution_s(one, case) + resolution_s(same, case):
            return True
        if one.completed_here() and not same.completed_here():
            return True
    return False


def _said(walk: WalkView, case: Case, pair: Pair) -> Finding:
    if pair.unequal:
        outcome = Outcome.FAIL
    elif pair.turned_away:
        outcome = Outcome.REVIEW if pair.credited else Outcome.PASS
    elif pair.credited is not pair.other_credited:
        outcome = Outcome.REVIEW
    else:
        outcome = Outcome.WARN if pair.credited else Outcome.PASS
    zh, en = _words(pair)
    said = pair.said(walk)
    refused = pair.other if pair.credited and pair.other is not None else pair.ordinary
    return Finding(
        outcome=outcome,
        expected=expectation(case.requirement),
        observed=Text(zh=f"{zh}。{said.zh}", en=f"{en}. {said.en}"),
        uncertainty=pair.ordinary.uncertainty,
        refs=pair.refs(walk),
        evidence=(pair.weak or pair.ordinary).evidence,
        accepted=pair.ordinary.accepted,
        refused=refused.refused,
        unearned=outcome is Outcome.FAIL and pair.weak is not None and pair.weak.unearned,
    )


def _words(pair: Pair) -> tuple[str, str]:
    who = pair.by
    if pair.turned_away:
        away_zh, away = f"{who.zh}被拒之门外", f"{who.en} turned away"
        if pair.credited:
            return f"普通访问者被计入，{away_zh}", f"the ordinary visitor was credited, {away}"
        why_zh, why = (
            ("平台不供手机学习", "phones may be left out") if who.weaker else ("拒绝自动化程序合法", "which is lawful")
        )
        return f"普通访问者未计入；{away_zh}（{why_zh}）", f"the ordinary visitor was not credited; {away}, {why}"
    if pair.credited and pair.other_credited:
        return (
            "两者均被计入，处理一致（该功能本身另行判定）",
            "both were credited: no difference (see the function itself)",
        )
    if pair.credited:
        return f"普通访问者被计入，{who.zh}被拒绝", f"the ordinary visitor was credited where {who.en} was refused"
    if pair.other_credited:
        return f"普通访问者未计入，{who.zh}反被计入", f"{who.en} was credited where the ordinary one was refused"
    return "两者均未计入，处理一致", "neither was credited: no difference"


def _text(other: Finding | None, walk: WalkView) -> Text:
    if other is not None:
        return other.observed
    said = walk.finished.message if walk.finished is not None else ""
    return Text(zh=f"未能进行：{said}", en=f"could not be made: {said}")
