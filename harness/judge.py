"""Requirements and a ledger in, a verdict per requirement out. Pure.

The same code judges a run that has just ended and one stored years ago, under another province's limits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.errors import NothingJudged, StandardError
from harness.model.finding import Finding, Text, Told, Verdict
from harness.model.observation import Absent, Answer, Fault, Instructed, Observation, RunStarted
from harness.model.outcome import Level, Outcome, Reason, worst
from harness.model.requirement import Requirement, ResolvedLimit, Standard
from harness.model.words import series
from harness.overtaken import overtaken
from harness.probe import Judgement, ProbeSpec, Setting
from harness.settings import setting_of
from harness.view import WalkView, taken_up, walks

MOST_RETRIES = 2
"""An INCONCLUSIVE walk is retried at most twice (design.md section 4)."""
UNMADE = {"NoFreshPair": "没有可用的账号和课时", "NobodyGetsIn": "无人能登录"}
"""Faults in place of a walk that was not begun, and what they say in Chinese."""
ANSWERS = {
    "yes": (Outcome.PASS, "符合", "met"),
    "no": (Outcome.FAIL, "不符合", "not met"),
    "not_applicable": (Outcome.NOT_APPLICABLE, "不适用", "not applicable"),
}
"""What an assessor's answer comes to, and its words where nothing else is said."""
REPEATABLE = frozenset({Reason.PRECONDITION_UNMET, Reason.INSUFFICIENT_EVIDENCE, Reason.HARNESS_ERROR})


@dataclass(frozen=True)
class Case:
    """What a judge may know besides the walk: its requirement's limits and what the platform declared."""

    requirement: Requirement
    standard: Standard
    setting: Setting
    lessons: Mapping[str, float] = field(default_factory=dict)
    """Declared length of each lesson as it plays, seconds (scaled)."""
    beside: tuple[WalkView, ...] = ()
    """Attempts of the walks that the judgement compares with, in any state, and those that its own take up again."""

    def limit(self, name: str, of: str | None = None) -> float:
        """A limit in this run's seconds or plain unit; `of` names another requirement."""
        return self.resolved(name, of).value

    def resolved(self, name: str, of: str | None = None) -> ResolvedLimit:
        """The limit with who set it."""
        requirement = self.standard.get(of) if of else self.requirement
        return self.standard.limit(requirement, name, scale=self.setting.scale)

    def declared_s(self, name: str) -> float | None:
        """A declared duration in this run's seconds."""
        return self.setting.policy_s(name)

    @property
    def hour_s(self) -> float:
        """The length that the platform gives a class hour, else the standard's 30 minutes; this run's seconds."""
        return self.declared_s("class_hour_s") or 1800.0 / self.setting.scale

    @property
    def lag_s(self) -> float:
        """How far the record of a paused player may lag behind."""
        return self.setting.lag_s


JudgeFunction = Callable[[WalkView, Case], Finding]


def judge_attempt(probe: ProbeSpec, judgement: Judgement, walk: WalkView, case: Case) -> Finding:
    """One judge on one attempt. A walk that did not run to its end is inconclusive, whatever it saw.

    An exception in a judge is our own fault, never a crash of the run and never the platform's.
    """
    broken = _broken(walk, case)
    if broken is not None and not (judgement.beside and walk.finished and walk.finished.status == "subject_error"):
        return broken  # one who compares two visitors must know when one of them was turned away
    try:
        finding = probe.judge(judgement.judge)(walk, case)
    except Exception as error:
        finding = inconclusive(
            case,
            Reason.HARNESS_ERROR,
            f"判定程序出错：{type(error).__name__}: {error}",
            f"the judge broke: {type(error).__name__}: {error}",
        )
    return _at_the_end(walk, case, finding).model_copy(update={"walk": walk.name, "attempt": walk.attempt})


