"""F10-1: nobody else passes for the learner. F10-2: when faces are checked. F10-3: no credit after a failed check;
F10-3v its time and tries; F10-3t with tools. F10-4: what is not alive. F10-5: consent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, CreditRead, Media, PersonsCompared, SceneShown, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.rates import upper_bound
from harness.view import SegmentView, WalkView, credit_s
from probes.bracket import honest, resolution_s, too_short, unmet
from probes.f10_face_recognition import ASKED, REACTION_S, unnoticed_s
from probes.portraits import GENUINE, gaps, ill_staged, playing_spans, readings, studied, unstudied, utc_of

NAMES = {
    "stranger": ("他人", "a stranger"),
    "nobody": ("无人", "nobody"),
    "two_people": ("两人", "two people"),
    "print": ("照片", "a print"),
    "screen_replay": ("屏幕翻拍", "a screen replay"),
    "frozen": ("静止画面", "a frozen picture"),
}
_SEVERITY = (Outcome.PASS, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.FAIL)
ANSWER_LATE_S, ANSWER_U_S = 2.0, 1.0
"""A check is seen to go up to two seconds late and never early: pages ask about once a second, and we look twice."""
END_S = 3.0
"""A check within so much of the lesson's end belongs to the end."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Answers to face checks by what was before the camera: how many, and how many were accepted."""

    made: Counter[str]
    accepted: Counter[str]
    evidence: tuple[str, ...]
    refs: tuple[int, ...]

    def words(self, zh: bool) -> str:
        """他人 0/3，无人 0/1 …"""
        return ("，" if zh else ", ").join(
            f"{NAMES.get(scene, (scene, scene))[0 if zh else 1]} {self.accepted[scene]}/{count}"
            for scene, count in self.made.items()
        )


def tries(walk: WalkView) -> Tries:
    """Every answer that was given with something else than the learner before the camera."""
    made: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    evidence: list[str] = []
    refs: list[int] = []
    for o in walk.observations:
        if isinstance(o.data, Stimulus) and o.data.name == "face_try":
            scene = str(o.data.params.get("scene"))
            made[scene] += 1
            accepted[scene] += bool(o.data.effect.get("accepted"))
            evidence += o.evidence
            refs.append(o.seq)
    return Tries(made, accepted, tuple(evidence), tuple(refs))


def gained_since_asked(segment: SegmentView, case: Case) -> float | None:
    """Credit gained in a segment from the moment in which a face was first asked for; from its start without one."""
    whole = segment.gained_s(case.hour_s)
    at = next((o for o in segment.observations if isinstance(o.data, CreditRead) and o.data.at == ASKED), None)
    if at is None or whole is None or not isinstance(at.data, CreditRead):
        return whole
    before = next((r for r in segment.before if r.lesson == at.lesson), None)
    first, then = credit_s(before.credit if before else None, case.hour_s), credit_s(at.data.credit, case.hour_s)
    return whole if first is None or then is None else whole - (then - first)


def was_asked(segment: SegmentView) -> bool:
    """Was a face asked for in this segment?"""
    return any(bool(s.effect.get("asked")) for s in segment.facts(Stimulus) if s.name == "asked")


def _names(segment: SegmentView) -> str:
    """What was tried in a segment."""
    return ", ".join(s.name for s in segment.facts(Stimulus) if s.name not in ("asked", "face_try"))


def genuine_passed(walk: WalkView) -> int:
    """How often the learner, alone before the camera, passed a check."""
    scene, passed = "", 0
    for o in walk.observations:
        if isinstance(o.data, SceneShown):
            scene = o.data.scene
        elif isinstance(o.data, ActionDone) and o.data.name == "pass_face_check" and o.data.ok and scene in GENUINE:
            passed += 1
    return passed


def _ready(walk: WalkView, case: Case) -> Finding | None:
    """Why nothing can be concluded about faces from this walk; None when it can."""
    compared = walk.facts(PersonsCompared)
    if any(not c.passed for c in compared):
        why = "; ".join(s for c in compared for s in c.shortfalls)
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"本工具自己也分不清这些测试人员，不据此下结论：{why}",
            f"our own engine can't tell these test persons apart, so nothing is concluded: {why}",
            settled=True,
        )
    open_end = unmet(walk, case) or ill_staged(walk, case)
    if open_end is not None:
        return open_end
    if not genuine_passed(walk):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "测试人员本人未能通过核验，无法判断他人被拒的原因",
            "the learner did not pass a check, so a refusal of others proves nothing",
        )
    return None


