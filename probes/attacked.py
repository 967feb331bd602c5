"""What an attack earned, as judges say it: numbers, pictures, and the severest of several tries. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Input, Observation, RequestSent, StateSeen, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView
from probes.bracket import honest

MOST_PICTURES = 4
REDIRECTED = "error: redirected"
"""What attacks/traffic.py says of a server that answered with another address."""


def reached(segment: SegmentView) -> bool:
    """Did the platform answer any request of an attack? What never reached it was not refused by it."""
    return any(sent.status is not None or sent.error == REDIRECTED for sent in segment.facts(RequestSent))


def earned(
    walk: WalkView,
    case: Case,
    segment: SegmentView,
    verdict: tuple[Outcome, Reason | None],
    said: Text,
    numbers: Text,
    u: float,
    *,
    evidence: tuple[str, ...] = (),
    unearned: bool = True,
) -> Finding:
    """What was measured of an attack, with its uncertainty `u` in seconds: `numbers` were accepted where it is a FAIL,
    else refused. `unearned`: a FAIL is credit that nobody earned."""
    outcome, reason = verdict
    failed = outcome is Outcome.FAIL
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=said,
        uncertainty=f"±{u:.1f} s",
        refs=segment.refs,
        evidence=evidence,
        accepted=(*honest(walk, case), *((numbers,) if failed else ())),
        refused=() if failed else (numbers,),
        unearned=failed and unearned,
    )


def too_short(segment: SegmentView, case: Case, numbers: Text) -> Finding:
    """Less was earned than may be, but the stretch ended before more could have been: it tells nothing."""
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"时间不够：{numbers.zh}",
        f"not long enough: {numbers.en}",
        refs=segment.refs,
    )


def idled(walk: WalkView, case: Case, segment: SegmentView, screen: str = "") -> bool:
    """Was a lesson seen locked in a segment, when nothing had been done there for as long as it takes to be locked for
    that? Then the idle lock (F13) stopped it, whatever else was tried.

    A lock that comes sooner after the last operation has another reason. Where no limit is declared, any may be it. To
    operate a lesson that is locked already does not unlock it, so what counts is the longest time without an operation
    since the lesson was last seen open. `screen`: in that window only.
    """
    limit = case.declared_s("idle_limit_s") or 0.0
    return any(
        _longest_idle(walk, segment, seen) >= limit
        for seen in segment.observations
        if isinstance(seen.data, StateSeen) and seen.data.state is LessonState.LOCKED
        if not screen or seen.data.screen == screen
    )


def locked_s(segment: SegmentView) -> float:
    """For how long a segment's lesson was seen locked, seconds."""
    ends = [*(t for t, _ in segment.states[1:]), segment.end]
    return sum(end - t for (t, state), end in zip(segment.states, ends, strict=False) if state is LessonState.LOCKED)


def _longest_idle(walk: WalkView, segment: SegmentView, seen: Observation) -> float:
    """The longest time without an operation of a lesson before it was seen locked, that lasted into the segment;
    seconds, from the beginning of one operation to the end of the next."""
    begun = segment.start
    longest = 0.0
    for o in walk.observations:
        if o.t >= seen.t or (o.account, o.lesson) != (seen.account, seen.lesson):
            continue
        if isinstance(o.data, StateSeen) and o.data.state is not LessonState.LOCKED:
            longest = 0.0
        if not _operates(o):
            continue
        if o.t >= segment.start:
            longest = max(longest, o.t - begun)
        begun = o.t - (o.data.took_s if isinstance(o.data, ActionDone) else 0.0)
    return max(longest, seen.t - begun)


def _operates(o: Observation) -> bool:
    return isinstance(o.data, Input) or (isinstance(o.data, ActionDone) and o.data.ok)


def pictures(segment: SegmentView) -> tuple[str, ...]:
    """The first pictures of what the page made of the stimuli in a segment."""
    return tuple(name for o in segment.observations if isinstance(o.data, Stimulus) for name in o.evidence)[
        :MOST_PICTURES
    ]


def severest(findings: Sequence[Finding]) -> Finding:
    """The first finding with the worst outcome; raises ValueError where there is none."""
    return max(findings, key=lambda finding: finding.outcome.severity)
