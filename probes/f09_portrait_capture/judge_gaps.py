"""F09-2: how far apart captures are, and whether they can be foreseen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from harness.compare import at_most
from harness.judge import Case, expectation
from harness.model.finding import Finding, Text
from harness.model.observation import PortraitSeen
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted
from harness.view import WalkView
from probes.f09_portrait_capture.captures import Album, kept
from probes.f09_portrait_capture.foreseen import Spacing, spacing
from probes.portraits import STILL_S, gaps, off_by_s, playing_spans, stated_at

Moments = list[tuple[float, float]]
"""Moments and how well each is known, seconds."""

SPACED: dict[Spacing, tuple[str, str]] = {
    "uneven": ("", ""),
    "even": ("；间隔固定，可以预知", "; evenly spaced, so they can be foreseen"),
    "even_but_few": (
        "；间隔相近，但次数太少，不能认定可以预知",
        "; evenly spaced, but too few to be sure of a schedule",
    ),
    "unknown": (
        "；次数太少或时刻不明，看不出是否可预知",
        "; too few, or at moments too vague, to tell whether they can be foreseen",
    ),
}
"""What is added to the longest gap."""


def judge_gaps(walk: WalkView, case: Case) -> Finding:
    """While playing the captures are at most the cap apart, as declared, and no schedule can be seen in them."""
    found = kept(walk, case)
    if isinstance(found, Finding):
        return found
    stored, reading = found
    spans = playing_spans(walk)
    album = Album.of(walk, stored, reading, case)
    taken = _taken(album, album.captures, spans)
    possible = [*album.captures, *album.unclear]
    at_most_taken = _taken(album, possible, spans)
    moments = [at for at, _ in taken]
    longest = max(gaps(spans, moments), default=0.0)
    most = gaps(spans, [at for at, _ in at_most_taken])
    surely = max(most, default=0.0)
    undated = sum(album.taken(one) is None for one in possible)
    cap, declared = case.limit("gap_cap"), case.declared_s("capture_interval_s")
    u = case.lag_s + 2.0 + 2 * max((off for _, off in at_most_taken), default=0.0)  # both ends of a gap
    refs = (reading.seq,)
    outcome, reason = at_most(longest, cap, u, cap)
    in_checks = outcome is Outcome.FAIL and at_most(surely, cap, u, cap)[0] is not Outcome.FAIL
    lacking = sum(math.ceil(gap / (cap + u)) - 1 for gap in most if gap > 0)  # captures that would close every gap
    if in_checks or (outcome is Outcome.FAIL and 0 < lacking <= undated):
        outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
    promised = "nothing declared" if declared is None else f"{declared:.0f} s declared"
    promised_zh = "未申报" if declared is None else f"申报 {declared:.0f} 秒"
    zh = f"播放中最长间隔 {longest:.0f} 秒（上限 {cap:.0f} 秒，{promised_zh}），共 {len(moments)} 次"
    en = f"longest gap while playing {longest:.0f} s (cap {cap:.0f} s, {promised}), {counted(len(moments), 'capture')}"
    if in_checks:
        zh += f"；人脸核验时所存的图片若也算抓拍，最长间隔为 {surely:.0f} 秒"
        en += f"; {surely:.0f} s if what was stored during face checks is a capture, too"
    if undated:
        zh += f"；另有 {undated} 张时刻不明"
        en += f"; {counted(undated, 'portrait')} more at a time not known"
    if outcome is Outcome.PASS:
        spaced = spacing(walk, spans, taken, case, undated, album.cut_s)
        if spaced == "unknown" and not undated and (stated := _stated(album, album.captures, spans)):
            # On a busy machine a page's picture is older than its upload by a second, and its mark makes the moment
            # vague. A platform that dates its own captures at even intervals takes them so.
            said_by_it = spacing(walk, spans, stated, case, step_s=album.cut_s)
            spaced = said_by_it if said_by_it != "uneven" else spaced
        said_zh, said = SPACED[spaced]
        if spaced == "even":
            outcome, reason = Outcome.FAIL, None
        elif spaced != "uneven":
            outcome, reason = Outcome.INCONCLUSIVE, Reason.INSUFFICIENT_EVIDENCE
        elif declared is not None and surely > declared + case.limit("declared_tolerance") + u:
            outcome = Outcome.WARN
            said_zh, said = "；与申报不符", "; not as declared"
        zh, en = zh + said_zh, en + said
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=expectation(case.requirement),
        observed=Text(zh=zh, en=en),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=(Text(zh=f"抓拍 {len(moments)} 次", en=counted(len(moments), "capture")),),
        refused=(Text(zh="没有超过上限而未抓拍的时段", en="no stretch beyond the cap without a capture"),)
        if outcome is Outcome.PASS
        else (),
    )


def _stated(album: Album, portraits: Sequence[PortraitSeen], spans: Sequence[tuple[float, float]]) -> Moments:
    """When they were taken as the platform dates them, of those in the time of study; nothing where it dates one not at
    all, not to the second, or otherwise than its mark allows."""
    known: Moments = []
    for one in portraits:
        at, off = stated_at(one, album.offset_s), off_by_s(one, album.offset_s)
        if at is None or album.step_s or off is None or off > STILL_S:
            return []
        known.append((at, 0.0))
    return _of_study(known, spans)


def _taken(album: Album, portraits: Sequence[PortraitSeen], spans: Sequence[tuple[float, float]]) -> Moments:
    """When they were taken, of those in the time of study."""
    found = [((a + b) / 2, (b - a) / 2) for p in portraits if (taken := album.taken(p)) for a, b in [taken]]
    return _of_study(found, spans)


def _of_study(moments: Moments, spans: Sequence[tuple[float, float]]) -> Moments:
    """Those between the first and the last moment of playing, in order."""
    return [(at, u) for at, u in sorted(moments) if spans and spans[0][0] <= at <= spans[-1][1]]
