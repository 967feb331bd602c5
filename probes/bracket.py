"""Honest credit around an attack: the positive control that every conclusion stands on. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from harness.judge import Case, inconclusive
from harness.model.finding import Finding
from harness.model.observation import Media, Observation
from harness.model.outcome import Reason
from harness.view import SegmentView, WalkView

LEAST_SHARE = 0.5
"""A control counts as credited when the record shows at least half of what was really watched: enough to tell a
record that follows the learner from one that stands still, and far from any limit that is judged."""
MIN_TRUSTED_RATE = 0.98
"""8 browsers on 2 cores played at 0.987-1.000x, 16 at 0.70-0.90x (lab). Slower than this is our own load: the walk
is void, never the platform's failure."""
LOOK_S, LEAST_PLAYED_S = 3.0, 20.0
"""Looks further apart than the first say nothing about speed, and less playing than the second too little."""


@dataclass(frozen=True, slots=True)
class Control:
    """One honest stretch: what was watched and what the record gained."""

    segment: SegmentView
    valid_s: float
    gained_s: float | None
    u_s: float

    @property
    def credited(self) -> bool:
        """Did the record follow the honest learner, beyond what its coarseness explains?"""
        if self.gained_s is None:
            return False
        return self.gained_s + self.u_s >= LEAST_SHARE * self.valid_s and (
            self.gained_s > 0 or self.valid_s <= self.u_s
        )


def resolution_s(segment: SegmentView, case: Case) -> float:
    """How finely the record tells time: its smallest step plus what one progress report carries, seconds."""
    steps = [r.credit.resolution_s for r in (*segment.before, *segment.after) if r.credit is not None]
    return max((s for s in steps if s is not None), default=0.0) + case.lag_s


def rounding_s(segment: SegmentView) -> float:
    """A second where all that was read in a segment are whole seconds: they are rounded, whatever is declared."""
    shown = [r.credit.credited_s for r in (*segment.before, *segment.after) if r.credit is not None]
    known = [value for value in shown if value is not None]
    return 1.0 if any(known) and all(value == int(value) for value in known) else 0.0


def too_slow(observations: Sequence[Observation]) -> bool:
    """Did our own machine play too slowly, between looks that no interruption came between?"""
    ran = passed = 0.0
    for screen in dict.fromkeys(o.data.screen for o in observations if isinstance(o.data, Media)):
        looks = [(o.t, o.data.sample) for o in observations if isinstance(o.data, Media) and o.data.screen == screen]
        for (t0, a), (t1, b) in itertools.pairwise(looks):
            if not (a.paused or b.paused) and t1 - t0 <= LOOK_S and b.position_s >= a.position_s:
                ran, passed = ran + b.position_s - a.position_s, passed + t1 - t0
    return passed > LEAST_PLAYED_S and ran < MIN_TRUSTED_RATE * passed


def control(segment: SegmentView, case: Case) -> Control:
    """Measure an honest stretch."""
    watched = segment.watched()
    return Control(segment, watched.valid_s, segment.gained_s(case.hour_s), resolution_s(segment, case))


def controls(walk: WalkView, case: Case) -> list[Control]:
    """All honest stretches of a walk."""
    return [control(s, case) for s in walk.of_kind("control")]


def unmet(walk: WalkView, case: Case, *, over: bool = False) -> Finding | None:
    """Why nothing can be concluded from this walk, or None when honest study was credited before and after.

    With `over`, controls after an attack that completed the lesson are left out: nothing was left to study.
    """
    found = controls(walk, case)
    if over:
        done = min((s.end for s in walk.of_kind("attack") if s.completed_here()), default=float("inf"))
        found = [c for c in found if c.segment.start < done]
    if not found:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "没有诚实学习对照", "no honest control was made")
    for c in found:
        name = c.segment.name
        refs = c.segment.refs
        if c.gained_s is None:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"对照段“{name}”前后的平台记录读不到",
                f"the record around control '{name}' could not be read",
                refs=refs,
            )
        rate = c.segment.watched().rate
        if rate is not None and rate < MIN_TRUSTED_RATE and c.valid_s > 20:
            return inconclusive(
                case,
                Reason.HARNESS_ERROR,
                f"对照段“{name}”播放速率仅 {rate:.3f}，本机或网络过慢，本次作废",
                f"control '{name}' played at {rate:.3f}x: our machine was too slow, the walk is void",
                refs=refs,
            )
        if not c.credited:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"诚实学习对照“{name}”未被记入：真实观看 {c.valid_s:.1f} 秒，记录增加 {c.gained_s:.1f} 秒",
                f"honest control '{name}' was not credited: {c.valid_s:.1f} s watched, {c.gained_s:.1f} s recorded",
                uncertainty=f"±{c.u_s:.1f} s",
                refs=refs,
            )
    if not _moved(walk, found, case):
        step, watched = max(c.u_s for c in found), sum(c.valid_s for c in found)
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"记录在诚实学习中始终未变：共观看 {watched:.0f} 秒，记录的刻度为 {step:.0f} 秒，看不出是否计时",
            f"the record never moved in honest study: {watched:.0f} s were watched, and it tells {step:.0f} s apart",
            uncertainty=f"±{step:.1f} s",
            refs=tuple(r for c in found for r in c.segment.refs),
        )
    return None


def _moved(walk: WalkView, studied: list[Control], case: Case) -> bool:
    """Did the record go up at all? A coarse one may stand still in a control, but not in all of them."""
    gains = [c.gained_s for c in studied] + [s.gained_s(case.hour_s) for s in walk.of_kind("attack")]
    return any(gained is not None and gained > 0 for gained in gains)


def honest(walk: WalkView, case: Case) -> tuple[str, ...]:
    """The accepted stimuli that a PASS cites."""
    return tuple(
        f"{c.segment.name}: {c.valid_s:.1f} s watched, {c.gained_s or 0.0:.1f} s recorded" for c in controls(walk, case)
    )


def unread_record(segment: SegmentView, case: Case) -> Finding:
    """The record around an attack is not known, so nothing is of what it earned."""
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"“{segment.name}”前后读不到记录",
        f"the record around '{segment.name}' could not be read",
        refs=segment.refs,
    )


@dataclass(frozen=True, slots=True)
class Attacked:
    """One attack: its stretch, what the record gained over it, and the uncertainty of that, seconds."""

    segment: SegmentView
    gained_s: float
    u_s: float


def attacks(walk: WalkView, case: Case, *, over: bool = False) -> list[Attacked] | Finding:
    """What the record made of every attack of a walk, or why nothing can be concluded from it; `over` as in `unmet`."""
    open_end = unmet(walk, case, over=over)
    if open_end is not None:
        return open_end
    found = []
    for segment in walk.of_kind("attack"):
        gained = segment.gained_s(case.hour_s)
        if gained is None:
            return unread_record(segment, case)
        found.append(Attacked(segment, gained, resolution_s(segment, case)))
    return found