def _nothing_gained(walk: WalkView, case: Case, segment: SegmentView, zh: str, en: str) -> Finding:
    """PASS when the record stood still in a segment, FAIL when it grew."""
    gained = gained_since_asked(segment, case)
    if gained is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"“{segment.name}”前后读不到记录",
            f"the record around '{segment.name}' could not be read",
            refs=segment.refs,
        )
    u = resolution_s(segment, case)
    outcome, reason = at_most(gained, u, u, 3 * u)
    failed = outcome is Outcome.FAIL
    numbers = f"{en}: {gained:.1f} s recorded"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=f"{zh}，计入 {gained:.1f} 秒", en=numbers),
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        evidence=_pictures(segment),
        accepted=(*honest(walk, case), *((numbers,) if failed else ())),
        refused=() if failed else (numbers,),
        unearned=failed,
    )


def _pictures(segment: SegmentView) -> tuple[str, ...]:
    return tuple(name for o in segment.observations if isinstance(o.data, Stimulus) for name in o.evidence)[:4]


def _worst(findings: list[Finding]) -> Finding:
    return max(findings, key=lambda finding: _SEVERITY.index(finding.outcome))


def _never_asked(case: Case, segment: SegmentView) -> Finding:
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        "打开课程后及其后的播放中均未要求人脸核验（见 F10-2）",
        "no face was asked for, neither on opening the lesson nor while playing (see F10-2)",
        refs=segment.refs,
        settled=True,
    )


def judge_identity(walk: WalkView, case: Case) -> Finding:
    """Another person, nobody or two people don't pass; a swapped person does not go unnoticed; no way leads round."""
    refusal = _ready(walk, case)
    if refusal is not None:
        return refusal
    if "swapped" in walk.segments:
        return _swapped(walk, case, walk.segments["swapped"])
    if "skipped" in walk.segments:
        segments = [walk.segments[name] for name in ("skipped", "relogged", "enrolled_anew") if name in walk.segments]
        if not was_asked(segments[0]):
            return _never_asked(case, segments[0])
        return _worst([_skipped(walk, case, segment) for segment in segments])
    segment = walk.segments.get("failed")
    if segment is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能让他人应答核验", "nobody else answered a check")
    return _impostors(walk, case, segment)


def _impostors(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    made = tries(walk)
    count, passed = sum(made.made.values()), sum(made.accepted.values())
    if not count:
        return _never_asked(case, segment)
    gained = gained_since_asked(segment, case)
    credit = "" if gained is None else f", {gained:.1f} s recorded"
    credit_zh = "" if gained is None else f"，其间计入 {gained:.1f} 秒"
    bound = upper_bound(passed, count)
    zh = f"非本人 {passed}/{count} 次通过（{made.words(True)}）{credit_zh}；本人 {genuine_passed(walk)} 次通过"
    en = f"others passed {passed} of {count} ({made.words(False)}){credit}; the learner passed {genuine_passed(walk)}"
    if not passed:
        zh += f"；{count} 次零误认，误认率95%上限约 {bound:.0%}"
        en += f"; 0 of {count} bounds the rate at {bound:.0%} (95 %)"
    return Finding(
        outcome=Outcome.FAIL if passed else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"95 % <= {bound:.2f}" if not passed else "",
        refs=(*segment.refs, *made.refs),
        evidence=made.evidence,
        accepted=(*honest(walk, case), *((made.words(False),) if passed else ())),
        refused=(made.words(False),) if passed < count else (),
        unearned=bool(passed) and gained is not None and gained > 2 * resolution_s(segment, case),
    )


def _swapped(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    """Somebody else may study at most until the next check or capture."""
    gained = segment.gained_s(case.hour_s)
    stimulus = next((s for s in segment.facts(Stimulus) if s.name == "swapped"), None)
    if gained is None or stimulus is None:
        return inconclusive(
            case, Reason.PRECONDITION_UNMET, "换人前后读不到记录", "no record around the swap", refs=segment.refs
        )
    allowed = unnoticed_s(case.setting) + REACTION_S
    u = resolution_s(segment, case)
    lasted, stopped = segment.end - segment.start, bool(stimulus.effect.get("stopped"))
    took = segment.read_s
    numbers_zh = f"核验通过后换人，{took:.0f} 秒内计入 {gained:.0f} 秒（至下一次核验至多 {allowed:.0f} 秒）"
    numbers = f"swapped after a passed check: {gained:.0f} s recorded in {took:.0f} s (at most {allowed:.0f} s)"
    if gained <= allowed and not stopped and lasted < allowed + u:
        return too_short(segment, case, numbers_zh, numbers)
    outcome, reason = at_most(gained, allowed, u, allowed)
    failed = outcome is Outcome.FAIL
    read = readings(walk).get("swapped")
    evidence = tuple(p.picture for p in (read.portraits or ())[-3:] if p.picture) if read is not None else ()
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{'换人后一直未被发现' if failed else '换人后被发现'}：{numbers_zh}",
            en=f"{'never noticed' if failed else 'noticed'}: {numbers}",
        ),
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        evidence=(*_pictures(segment), *evidence),
        accepted=(*honest(walk, case), *((numbers,) if failed else ())),
        refused=() if failed else (numbers,),
        unearned=failed,
    )


