"""F03-1: does a lesson play for an ordinary learner?"""

from __future__ import annotations

import itertools

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import LessonState
from harness.view import SegmentView, WalkView

PLAYS, STANDS = 0.8, 0.2
"""Shares of the time without a pause in which the media ran: above the first a lesson
plays (loading and the odd stall are ordinary), below the second it stands still, and between the two it may be our
own machine that is slow."""
LOADED = 1
"""HTMLMediaElement.HAVE_METADATA: the film was reached."""
LEAST_RUNNING = 0.5
"""Share of the stretches in which the player must not be paused: a face check or two are ordinary, and of a player that
stood paused for most of the time nobody knows why (a notice that the profile does not close)."""


def judge_plays(walk: WalkView, case: Case) -> Finding:
    """The media's own clock advances while playing, and stands still while paused."""
    stands = [s for s in walk.facts(Stimulus) if s.name == "stands_still"]
    if stands:
        return _stands(walk, case, stands[-1])
    playing = [s for name, s in walk.segments.items() if name.startswith("playing")]
    paused = walk.segments.get("paused")
    if not playing or paused is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "未能完成播放与暂停", "playing and pausing were not made")
    watched = [s.watched() for s in playing]
    spans = [_running_s(s) for s in playing]
    wall, ran = sum(spans), sum(w.valid_s for w in watched)
    still = paused.watched()
    if min(w.samples for w in watched) < 2 or still.samples < 2:
        return inconclusive(
            case, Reason.INSUFFICIENT_EVIDENCE, "播放器采样不足", "the player was not seen often enough"
        )
    if still.media_s > 0.2 * still.wall_s:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"暂停后画面仍前进 {still.media_s:.1f} 秒，无法确认播放受控",
            f"the media went on for {still.media_s:.1f} s while paused: playing is not under control",
            refs=paused.refs,
        )
    refs = tuple(r for s in playing for r in s.refs) + paused.refs
    whole = sum(w.wall_s for w in watched)
    if min(spans) <= 1 or wall < LEAST_RUNNING * whole:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"{whole:.1f} 秒中播放器有 {whole - wall:.1f} 秒处于暂停，原因不明",
            f"the player stood paused for {whole - wall:.1f} of {whole:.1f} s, and why is not known",
            refs=refs,
        )
    share = min(w.valid_s / span for w, span in zip(watched, spans, strict=True))
    if STANDS < share < PLAYS:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"播放 {wall:.1f} 秒，画面只前进 {ran:.1f} 秒：不能排除本机过慢",
            f"played for {wall:.1f} s, the media advanced {ran:.1f} s: our own machine may have been too slow",
            refs=refs,
        )
    return Finding(
        outcome=Outcome.PASS if share >= PLAYS else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"播放 {wall:.1f} 秒，画面前进 {ran:.1f} 秒；暂停 {still.wall_s:.1f} 秒，前进 {still.media_s:.1f} 秒",
            en=f"played for {wall:.1f} s, the media advanced {ran:.1f} s; paused for {still.wall_s:.1f} s, "
            f"it advanced {still.media_s:.1f} s",
        ),
        uncertainty="±1 s",
        refs=refs,
        accepted=(f"play: {ran:.1f} s of {wall:.1f} s",),
        refused=(f"pause: {still.media_s:.1f} s of {still.wall_s:.1f} s",),
    )


def _stands(walk: WalkView, case: Case, seen: Stimulus) -> Finding:
    """The player did not move: the platform's fault only where its film can be seen to be missing or to break off."""
    refs = tuple(o.seq for o in walk.observations if o.data is seen)
    status, kind = seen.effect.get("status"), str(seen.effect.get("type") or "")
    missing: tuple[str, str] | None = None
    ready = seen.effect.get("ready")
    if isinstance(ready, int) and ready >= LOADED:
        missing = _broken_off(walk)  # the player has it: an address that has run out meanwhile is not the reason
    elif isinstance(status, int) and status >= 400:
        missing = f"视频地址返回 {status}", f"the film's address answers {status}"
    elif kind.startswith("text/"):
        missing = f"视频地址返回的是 {kind}，不是视频", f"the film's address gives {kind}, no film"
    elif seen.effect.get("no_answer"):
        missing = "视频服务器没有回应", "the film's server does not answer"
    else:
        missing = _broken_off(walk)
    if missing is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "播放后画面未动，视频可以取得：不能排除本机或配置的原因",
            "nothing moved after play, though the film can be had: our browser or the profile may be the reason",
            refs=refs,
        )
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(zh=f"播放后画面不动：{missing[0]}", en=f"nothing moves after play: {missing[1]}"),
        refs=refs,
        refused=(Text(zh=missing[0], en=missing[1]),),
    )


def _broken_off(walk: WalkView) -> tuple[str, str] | None:
    """A stretch that was playing, unpaused, and stood still for most of it."""
    for name, segment in walk.segments.items():
        span, ran = _running_s(segment), segment.watched().valid_s
        if name.startswith("playing") and span > 1 and ran <= STANDS * span:
            return (
                f"播放 {span:.0f} 秒，画面只前进 {ran:.1f} 秒即停住",
                f"played for {span:.0f} s, the media stopped after {ran:.1f} s",
            )
    return None


def _running_s(segment: SegmentView) -> float:
    """Seconds in which the player wasn't paused, from one look to the next; those in which a face check or a lock
    stopped it don't count."""
    asked = [t for t, state in segment.states if state in (LessonState.FACE_CHECK, LessonState.LOCKED)]
    seen = [(o.t, o.data.sample.paused) for o in segment.observations if isinstance(o.data, Media)]
    return sum(
        after - before
        for (before, paused), (after, _) in itertools.pairwise(seen)
        if not paused and not any(before <= t <= after for t in asked)
    )
