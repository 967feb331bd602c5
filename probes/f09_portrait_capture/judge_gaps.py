"""F09-2: how far apart captures are, and whether they can be foreseen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from harness.compare import at_most
from harness.judge import Case, expectation
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.f09_portrait_capture.captures import captures, kept
from probes.portraits import gaps, moment, played_until, playing_spans, utc_of

JITTER_S = 0.7
"""Beyond one report's interval: what asking, taking and sending vary by. Gaps closer together are a schedule."""
FEWEST_GAPS = 3
"""Gaps that no face check delayed, below which nothing is said about a schedule."""
DELAYS_S = 3.0
"""A capture so soon after the player stood still may have been due meanwhile."""


def judge_gaps(walk: WalkView, case: Case) -> Finding:
    """While playing the captures are at most the cap apart, as declared, and no schedule can be seen in them."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    stored, reading = found
    stored = captures(walk, stored, reading.offset_s)
    spans = playing_spans(walk)
    moments = sorted(m for p in stored if (m := moment(p, reading.offset_s)) is not None)
    moments = [m for m in moments if spans and spans[0][0] <= m <= spans[-1][1]]
    longest = max(gaps(spans, moments), default=0.0)
    cap, declared = case.limit("gap_cap"), case.declared_s("capture_interval_s")
    u = case.lag_s + 2.0
    refs = (reading.seq,)
    outcome, reason = at_most(longest, cap, u, cap)
    said = "nothing declared" if declared is None else f"{declared:.0f} s declared"
    said_zh = "未申报" if declared is None else f"申报 {declared:.0f} 秒"
    zh = f"播放中最长间隔 {longest:.0f} 秒（上限 {cap:.0f} 秒，{said_zh}），共 {len(moments)} 次"
    en = f"longest gap while playing {longest:.0f} s (cap {cap:.0f} s, {said}), {len(moments)} captures"
    if outcome is Outcome.PASS:
        schedule = _schedule(walk, moments, case)
        if schedule is None:
            outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
            zh, en = zh + "；次数太少，看不出是否可预知", en + "; too few to tell whether they can be foreseen"
        elif schedule:
            outcome, reason = Outcome.FAIL, None
            zh, en = zh + "；间隔固定，可以预知", en + "; evenly spaced, so they can be foreseen"
        elif declared is not None and longest > declared + case.limit("declared_tolerance") + u:
            outcome = Outcome.WARN
            zh, en = zh + "；与申报不符", en + "; not as declared"
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(f"{len(moments)} captures",),
        refused=("no stretch beyond the cap without a capture",) if outcome is Outcome.PASS else (),
    )


def _schedule(walk: WalkView, moments: Sequence[float], case: Case) -> bool | None:
    """Are the captures evenly spaced? None when there are too few gaps that nothing delayed.

    A capture that was due while nothing played, or during a face check, comes as soon as the lesson goes on; and a
    lesson that is opened anew begins to count anew.
    """
    spans = playing_spans(walk)
    opened = [
        utc_of(walk, o.t) for o in walk.observations if isinstance(o.data, ActionDone) and o.data.name == "open_lesson"
    ]
    free = [
        b - a
        for a, b in itertools.pairwise(moments)
        if not any(a <= at <= b for at in opened)
        and played_until(spans, b) - played_until(spans, b - DELAYS_S) >= DELAYS_S - 0.2
    ]
    if len(free) < FEWEST_GAPS:
        return None
    return max(free) - min(free) <= max(case.setting.report_s, 1.0) + JITTER_S