def _at_the_end(walk: WalkView, case: Case, finding: Finding) -> Finding:
    """What an attack earned is told by its record, and that stands only if the record is the same when the run ends:
    some platforms pay late, some take back (design.md section 4).
    """
    for moved in overtaken(walk, case.hour_s, case.lag_s):
        if finding.outcome in moved.undoes and not moved.readings.isdisjoint(finding.refs):
            hint_zh, hint = "请如实申报 settling_delay 后重新检测", "declare settling_delay as it is, and run again"
            return inconclusive(
                case,
                Reason.INSUFFICIENT_EVIDENCE,
                f"结论依据的记录其后又有变动：{moved.told.zh}；{hint_zh}。原判定：{finding.observed.zh}",
                f"the record moved after it had stood still: {moved.told.en}; {hint}. "
                f"Before that: {finding.observed.en}",
                uncertainty=f"±{moved.u_s:.1f} s",
                refs=tuple(sorted({*finding.refs, moved.line})),
                evidence=finding.evidence,
            )
    return finding


def _broken(walk: WalkView, case: Case) -> Finding | None:
    end = walk.finished
    if end is None:
        unmade = next((fault for fault in walk.facts(Fault) if fault.type in UNMADE), None)
        if unmade is not None:  # nobody was left to make it with, or nobody gets in; nothing of ours broke
            message = (f"未能进行（{UNMADE[unmade.type]}）：{unmade.message}", f"not made: {unmade.message}")
            reason = Reason.PRECONDITION_UNMET
        else:
            message, reason = ("过程中断，未完成", "the walk was cut off"), Reason.HARNESS_ERROR
    elif end.status == "done":
        return None
    elif end.status == "unsupported":
        message, reason = (f"配置未描述：{end.message}", f"not described: {end.message}"), Reason.UNSUPPORTED
    elif end.status == "subject_error":
        message = (f"平台操作未成功：{end.message}", f"an action was not possible: {end.message}")
        reason = Reason.PRECONDITION_UNMET
    elif end.status == "not_done":
        message = (f"需要人员配合的步骤未完成：{end.message}", f"not done before the camera: {end.message}")
        reason = Reason.PRECONDITION_UNMET
    elif end.status == "not_yet":
        message = (f"等待的事尚未发生：{end.message}", f"what it waits for has not come: {end.message}")
        reason = Reason.PRECONDITION_UNMET
    elif end.status == "void":
        message, reason = (f"本机负载过高，本次作废：{end.message}", f"void: {end.message}"), Reason.HARNESS_ERROR
    else:
        message, reason = (f"检测工具出错：{end.message}", f"fault of ours: {end.message}"), Reason.HARNESS_ERROR
    refs = (walk.observations[0].seq, walk.observations[-1].seq)
    evidence = tuple(name for o in walk.observations[-8:] for name in o.evidence)
    said = walk.facts(Instructed)
    settled = bool(said) and said[-1].outcome == "cannot" and end is not None and end.status == "not_done"
    return inconclusive(case, reason, *message, refs=refs, evidence=evidence, settled=settled).model_copy(
        update={"walk": walk.name, "attempt": walk.attempt}
    )


def listed(zh: str, things: Sequence[Told]) -> Text:
    """What was seen, one after another; in Chinese after what it means."""
    said = series(things)
    return Text(zh=f"{zh}：{said.zh}", en=said.en)


def unless_wrong(case: Case, wrong: Sequence[Told], bad: str, good: Text, **more: Any) -> Finding:
    """A FAIL that lists what is wrong, in Chinese after `bad`; a PASS that says `good` where nothing is.

    `more` are further fields of the finding: refs, accepted, refused and so on.
    """
    said = listed(bad, wrong) if wrong else good
    outcome = Outcome.FAIL if wrong else Outcome.PASS
    return Finding(outcome=outcome, expected=expectation(case.requirement), observed=said, **more)


def review(case: Case, zh: str, en: str, **more: Any) -> Finding:
    """What is for a person to look at; `more` is what else a Finding takes (refs, evidence, accepted, ...)."""
    return Finding(outcome=Outcome.REVIEW, expected=expectation(case.requirement), observed=Text(zh=zh, en=en), **more)


def inconclusive_about(case: Case, reason: Reason, zh: str, en: str, things: Iterable[Told], **more: Any) -> Finding:
    """The same as `inconclusive`, with what it rests on after the words, one after another."""
    said = series(things)
    return inconclusive(case, reason, f"{zh}：{said.zh}", f"{en}: {said.en}", **more)


