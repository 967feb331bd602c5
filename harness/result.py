"""From a ledger to run.json's content: what `certify`, `rejudge` and `verify` share, so that all three agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.added import amendments, institution_answers, objections
from harness.decide import binding, decide, roll_up, set_aside
from harness.errors import LedgerError
from harness.judge import judge
from harness.model.finding import Text, Verdict
from harness.model.observation import Machine, Observation, OwnLoad, RunFinished, RunStarted, ServerClock, StageEnded
from harness.model.outcome import Decision, Level, Mode, Outcome
from harness.model.requirement import Standard
from harness.model.run import (
    Conditions,
    Cost,
    HarnessUsed,
    PlanFigures,
    RunResult,
    SelfTest,
    StandardUsed,
    Subject,
    WalkSummary,
)
from harness.probe import ProbeSpec
from harness.stages import beijing, resumable_from, stages_of, waiting
from harness.view import WalkView, walks

WALKED = {
    "channels": ("渠道", "channel", "pc", ("mobile", "app", "mini_program")),
    "credit_sources": ("计时来源", "credit source", "video", ("live", "replay", "document", "quiz")),
}
"""What the walks of this version study through, and what else a platform may have; a profile's word that more was
tested does not make it so."""
SAID = {
    "tested": ("本版本没有使用它的步骤", "no walk of this version uses it"),
    "not_tested": ("平台有，本次不检测", "offered, left out of this run"),
    "": ("配置未说明平台有没有", "the profile does not say whether there is one"),
}
"""Why something was not tested, by what the profile says of it."""
ON_PHONES = ("手机浏览器只用于 D- 各项的违规步骤", "only the dishonest walks of D- were made with a phone's browser")
"""The same of a phone's browser that a profile calls tested."""
WORDS = {
    Decision.CONFORMANT: Text(zh="通过", en="conformant"),
    Decision.NONCONFORMANT: Text(zh="不通过", en="nonconformant"),
    Decision.INCOMPLETE: Text(zh="未完成", en="incomplete"),
}

LATER = {
    "settling": ("届时读取结算后的记录", "then the settled record is read of"),
    "day": ("账号当日学时已达平台每日上限，改日进行", "made on another day, for the accounts' daily cap is reached"),
    "approval": ("届时机构应已审核注册", "by then the institution has approved who registered"),
}
"""What a run that was left comes back for, by what it waits for."""


