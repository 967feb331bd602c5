"""Honest credit around an attack: the positive control that every conclusion stands on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from harness.judge import Case, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Media
from harness.model.outcome import Reason
from harness.view import SegmentView, WalkView, credit_s, whole_s

LEAST_SHARE = 0.5
"""A control counts as credited when the record shows at least half of what was really watched: enough to tell a
record that follows the learner from one that stands still, and far from any limit that is judged."""
MIN_TRUSTED_RATE = 0.98
"""8 browsers on 2 cores played at 0.987-1.000x, 16 at 0.70-0.90x (lab). Slower than this is our own load: the walk
is void, never the platform's failure."""


@dataclass(frozen=True, slots=True)
class Control:
    """One honest stretch: what was watched and what the record gained."""

    segment: SegmentView
    valid_s: float
    gained_s: float | None
    u_s: float
    step_s: float
    """The smallest step of the record."""

    @property
    def credited(self) -> bool:
        """Did the record follow the honest learner, beyond what its coarseness explains?"""
        if self.gained_s is None:
            return False
        return self.gained_s + self.u_s >= LEAST_SHARE * self.valid_s and (
            self.gained_s > 0 or 0 < self.valid_s <= self.step_s
        )


def resolution_s(segment: SegmentView, case: Case) -> float:
    """How finely the record tells time: its smallest step plus what one progress report carries, seconds."""
    return step_s(segment) + case.lag_s


def step_s(segment: SegmentView) -> float:
    """The smallest step that the record was seen to be shown in, seconds."""
    steps = [r.credit.resolution_s for r in (*segment.before, *segment.after) if r.credit is not None]
    return max((s for s in steps if s is not None), default=0.0)


def blind(segment: SegmentView, case: Case) -> bool:
    """Is the record's smallest step so large that a stretch as long as a control, played and credited, might not show?

    Class hours without a stated `resolution` are taken for whole ones. Where nothing was played nothing had to show.
    """
    gained = segment.gained_s(case.hour_s)
    if gained is None:
        return True
    shown = [r.credit for r in (*segment.before, *segment.after) if r.credit is not None]
    steps = [c.resolution_s or (case.hour_s if c.credited_s is None else 0.0) for c in shown]
    return segment.watched().valid_s > 0 and gained >= case.setting.control_s() - max(steps, default=0.0)


def rounding_s(segment: SegmentView) -> float:
    """A second where all that was read in a segment are whole seconds: they are rounded, whatever is declared."""
    return whole_s(r.credit.credited_s for r in (*segment.before, *segment.after) if r.credit is not None)


def time_s(segment: SegmentView) -> float:
    """Seconds in which a segment can have earned anything: until it ended, or, where the player could not be paused
    then, until the record was read."""
    seen = segment.facts(Media)
    stood = not seen or seen[-1].sample.paused or seen[-1].sample.ended
    return segment.end - segment.start if stood else segment.read_s


def _alone(walk: WalkView, case: Case) -> list[tuple[Control, float]]:
    """Honest study before any attack, and the seconds in which it can have earned anything."""
    return [(c, time_s(c.segment)) for c in controls(walk, case) if not c.segment.since]


def spare_s(walk: WalkView, case: Case) -> float:
    """How much more than that honest study earned before any attack, seconds: some platforms count on until a page is
    left, and what an attack earns so is none of its own."""
    return max([0.0, *((c.gained_s or 0.0) - t - c.u_s for c, t in _alone(walk, case))])


def overpays(walk: WalkView, case: Case) -> bool:
    """Did honest study alone, before any attack, earn more than its time? Then what comes on top of an attack's time is
    not known to be the attack's."""
    return spare_s(walk, case) > 0


def honest_pace(walk: WalkView, case: Case) -> float:
    """The most that honest study alone, before any attack, may have earned in a second; at least 1, and no bound where
    none was seen."""
    paces = [((c.gained_s or 0.0) + c.u_s) / t for c, t in _alone(walk, case) if t > 0]
    return max(1.0, min(paces, default=float("inf")))


def had_s(walk: WalkView, case: Case) -> float:
    """What the record held of a walk's lesson before the walk studied it, seconds: an account may have studied a part
    of it in an earlier run."""
    first = next((r.credit for r in walk.readings() if r.lesson == walk.lesson), None)
    return credit_s(first, case.hour_s) or 0.0


@dataclass(frozen=True, slots=True)
class Outran:
    """What the record gained from the first reading of a walk to a later one, and how long that was, seconds."""

    gained_s: float
    elapsed_s: float
    u_s: float

    @property
    def told(self) -> Text:
        """In numbers."""
        return Text(
            zh=f"whole_walk: {self.elapsed_s:.1f} 秒内共记入 {self.gained_s:.1f} 秒",
            en=f"whole_walk: {self.gained_s:.1f} s recorded in {self.elapsed_s:.1f} s",
        )


def outran(walk: WalkView, case: Case, ratio: float) -> Outran | None:
    """Where a walk's lesson was credited for more than all the time that had gone by, times `ratio`; None where it
    never was. What an attack earned may be credited only with the next honest study, and honest study late: so the walk
    is looked at as a whole.
    """
    if not walk.segments:
        return None
    u = max(resolution_s(s, case) + rounding_s(s) for s in walk.segments.values())
    known = [(r.t, credit_s(r.credit, case.hour_s)) for r in walk.readings() if r.lesson == walk.lesson]
    shown = [(t, value) for t, value in known if value is not None]
    begun = next((m.sample.position_s for m in walk.facts(Media)), 0.0)  # where an earlier run left off
    for t, value in shown[1:]:
        gained, elapsed = value - shown[0][1], t - shown[0][0] + max(0.0, begun - shown[0][1])
        if gained > ratio * elapsed + u:
            return Outran(gained, elapsed, u)
    return None


def control(segment: SegmentView, case: Case) -> Control:
    """Measure an honest stretch."""
    watched = segment.watched()
    gained = segment.gained_s(case.hour_s)
    return Control(segment, watched.valid_s, gained, resolution_s(segment, case), step_s(segment))


def controls(walk: WalkView, case: Case) -> list[Control]:
    """All honest stretches of a walk; of one that broke off and was made once more at once, as after a new log-in, only
    the second."""
    every = list(walk.segments.values())
    again = {s.name for s, following in pairwise(every) if not s.ended and s.kind == following.kind == "control"}
    return [control(s, case) for s in walk.of_kind("control") if s.name not in again]


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
            Reason.PRECONDITION_UNMET,
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


def paid_later_s(walk: WalkView, attack: SegmentView, case: Case) -> float:
    """Seconds that the honest stretch after an attack was credited beyond what was watched in it, and beyond what the
    first stretch was: a platform may add what it refused when the lesson goes on.

    What a film lost in either may have been paid or not; of both it is taken so that less is left.
    """
    found = controls(walk, case)
    after = next((c for c in found if c.segment.start >= attack.end), None)
    if after is None:
        return 0.0
    return max(0.0, _beyond_s(after) - after.segment.watched().lost_s - max(0.0, _beyond_s(found[0])))


def _beyond_s(c: Control) -> float:
    return (c.gained_s or 0.0) - c.valid_s


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