def inconclusive(
    case: Case,
    reason: Reason,
    zh: str,
    en: str,
    *,
    uncertainty: str = "",
    refs: tuple[int, ...] = (),
    evidence: tuple[str, ...] = (),
    settled: bool = False,
) -> Finding:
    """A finding that says why we could not tell."""
    return Finding(
        outcome=Outcome.INCONCLUSIVE,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=uncertainty,
        refs=refs,
        evidence=evidence,
        settled=settled,
    )


def expectation(requirement: Requirement) -> Text:
    """What the requirement asks, in its own words."""
    return Text(zh=requirement.statement.zh, en=requirement.statement.en)


def again(findings: Sequence[Finding], *, once: bool = False) -> bool:
    """Should a walk be done once more, given every finding of one requirement on it so far?

    A FAIL is tried once more, also the first one of a last retry, except credit that nobody earned: the record itself
    proves that, and it stays a FAIL whatever another attempt shows. What could not be told is retried at most twice,
    unless it would be the same. `once`: a FAIL is not tried once more, so that it stays undecided (UNSTABLE).
    """
    fails = [f for f in findings if f.outcome is Outcome.FAIL]
    if any(f.unearned for f in fails) or (fails and once):
        return False
    if fails:
        return len(fails) == 1 and (len(findings) <= MOST_RETRIES or findings[-1] is fails[0])
    open_ones = [f for f in findings if f.outcome is Outcome.INCONCLUSIVE and f.reason in REPEATABLE and not f.settled]
    return len(open_ones) == len(findings) and len(findings) <= MOST_RETRIES


def combine(findings: Sequence[Finding]) -> tuple[Finding, str]:
    """All attempts of one walk for one requirement: the finding that stands, and 'n/m'.

    Raises NothingJudged without findings.
    """
    if not findings:
        raise NothingJudged("no attempt to combine", got="no finding", expected="at least one")
    total = len(findings)
    fails = [f for f in findings if f.outcome is Outcome.FAIL]
    if len(fails) >= 2 or any(f.unearned for f in fails):
        stands = next((f for f in fails if f.unearned), fails[0])
        return stands, f"{len(fails)}/{total}"
    if fails:
        single = fails[0]
        unstable = single.model_copy(
            update={"outcome": Outcome.INCONCLUSIVE, "reason": Reason.UNSTABLE, "observed": _once(single, findings)}
        )
        return unstable, f"1/{total}"
    told = [f for f in findings if f.outcome is not Outcome.INCONCLUSIVE]
    pool = told or list(findings)
    severest = worst([f.outcome for f in pool])
    stands = next(f for f in reversed(pool) if f.outcome is severest)
    return stands, f"{sum(f.outcome is severest for f in findings)}/{total}"


def _once(single: Finding, findings: Sequence[Finding]) -> Text:
    """What failed in one attempt, and what became of the others."""
    untold = sum(f.outcome is Outcome.INCONCLUSIVE for f in findings)
    told = len(findings) - 1 - untold
    parts = [(told, "未重现", "did not show it"), (untold, "无法判定", "could not be judged")]
    zh = "，".join(f"{n}次{said}" for n, said, _ in parts if n)
    en = ", ".join(f"{n} {said}" for n, _, said in parts if n)
    if not zh:
        zh, en = "仅检测一次且不符合，未能重复", "failed in the only attempt, which was not repeated"
    else:
        zh, en = f"仅一次不符合（共{len(findings)}次：{zh}）", f"failed once in {len(findings)} attempts ({en})"
    return Text(zh=f"{zh}：{single.observed.zh}", en=f"{en}: {single.observed.en}")