def _skipped(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    if segment.name == "enrolled_anew":
        zh, en = "他人改拍登记照后学习", "studying after somebody else replaced the photograph on file"
    else:
        ways = _names(segment)
        zh, en = f"不应答核验而播放（{ways}）", f"playing without the check ({ways})"
    return _nothing_gained(walk, case, segment, zh, en)


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
    for o in asked:
        if _just_opened(walk, o.t):
            seen["start"] += 1
        elif finish is not None and o.t >= finish.start and _at_end(walk, o.t):
            seen["end"] += 1
        else:
            seen["during"] += 1
    wanted = ["start", "during", *(["end"] if "finish" in walk.segments else [])]
    missing = [name for name in wanted if not seen[name]]
    longest = max(gaps(playing_spans(walk), [utc_of(walk, o.t) for o in asked]), default=0.0)
    cap, u = case.limit("gap_cap"), 2.0 + case.lag_s
    outcome, reason = at_most(longest, cap, u, cap)
    names = {"start": "开始", "during": "过程", "end": "结束"}
    zh = "，".join(f"{names[name]} {seen[name]} 次" for name in wanted) + f"；播放中最长 {longest:.0f} 秒未核验"
    en = ", ".join(f"{name} {seen[name]}" for name in wanted) + f"; longest stretch without a check {longest:.0f} s"
    if missing:
        outcome, reason = Outcome.FAIL, None
        zh = f"缺少{'、'.join(names[name] for name in missing)}核验：{zh}"
        en = f"no check at {', '.join(missing)}: {en}"
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
        accepted=(*studied(walk, case), en),
        refused=("no stretch beyond the cap without a check",) if outcome is not Outcome.FAIL else (),
    )


def _just_opened(walk: WalkView, t: float) -> bool:
    """Had the lesson been opened, and not played since, at a moment?"""
    for o in reversed(walk.observations):
        if o.t > t:
            continue
        if isinstance(o.data, ActionDone) and o.data.name in ("open_lesson", "play"):
            return o.data.name == "open_lesson"
        if isinstance(o.data, Media) and not o.data.sample.paused:
            return False
    return True


def _at_end(walk: WalkView, t: float) -> bool:
    """Did the player stand at the end of its media at a moment?"""
    last = next((o.data.sample for o in reversed(walk.observations) if isinstance(o.data, Media) and o.t <= t), None)
    return last is not None and last.duration_s is not None and last.duration_s - last.position_s <= END_S


def judge_no_credit(walk: WalkView, case: Case) -> Finding:
    """After a check that failed or was not answered the record stands still."""
    refusal = _ready(walk, case)
    if refusal is not None:
        return refusal
    findings: list[Finding] = []
    failed, unanswered = walk.segments.get("failed"), walk.segments.get("unanswered")
    if failed is not None and was_asked(failed) and not sum(tries(walk).accepted.values()):
        findings.append(_nothing_gained(walk, case, failed, "核验失败后继续播放", "playing on after a failed check"))
    if unanswered is not None and was_asked(unanswered):
        words = "playing on after a check that nobody answered"
        findings.append(_nothing_gained(walk, case, unanswered, "核验无人应答后继续播放", words))
    if not findings:
        segment = failed or unanswered
        if segment is None:
            return inconclusive(case, Reason.PRECONDITION_UNMET, "未能进行核验", "no check was failed")
        return _never_asked(case, segment)
    return _worst(findings)


