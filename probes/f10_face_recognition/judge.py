"""F10-1: nobody else passes for the learner. F10-4: nothing that is not alive does."""

from __future__ import annotations

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, counted, series
from harness.rates import upper_bound
from harness.view import SegmentView, WalkView
from probes.attacked import earned, pictures, severest, too_short
from probes.bracket import honest, resolution_s
from probes.f10_face_recognition import REACTION_S, unnoticed_s
from probes.f10_face_recognition.answers import NAMES, genuine_passed, tries
from probes.f10_face_recognition.checks import gained_since_asked, never_asked, nothing_gained, ready, was_asked
from probes.f10_face_recognition.judge_consent import judge_consent
from probes.f10_face_recognition.judge_failed import judge_no_credit, judge_values
from probes.f10_face_recognition.judge_moments import judge_moments
from probes.f10_face_recognition.judge_tools import judge_tools
from probes.portraits import readings

__all__ = [
    "judge_consent",
    "judge_identity",
    "judge_moments",
    "judge_no_credit",
    "judge_species",
    "judge_tools",
    "judge_values",
]


def judge_identity(walk: WalkView, case: Case) -> Finding:
    """Another person, nobody or two people don't pass; a swapped person does not go unnoticed; no way leads round."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    if "swapped" in walk.segments:
        return _swapped(walk, case, walk.segments["swapped"])
    if "skipped" in walk.segments:
        segments = [walk.segments[name] for name in ("skipped", "relogged", "enrolled_anew") if name in walk.segments]
        if not was_asked(segments[0]):
            return never_asked(case, segments[0])
        return severest([_skipped(walk, case, segment) for segment in segments])
    segment = walk.segments.get("failed")
    if segment is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能让他人应答核验", "nobody else answered a check")
    return _impostors(walk, case, segment)


def _impostors(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    made = tries(walk)
    count, passed = sum(made.made.values()), sum(made.accepted.values())
    if not count:
        return never_asked(case, segment)
    gained = gained_since_asked(segment, case)
    credit = "" if gained is None else f", {gained:.1f} s recorded"
    credit_zh = "" if gained is None else f"，其间计入 {gained:.1f} 秒"
    bound = upper_bound(passed, count)
    words = made.words()
    zh = f"非本人应答 {count} 次，放行 {passed} 次（{words.zh}）{credit_zh}；本人 {genuine_passed(walk)} 次通过"
    en = f"others were let on {passed} of {counted(count, 'time')} ({words.en}){credit}; "
    en += f"the learner passed {genuine_passed(walk)}"
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
        accepted=(*honest(walk, case), *((words,) if passed else ())),
        refused=(words,) if passed < count else (),
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
    numbers = Text(
        zh=f"核验通过后换人，{took:.0f} 秒内计入 {gained:.0f} 秒（至下一次核验至多 {allowed:.0f} 秒）",
        en=f"swapped after a passed check: {gained:.0f} s recorded in {took:.0f} s (at most {allowed:.0f} s)",
    )
    if gained <= allowed and not stopped and lasted < allowed + u:
        return too_short(segment, case, numbers)
    verdict = at_most(gained, allowed, u, allowed)
    failed = verdict[0] is Outcome.FAIL
    read = readings(walk).get("swapped")
    evidence = tuple(p.picture for p in (read.portraits or ())[-3:] if p.picture) if read is not None else ()
    said = Text(
        zh=f"{'换人后一直未被发现' if failed else '换人后被发现'}：{numbers.zh}",
        en=f"{'never noticed' if failed else 'noticed'}: {numbers.en}",
    )
    return earned(walk, case, segment, verdict, said, numbers, u, evidence=(*pictures(segment), *evidence))


def _skipped(walk: WalkView, case: Case, segment: SegmentView) -> Finding:
    if segment.name == "enrolled_anew":
        zh, en = "他人改拍登记照后学习", "studying after somebody else replaced the photograph on file"
    else:
        tried = [s.name for s in segment.facts(Stimulus) if s.name in WAYS]
        ways = series((Text(zh=WAYS[name][0], en=WAYS[name][1]) for name in tried), COMMA)
        zh, en = f"不应答核验而播放（{ways.zh}）", f"playing without the check ({ways.en})"
    return nothing_gained(walk, case, segment, zh, en)


WAYS = {
    "escaped": ("关闭核验窗口", "closing it"),
    "reloaded": ("刷新页面", "reloading the page"),
    "deep_link": ("直接访问播放地址", "the player's own address"),
    "other_lesson": ("改学其他课程", "another lesson"),
    "new_log_in": ("重新登录", "a new log-in"),
}
"""Ways round a check, by the names of their stimuli."""


def judge_species(walk: WalkView, case: Case) -> Finding:
    """What is not alive does not pass; by species, n of N with a 95 % bound, never pooled."""
    refusal = ready(walk, case)
    if refusal is not None:
        return refusal
    made = tries(walk)
    if not made.made:
        return never_asked(case, next(iter(walk.segments.values())))
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
        accepted=(*honest(walk, case), *((made.words(),) if passed else ())),
        refused=(made.words(),),
    )