def judge(
    observations: Sequence[Observation],
    standard: Standard,
    probes: Iterable[ProbeSpec],
    *,
    made: Sequence[WalkView] | None = None,
) -> tuple[Verdict, ...]:
    """A verdict for every requirement of the standard, in its order. What did not run is INCONCLUSIVE(NOT_RUN).

    `made` are the ledger's walks, where they were told apart already.
    """
    start = next((o.data for o in observations if isinstance(o.data, RunStarted)), None)
    if start is None:
        raise NothingJudged("the ledger has no first line of a run", got="no run_started", expected="one")
    setting, lessons = setting_of(start, standard)
    by_name: dict[str, list[WalkView]] = defaultdict(list)
    for walk in walks(observations) if made is None else made:
        by_name[walk.name].append(walk)
    serving: dict[str, list[tuple[ProbeSpec, Judgement]]] = defaultdict(list)
    every = tuple(probes)
    idle = {w.name for probe in every for w in probe.walks if not w.applies(setting)}
    for probe in every:
        for judgement in probe.judgements:
            served = standard.find(judgement.requirement)  # an overlay's requirement exists only with the overlay
            if served is not None:
                serving[served.id].append((probe, judgement.reads(idle)))
    absent = {o.data.function: (o, o.data) for o in observations if isinstance(o.data, Absent)}
    answers = {
        found.id: o
        for o in observations
        if isinstance(o.data, Answer) and (found := standard.find(o.data.requirement)) is not None
    }
    return tuple(
        _verdict(
            Case(requirement, standard, setting, lessons),
            serving.get(requirement.id, []),
            by_name,
            absent.get(requirement.function),
            answers.get(requirement.id),
        )
        for requirement in standard.requirements
    )


def _verdict(
    case: Case,
    serving: Sequence[tuple[ProbeSpec, Judgement]],
    by_name: Mapping[str, list[WalkView]],
    absent: tuple[Observation, Absent] | None,
    answer: Observation | None,
) -> Verdict:
    """What was seen, then what an assessor says of it: an answer settles a REVIEW and never another outcome.

    What a proviso made documentary stays so, whatever the answer: it holds up no decision.
    """
    seen = _seen(case, serving, by_name, absent)
    if answer is None or seen.outcome is not Outcome.REVIEW:
        return seen
    finding = _answered(case, answer)
    if seen.observe != case.requirement.observe:
        finding = finding.model_copy(update={"proviso": "documentary"})
    return _dress(case, finding, "1/1", (*seen.findings, finding))


def _seen(
    case: Case,
    serving: Sequence[tuple[ProbeSpec, Judgement]],
    by_name: Mapping[str, list[WalkView]],
    absent: tuple[Observation, Absent] | None,
) -> Verdict:
    requirement = case.requirement
    if requirement.observe != "automatic":
        finding = _asked(case)
        return _dress(case, finding, "", (finding,))
    if absent is not None:
        finding = _absent(case, *absent)
        return _dress(case, finding, "1/1", (finding,))
    if requirement.proviso is not None and requirement.proviso.declared_by(case.setting.policy):
        finding = under_proviso(case, "平台申报", "the platform declares")
        return _dress(case, finding, "", (finding,))
    stands: list[tuple[Finding, str]] = []
    every: list[Finding] = []
    for probe, judgement in serving:
        beside = tuple(w for name in judgement.beside for w in by_name.get(name, ()))
        for name in judgement.walks:
            attempts = sorted(by_name.get(name, []), key=lambda w: w.attempt)
            # A look that came too early is no attempt beside one that did not; the last of nothing else says so.
            attempts = [w for w in attempts if not w.too_early] or attempts[-1:]
            case = replace(case, beside=(*beside, *taken_up_by(attempts, by_name)))
            findings = [judge_attempt(probe, judgement, walk, case) for walk in attempts]
            every += findings
            if findings:
                stands.append(combine(findings))
            else:
                stands.append((_not_run(case, f"步骤 {name} 未执行", f"walk {name} did not run"), ""))
    if not stands:
        finding = _not_run(case, "本次未检测该项", "no probe ran for this requirement")
        return _dress(case, finding, "", (finding,))
    severest = worst([f.outcome for f, _ in stands])
    finding, repeated = next((f, n) for f, n in stands if f.outcome is severest)
    return _dress(case, finding, repeated, tuple(every))


def taken_up_by(attempts: Iterable[WalkView], by_name: Mapping[str, Sequence[WalkView]]) -> tuple[WalkView, ...]:
    """What some walks take up again, of an earlier stage of the run."""
    every = [w for seen in by_name.values() for w in seen] if any(w.plan and w.plan.follows for w in attempts) else []
    return tuple(found for walk in attempts if (found := taken_up(walk, every)) is not None)