def judge_values(walk: WalkView, case: Case) -> Finding:
    """The time to answer and the number of tries are inside the caps and as declared."""
    refusal = _ready(walk, case)
    if refusal is not None:
        return refusal
    segment = walk.segments.get("unanswered")
    left = next((s for s in segment.facts(Stimulus) if s.name == "unanswered"), None) if segment is not None else None
    made = [s for s in walk.facts(Stimulus) if s.name == "face_try"]
    if segment is None or left is None or not made:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "没有可测的核验（见 F10-2）",
            "no check to measure (see F10-2)",
            settled=True,
        )
    waited, gone = float(left.effect.get("waited_s") or 0.0), bool(left.effect.get("gone"))
    limit, most = case.limit("answer_within"), case.limit("tries")
    declared = case.setting.policy.get("face_answer_s")
    refused = [s for s in made if not s.effect.get("accepted")]
    still = bool(refused) and refused[-1].effect.get("state") == LessonState.FACE_CHECK.value
    outcome, reason = at_most(waited - ANSWER_LATE_S, limit, ANSWER_U_S, limit) if gone else (Outcome.FAIL, None)
    zh = f"无人应答 {waited:.0f} 秒后{'核验结束' if gone else '仍在等待'}（上限 {limit:.0f} 秒）"
    en = f"unanswered, the check {'ended after' if gone else 'was still open after'} {waited:.0f} s (cap {limit:.0f} s)"
    if len(refused) >= most:
        if still:
            outcome, reason = Outcome.FAIL, None
        zh += f"；连续失败 {len(refused)} 次后{'仍可再试' if still else '结束'}"
        en += f"; after {len(refused)} failed tries {'another was allowed' if still else 'it was over'}"
    if outcome is Outcome.PASS and declared is not None and abs(float(declared) - waited) > 3 * ANSWER_LATE_S:
        outcome = Outcome.WARN
        zh, en = zh + f"；申报 {float(declared):.0f} 秒，不符", en + f"; {float(declared):.0f} s declared"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"-{ANSWER_LATE_S:.0f} s, ±{ANSWER_U_S:.0f} s",
        refs=segment.refs,
        evidence=_pictures(segment),
        accepted=(f"{genuine_passed(walk)} answers of the learner",),
        refused=(en,) if outcome is not Outcome.FAIL else (),
    )


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
    refusal = _ready(walk, case)
    if refusal is not None:
        return refusal
    segments = [walk.segments[name] for name in TOOLS if name in walk.segments]
    if not segments or not any(was_asked(segment) for segment in segments):
        return (
            _never_asked(case, segments[0])
            if segments
            else inconclusive(case, Reason.PRECONDITION_UNMET, "未能尝试", "nothing was tried")
        )
    findings = [_nothing_gained(walk, case, segment, *TOOLS[segment.name]) for segment in segments]
    worst = _worst(findings)
    if worst.outcome is not Outcome.PASS:
        return worst
    recorded = sum(
        int(s.params.get("recorded") or 0) for segment in segments for s in segment.facts(Stimulus) if s.params
    )
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


def judge_species(walk: WalkView, case: Case) -> Finding:
    """What is not alive does not pass; by species, n of N with a 95 % bound, never pooled."""
    refusal = _ready(walk, case)
    if refusal is not None:
        return refusal
    made = tries(walk)
    if not made.made:
        segment = next(iter(walk.segments.values()))
        return _never_asked(case, segment)
    zh, en = [], []
    for scene, count in made.made.items():
        bound = upper_bound(made.accepted[scene], count)
        names = NAMES.get(scene, (scene, scene))
        more = f"（95%上限 {bound:.0%}）" if not made.accepted[scene] else ""
        zh.append(f"{names[0]} {made.accepted[scene]}/{count} 通过{more}")
        more = f" (95 % bound {bound:.0%})" if not made.accepted[scene] else ""
        en.append(f"{names[1]} {made.accepted[scene]} of {count} passed{more}")
    passed = sum(made.accepted.values())
    return Finding(
        outcome=Outcome.FAIL if passed else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh="；".join(zh), en="; ".join(en)),
        refs=made.refs,
        evidence=made.evidence,
        accepted=(*honest(walk, case), *((made.words(False),) if passed else ())),
        refused=(made.words(False),),
    )


def judge_consent(walk: WalkView, case: Case) -> Finding:
    """Nothing is captured before consent, and study is possible after it. Recorded for a reader, not decided."""
    before = next((s for s in walk.facts(Stimulus) if s.name == "without_consent"), None)
    if before is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能以新学员打开课程", "no newcomer opened a lesson")
    open_end = unmet(walk, case)
    if open_end is not None:
        return open_end
    found = readings(walk)
    first, then = found.get("before"), found.get("without_consent")
    stored = len((then.portraits or ()) if then else ()) - len((first.portraits or ()) if first else ())
    sent = int(before.effect.get("pictures_sent") or 0)
    words = str(before.effect.get("words") or "")
    moved = bool(before.effect.get("moved"))
    told = "同意" in words or "consent" in words.lower()
    clean = not sent and stored <= 0 and told and not moved
    zh = (
        f"同意前上传画面 {sent} 次、存图 {max(stored, 0)} 张，{'不能' if not moved else '能'}播放，"
        f"页面{'提到' if told else '未提到'}同意；同意并采集底照后可学习"
    )
    en = (
        f"before consent {sent} pictures were sent and {max(stored, 0)} stored, the lesson "
        f"{'played' if moved else 'did not play'}, the page {'speaks' if told else 'does not speak'} of consent; "
        "after consent and enrolment study was possible"
    )
    return Finding(
        outcome=Outcome.PASS if clean else Outcome.REVIEW,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        refs=(walk.observations[0].seq,),
        accepted=honest(walk, case),
        refused=("study before consent",) if clean else (),
    )
