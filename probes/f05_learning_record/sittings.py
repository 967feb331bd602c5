"""What was really watched across sittings and interruptions, and what nobody could see. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media, Observation, Stimulus
from harness.model.outcome import Reason
from harness.view import Reading, SegmentView, WalkView, Watched
from probes.bracket import MIN_TRUSTED_RATE

LOOK_S, LEAST_PLAYED_S = 3.0, 20.0
"""Looks further apart than the first say nothing about speed, and less playing than the second too little."""
UNWATCHED = Text(zh="未观看的时间", en="time that nobody watched")
CUT_SHORT = ("reload", "log_in_anew")
"""Stimuli that take the playing player away."""
BROKEN_OFF = (*CUT_SHORT, "network_cut")
"""Stimuli that end a sitting."""


def watched_too_little(case: Case, watched_s: float, times: float = 3.0, refs: tuple[int, ...] = ()) -> Finding | None:
    """Why nothing can be told from study that is no longer than a record may be off: fewer than so many `times` the
    tolerance. None where it was long enough."""
    if watched_s >= times * case.limit("session_tolerance"):
        return None
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"真正观看的只有 {watched_s:.1f} 秒，不足以核对",
        f"only {watched_s:.1f} s were really watched, too little to compare",
        refs=refs,
    )


def hour_unknown(case: Case, readings: Iterable[Reading]) -> Finding | None:
    """Why too little in a record that shows class hours only is no proof where nobody said how long one is: one of 45
    minutes is as lawful as one of 30. None where it was said, or time is shown."""
    seen = [r for r in readings if r.credit is not None and r.credit.credited_s is None and r.credit.hours is not None]
    if not seen or case.declared_s("class_hour_s") is not None:
        return None
    return inconclusive(
        case,
        Reason.UNSUPPORTED,
        "记录只显示学时，而配置未申报一学时的时长（class_hour），无法换算",
        "the record shows class hours only, and the profile does not say how long one is (class_hour)",
        refs=tuple(r.seq for r in seen),
        settled=True,
    )


def offline_s(stimuli: Iterable[Stimulus]) -> float:
    """Seconds without a network, which need not be credited."""
    return sum(float(s.params.get("offline_s") or 0) for s in stimuli if s.name == "network_cut")


def sittings(observations: Iterable[Observation]) -> int:
    """How often playing was begun: at first, after a pause, and after what ends a sitting; at least once."""
    begun, running = 0, set[str]()
    for o in observations:
        if isinstance(o.data, Stimulus) and o.data.name in BROKEN_OFF:
            running.clear()
        elif isinstance(o.data, Media) and o.data.sample.paused:
            running.discard(o.data.screen)
        elif isinstance(o.data, Media) and o.data.screen not in running:
            begun += 1
            running.add(o.data.screen)
    return max(1, begun)


def screens_of(walk_or_segment: WalkView | SegmentView) -> list[str]:
    """The windows in which something was watched."""
    return list(dict.fromkeys(m.screen for m in walk_or_segment.facts(Media)))


def watched_in(segment: SegmentView) -> list[Watched]:
    """What was really watched in a stretch, window by window."""
    return [segment.watched(screen) for screen in screens_of(segment)]


def too_slow(observations: Sequence[Observation]) -> bool:
    """Did our own machine play too slowly, between looks that no interruption came between?"""
    ran = passed = 0.0
    for screen in dict.fromkeys(o.data.screen for o in observations if isinstance(o.data, Media)):
        looks = [(o.t, o.data.sample) for o in observations if isinstance(o.data, Media) and o.data.screen == screen]
        for (t0, a), (t1, b) in pairwise(looks):
            if not (a.paused or b.paused) and t1 - t0 <= LOOK_S and b.position_s >= a.position_s:
                ran, passed = ran + b.position_s - a.position_s, passed + t1 - t0
    return passed > LEAST_PLAYED_S and ran < MIN_TRUSTED_RATE * passed


def unseen_s(observations: Sequence[Observation]) -> float:
    """Seconds between the last look at a playing player and the moment it was cut short: it may have played on."""
    unseen, last = 0.0, None
    for o in observations:
        if isinstance(o.data, Media):
            last = None if o.data.sample.paused else o.t
        elif isinstance(o.data, Stimulus) and o.data.name in CUT_SHORT and last is not None:
            unseen += o.t - last
            last = None
    return unseen