def _asked(case: Case, refs: tuple[int, ...] = ()) -> Finding:
    """What no run can settle waits for an assessor, who is told what to look at."""
    question = case.requirement.question
    assert question is not None, f"{case.requirement.id} has no question"
    zh, en = f"待评定人员查阅资料后作答：{question.zh}", f"waits for an assessor's answer: {question.en}"
    return review(case, zh, en, refs=refs)


def under_proviso(case: Case, zh: str, en: str, refs: tuple[int, ...] = ()) -> Finding:
    """A judge's finding in the case that the requirement's proviso names: REVIEW with its question, or NOT_APPLICABLE.

    `zh` and `en` say what was seen. Raises StandardError when the requirement has no proviso.
    """
    proviso = case.requirement.proviso
    if proviso is None:
        raise StandardError("the requirement has no proviso", where=case.requirement.id)
    if proviso.then == "documentary":
        asked = _asked(case, refs)
        said = Text(
            zh=f"{zh}（{proviso.when.zh}）；{asked.observed.zh}", en=f"{en} ({proviso.when.en}); {asked.observed.en}"
        )
        return asked.model_copy(update={"observed": said, "proviso": proviso.then})
    return Finding(
        outcome=Outcome.NOT_APPLICABLE,
        expected=expectation(case.requirement),
        observed=Text(zh=f"{zh}（{proviso.when.zh}）", en=f"{en} ({proviso.when.en})"),
        refs=refs,
        proviso=proviso.then,
    )


def _not_run(case: Case, zh: str, en: str) -> Finding:
    return inconclusive(case, Reason.NOT_RUN, zh, en)


def _absent(case: Case, line: Observation, absent: Absent) -> Finding:
    refs = (line.seq,)
    said = Text(zh=f"平台不具备该功能：{absent.statement}", en=f"the platform lacks this function: {absent.statement}")
    if case.requirement.level not in (Level.BASE, Level.OVERLAY):
        return inconclusive(case, Reason.PRECONDITION_UNMET, said.zh, said.en, refs=refs)
    proven = absent.basis != "none"
    return Finding(
        outcome=Outcome.FAIL if proven else Outcome.REVIEW,
        expected=expectation(case.requirement),
        observed=said,
        refs=refs,
    )


def _answered(case: Case, line: Observation) -> Finding:
    assert isinstance(line.data, Answer)
    answer = line.data
    outcome, zh, en = ANSWERS[answer.answer]
    return Finding(
        outcome=outcome,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{answer.name}, {answer.date}: {answer.text or zh}",
            en=f"{answer.name}, {answer.date}: {answer.text or en}",
        ),
        refs=(line.seq,),
        evidence=line.evidence,
    )


def _dress(case: Case, finding: Finding, repeated: str, every: tuple[Finding, ...]) -> Verdict:
    requirement = case.requirement
    outcome = finding.outcome
    if requirement.level is Level.ADVISORY and outcome is Outcome.FAIL:
        outcome = Outcome.WARN
    limits = [case.resolved(name) for name in requirement.limits]
    documentary = finding.proviso == "documentary"  # then it waits for an assessor and holds up no decision
    return Verdict(
        id=requirement.id,
        function=requirement.function,
        level=Level.DOCUMENTARY if documentary else requirement.level,
        mandatory=requirement.mandatory and not documentary,
        observe="documentary" if documentary else requirement.observe,
        title=Text(zh=requirement.title.zh, en=requirement.title.en),
        question=requirement.question if outcome is Outcome.REVIEW else None,
        outcome=outcome,
        reason=finding.reason,
        expected=finding.expected,
        observed=finding.observed,
        uncertainty=finding.uncertainty,
        repeated=repeated,
        refs=finding.refs,
        evidence=finding.evidence,
        findings=every,
        clause=requirement.clause,
        limit_from="; ".join(f"{limit.name}={limit.value:g} {limit.unit} ({limit.winner})" for limit in limits),
    )
