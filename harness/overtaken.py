"""What became of the record of an attack after its walk: credit that came late, or was taken back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from harness.model.finding import Text
from harness.model.observation import ActionDone, Media
from harness.model.outcome import Outcome
from harness.view import Reading, WalkView, credit_s, whole_s

PAID = frozenset({Outcome.PASS, Outcome.WARN})
"""What does not stand where more was credited: it may have been the attack."""
TAKEN_BACK = frozenset({Outcome.FAIL})
"""What does not stand where credit was taken back: it may have been the attack's."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A learner's lesson whose record is another at the end of the run than when its walk read it last, seconds."""

    lesson: str
    was_s: float
    is_s: float
    u_s: float
    completed: bool
    """The record calls the lesson completed now, and did not then."""
    readings: frozenset[int]
    """Ledger lines of the walk's own readings of it."""
    line: int
    """Ledger line of the reading at the end."""

    @property
    def undoes(self) -> frozenset[Outcome]:
        """The conclusions that do not stand."""
        paid = PAID if self.completed or self.is_s > self.was_s + self.u_s else frozenset()
        return paid | (TAKEN_BACK if self.is_s < self.was_s - self.u_s else frozenset())

    @property
    def told(self) -> Text:
        """In numbers."""
        return Text(
            zh=f"课时 {self.lesson} 的记录在步骤结束时为 {self.was_s:.1f} 秒，全部步骤结束后复读为 {self.is_s:.1f} 秒"
            f"{'，并显示学完' if self.completed else ''}",
            en=f"the record of lesson {self.lesson} stood at {self.was_s:.1f} s when the walk ended and at "
            f"{self.is_s:.1f} s{', completed,' if self.completed else ''} when it was read again after all walks",
        )


def overtaken(walk: WalkView, hour_s: float, lag_s: float) -> tuple[Overtaken, ...]:
    """The records of an attacked walk that moved after it had read them last; none where nothing was read again.

    `hour_s`: seconds of a class hour, for records in hours; `lag_s`: how far the record of a paused player may lag.
    """
    if not walk.read_later or not walk.of_kind("attack"):
        return ()
    return tuple(found for late in walk.read_later if (found := _overtaken(walk, late, hour_s, lag_s)) is not None)


def _overtaken(walk: WalkView, late: Reading, hour_s: float, lag_s: float) -> Overtaken | None:
    own = [r for r in walk.readings() if (r.account, r.lesson) == (late.account, late.lesson) and r.credit is not None]
    if not own or late.credit is None:
        return None
    last = own[-1]
    if any(isinstance(o.data, ActionDone) and o.t > last.t and o.role != "learner" for o in walk.observations):
        return None  # staff acted on our behalf afterwards, who may void or correct what was recorded
    was, now = credit_s(last.credit, hour_s), credit_s(late.credit, hour_s)
    if was is None or now is None or last.credit is None:
        return None
    step = max(last.credit.resolution_s or 0.0, late.credit.resolution_s or 0.0)
    found = Overtaken(
        lesson=late.lesson,
        was_s=was,
        is_s=now,
        u_s=step + whole_s((was, now)) + lag_s + _ran_s(walk, last.t),
        completed=last.credit.completed is False and late.credit.completed is True,
        readings=frozenset(r.seq for r in own),
        line=late.seq,
    )
    return found if found.undoes else None


def _ran_s(walk: WalkView, since: float) -> float:
    """Seconds from a moment on in which a player may have gone on, until the walk's windows were closed."""
    closed = walk.started.t + (walk.finished.took_s if walk.finished is not None else 0.0)
    total = 0.0
    screens: dict[str, list[tuple[float, bool]]] = {}
    for o in walk.observations:
        if isinstance(o.data, Media):
            stands = o.data.sample.paused or o.data.sample.ended
            screens.setdefault(o.data.screen, []).append((o.t, stands))
    for samples in screens.values():
        for (t, stands), (until, _) in pairwise([*samples, (max(closed, samples[-1][0]), True)]):
            total += 0.0 if stands else max(0.0, until - max(t, since))
    return total