def result_of(
    observations: Sequence[Observation],
    standard: Standard,
    probes: Iterable[ProbeSpec],
    *,
    judged_by: str = "",
) -> RunResult:
    """Judge a ledger and put everything together. Raises LedgerError when its first line is missing.

    `judged_by` is the digest of the harness that judges, where it may not be the one that observed: the self-test that
    a run cites is no proof of another.
    """
    if not observations or not isinstance(observations[0].data, RunStarted):
        raise LedgerError(
            "ledger does not begin with run_started", got=observations[0].kind if observations else "nothing"
        )
    start = observations[0].data
    profile: dict[str, Any] = dict(start.profile)
    made = tuple(walks(observations))
    verdicts = judge(observations, standard, probes, made=made)
    mode = Mode(start.mode)
    tested = SelfTest.model_validate(start.selftest)
    if judged_by and tested.status == "passed" and judged_by != start.harness.get("digest"):
        tested = tested.model_copy(update={"status": "stale"})
    unwalked = untested(profile)
    left = waiting(observations)
    would_be, would_be_extended = decide(verdicts), decide(verdicts, extended=True)
    if left is not None:  # what was seen so far may have to be seen again
        would_be = would_be_extended = Decision.INCOMPLETE
    passed = tested.status == "passed"
    decision = binding(would_be, mode, selftest_passed=passed, all_channels=not unwalked)
    finished = next((o for o in reversed(observations) if isinstance(o.data, RunFinished)), None)
    watched_min = _watched_min(made)
    parts = [o.data for o in observations if isinstance(o.data, StageEnded | RunFinished)]
    loads = [o.data.rss_mb for o in observations if isinstance(o.data, OwnLoad)]
    cpu = sum(part.cpu_s for part in parts)
    return RunResult(
        run_id=start.run_id,
        mode=mode,
        decision=decision,
        decision_extended=binding(would_be_extended, mode, selftest_passed=passed, all_channels=not unwalked),
        would_be=would_be,
        would_be_extended=would_be_extended,
        decision_why=_why(verdicts, decision, would_be, mode, tested, unwalked) if left is None else _left(left),
        subject=_subject(profile),
        standard=StandardUsed(
            id=standard.id,
            overlays=tuple(o.id for o in standard.overlays),
            digest=standard.digest,
            title=standard.title,
        ),
        functions=roll_up(verdicts, standard),
        requirements=verdicts,
        plan=PlanFigures.model_validate(start.planned),
        wall_s=sum(part.wall_s for part in parts),
        cost=Cost(
            cpu_s=round(cpu, 1),
            peak_rss_mb=round(max([0.0, *(part.peak_rss_mb for part in parts), *loads]), 1),
            watched_min=round(watched_min, 2),
            cpu_s_per_watched_min=round(cpu / watched_min, 2) if watched_min > 0.1 else None,
        ),
        harness=HarnessUsed(version=start.harness["version"], digest=start.harness["digest"]),
        selftest=tested,
        conditions=_conditions(observations, start),
        walks=tuple(_summary(w) for w in made),
        not_tested=(*unwalked, *_not_run(verdicts)),
        started_utc=observations[0].utc,
        finished_utc=(finished or observations[-1]).utc,
        ledger_head=observations[-1].hash,
        observations=len(observations),
        stages=stages_of(observations),
        amendments=amendments(observations),
        institution=institution_answers(observations),
        objections=objections(observations),
    )


def _subject(profile: dict[str, Any]) -> Subject:
    said = {str(k): str(v) for k, v in dict(profile.get("subject", {})).items()}
    return Subject(
        name=said.get("name", ""),
        vendor=said.get("vendor", ""),
        version=said.get("version", ""),
        base_url=said.get("base_url", ""),
        object=said.get("kind", ""),
        assessment=str(profile.get("assessment", "")),
        profile_digest=str(profile.get("digest", "")),
    )


def untested(profile: Mapping[str, Any]) -> tuple[Text, ...]:
    """Channels and credit sources that no walk touches, whatever the profile says of them; only what it says that the
    platform does not have is none.
    """
    found = []
    for part, (zh, en, walked, others) in WALKED.items():
        said = {str(k): str(v) for k, v in dict(profile.get(part, {})).items()}
        for name in (walked, *others):
            state = said.get(name, "")
            if state == "not_offered" or (state == "tested" and name == walked):
                continue
            why_zh, why = ON_PHONES if (name, state) == ("mobile", "tested") else SAID[state]
            found.append(Text(zh=f"{zh}“{name}”未检测（{why_zh}）", en=f"{en} '{name}' was not tested ({why})"))
    return tuple(found)


def _not_run(verdicts: Iterable[Verdict]) -> tuple[Text, ...]:
    return tuple(
        Text(zh=f"{v.id} {v.title.zh}：{v.observed.zh}", en=f"{v.id} {v.title.en}: {v.observed.en}")
        for v in verdicts
        if v.reason is not None and v.reason.value in ("NOT_RUN", "UNSUPPORTED")
    )


def _why(
    verdicts: Sequence[Verdict],
    decision: Decision,
    would_be: Decision,
    mode: Mode,
    selftest: SelfTest,
    untested: Sequence[Text],
) -> Text:
    mandatory = [v for v in verdicts if v.mandatory]
    failed = [v for v in mandatory if v.outcome is Outcome.FAIL]
    open_ones = [v for v in mandatory if v.outcome in (Outcome.INCONCLUSIVE, Outcome.REVIEW)]
    zh = [f"强制性要求 {len(mandatory)} 项，不符合 {len(failed)} 项，未能判定 {len(open_ones)} 项"]
    en = [f"{len(mandatory)} mandatory requirements, {len(failed)} failed, {len(open_ones)} open"]
    if aside := set_aside(verdicts):
        zh.append(f"{'、'.join(aside)} 不能整项不适用")
        en.append(f"{', '.join(aside)} cannot be not applicable as a whole")
    if mode is not Mode.CERTIFICATION:
        names = {Mode.REHEARSAL: "演练（时间缩放）", Mode.PARTIAL: "部分检测"}
        zh.append(f"本次为{names[mode]}，不能得出“通过”的结论；同样结果的完整检测将为“{WORDS[would_be].zh}”")
        en.append(f"a {mode.value} run cannot be conformant; a full run with these findings would be {would_be.value}")
    elif would_be is Decision.CONFORMANT and decision is Decision.INCOMPLETE:
        if selftest.status != "passed":
            zh.append("缺少与本版本一致的自检结果")
            en.append(f"the self-test of exactly this version is {selftest.status}")
        if untested:
            zh.append("存在未检测的渠道或计时来源")
            en.append("some channels or credit sources were not tested")
    return Text(zh="；".join(zh), en="; ".join(en))


def _left(stage: StageEnded) -> Text:
    moment = beijing(resumable_from(stage.waits))
    zh = [f"分段检测，第 {stage.number} 段已结束；北京时间 {moment} 起可继续"]
    en = [f"stage {stage.number} of this run is over; it goes on from {moment} Beijing time"]
    for awaits, (said_zh, said_en) in LATER.items():
        if waited := ", ".join(w.what for w in stage.waits if w.awaits == awaits):
            zh.append(f"{said_zh}：{waited}")
            en.append(f"{said_en}: {waited}")
    return Text(zh="；".join(zh), en="; ".join(en))


def _conditions(observations: Iterable[Observation], start: RunStarted) -> Conditions:
    machine: Machine | None = None
    clock: tuple[float, float | None] | None = None
    for o in observations:
        if isinstance(o.data, Machine):
            machine = o.data
        elif isinstance(o.data, ServerClock):
            clock = (o.data.offset_s, o.u_s)
    return Conditions(
        os=machine.os if machine else "",
        cores=machine.cores if machine else 0,
        memory_mb=machine.memory_mb if machine else 0,
        browser=machine.browser if machine else "",
        flags=machine.flags if machine else (),
        clock_offset_s=clock[0] if clock else None,
        clock_u_s=clock[1] if clock else None,
        time_scale=start.time_scale,
        seed=start.seed,
        once=start.once,
    )


def _watched_min(made: Iterable[WalkView]) -> float:
    total = 0.0
    for walk in made:
        for segment in walk.segments.values():
            screens = {getattr(o.data, "screen", None) for o in segment.observations if o.kind == "media"}
            total += sum(segment.watched(screen).media_s for screen in screens if screen)
    return total / 60


def _summary(walk: WalkView) -> WalkSummary:
    end, plan = walk.finished, walk.plan
    return WalkSummary(
        walk=walk.name,
        attempt=walk.attempt,
        probe=walk.started.probe,
        purpose=plan.purpose if plan else "",
        status=end.status if end else "cut off",
        message=end.message if end else "",
        account=", ".join(plan.accounts) if plan else "",
        lessons=plan.lessons if plan else (),
        started_utc=walk.started.utc,
        took_s=round(end.took_s, 1) if end else round(walk.observations[-1].t - walk.started.t, 1),
        first_seq=walk.observations[0].seq,
        last_seq=walk.observations[-1].seq,
    )


def failing(result: RunResult) -> list[Verdict]:
    """The violations that count: mandatory first, then limits of our own."""
    found = [v for v in result.requirements if v.outcome is Outcome.FAIL]
    return sorted(found, key=lambda v: (not v.mandatory, v.level is not Level.BASE, v.id))
